"""Over which candles settings are tried, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.instrument import Instrument

MOST_FILE_BYTES = 5_000_000
"""Of a file with candles, as it is sent."""
MOST_UNPACKED_BYTES = 20_000_000
MOST_CANDLES = 100_000
FEWEST_CANDLES = 10
FUNDING_RATE = Decimal("0.0001")
"""What a trial takes longs to pay every 8 hours, as a fraction: candles do not tell what was really paid."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The venue's own candles, so many days back from its last whole one."""

    days: int


@dataclass(frozen=True, slots=True)
class CandleFile:
    """A CSV file that a person sent, gzipped or not."""

    content: bytes


TrialSource = Recent | CandleFile


@dataclass(frozen=True, slots=True)
class TrialReport:
    """Money in quote currency. ``venue`` is "" where the candles came from a file.

    ``net`` is realized profit less fees, funding included; ``unrealized`` is what is open at the last price.
    ``missing`` counts the candles that are not there between the first and the last. ``mark`` is made of every candle
    and setting: the same mark, the same result to the last digit. ``picture`` is PNG.
    """

    strategy: str
    symbol: str
    title: str
    venue: str
    instrument: Instrument
    config: Mapping[str, Any]
    candles: int
    missing: int
    interval: timedelta
    started_at: datetime
    ended_at: datetime
    low: Decimal
    high: Decimal
    mark: str
    deposit: Decimal
    drawdown: Decimal
    drawdown_percent: Decimal
    liquidations: int
    net: Decimal
    unrealized: Decimal
    position: Decimal
    cycles: int
    won: int
    fills: int
    orders: int
    fees: Decimal
    funding: Decimal
    finished: str
    picture: bytes
    is_paper: bool = False
    refusals: Mapping[str, int] = field(default_factory=dict)
