"""Where a paper market's prices come from, and the arithmetic of timeframes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from trading.core.instrument import Instrument
from trading.core.market import Book, Candle, Trade

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MarketSource(Protocol):
    """Markets as they are without us, at any time from the venue's origin on. Times are aware UTC."""

    def instruments(self) -> Mapping[str, Instrument]: ...

    def book(self, symbol: str, at: datetime) -> Book: ...

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        """Public trades after ``since``, up to and at ``until``, oldest first; of a long time only the newest."""
        ...

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        """The newest ``limit`` candles that began before or at ``until``, oldest first; the last is unfinished."""
        ...

    def has_ended(self, symbol: str, at: datetime) -> bool:
        """Whether the price stands still because there is nothing more to show."""
        ...


def timeframe_length(timeframe: str) -> timedelta:
    """How long a candle of ``"1m"``, ``"4h"``, ``"1d"`` is. Raises ValueError for other text."""
    number, unit = timeframe[:-1], timeframe[-1:]
    if unit not in _UNITS or not number.isdecimal() or int(number) == 0:
        raise ValueError(f"no timeframe {timeframe!r}")
    return timedelta(seconds=int(number) * _UNITS[unit])


def candle_starts(length: timedelta, limit: int, until: datetime) -> Iterator[datetime]:
    """When the newest ``limit`` candles began, oldest first, on the round times of their length."""
    newest = _EPOCH + (until - _EPOCH) // length * length
    for back in range(limit - 1, -1, -1):
        yield newest - back * length


def milliseconds(at: datetime) -> int:
    """Integer milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(moment: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=moment)
