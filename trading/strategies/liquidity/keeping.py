"""Which quotes should rest: what is right is left alone, what is wrong is moved, one at a time where that can wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trading.core.instrument import ZERO, Side
from trading.core.orders import Order, Role
from trading.core.planning import TargetOrder, View
from trading.core.risk import committed_notional, notional
from trading.strategies.liquidity.bridge import bridge_slot, bridge_worth, may_stand
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.judging import HEADROOM, Standing, Verdict, fit, judge, newest_by_name, one_at_a_time
from trading.strategies.liquidity.ladder import is_too_good, names, number_in, rungs
from trading.strategies.liquidity.making import Maker, as_it_is
from trading.strategies.liquidity.sight import Sight, Stage
from trading.strategies.liquidity.sizing import Room, allowed_orders, budget, is_short, room, skew_percent, wanted_size
from trading.strategies.liquidity.state import LiquidityState


def wanted_quotes(
    config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, stage: Stage
) -> list[TargetOrder]:
    """Every quote that should rest now. Standing slots ``g3.bid1`` ...: bid1 and ask1 are the nearest."""
    if stage is Stage.WITHDRAWN:
        return []
    if stage is not Stage.QUOTING:
        return [as_it_is(order) for order in view.orders.values() if _may_stay(config, state, sight, stage, order)]
    found = [target for side in Side for target in _side(config, state, view, sight, side)]
    return _within_budget([target for wanted in found if (target := _apart_from_own(wanted, view))], config, view)


def _side(config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, side: Side) -> list[TargetOrder]:
    ladder = rungs(config, sight, view.instrument, side)
    ours = [order for order in view.orders.values() if order.side is side and not order.status.is_final]
    newest = newest_by_name(ours)
    limit = room(config, view, side, ladder.best)
    may_stay, may_add = allowed_orders(
        config.orders_per_side, skew_percent(config, view), config.max_inventory_skew, side
    )
    standings = [
        judge(config, state, ladder, index, newest[name], may_stay)
        for index, name in enumerate(names(side, config.orders_per_side))
        if name in newest
    ]
    standings, left = fit(standings, limit, ours)
    if limit is None:
        # Without knowing what we have nothing is placed or made larger; what costs money is taken back.
        return [as_it_is(one.order) for one in standings if one.verdict < Verdict.NOW]
    share = limit.held_back(HEADROOM).worth_at(ladder.prices[-1]) / config.orders_per_side
    maker = Maker(config, state, view.instrument, ladder, min(wanted_size(config, view, sight, side), share))
    missing = [index for index, name in enumerate(names(side, may_add)) if name not in newest]
    is_calm = not any(_is_under_way(order) for order in ours)
    # A slot that could be filled and is empty was refused, or is being filled: nothing else is taken away meanwhile.
    is_calm = is_calm and not (missing and maker.new(missing[0], left))
    if is_calm and is_short(config, sight, side):
        standings = [replace(one, verdict=Verdict.GROW) if maker.can_grow(one, left) else one for one in standings]
    is_settled = is_calm and not missing
    bridge, may_renew = _bridge(maker, view, sight, standings, left, is_settled=is_settled)
    targets = _targets(maker, one_at_a_time(standings, is_calm and may_renew), missing, left)
    return [*targets, *([bridge] if bridge is not None else [])]


def _bridge(
    maker: Maker, view: View, sight: Sight, standings: Sequence[Standing], left: Room, *, is_settled: bool
) -> tuple[TargetOrder | None, bool]:
    """The order that stands in for the one being renewed, and whether one may go now.

    It comes before the first goes, where there is room for it, and leaves when the last successor rests.
    """
    config, state, side = maker.config, maker.state, maker.ladder.side
    renewing = [one for one in standings if one.verdict is Verdict.RENEW]
    live = view.orders.get(bridge_slot(state, side))
    if live is not None:
        stays = may_stand(maker.ladder, live) and (renewing or not is_settled)
        return (as_it_is(live) if stays else None), True
    if not renewing or not is_settled:
        return None, True
    worth = bridge_worth(config, state, view, sight, side, max(one.worth for one in renewing))
    target = maker.bridge(left, worth) if worth is not None else None
    return target, target is None


def _is_under_way(order: Order) -> bool:
    return order.status.is_in_flight or order.cancel_requested


def _targets(maker: Maker, standings: Sequence[Standing], missing: Sequence[int], left: Room) -> list[TargetOrder]:
    """Right ones as they are; the others, and those that are missing, with fresh price and size while there is room."""
    targets = []
    for one in standings:
        if one.verdict is Verdict.RIGHT:
            targets.append(as_it_is(one.order))
        elif one.verdict is not Verdict.DROP and (target := maker.instead_of(one, left)):
            targets.append(target)
            left = left.less(target.price or ZERO, max(ZERO, target.amount - one.order.remaining))
    for index in missing:
        if target := maker.new(index, left):
            targets.append(target)
            left = left.less(target.price or ZERO, target.amount)
    return targets


def _may_stay(config: LiquidityConfig, state: LiquidityState, sight: Sight, stage: Stage, order: Order) -> bool:
    if order.price is None or order.remaining <= 0 or order.cancel_requested or order.role is not Role.QUOTE:
        return False
    if number_in(order.slot) > config.orders_per_side:
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
    return None if live is None else as_it_is(live)


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
            within.append(as_it_is(live))
    return within
