"""Recorded candles from files, ours or those that a person brings."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from trading.core.market import Candle

_TIMES = ("timestamp", "date")
_NUMBERS = ("open", "high", "low", "close", "volume")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(2009, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_GZIP = b"\x1f\x8b"
_LONGEST_NUMBER = 40


class BadCandles(ValueError):
    """``code``: candles_header, candles_unreadable, candles_unordered, candles_many, candles_large; first line is 1."""

    def __init__(self, code: str, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.code, self.line = code, line


def read_candles(path: Path) -> list[Candle]:
    """Candles from a CSV file (gzip by its name ``.gz``) with a header of timestamp or date, and the five numbers.

    Times without a zone are UTC; whole numbers are seconds or milliseconds since 1970. Raises BadCandles with the line
    for what is no candle or not in time order, and OSError as files do.
    """
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        return _read(file, str(path), None)


def candles_of(content: bytes, *, most_bytes: int, most_candles: int) -> list[Candle]:
    """As ``read_candles``, from a file that somebody sent (gzip by its first bytes), with limits. Raises BadCandles."""
    text = _unpacked(content, most_bytes)
    try:
        return _read(io.StringIO(text.decode("utf-8-sig"), newline=""), "the file", most_candles)
    except UnicodeDecodeError as error:
        raise BadCandles("candles_header", "the file is no text") from error
    except csv.Error as error:
        raise BadCandles("candles_header", f"the file is no CSV: {error}") from error


def _unpacked(content: bytes, most: int) -> bytes:
    """Never more than ``most`` bytes, however small the packed file is."""
    if content.startswith(_GZIP):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            content = unpacking.decompress(content, most + 1)
        except zlib.error as error:
            raise BadCandles("candles_header", f"the file cannot be unpacked: {error}") from error
    if len(content) > most:
        raise BadCandles("candles_large", f"more than {most} bytes")
    return content


def _read(file: Iterable[str], name: str, most: int | None) -> list[Candle]:
    reader = csv.reader(file)
    header = [cell.strip().lower() for cell in next(reader, [])]
    time = next((cell for cell in _TIMES if cell in header), None)
    if time is None or any(cell not in header for cell in _NUMBERS):
        wanted = f"{name}: the header must name {' or '.join(_TIMES)} and {', '.join(_NUMBERS)}"
        raise BadCandles("candles_header", wanted, 1)
    places = [header.index(cell) for cell in (time, *_NUMBERS)]
    candles: list[Candle] = []
    for line, row in enumerate(reader, start=2):
        if not row:
            continue
        try:
            candles.append(_candle([row[place].strip() for place in places]))
        except (ValueError, IndexError, InvalidOperation, OverflowError) as error:
            raise BadCandles("candles_unreadable", f"{name}, line {line}: {row} is no candle", line) from error
        if len(candles) > 1 and candles[-1].at <= candles[-2].at:
            late = f"{name}, line {line}: {candles[-1].at} does not come after {candles[-2].at}"
            raise BadCandles("candles_unordered", late, line)
        if most is not None and len(candles) > most:
            raise BadCandles("candles_many", f"{name}: more than {most} candles", line)
    return candles


def _candle(cells: list[str]) -> Candle:
    if any(len(cell) > _LONGEST_NUMBER for cell in cells):
        raise ValueError("no number is that long")
    numbers = [Decimal(cell) for cell in cells[1:]]
    if not all(number.is_finite() for number in numbers):
        raise ValueError("a candle's numbers are finite")
    opened, high, low, close, volume = numbers
    if not 0 < low <= min(opened, close) <= max(opened, close) <= high or volume < 0:
        raise ValueError("a candle's low and high hold its open and close")
    return Candle(_time(cells[0]), opened, high, low, close, volume)


def _time(text: str) -> datetime:
    if text.isdecimal() and len(text) >= 9:
        number = int(text)
        at = _EPOCH + (timedelta(milliseconds=number) if number >= 10**11 else timedelta(seconds=number))
    else:
        told = datetime.fromisoformat(text)
        at = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    if not _FIRST <= at < _LAST:
        raise ValueError(f"{at} is no time of a market")
    return at
