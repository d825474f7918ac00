"""What the venue is: four spot markets, their books with update numbers, and an account for each API key."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.market import Book, BookLevel, Trade
from trading.core.orders import OrderStatus
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, VenueOrder

D = Decimal
FIRST_ID = 31_000_000_000


def spot(base: str, quote: str, tick: str, step: str, min_cost: str) -> Instrument:
    return Instrument(
        venue="binance",
        symbol=f"{base}/{quote}",
        kind=MarketKind.SPOT,
        base=base,
        quote=quote,
        price_tick=D(tick),
        amount_step=D(step),
        min_amount=D(step),
        min_cost=D(min_cost),
        max_amount=D(9_000_000),
        maker_fee=D("0.0002"),
        taker_fee=D("0.0006"),
    )


MARKETS = {
    "BTCUSDT": (spot("BTC", "USDT", "0.01", "0.00001", "5"), D(61_837)),
    "ETHBTC": (spot("ETH", "BTC", "0.00001", "0.0001", "0.0001"), D("0.04")),
    "ETHUSDT": (spot("ETH", "USDT", "0.01", "0.0001", "5"), D(2_680)),
    "CRVUSDT": (spot("CRV", "USDT", "0.0001", "0.1", "5"), D("0.5")),
}
_IDS = {instrument.symbol: market_id for market_id, (instrument, _) in MARKETS.items()}


@dataclass
class Account:
    """One API key. ``prevented`` are orders that self-trade prevention ended, as they were told, by venue id."""

    key: str
    secret: str
    exchange: SimulatedExchange
    can_withdraw_by_key: bool = False
    listener: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
    prevented: dict[str, VenueOrder] = field(default_factory=dict)
    placed_at: deque[float] = field(default_factory=deque)
    cancel_ids: dict[str, str] = field(default_factory=dict)
    """The cancel's own client id, by venue id of the order it canceled."""

    def hear(self, events: Sequence[ExchangeEvent]) -> None:
        if self.listener is not None and events:
            self.listener(self, events)

    def orders(self) -> list[VenueOrder]:
        """Every order, oldest first."""
        known = [*self.exchange.open_orders(), *self.exchange.finished_orders()]
        known += [order for order in self.prevented.values() if self.exchange.order(venue_id=order.venue_id) is None]
        return sorted((self.shown(order) for order in known), key=lambda order: int(order.venue_id))

    def shown(self, order: VenueOrder) -> VenueOrder:
        """An order that self-trade prevention cut, as it was asked for."""
        asked = self.prevented.get(order.venue_id)
        if asked is None:
            return order
        return replace(order, type=asked.type, price=asked.price, time_in_force=asked.time_in_force)

    def find(self, *, client_id: str | None = None, order_id: str | None = None) -> VenueOrder | None:
        """By either id; several orders may have had one client id, one after the other: the newest."""
        found = [
            order
            for order in self.orders()
            if (order_id is None or order.venue_id == order_id)
            and (client_id is None or told_client_id(order) == client_id)
        ]
        return found[-1] if found else None

    def name_for(self, client_id: str) -> str:
        """The name the matching core knows it by: a client id may be used again once its order is finished."""
        used = sum(told_client_id(order) == client_id for order in self.orders())
        return f"{client_id}#{used}" if used else client_id


def told_client_id(order: VenueOrder) -> str:
    return (order.client_id or "").partition("#")[0]


class World:
    """All accounts trade against the same shown market, each with a matching core of its own.

    ``clock_ahead`` is how many milliseconds the venue's clock is before this machine's.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.books: dict[str, Book] = {}
        self.update_ids: dict[str, int] = dict.fromkeys(MARKETS, 50_093_239_000)
        self.trade_numbers = dict.fromkeys(MARKETS, 3_735_683_000)
        self.clock_ahead = 0
        self.orders_per_ten_seconds = 100
        self.on_events: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
        self.on_market: Callable[[str], None] | None = None
        self.on_trade: Callable[[str, Trade], None] | None = None
        for market_id, (_, price) in MARKETS.items():
            self.books[market_id] = _deep_book(market_id, price)
        self.add_key("bn-key", "bn-secret")
        self.add_key("bn-key-2", "bn-secret-2")

    def now(self) -> datetime:
        return datetime.now(UTC)

    def milliseconds(self) -> int:
        return int(time.time() * 1000) + self.clock_ahead

    def add_key(self, key: str, secret: str, balances: dict[str, Decimal] | None = None) -> Account:
        wallet = balances or {"USDT": D(10_000), "BTC": D(1), "ETH": D(10), "CRV": D(10_000)}
        exchange = SimulatedExchange([instrument for instrument, _ in MARKETS.values()], wallet)
        # Ids as long as the real ones.
        exchange.restore(replace(exchange.state(), numbers=FIRST_ID + len(self.accounts) * 10**9))
        exchange.on_time(self.now())
        for book in self.books.values():
            exchange.on_book(replace(book, at=self.now()))
        account = Account(key, secret, exchange)
        account.listener = self._heard
        self.accounts[key] = account
        return account

    def set_price(self, market_id: str, price: Decimal, *, amount: Decimal | None = None) -> None:
        """A deep book one tick round ``price``; 20 levels of ``amount`` each (base)."""
        book = _deep_book(market_id, price, amount)
        self.show(market_id, book.bids, book.asks)

    def show(self, market_id: str, bids: Sequence[BookLevel], asks: Sequence[BookLevel]) -> None:
        book = Book(MARKETS[market_id][0].symbol, tuple(bids), tuple(asks), self.now())
        self.books[market_id] = book
        for account in self.accounts.values():
            account.hear(account.exchange.on_book(book))
        self.market_moved(market_id)

    def trade(self, market_id: str, side: Side, price: Decimal, amount: Decimal) -> None:
        """Somebody takes ``amount`` at ``price``; ``side`` is the taker's."""
        trade = Trade(MARKETS[market_id][0].symbol, side, price, amount, self.now())
        if self.on_trade is not None:
            self.on_trade(market_id, trade)
        for account in self.accounts.values():
            account.hear(account.exchange.on_trade(trade))
        self.market_moved(market_id)

    def shown(self, market_id: str) -> tuple[list[BookLevel], list[BookLevel]]:
        """The public book: the market, with everybody's resting orders in it."""
        symbol = MARKETS[market_id][0].symbol
        first, *others = self.accounts.values()
        book = first.exchange.shown_book(symbol) or self.books[market_id]
        sides = []
        for side, levels in ((Side.BUY, book.bids), (Side.SELL, book.asks)):
            amounts = {level.price: level.amount for level in levels}
            for account in others:
                for order in account.exchange.open_orders(symbol):
                    if order.side is side and order.price is not None:
                        amounts[order.price] = amounts.get(order.price, ZERO) + order.remaining
            prices = sorted(amounts, reverse=side is Side.BUY)
            sides.append([BookLevel(price, amounts[price]) for price in prices])
        return sides[0], sides[1]

    def last(self, market_id: str) -> Decimal:
        return self.books[market_id].mid or MARKETS[market_id][1]

    def market_moved(self, market_id: str) -> None:
        if self.on_market is not None:
            self.on_market(market_id)

    def prevent(self, account: Account, order: VenueOrder) -> None:
        """An order that met only the account's own: taken, and expired in the match at once, with nothing filled."""
        ended = order.ended(OrderStatus.EXPIRED, self.now(), "self_trade")
        account.prevented[order.venue_id] = ended
        account.hear([order.report(), ended.report()])

    def _heard(self, account: Account, events: Sequence[ExchangeEvent]) -> None:
        if self.on_events is not None:
            self.on_events(account, events)
        for symbol in {event.symbol for event in events if hasattr(event, "symbol")}:
            self.market_moved(market_id_of(symbol))


def market_id_of(symbol: str) -> str:
    return _IDS[symbol]


def _deep_book(market_id: str, price: Decimal, amount: Decimal | None = None) -> Book:
    instrument, _ = MARKETS[market_id]
    worth = D(5_000) if instrument.quote == "USDT" else D("0.1")
    size = amount or instrument.floor_amount(worth / price)
    middle = instrument.nearest_price(price)
    bids, asks = (
        tuple(BookLevel(middle - side.sign * instrument.price_tick * number, size) for number in range(1, 21))
        for side in (Side.BUY, Side.SELL)
    )
    return Book(instrument.symbol, bids, asks, datetime.now(UTC))
