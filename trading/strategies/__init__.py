"""The catalogue of strategies: one line each."""

from __future__ import annotations

from collections.abc import Mapping

from trading.core.planning import Strategy
from trading.strategies.grid import GridStrategy
from trading.strategies.liquidity import LiquidityStrategy
from trading.strategies.peg import PegStrategy
from trading.strategies.pingpong import PingPongStrategy

STRATEGIES: Mapping[str, Strategy] = {
    "grid": GridStrategy(),
    "liquidity": LiquidityStrategy(),
    "peg": PegStrategy(),
    "pingpong": PingPongStrategy(),
}

__all__ = ["STRATEGIES"]
