"""Buying what is offered below the band, and selling into what is bid above it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.market import Book, BookLevel
from trading.strategies.peg.band import Band
from trading.strategies.peg.spending import Left
from trading.strategies.peg.state import Wanted

REACH_PERCENT = Decimal(4)
"""How far beyond the best price one sweep goes; the house's fat-finger guard refuses more than 5. The rest is taken
from the next book."""
MOST_ORDERS = 10
"""Orders of one sweep. What lies deeper is taken from the next book."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """``is_cut``: something lies beyond the reach or the number of orders of one sweep. ``is_needed``: the price is
    out of its band, whether anything can be done about it or not."""

    orders: tuple[Wanted, ...] = ()
    is_needed: bool = False
    is_cut: bool = False


def decide(band: Band, book: Book, left: Left, scope: str, count: int) -> Sweep:
    """One order for each price, so that none costs more than was reckoned; ``book`` is without our own orders."""
    for side in (Side.BUY, Side.SELL):
        offered = [level for level in _against(book, side) if _is_beyond(side, level.price, band.edge(side))]
        if offered:
            return _sweep(band, side, offered, left, scope, count)
    return Sweep()


def _against(book: Book, side: Side) -> tuple[BookLevel, ...]:
    return book.asks if side is Side.BUY else book.bids


def _is_beyond(side: Side, price: Decimal, edge: Decimal) -> bool:
    return (edge - price) * side.sign >= 0


def _sweep(band: Band, side: Side, offered: list[BookLevel], left: Left, scope: str, count: int) -> Sweep:
    reach = offered[0].price * (100 + side.sign * REACH_PERCENT) / 100
    near = [level for level in offered if _is_beyond(side, level.price, reach)]
    orders: list[Wanted] = []
    small, last = ZERO, near[0].price
    for level in near:
        price = band.limit_price(side, level.price)
        if not _is_beyond(side, price, band.edge(side)):
            continue  # our decimals are too coarse to take this level without leaving the band's edge
        last = price
        amount = _cut(band, small + level.amount, left.amount(side, price))
        if band.objection(price, amount) is not None:
            # Too little to be sent alone: it is taken together with the next price.
            small += level.amount
            continue
        slot = f"{scope}{side.value}{count + len(orders) + 1}"
        orders.append(Wanted(slot=slot, side=side, price=price, amount=amount))
        left, small = left.after(side, price, amount), ZERO
        if len(orders) == MOST_ORDERS:
            break
    least = band.smallest_amount(last)
    if (
        small
        and len(orders) < MOST_ORDERS
        and least <= left.amount(side, last)
        and _is_beyond(side, last, band.edge(side))
    ):
        # An order of the venue's least takes what little is there, and the rest of it expires.
        slot = f"{scope}{side.value}{count + len(orders) + 1}"
        orders.append(Wanted(slot=slot, side=side, price=last, amount=least))
        left = left.after(side, last, least)
    is_more = len(near) < len(offered) or len(orders) == MOST_ORDERS
    affordable = left.amount(side, offered[-1].price) >= band.smallest_amount(offered[-1].price)
    return Sweep(tuple(orders), is_needed=True, is_cut=bool(orders) and is_more and affordable)


def _cut(band: Band, wanted: Decimal, allowed: Decimal) -> Decimal:
    most = band.most_amount()
    return band.floor_amount(min(wanted, allowed) if most is None else min(wanted, allowed, most))
