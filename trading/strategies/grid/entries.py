"""How far each level has come, and which entries are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Side, total
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, TargetOrder, View
from trading.strategies.grid.config import GridConfig
from trading.strategies.grid.ladder import Level, level_objection
from trading.strategies.grid.state import GridState, Phase


@dataclass(frozen=True, slots=True)
class Progress:
    """One level: the slot that is its turn now, what was filled in all its slots, the live order if there is one.

    ``remaining`` is by the venue's word where that is ahead of the fills we hold. ``is_done``: filled, or taken off the
    venue by somebody else, and so never repeated.
    """

    index: int
    level: Level
    slot: str
    filled: Decimal
    cost: Decimal
    remaining: Decimal
    live: Order | None
    is_done: bool


def level_slot(state: GridState, index: int, attempt: int = 0) -> str:
    """``c7.level3``, and ``c7.level3.r1`` for what is placed again after we withdrew it."""
    return f"{state.scope}level{index}" + (f".r{attempt}" if attempt else "")


def progress(state: GridState, view: View) -> tuple[Progress, ...]:
    """How far each level of the current cycle has come."""
    return tuple(_progress(state, view, index, level) for index, level in enumerate(state.ladder))


def has_entered(levels: Sequence[Progress]) -> bool:
    return any(level.filled for level in levels)


def orders_of(state: GridState, view: View) -> Iterator[Order]:
    """Every order of the current cycle, finished and live."""
    for slot, orders in view.finals.items():
        if slot.startswith(state.scope):
            yield from orders
    for slot, order in view.orders.items():
        if slot.startswith(state.scope):
            yield order


def wanted_entries(
    config: GridConfig, state: GridState, view: View, levels: Sequence[Progress], exits: Sequence[TargetOrder]
) -> list[TargetOrder]:
    """The levels that should rest or be taken now; none that would meet our own take-profit among ``exits``.

    With ``active_levels`` only the nearest ones rest.
    """
    if state.phase is not Phase.RUNNING or view.mode is not Mode.RUNNING:
        return []
    targets = [target for level in levels if (target := _target(state, view, level))]
    exit_price = next((target.price for target in exits if target.price is not None), None)
    apart = [target for target in targets if not _meets(target, exit_price)]
    first = [target for target in apart if target.type is OrderType.MARKET]
    resting = [target for target in apart if target.type is not OrderType.MARKET]
    return first + (resting[: config.active_levels] if config.active_levels else resting)


def _progress(state: GridState, view: View, index: int, level: Level) -> Progress:
    filled = cost = ZERO
    remaining = level.amount
    attempt = 0
    while True:
        slot = level_slot(state, index, attempt)
        past = [order for order in view.finals.get(slot, ()) if not was_refused(order)]
        live = view.orders.get(slot)
        counted = [*past, live] if live else past
        filled += total([order.filled for order in counted])
        cost += total([order.filled_cost for order in counted])
        remaining -= total([max(order.filled, order.reported_filled) for order in counted])
        if live or not past:
            return Progress(index, level, slot, filled, cost, remaining, live, is_done=False)
        if index == 0 or not _was_withdrawn(past[-1]):
            return Progress(index, level, slot, filled, cost, remaining, None, is_done=True)
        attempt += 1


def was_refused(order: Order) -> bool:
    """It never came to rest, so its slot is as good as new."""
    return order.status is OrderStatus.REJECTED and not order.filled


def _was_withdrawn(order: Order) -> bool:
    """We took it off the venue ourselves before it was filled."""
    ended = order.status in (OrderStatus.CANCELED, OrderStatus.EXPIRED)
    return ended and order.cancel_requested and order.filled < order.amount


def _target(state: GridState, view: View, level: Progress) -> TargetOrder | None:
    if level.is_done:
        return None
    is_first = level.index == 0
    if level.live:
        return _entry(state, level.slot, level.live.amount, level.live.price, level.live.type)
    if is_first:
        return _entry(state, level.slot, level.level.amount, None, OrderType.MARKET)
    wanted = _not_beyond_market(Level(level.level.price, level.remaining), _side(state), view)
    if level_objection(wanted, view.instrument) is not None:
        # What is left of a withdrawn level is too little to be sent.
        return None
    return _entry(state, level.slot, wanted.amount, wanted.price, OrderType.LIMIT)


def _entry(state: GridState, slot: str, amount: Decimal, price: Decimal | None, order_type: OrderType) -> TargetOrder:
    return TargetOrder(
        slot=slot,
        role=Role.ENTRY,
        side=_side(state),
        type=order_type,
        amount=amount,
        price=price,
        one_shot=True,
    )


def _not_beyond_market(level: Level, side: Side, view: View) -> Level:
    """A level that the market has passed before it was placed is taken at the market's price, not through it.

    A short is sold dearer then, and so a little less of it: a level is never worth more than it was planned to be.
    """
    market = view.book.best(side.opposite) if view.book else None
    if market is None or (market >= level.price if side is Side.BUY else market <= level.price):
        return level
    price = view.instrument.maker_price(side, market)
    if price <= 0:
        return level
    moved = Level(price, min(level.amount, view.instrument.floor_amount(level.cost / price)))
    return level if level_objection(moved, view.instrument) else moved


def _meets(target: TargetOrder, exit_price: Decimal | None) -> bool:
    if exit_price is None or target.price is None:
        return False
    return target.price >= exit_price if target.side is Side.BUY else target.price <= exit_price


def _side(state: GridState) -> Side:
    if state.terms is None:
        raise ValueError("a grid has entries only within a cycle")
    return state.terms.entry
