"""A market-making obligation on a spot market, kept after the price of a reference market."""

from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import (
    Depth,
    Quotes,
    fair_price,
    market_depth,
    market_spread,
    quotes,
)
from trading.strategies.liquidity.sight import Stage
from trading.strategies.liquidity.state import LiquidityState
from trading.strategies.liquidity.strategy import LiquidityStrategy

__all__ = [
    "Depth",
    "LiquidityConfig",
    "LiquidityState",
    "LiquidityStrategy",
    "Quotes",
    "Stage",
    "fair_price",
    "market_depth",
    "market_spread",
    "quotes",
]
