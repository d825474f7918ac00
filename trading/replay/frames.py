"""What a replay and who waits for it say to each other over a pipe: pickled frames of a few hundred rows, each short
enough that making or reading one holds nobody up.

Both ends are this program; nothing that came from elsewhere is ever unpickled.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import BinaryIO, TypeVar

from trading.core.instrument import Instrument
from trading.core.market import Candle

ROWS = 250
LENGTH_BYTES = 4
MOST_BYTES = 64 * 1024 * 1024
LONG_FIELDS = ("fills", "samples", "cycles", "liquidations")
"""The lists of a result, which come in parts."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """``config`` is the strategy's config as JSON. ``count``: candles that follow in frames."""

    strategy: str
    config: str
    instrument: Instrument
    balance: Decimal
    funding_rate: Decimal
    seed: int
    sample_every: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the candles was seen, from 0 to 1."""

    value: float


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of one of the result's long lists."""

    field: str
    rows: Sequence[object]


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result, for the log."""

    text: str


def packed(value: object) -> bytes:
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpacked(body: bytes) -> object:
    return pickle.loads(body)  # noqa: S301  see above: from our own process only


def read_frame(pipe: BinaryIO) -> object:
    """The next frame. Raises EOFError when the other end has gone."""
    length = pipe.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        raise EOFError
    body = pipe.read(int.from_bytes(length, "big"))
    return unpacked(body)


def parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]


def read_candles(pipe: BinaryIO, count: int) -> list[Candle]:
    candles: list[Candle] = []
    while len(candles) < count:
        frame = read_frame(pipe)
        if not isinstance(frame, list):
            raise EOFError  # noqa: TRY004  the pipe's end, not a caller's mistake
        candles += frame
    return candles
