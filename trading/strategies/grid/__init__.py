"""A martingale grid with one take-profit, for perpetuals."""

from trading.strategies.grid.config import Direction, GridConfig, GridTerms, Sizing, SmallLevels
from trading.strategies.grid.state import GridState, Phase
from trading.strategies.grid.strategy import GridStrategy

__all__ = ["Direction", "GridConfig", "GridState", "GridStrategy", "GridTerms", "Phase", "Sizing", "SmallLevels"]
