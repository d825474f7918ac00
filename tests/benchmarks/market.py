"""What the benchmarks trade: a made-up market with a grid in the middle of its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from random import Random

from trading.core.instrument import Instrument, MarketKind
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel, Candle
from trading.core.orders import Fill, Order, OrderStatus, apply_fill
from trading.core.planning import Mode, TargetOrder, View

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BTC = Instrument(
    venue="bench",
    symbol="BTC/USDT:USDT",
    kind=MarketKind.PERPETUAL,
    base="BTC",
    quote="USDT",
    price_tick=D("0.1"),
    amount_step=D("0.0001"),
    min_cost=D(5),
    max_leverage=D(125),
)
BTC_FILE = Path(__file__).parents[2].parent / "shared/data/btc_perp_1m_2021-12-31_2022-02-01.csv.gz"


def made_up_candles(count: int) -> list[Candle]:
    chance, price, candles = Random(1), 46_000.0, []
    for place in range(count):
        ticks = [D(round(price * (1 + chance.gauss(0, 0.0005)) * 10)) / 10 for _ in range(5)]
        at = NOW + timedelta(minutes=place)
        candles.append(Candle(at, ticks[0], max(ticks), min(ticks), ticks[-1], D(1)))
        price *= 1 + chance.gauss(0, 0.0006)
    return candles


def book(bid: str, ask: str, at: datetime = NOW, depth: int = 20) -> Book:
    bids = tuple(BookLevel(D(bid) - place * BTC.price_tick, D(2)) for place in range(depth))
    asks = tuple(BookLevel(D(ask) + place * BTC.price_tick, D(2)) for place in range(depth))
    return Book(BTC.symbol, bids, asks, at)


def view(orders: Sequence[Order] = (), ledger: Ledger | None = None) -> View:
    live = {order.slot: order for order in orders if order.is_live}
    finals = {order.slot: (order,) for order in orders if not order.is_live}
    return View(NOW, BTC, Mode.RUNNING, {"": book("45999.9", "46000")}, live, finals, ledger or Ledger())


def resting(target: TargetOrder, number: int) -> Order:
    return Order(
        client_id=f"o{number}",
        bot_id=1,
        slot=target.slot,
        role=target.role,
        symbol=BTC.symbol,
        side=target.side,
        type=target.type,
        amount=target.amount,
        price=target.price,
        created_at=NOW,
        updated_at=NOW,
        reduce_only=target.reduce_only,
        one_shot=target.one_shot,
        status=OrderStatus.OPEN,
    )


def filled(order: Order, ledger: Ledger) -> tuple[Order, Ledger]:
    price = order.price or D(46_000)
    fill = Fill(
        f"t{order.client_id}",
        "v",
        order.client_id,
        BTC.symbol,
        order.side,
        price,
        order.amount,
        D(0),
        "USDT",
        None,
        NOW,
    )
    return apply_fill(replace(order, reported_filled=order.amount), fill), ledger.apply(fill, BTC)
