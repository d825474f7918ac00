"""A peg: keeps a price inside its band, for spot."""

from trading.strategies.peg.config import Activity, PegConfig, React
from trading.strategies.peg.state import PegState
from trading.strategies.peg.strategy import PegStrategy

__all__ = ["Activity", "PegConfig", "PegState", "PegStrategy", "React"]
