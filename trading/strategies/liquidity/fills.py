"""What a person hears of fills: each once, derived from the orders and from what the state says was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trading.core.instrument import ZERO, Side, total
from trading.core.orders import Order, Role
from trading.core.planning import View
from trading.core.telling import Notice
from trading.strategies.liquidity.notices import QuoteFilled
from trading.strategies.liquidity.state import LiquidityState, Told

_NOTHING = Told(amount=ZERO, cost=ZERO)


def tell_fills(state: LiquidityState, view: View) -> tuple[LiquidityState, list[Notice]]:
    """The fills that were not told yet; several of one slot are told together.

    Orders of an older generation count while they were live when this one began: what ended before was told then.
    """
    slots = [slot for slot in _slots(view) if slot.startswith(state.scope) or slot in state.told]
    done = {slot: told for slot in slots if (told := _sum(_counted(state, slot, view))).amount or slot in state.told}
    notices: list[Notice] = []
    for slot, now in done.items():
        before = state.told.get(slot, _NOTHING)
        if now.amount > before.amount:
            notices.append(_notice(view, _counted(state, slot, view)[-1].side, now, before))
    return (state if done == state.told else state.model_copy(update={"told": done})), notices


def carried_over(view: View) -> Mapping[str, Told]:
    """What is told of the orders that go on when a generation ends; of its finished ones everything is."""
    return {slot: _sum([order]) for slot, order in view.orders.items()}


def _slots(view: View) -> Iterable[str]:
    return dict.fromkeys((*view.finals, *view.orders))


def _counted(state: LiquidityState, slot: str, view: View) -> list[Order]:
    """Of a slot of this generation every order, of an older one the last: the one that was carried over."""
    live = view.orders.get(slot)
    orders = [*view.finals.get(slot, ()), *([live] if live is not None else [])]
    return [order for order in orders if order.role is Role.QUOTE][0 if slot.startswith(state.scope) else -1 :]


def _sum(orders: Sequence[Order]) -> Told:
    return Told(
        amount=total([order.filled for order in orders]),
        cost=total([order.filled_cost for order in orders]),
    )


def _notice(view: View, side: Side, now: Told, before: Told) -> Notice:
    amount = now.amount - before.amount
    return QuoteFilled(
        symbol=view.instrument.symbol,
        side=side,
        amount=amount,
        price=(now.cost - before.cost) / amount,
    )
