"""A market out of raw Binance streams: lines of ``<local time in ns> <JSON as received>``.

Depth updates (``U``, ``u``, ``b``, ``a``) change the book of the one REST snapshot (``lastUpdateId``), which stands
from the beginning; trades (``p``, ``q``, ``m``: the buyer was the maker) are played as they came. What the market's
rules here do not know is cut: amounts to the step, prices to the tick away from crossing.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from heapq import nlargest, nsmallest
from pathlib import Path
from typing import Any

from trading.core.instrument import ZERO, Instrument, Side
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.exchanges.market_source import candle_starts, timeframe_length
from trading.exchanges.recorded_market import open_text

_LEVELS = 20
Levels = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Update:
    at: datetime
    bids: Levels
    asks: Levels


class RecordedStreams:
    """One symbol out of a stream recording. The book is kept as a cursor; going back in time starts it again."""

    def __init__(self, path: Path, instrument: Instrument, origin: datetime) -> None:
        self._instrument = instrument
        self._origin = origin
        self._updates: list[_Update] = []
        self._trades: list[Trade] = []
        self._snapshot = _Update(origin, (), ())
        self._read(path)
        self._trade_times = [trade.at for trade in self._trades]
        self._shown_at = origin
        self._rewind()

    def instruments(self) -> Mapping[str, Instrument]:
        return {self._instrument.symbol: self._instrument}

    @property
    def ends_at(self) -> datetime:
        return max([self._updates[-1].at, *self._trade_times[-1:]])

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return at >= self.ends_at

    def book(self, symbol: str, at: datetime) -> Book:
        if at < self._shown_at:
            self._rewind()
        self._shown_at = at
        while self._next < len(self._updates) and self._updates[self._next].at <= at:
            self._apply(self._updates[self._next])
            self._next += 1
        return Book(symbol, self._levels(Side.BUY), self._levels(Side.SELL), at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return self._trades[bisect_right(self._trade_times, since) : bisect_right(self._trade_times, until)]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        """Put together from the trades so far; intervals without any are left out."""
        length = timeframe_length(timeframe)
        first = next(candle_starts(length, limit, until))
        sums: dict[datetime, Candle] = {}
        for trade in self.trades(symbol, first - timedelta(microseconds=1), until):
            start = first + (trade.at - first) // length * length
            price, known = trade.price, sums.get(start)
            if known is None:
                sums[start] = Candle(start, price, price, price, price, trade.amount)
            else:
                high, low = max(known.high, price), min(known.low, price)
                sums[start] = Candle(start, known.open, high, low, price, known.volume + trade.amount)
        return list(sums.values())

    # The book

    def _rewind(self) -> None:
        self._sides: dict[Side, dict[Decimal, Decimal]] = {Side.BUY: {}, Side.SELL: {}}
        self._next = 0
        self._shown_at = self._origin
        self._apply(self._snapshot)

    def _apply(self, update: _Update) -> None:
        for side, levels in ((Side.BUY, update.bids), (Side.SELL, update.asks)):
            amounts = self._sides[side]
            for price, amount in levels:
                standing = Decimal(amount)
                if standing:
                    amounts[Decimal(price)] = standing
                else:
                    amounts.pop(Decimal(price), None)

    def _levels(self, side: Side) -> tuple[BookLevel, ...]:
        amounts, rules = self._sides[side], self._instrument
        best = nlargest(_LEVELS * 2, amounts) if side is Side.BUY else nsmallest(_LEVELS * 2, amounts)
        merged: dict[Decimal, Decimal] = {}
        for price in best:
            rounded = rules.maker_price(side, price)
            merged[rounded] = merged.get(rounded, ZERO) + amounts[price]
        levels = (BookLevel(price, rules.floor_amount(amount)) for price, amount in merged.items())
        return tuple(level for level in levels if level.amount > 0)[:_LEVELS]

    # The file

    def _read(self, path: Path) -> None:
        started: int | None = None
        snapshot_id: int | None = None
        later: list[tuple[int, _Update]] = []
        number = 0
        try:
            with open_text(path) as file:
                for line in file:
                    number += 1
                    stamp, _, text = line.partition(" ")
                    moment = int(stamp)
                    started = moment if started is None else started
                    at = self._origin + timedelta(microseconds=(moment - started) // 1000)
                    message = json.loads(text)
                    data = message.get("data", message)
                    if "lastUpdateId" in data and snapshot_id is None:
                        snapshot_id = int(data["lastUpdateId"])
                        self._snapshot = _Update(self._origin, data["bids"], data["asks"])
                    elif data.get("e") == "depthUpdate":
                        later.append((int(data["u"]), _Update(at, data["b"], data["a"])))
                    elif data.get("e") == "trade":
                        self._add_trade(data, at)
        except (OSError, EOFError, ValueError, KeyError, AttributeError, TypeError, InvalidOperation) as error:
            raise ValueError(f"{path.name}, line {number}: not a recorded stream ({error})") from error
        if snapshot_id is None or not later:
            raise ValueError(f"{path.name}: no book snapshot with updates in it")
        self._updates = [update for update_id, update in later if update_id > snapshot_id]
        if not self._updates:
            raise ValueError(f"{path.name}: no updates behind the book snapshot")

    def _add_trade(self, data: Mapping[str, Any], at: datetime) -> None:
        side = Side.SELL if data["m"] else Side.BUY
        price = self._instrument.taker_price(side.opposite, Decimal(data["p"]))
        amount = self._instrument.floor_amount(Decimal(data["q"]))
        if amount > 0 and price > 0:
            self._trades.append(Trade(self._instrument.symbol, side, price, amount, at))
