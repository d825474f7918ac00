"""The same plan over recorded candles, trades and books: what a bot would have done, to the last digit."""

from trading.replay.engine import Replay, ReplayError
from trading.replay.frames import Job
from trading.replay.process import replay_apart
from trading.replay.recorded import BadCandles, candles_of, read_candles
from trading.replay.result import ReplayResult

__all__ = ["BadCandles", "Job", "Replay", "ReplayError", "ReplayResult", "candles_of", "read_candles", "replay_apart"]
