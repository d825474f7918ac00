"""The same plan over recorded candles, trades and books: what a bot would have done, to the last digit."""

from trading.replay.engine import Replay, ReplayError
from trading.replay.recorded import read_candles
from trading.replay.result import ReplayResult

__all__ = ["Replay", "ReplayError", "ReplayResult", "read_candles"]
