"""Which quotes should rest: what is right is left alone, what is wrong is moved, one at a time where that can wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from trading.core.instrument import ONE, ZERO, Instrument, Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import TargetOrder, View
from trading.core.risk import committed_notional, notional
from trading.strategies.liquidity.bridge import bridge_slot, bridge_worth, may_stand
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.ladder import Rungs, is_too_good, names, rungs
from trading.strategies.liquidity.sight import Sight, Stage
from trading.strategies.liquidity.sizing import (
    Room,
    allowed_orders,
    amount_for,
    budget,
    is_short,
    room,
    skew_percent,
    wanted_size,
)
from trading.strategies.liquidity.state import LiquidityState

HEADROOM = Decimal("0.01")
"""Of the room: never filled anew, so that a price that trembles does not push out what was just placed."""
_WORTH_GROWING = Decimal("0.98")
"""An order of at least this part of the wanted size is not made larger: a change costs its place in the queue."""


class Verdict(IntEnum):
    """What is to be done about a live order, the patient ones first."""

    RIGHT = 0
    RENEW = 1
    """Of an older generation."""
    GROW = 2
    MOVE = 3
    """Too far away, outside the window, or too small: the side loses little while it waits for its turn."""
    NOW = 4
    """Too good, crossing or too big: wrong in a way that costs money."""
    DROP = 5
    """There is no room for it."""

    @property
    def can_wait(self) -> bool:
        return Verdict.RIGHT < self < Verdict.NOW


@dataclass(frozen=True, slots=True)
class Standing:
    """A live order in its place on the ladder."""

    index: int
    order: Order
    price: Decimal
    verdict: Verdict

    @property
    def worth(self) -> Decimal:
        return self.price * self.order.remaining


def wanted_quotes(
    config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, stage: Stage
) -> list[TargetOrder]:
    """Every quote that should rest now. Standing slots ``g3.bid1`` ...: bid1 and ask1 are the nearest."""
    if stage is Stage.WITHDRAWN:
        return []
    if stage is not Stage.QUOTING:
        return [_as_it_is(order) for order in view.orders.values() if _may_stay(config, state, sight, stage, order)]
    found = [target for side in Side for target in _side(config, state, view, sight, side)]
    return _within_budget([target for wanted in found if (target := _apart_from_own(wanted, view))], config, view)


def _side(config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, side: Side) -> list[TargetOrder]:
    ladder = rungs(config, sight, view.instrument, side)
    ours = [order for order in view.orders.values() if order.side is side and not order.status.is_final]
    newest = _newest(ours)
    limit = room(config, view, side, ladder.best)
    may_stay, may_add = allowed_orders(
        config.orders_per_side, skew_percent(config, view), config.max_inventory_skew, side
    )
    standings = [
        _judge(config, state, ladder, index, newest[name], may_stay)
        for index, name in enumerate(names(side, config.orders_per_side))
        if name in newest
    ]
    standings, left = _fit(standings, limit, ours)
    if limit is None:
        # Without knowing what we have nothing is placed or made larger; what costs money is taken back.
        return [_as_it_is(one.order) for one in standings if one.verdict < Verdict.NOW]
    share = limit.held_back(HEADROOM).worth_at(ladder.prices[-1]) / config.orders_per_side
    maker = _Maker(config, state, view.instrument, ladder, min(wanted_size(config, view, sight, side), share))
    missing = [index for index, name in enumerate(names(side, may_add)) if name not in newest]
    is_calm = not any(_is_under_way(order) for order in ours)
    # A slot that could be filled and is empty was refused, or is being filled: nothing else is taken away meanwhile.
    is_calm = is_calm and not (missing and maker.new(missing[0], left))
    if is_calm and is_short(config, sight, side):
        standings = [replace(one, verdict=Verdict.GROW) if maker.can_grow(one, left) else one for one in standings]
    is_settled = is_calm and not missing
    bridge, may_renew = _bridge(maker, view, sight, standings, left, is_settled=is_settled)
    targets = _targets(maker, _one_at_a_time(standings, is_calm and may_renew), missing, left)
    return [*targets, *([bridge] if bridge is not None else [])]


def _bridge(
    maker: _Maker, view: View, sight: Sight, standings: Sequence[Standing], left: Room, *, is_settled: bool
) -> tuple[TargetOrder | None, bool]:
    """The order that stands in for the one being renewed, and whether one may go now.

    It comes before the first goes, where there is room for it, and leaves when the last successor rests.
    """
    config, state, side = maker.config, maker.state, maker.ladder.side
    renewing = [one for one in standings if one.verdict is Verdict.RENEW]
    live = view.orders.get(bridge_slot(state, side))
    if live is not None:
        stays = may_stand(maker.ladder, live) and (renewing or not is_settled)
        return (_as_it_is(live) if stays else None), True
    if not renewing or not is_settled:
        return None, True
    worth = bridge_worth(config, state, view, sight, side, max(one.worth for one in renewing))
    target = maker.bridge(left, worth) if worth is not None else None
    return target, target is None


def _is_under_way(order: Order) -> bool:
    return order.status.is_in_flight or order.cancel_requested


def _targets(maker: _Maker, standings: Sequence[Standing], missing: Sequence[int], left: Room) -> list[TargetOrder]:
    """Right ones as they are; the others, and those that are missing, with fresh price and size while there is room."""
    targets = []
    for one in standings:
        if one.verdict is Verdict.RIGHT:
            targets.append(_as_it_is(one.order))
        elif one.verdict is not Verdict.DROP and (target := maker.instead_of(one, left)):
            targets.append(target)
            left = left.less(target.price or ZERO, max(ZERO, target.amount - one.order.remaining))
    for index in missing:
        if target := maker.new(index, left):
            targets.append(target)
            left = left.less(target.price or ZERO, target.amount)
    return targets


@dataclass(frozen=True, slots=True)
class _Maker:
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


def _judge(
    config: LiquidityConfig, state: LiquidityState, ladder: Rungs, index: int, order: Order, may_stay: int
) -> Standing:
    price = order.price or ZERO
    return Standing(index, order, price, _verdict(config, state, ladder, index, order, price, may_stay))


def _verdict(
    config: LiquidityConfig,
    state: LiquidityState,
    ladder: Rungs,
    index: int,
    order: Order,
    price: Decimal,
    may_stay: int,
) -> Verdict:
    if index >= may_stay or order.cancel_requested or price <= 0:
        return Verdict.DROP
    if ladder.is_too_good(price) or ladder.crosses(price) or price * order.remaining > config.max_order:
        return Verdict.NOW
    if ladder.is_off(index, price) or price * order.remaining < config.min_order:
        return Verdict.MOVE
    return Verdict.RIGHT if order.slot.startswith(state.scope) else Verdict.RENEW


def _fit(standings: Sequence[Standing], limit: Room | None, ours: Sequence[Order]) -> tuple[list[Standing], Room]:
    """Drop, from the farthest, what balance and deposit do not allow; and what they leave beside all that is live."""
    fitting: list[Standing] = []
    left = limit or Room(ZERO)
    for one in standings:
        if limit is not None and one.verdict < Verdict.DROP:
            if left.takes(one.price, one.order.remaining):
                left = left.less(one.price, one.order.remaining)
                fitting.append(one)
            else:
                fitting.append(replace(one, verdict=Verdict.DROP))
        else:
            fitting.append(one)
    counted = {one.order.client_id for one in fitting if one.verdict < Verdict.DROP}
    for order in ours:
        if order.client_id not in counted:
            left = left.less(order.price or ZERO, order.remaining)
    if limit is not None:
        kept_back = limit.held_back(ONE - HEADROOM)
        left = Room(
            left.worth - kept_back.worth, None if left.amount is None else left.amount - (kept_back.amount or ZERO)
        )
    return fitting, left


def _one_at_a_time(standings: Sequence[Standing], is_calm: bool) -> list[Standing]:
    """Of those that can wait the first and gravest has its turn, while nothing else of the side is under way."""
    waiting = [one for one in standings if one.verdict.can_wait]
    is_calm = is_calm and not any(one.verdict >= Verdict.NOW for one in standings)
    turn = max(waiting, key=lambda one: (one.verdict, -one.index)) if waiting and is_calm else None
    return [
        replace(one, verdict=Verdict.RIGHT) if one.verdict.can_wait and one is not turn else one for one in standings
    ]


def _newest(ours: Sequence[Order]) -> Mapping[str, Order]:
    """Live orders of a side by name; of one name, the latest."""
    in_time = sorted(ours, key=lambda order: (order.created_at, order.client_id))
    return {order.slot.rpartition(".")[2]: order for order in in_time}


def _may_stay(config: LiquidityConfig, state: LiquidityState, sight: Sight, stage: Stage, order: Order) -> bool:
    if order.price is None or order.remaining <= 0 or order.cancel_requested or order.role is not Role.QUOTE:
        return False
    prices = [price for price in (state.fair, sight.target_mid, sight.reference_mid) if price is not None]
    return not any(is_too_good(config, order.side, order.price, price, wide=stage is Stage.WIDE) for price in prices)


def _apart_from_own(target: TargetOrder, view: View) -> TargetOrder | None:
    """The target, unless it would cross an order of ours that still rests: then it waits until that one is gone."""
    live = view.orders.get(target.slot)
    if target.price is None or (live is not None and live.price == target.price):
        return target
    against = [
        order.price for order in view.orders.values() if order.side is not target.side and order.price is not None
    ]
    if all((price - target.price) * target.side.sign > 0 for price in against):
        return target
    return None if live is None else _as_it_is(live)


def _within_budget(targets: Sequence[TargetOrder], config: LiquidityConfig, view: View) -> list[TargetOrder]:
    """Without what there is no room for while others are on their way out, or the deposit was made smaller."""
    free = budget(config) - committed_notional(view)
    within = []
    for target in targets:
        live = view.orders.get(target.slot)
        more = notional(target, view) - (live.remaining * (live.price or ZERO) if live is not None else ZERO)
        if more <= max(ZERO, free):
            free -= max(ZERO, more)
            within.append(target)
        elif live is not None and ((target.price or ZERO) - (live.price or ZERO)) * target.side.sign >= 0:
            # It is only too far away or too small, and may stay; one that is too good may not.
            within.append(_as_it_is(live))
    return within


def _as_it_is(order: Order) -> TargetOrder:
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
