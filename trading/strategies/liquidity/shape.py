"""How far from the fair price quotes stand, by the obligation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trading.strategies.liquidity.config import LiquidityConfig


@dataclass(frozen=True, slots=True)
class Shape:
    """Distances from the fair price, in percent: of the nearest quote, the farthest, and the nearest when widened."""

    nearest: Decimal
    farthest: Decimal
    widened: Decimal


def shape(config: LiquidityConfig) -> Shape:
    """The spread less a tolerance on each side, the window less two: a quote that drifts within its tolerance counts.

    With a spread of 2 %, a window of 2 % and a tolerance of 0.2 %: from 0.8 to 1.6, widened 1.2.
    """
    tolerance = config.price_tolerance_percent
    farthest = config.depth_window_percent - 2 * tolerance
    nearest = min(config.max_spread_percent / 2 - tolerance, farthest / 2)
    return Shape(nearest, farthest, (nearest + farthest) / 2)
