"""Makes the orders of one side, each on its rung and within the room that is left."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import Instrument, Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import TargetOrder
from trading.strategies.liquidity.bridge import bridge_slot
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.judging import Standing, Verdict
from trading.strategies.liquidity.ladder import Rungs, names
from trading.strategies.liquidity.sizing import Room, amount_for
from trading.strategies.liquidity.state import LiquidityState

_WORTH_GROWING = Decimal("0.98")
"""An order of at least this part of the wanted size is not made larger: a change costs its place in the queue."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the orders of one side; each is worth about ``size`` (quote)."""

    config: LiquidityConfig
    state: LiquidityState
    rules: Instrument
    ladder: Rungs
    size: Decimal

    def new(self, index: int, left: Room, size: Decimal | None = None) -> TargetOrder | None:
        """The order for an empty place; None where there is no room for one."""
        price = self.ladder.prices[index]
        amount = amount_for(self.rules, price, size or self.size, self.config.min_order, left)
        if amount is None or amount * price > self.config.max_order:
            return None
        name = names(self.ladder.side, self.config.orders_per_side)[index]
        return _quote(f"{self.state.scope}{name}", self.ladder.side, price, amount)

    def bridge(self, left: Room, worth: Decimal) -> TargetOrder | None:
        """The order that stands in for others, worth at least ``worth``; None where there is no room for it."""
        price = self.ladder.prices[0]
        amount = amount_for(self.rules, price, worth + price * self.rules.amount_step, self.config.min_order, left)
        if amount is None or not worth <= amount * price <= self.config.max_order:
            return None
        return _quote(bridge_slot(self.state, self.ladder.side), self.ladder.side, price, amount)

    def instead_of(self, one: Standing, left: Room) -> TargetOrder | None:
        """What a live order is changed into. One of an older generation goes first, and its successor comes after."""
        if not one.order.slot.startswith(self.state.scope):
            return None
        # Its own worth is counted as taken; it may have that again.
        own = left.less(one.price, -one.order.remaining)
        keeps_size = one.verdict is Verdict.MOVE
        return self.new(one.index, own, max(self.size, min(one.worth, self.config.max_order)) if keeps_size else None)

    def can_grow(self, one: Standing, left: Room) -> bool:
        """A change costs an order its place in the queue, so it must be worth it."""
        if one.verdict is not Verdict.RIGHT:
            return False
        target = self.instead_of(one, left)
        return target is not None and target.amount * _WORTH_GROWING > one.order.remaining


def as_it_is(order: Order) -> TargetOrder:
    return TargetOrder(
        slot=order.slot,
        role=order.role,
        side=order.side,
        type=order.type,
        amount=order.remaining,
        price=order.price,
        time_in_force=order.time_in_force,
    )


def _quote(slot: str, side: Side, price: Decimal, amount: Decimal) -> TargetOrder:
    return TargetOrder(
        slot=slot,
        role=Role.QUOTE,
        side=side,
        type=OrderType.LIMIT,
        amount=amount,
        price=price,
        time_in_force=TimeInForce.POST_ONLY,
    )
