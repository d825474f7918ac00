"""What another hand did to our position: closed by its owner, reduced, liquidated."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.notices import PositionGone
from trading.core.orders import Fill
from trading.runtime.bench import Bench
from trading.runtime.positions import Difference
from trading.runtime.recovery import PositionSeen

log = logging.getLogger(__name__)


def fold_position(bench: Bench, seen: PositionSeen, now: datetime) -> None:
    """Compare the venue's position with our ledger; book what is certainly gone."""
    books = bench.books
    if books.in_flight or books.unsettled or bench.air.canceling:
        return
    difference = bench.positions.compare(
        Difference(books.ledger.position, seen.amount), seen.began_at, seen.asked_at, now
    )
    if difference is None:
        return
    if not difference.is_reduction:
        log.warning("bot %s: position is %s, ours is %s", bench.record.id, difference.found, difference.expected)
        return
    price = _fold_elsewhere(bench, difference.expected - difference.found, seen.price, now)
    bench.positions.moved(now)
    gone = PositionGone(
        symbol=bench.record.symbol,
        expected=difference.expected,
        found=difference.found,
        price=price,
        liquidated=bench.was_liquidated,
    )
    bench.tell(gone)


def _fold_elsewhere(bench: Bench, gone: Decimal, mark: Decimal | None, now: datetime) -> Decimal:
    """Book what left our position by another hand: at the venue's own fills where they explain it, else at the mark."""
    side = Side.SELL if gone > 0 else Side.BUY
    foreign = _newest_that_sum_to(abs(gone), [fill for fill in bench.books.foreign_fills() if fill.side is side])
    if not foreign:
        price = mark or _last_mid(bench) or bench.books.ledger.average or ZERO
        foreign = [_estimated_fill(bench, side, abs(gone), price, now)]
    for fill in foreign:
        bench.books.fold_elsewhere(fill)
    bench.was_liquidated = any(fill.liquidation for fill in foreign)
    cost = sum((fill.amount * fill.price for fill in foreign), ZERO)
    return bench.books.instrument.nearest_price(cost / abs(gone))


def _newest_that_sum_to(amount: Decimal, fills: Sequence[Fill]) -> list[Fill]:
    """The newest fills that add up to ``amount`` exactly; none when they do not."""
    newest, found = sorted(fills, key=lambda fill: fill.at, reverse=True), ZERO
    for count, fill in enumerate(newest, 1):
        found += fill.amount
        if found >= amount:
            return newest[:count] if found == amount else []
    return []


def _estimated_fill(bench: Bench, side: Side, amount: Decimal, price: Decimal, now: datetime) -> Fill:
    return Fill(
        trade_id=f"elsewhere-{now.timestamp():.6f}",
        venue_order_id="",
        client_id=None,
        symbol=bench.record.symbol,
        side=side,
        price=price,
        amount=amount,
        fee=ZERO,
        fee_currency=bench.books.instrument.quote,
        maker=None,
        at=now,
    )


def _last_mid(bench: Bench) -> Decimal | None:
    return bench.market[""][0].mid if "" in bench.market else None
