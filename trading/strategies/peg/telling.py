"""What a person hears of a peg's fills: each once, derived from the orders and from what the state says was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Side, total
from trading.core.orders import Order, Role
from trading.core.planning import View
from trading.core.telling import Notice
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import PegConfig
from trading.strategies.peg.notices import BandQuoteFilled, SweepFilled
from trading.strategies.peg.spending import orders_of
from trading.strategies.peg.state import PegState, Told

_NOTHING = Told(amount=ZERO, cost=ZERO)


@dataclass(frozen=True, slots=True)
class _Done:
    """Fills that belong together, under the ``name`` by which they are remembered."""

    name: str
    side: Side
    told: Told
    is_sweep: bool = False


def tell_fills(config: PegConfig, state: PegState, view: View) -> tuple[PegState, tuple[Notice, ...]]:
    """The fills of this interval that were not told yet.

    A sweep is told as one when none of its orders is under way; an interval does not end before. Of a self-trade
    only what somebody else took is told: of the rest nothing changed hands.
    """
    told, notices = dict(state.told), []
    orders = list(orders_of(state, view))
    for done in (*_sweeps(orders), *_quotes(orders), *_taken_of_pair(state, orders)):
        before = told.get(done.name, _NOTHING)
        if done.told.amount > before.amount:
            told[done.name] = done.told
            notices.append(_notice(config, view, done, before))
    return (state.model_copy(update={"told": told}) if notices else state), tuple(notices)


def _sweeps(orders: Sequence[Order]) -> Iterator[_Done]:
    swept = [order for order in orders if order.role is Role.ENTRY]
    if any(order.is_live for order in swept):
        return
    for side in Side:
        yield _Done(f"sweep-{side}", side, _sum([order for order in swept if order.side is side]), is_sweep=True)


def _quotes(orders: Sequence[Order]) -> Iterator[_Done]:
    for order in orders:
        if order.role is Role.QUOTE and not _is_of_pair(order):
            yield _Done(order.slot.partition(".")[2], order.side, _sum([order]))


def _taken_of_pair(state: PegState, orders: Sequence[Order]) -> Iterator[_Done]:
    pair = [order for order in orders if _is_of_pair(order)]
    if not pair or any(order.is_live for order in pair):
        return
    maker = [order for order in pair if order.slot == state.pair[0].slot] if state.pair else []
    taker = [order for order in pair if order not in maker]
    mine, met = _sum(maker), _sum(taker)
    if maker and mine.amount > met.amount:
        price = mine.cost / mine.amount
        left = mine.amount - met.amount
        yield _Done("pair", maker[0].side, Told(amount=left, cost=left * price))


def _is_of_pair(order: Order) -> bool:
    return order.slot.partition(".")[2].startswith("self-")


def _sum(orders: Sequence[Order]) -> Told:
    return Told(
        amount=total([order.filled for order in orders]),
        cost=total([order.filled_cost for order in orders]),
    )


def _notice(config: PegConfig, view: View, done: _Done, before: Told) -> Notice:
    symbol = view.instrument.symbol
    amount: Decimal = done.told.amount - before.amount
    cost = done.told.cost - before.cost
    if not done.is_sweep:
        return BandQuoteFilled(symbol=symbol, side=done.side, amount=amount, price=cost / amount)
    edge = Band.of(config, view.instrument).edge(done.side)
    return SweepFilled(symbol=symbol, side=done.side, amount=amount, price=cost / amount, cost=cost, edge=edge)
