"""The float: a maker's ping-pong that collects execution statistics, for spot."""

from trading.strategies.pingpong.config import PingPongConfig, SizeCurrency
from trading.strategies.pingpong.records import DETAIL, EXECUTION, record_columns
from trading.strategies.pingpong.state import PingPongState
from trading.strategies.pingpong.statistics import Execution, ExecutionStatistics, summarize
from trading.strategies.pingpong.strategy import PingPongStrategy

__all__ = [
    "DETAIL",
    "EXECUTION",
    "Execution",
    "ExecutionStatistics",
    "PingPongConfig",
    "PingPongState",
    "PingPongStrategy",
    "SizeCurrency",
    "record_columns",
    "summarize",
]
