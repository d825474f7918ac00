"""What a market shows: books, trades, candles."""

from __future__ import annotations

from collections.abc import Iterable
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


def without(book: Book, own: Iterable[tuple[Side, Decimal, Decimal]]) -> Book:
    """The book as others made it: our resting (side, price, amount) taken out, levels that were only ours gone."""
    ours: dict[tuple[Side, Decimal], Decimal] = {}
    for side, price, amount in own:
        ours[side, price] = ours.get((side, price), Decimal(0)) + amount
    if not ours:
        return book

    def others(side: Side, levels: tuple[BookLevel, ...]) -> tuple[BookLevel, ...]:
        left = (
            BookLevel(level.price, level.amount - ours[side, level.price]) if (side, level.price) in ours else level
            for level in levels
        )
        return tuple(level for level in left if level.amount > 0)

    return Book(book.symbol, others(Side.BUY, book.bids), others(Side.SELL, book.asks), book.at)


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
