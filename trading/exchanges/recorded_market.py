"""Markets that did exist: prices from a file, played from its beginning at a given time of the venue's clock.

Candles (CSV, ``.gz`` or not: timestamp or date, open, high, low, close, volume) walk in four equal steps: open, low,
high, close when they rose; open, high, low, close when they fell. Books are made up around the price. When the
recording ends, the market stays at its last price and says so.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from trading.core.instrument import Instrument, Side
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.exchanges.market_source import MarketSource, candle_starts, timeframe_length

_LEVELS = 20
_STEPS = 4
_TRADES_KEPT = 200


def recorded_market(path: Path, instrument: Instrument, origin: datetime) -> MarketSource:
    """The recording in ``path`` as the market of ``instrument``, its first moment at ``origin``.

    ``*.jsonl`` and ``*.jsonl.gz`` are raw Binance streams, anything else candles. Raises ValueError for a file that
    cannot be read as what it should be.
    """
    if ".jsonl" in path.name:
        from trading.exchanges.recorded_streams import RecordedStreams  # noqa: PLC0415  only who needs it pays for it

        return RecordedStreams(path, instrument, origin)
    return RecordedCandles(path, instrument, origin)


def open_text(path: Path) -> TextIO:
    """A text file, compressed or not. Raises ValueError where there is none."""
    if not path.is_file():
        raise ValueError(f"{path.name}: no such file")
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Step:
    """From ``at`` on (recorded time) the price is this; ``traded`` (base) changed hands on the way to it."""

    at: datetime
    price: Decimal
    traded: Decimal


class RecordedCandles:
    """One symbol out of a candle file."""

    def __init__(self, path: Path, instrument: Instrument, origin: datetime) -> None:
        self._instrument = instrument
        self._origin = origin
        self._candles = _read_candles(path)
        self._starts = [candle.at for candle in self._candles]
        self._length = min((later - earlier for earlier, later in pairwise(self._starts)), default=timedelta(minutes=1))
        self._shift = origin - self._starts[0]

    def instruments(self) -> Mapping[str, Instrument]:
        return {self._instrument.symbol: self._instrument}

    @property
    def ends_at(self) -> datetime:
        """When the last candle is over, by the venue's clock."""
        return self._starts[-1] + self._length + self._shift

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return at >= self.ends_at

    def book(self, symbol: str, at: datetime) -> Book:
        step = self._steps(at)[-1]
        rules = self._instrument
        bid = rules.maker_price(Side.BUY, step.price - rules.price_tick / 2)
        amount = max(rules.floor_amount(step.traded / _LEVELS), rules.smallest_amount(step.price))
        bids, asks = (
            tuple(
                BookLevel(price, amount)
                for number in range(_LEVELS)
                if (price := bid + rules.price_tick * (number + 1 if side is Side.SELL else -number)) > 0
            )
            for side in (Side.BUY, Side.SELL)
        )
        return Book(symbol, bids, asks, at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        """A trade at each step of the price, of a quarter of its candle's volume; the side is the step's direction."""
        steps = self._steps(until, since)
        return [
            Trade(
                symbol,
                Side.BUY if step.price >= before.price else Side.SELL,
                step.price,
                step.traded,
                step.at + self._shift,
            )
            for before, step in pairwise(steps)
            if since < step.at + self._shift <= until and step.traded > 0
        ][-_TRADES_KEPT:]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        """Put together from the steps; nothing before the recording and nothing behind its end."""
        length = timeframe_length(timeframe)
        starts = list(candle_starts(length, limit, until))
        sums: dict[datetime, Candle] = {}
        for step in self._steps(min(until, self.ends_at), starts[0]):
            at = step.at + self._shift
            start = starts[0] + (at - starts[0]) // length * length
            if start < starts[0]:
                continue
            price, known = step.price, sums.get(start)
            if known is None:
                sums[start] = Candle(start, price, price, price, price, step.traded)
            else:
                high, low = max(known.high, price), min(known.low, price)
                sums[start] = Candle(start, known.open, high, low, price, known.volume + step.traded)
        return list(sums.values())

    def _steps(self, until: datetime, since: datetime | None = None) -> list[_Step]:
        """The steps from the one that holds just before ``since`` (default ``until``) to the one at ``until``."""
        first = max(0, bisect_right(self._starts, (since or until) - self._shift) - 2)
        last = max(0, bisect_right(self._starts, until - self._shift) - 1)
        steps = [
            step
            for candle in self._candles[first : last + 1]
            for step in self._walk(candle)
            if step.at + self._shift <= until
        ]
        return steps or [self._walk(self._candles[0])[0]]

    def _walk(self, candle: Candle) -> list[_Step]:
        middle = (candle.low, candle.high) if candle.close >= candle.open else (candle.high, candle.low)
        traded = self._instrument.floor_amount(candle.volume / _STEPS)
        return [
            _Step(candle.at + self._length * number / _STEPS, self._instrument.nearest_price(price), traded)
            for number, price in enumerate((candle.open, *middle, candle.close))
        ]


class BadRecording(ValueError):
    """``line`` counts from 1, the header included; ``code``: not_csv, columns, not_candle, out_of_range, outside,
    not_later, empty.
    """

    def __init__(self, name: str, line: int, code: str, words: str) -> None:
        super().__init__(f"{name}, line {line}: {words}")
        self.line, self.code = line, code


def _read_candles(path: Path) -> list[Candle]:
    try:
        with open_text(path) as file:
            return read_candles(file, path.name)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a readable candle file ({error})") from error


def read_candles(file: TextIO, name: str) -> list[Candle]:
    """All candles of a CSV file. Raises BadRecording, which says where."""
    rows = csv.DictReader(file)
    candles: list[Candle] = []
    try:
        names = set(rows.fieldnames or ())
        time_name = next((known for known in ("timestamp", "date") if known in names), None)
        if time_name is None or {"open", "high", "low", "close", "volume"} - names:
            raise BadRecording(name, 1, "columns", "the columns must be timestamp, open, high, low, close, volume")
        for row in rows:
            candle = _candle(row, time_name, name, rows.line_num)
            if candles and candle.at <= candles[-1].at:
                raise BadRecording(name, rows.line_num, "not_later", f"{candle.at} comes after {candles[-1].at}")
            candles.append(candle)
    except csv.Error as error:
        raise BadRecording(name, max(1, rows.line_num), "not_csv", f"not CSV ({error})") from error
    if not candles:
        raise BadRecording(name, max(1, rows.line_num), "empty", "no candles in it")
    return candles


def _candle(row: Mapping[str, str | None], time_name: str, name: str, line: int) -> Candle:
    try:
        prices = [Decimal(row[column] or "") for column in ("open", "high", "low", "close", "volume")]
        candle = Candle(_time(row[time_name] or ""), *prices)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise BadRecording(name, line, "not_candle", "not a candle") from error
    if not all(price.is_finite() for price in prices) or candle.low <= 0 or candle.volume < 0:
        raise BadRecording(name, line, "out_of_range", "a price or volume is out of range")
    if not candle.low <= min(candle.open, candle.close) <= max(candle.open, candle.close) <= candle.high:
        raise BadRecording(name, line, "outside", "open and close are not between low and high")
    return candle


def _time(text: str) -> datetime:
    """ISO 8601 (UTC where no zone is told), or seconds or milliseconds since 1970."""
    if text.replace(".", "", 1).isdigit():
        number = Decimal(text)
        seconds = number / 1000 if number > 10**11 else number
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(seconds * 1000))
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
