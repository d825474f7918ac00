"""The simulated exchange: quiet books, trades and round trips of orders beside 15 resting ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

from tests.benchmarks.market import BTC, NOW, book
from tests.benchmarks.measure import line, seconds
from trading.core.instrument import Side
from trading.core.market import Book, Trade
from trading.core.orders import OrderType
from trading.core.simulated_exchange import SimulatedExchange

BOOKS, TRADES, ORDERS = 20_000, 20_000, 1_000


def run() -> None:
    books = [book("45999.9", "46000", NOW + timedelta(milliseconds=20 * n)) for n in range(BOOKS)]
    trades = [Trade(BTC.symbol, Side.SELL, D("45999.9"), D("0.01"), shown.at) for shown in books[:TRADES]]
    line(
        "quiet books", BOOKS, seconds(lambda: _show(books)), "keeping the last in a dict", seconds(lambda: _keep(books))
    )
    bare = seconds(lambda: _keep_trades(trades))
    line("trades at the best bid", TRADES, seconds(lambda: _trade(trades)), "keeping the last in a dict", bare)
    line(
        "orders placed and canceled",
        ORDERS,
        seconds(_round_trips),
        "a dict set and deleted",
        seconds(_bare_round_trips),
    )


def _exchange() -> SimulatedExchange:
    exchange = SimulatedExchange([BTC], {"USDT": D(100_000)})
    exchange.on_book(book("45999.9", "46000"))
    for number in range(15):
        price = D(45_990) - 100 * number
        _place(exchange, f"level{number}", price)
    return exchange


def _place(exchange: SimulatedExchange, client_id: str, price: D) -> None:
    exchange.place(
        client_id=client_id,
        symbol=BTC.symbol,
        side=Side.BUY,
        type=OrderType.LIMIT,
        amount=D("0.01"),
        price=price,
        now=NOW,
    )


def _show(books: list[Book]) -> None:
    exchange = _exchange()
    for shown in books:
        exchange.on_book(shown)


def _keep(books: list[Book]) -> None:
    kept: dict[str, Book] = {}
    for shown in books:
        kept[shown.symbol] = shown


def _trade(trades: list[Trade]) -> None:
    exchange = _exchange()
    for trade in trades:
        exchange.on_trade(trade)


def _keep_trades(trades: list[Trade]) -> None:
    kept: dict[str, Trade] = {}
    for trade in trades:
        kept[trade.symbol] = trade


def _round_trips() -> None:
    exchange = _exchange()
    for number in range(ORDERS):
        _place(exchange, f"o{number}", D(45_000))
        exchange.cancel(client_id=f"o{number}", now=NOW)


def _bare_round_trips() -> None:
    orders: dict[str, tuple[D, D]] = {}
    for number in range(ORDERS):
        orders[f"o{number}"] = (D(45_000), D("0.01"))
        del orders[f"o{number}"]
