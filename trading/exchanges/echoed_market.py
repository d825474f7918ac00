"""The paper markets as another venue shows them: a little later, and a little off.

What follows a reference on paper needs one that is another market and yet the same coin. Here it is the market itself,
``LAG`` ago, with all prices moved by a smooth noise of a thousandth or so that is the other venue's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.exchanges.market_source import MarketSource, milliseconds
from trading.exchanges.simulated_market import PERIODS, noise

LAG = timedelta(seconds=1)
_DAILY = 10_000_000
_OCTAVES = PERIODS[3:6]
"""From two to thirty-four minutes: together they move a price by up to 0.27 %, mostly by less than 0.1 %."""


class EchoedMarket:
    """``venue`` names the other venue; the same name has the same prices, on every machine, for ever."""

    def __init__(self, source: MarketSource, venue: str) -> None:
        self._source, self._venue = source, venue

    def instruments(self) -> Mapping[str, Instrument]:
        return {symbol: replace(rules, venue=self._venue) for symbol, rules in self._source.instruments().items()}

    def book(self, symbol: str, at: datetime) -> Book:
        seen = self._source.book(symbol, at - LAG)
        shift = self._shift(symbol, seen.mid, at)
        return Book(symbol, _moved(seen.bids, shift), _moved(seen.asks, shift), at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        seen = self._source.trades(symbol, since - LAG, until - LAG)
        return [
            replace(trade, price=trade.price + self._shift(symbol, trade.price, trade.at), at=trade.at + LAG)
            for trade in seen
        ]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        """Of the market itself: a candle is longer than the lag, and wider than the noise."""
        return self._source.candles(symbol, timeframe, limit, until)

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return self._source.has_ended(symbol, at)

    def _shift(self, symbol: str, price: Decimal | None, at: datetime) -> Decimal:
        """How far this venue is off (quote), on a tick."""
        if price is None:
            return ZERO
        part = Decimal(noise(0, f"{self._venue} {symbol}", milliseconds(at), _DAILY, _OCTAVES)).scaleb(-9)
        return self._source.instruments()[symbol].nearest_price(price * part)


def _moved(levels: Sequence[BookLevel], shift: Decimal) -> tuple[BookLevel, ...]:
    return tuple(replace(level, price=level.price + shift) for level in levels if level.price + shift > 0)
