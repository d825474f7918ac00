"""What a market shows: books, trades, candles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import Side


@dataclass(frozen=True, slots=True)
class BookLevel:
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """A market's resting orders, best first on both sides. ``at`` is when the venue showed it."""

    symbol: str
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]
    at: datetime

    @property
    def bid(self) -> Decimal | None:
        return self.bids[0].price if self.bids else None

    @property
    def ask(self) -> Decimal | None:
        return self.asks[0].price if self.asks else None

    @property
    def mid(self) -> Decimal | None:
        return (self.bids[0].price + self.asks[0].price) / 2 if self.bids and self.asks else None

    def best(self, side: Side) -> Decimal | None:
        """The best resting price of those who stand on ``side``."""
        return self.bid if side is Side.BUY else self.ask


@dataclass(frozen=True, slots=True)
class Trade:
    """One public trade; ``side`` is the taker's."""

    symbol: str
    side: Side
    price: Decimal
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Candle:
    """One interval of trading that began at ``at``."""

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


@dataclass(frozen=True, slots=True)
class Ticker:
    """One line of a venue's market list: last price and 24-hour volume in quote currency."""

    symbol: str
    last: Decimal | None
    quote_volume: Decimal | None
