"""Recorded candles from files."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from trading.core.market import Candle

_TIMES = ("timestamp", "date")
_NUMBERS = ("open", "high", "low", "close", "volume")


def read_candles(path: Path) -> list[Candle]:
    """Candles from a CSV file (gzip by its name ``.gz``) with a header of timestamp or date, and the five numbers.

    Times without a zone are UTC. Raises ValueError with the line for what is no candle or not in time order, and
    OSError as files do.
    """
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        reader = csv.reader(file)
        header = [name.strip().lower() for name in next(reader, [])]
        time = next((name for name in _TIMES if name in header), None)
        if time is None or any(name not in header for name in _NUMBERS):
            raise ValueError(f"{path}: the header must name {' or '.join(_TIMES)} and {', '.join(_NUMBERS)}")
        places = [header.index(name) for name in (time, *_NUMBERS)]
        candles: list[Candle] = []
        for line, row in enumerate(reader, start=2):
            try:
                candles.append(_candle([row[place] for place in places]))
            except (ValueError, IndexError, InvalidOperation) as error:
                raise ValueError(f"{path}, line {line}: {row} is no candle") from error
            if len(candles) > 1 and candles[-1].at <= candles[-2].at:
                raise ValueError(f"{path}, line {line}: {candles[-1].at} does not come after {candles[-2].at}")
    return candles


def _candle(cells: list[str]) -> Candle:
    opened, high, low, close, volume = map(Decimal, cells[1:])
    if not 0 < low <= min(opened, close) <= max(opened, close) <= high:
        raise ValueError("a candle's low and high hold its open and close")
    return Candle(_time(cells[0]), opened, high, low, close, volume)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
