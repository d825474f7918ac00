"""One order more while a side is renewed, at its best price: depth and spread stand although one is always missing.

An order goes before its successor comes, because its slot and its money must be free. Without a bridge the depth would
dip by that order for a moment, and by the nearest one's place the spread.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from trading.core.instrument import Side
from trading.core.orders import Order, OrderStatus
from trading.core.planning import View
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.ladder import Rungs
from trading.strategies.liquidity.measures import market_depth
from trading.strategies.liquidity.sight import Sight
from trading.strategies.liquidity.state import LiquidityState

MARGIN = Decimal("1.005")
"""Prices move while orders are renewed: so many times the obligation must be left."""
PATIENCE = timedelta(minutes=1)
"""After the beginning of a reset; what could not be bridged by then is renewed without."""


def bridge_slot(state: LiquidityState, side: Side) -> str:
    """``g3.bid0``: nearer than the nearest."""
    return f"{state.scope}{'bid' if side is Side.BUY else 'ask'}0"


def missing_worth(min_depth: Decimal, depth: Decimal, leaving: Decimal) -> Decimal:
    """What must be added (quote) so that ``depth`` is enough without an order worth ``leaving``; below 0: none."""
    return leaving + min_depth * MARGIN - depth


def bridge_worth(
    config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight, side: Side, leaving: Decimal
) -> Decimal | None:
    """The least worth of the bridge that is needed before an order worth ``leaving`` may go; None when it may go."""
    if sight.expected is None or state.reset_at is None or view.now - state.reset_at > PATIENCE:
        return None
    past = view.finals.get(bridge_slot(state, side), ())
    if past and past[-1].status is OrderStatus.REJECTED:
        return None
    depth = market_depth(sight.expected, config.depth_window_percent, sight.centre).of(side)
    worth = missing_worth(config.min_depth, depth, leaving)
    return worth if worth > 0 else None


def may_stand(ladder: Rungs, order: Order) -> bool:
    """It still is where depth counts, and neither too good for the market nor crossing."""
    price = order.price
    if price is None or order.remaining <= 0 or order.cancel_requested:
        return False
    is_within = (price - ladder.window) * ladder.side.sign >= 0
    return is_within and not ladder.is_too_good(price) and not ladder.crosses(price)
