"""What is to be done about each live order of a side, and which of them has its turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from trading.core.instrument import ONE, ZERO
from trading.core.orders import Order
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.ladder import Rungs
from trading.strategies.liquidity.sizing import Room
from trading.strategies.liquidity.state import LiquidityState

HEADROOM = Decimal("0.01")
"""Of the room: never filled anew, so that a price that trembles does not push out what was just placed."""


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


def judge(
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


def fit(standings: Sequence[Standing], limit: Room | None, ours: Sequence[Order]) -> tuple[list[Standing], Room]:
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


def one_at_a_time(standings: Sequence[Standing], is_calm: bool) -> list[Standing]:
    """Of those that can wait the first and gravest has its turn, while nothing else of the side is under way."""
    waiting = [one for one in standings if one.verdict.can_wait]
    is_calm = is_calm and not any(one.verdict >= Verdict.NOW for one in standings)
    turn = max(waiting, key=lambda one: (one.verdict, -one.index)) if waiting and is_calm else None
    return [
        replace(one, verdict=Verdict.RIGHT) if one.verdict.can_wait and one is not turn else one for one in standings
    ]


def newest_by_name(ours: Sequence[Order]) -> Mapping[str, Order]:
    """Live orders of a side by name; of one name, the latest."""
    in_time = sorted(ours, key=lambda order: (order.created_at, order.client_id))
    return {order.slot.rpartition(".")[2]: order for order in in_time}
