"""What a book is worth, and what should be quoted: pure arithmetic. Depth in quote currency, spread as a share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from trading.core.instrument import ZERO, Side, total
from trading.core.market import Book, BookLevel, without

OwnOrder = tuple[Side, Decimal, Decimal]
"""One resting order of ours: side, price (quote), remaining amount (base)."""


@dataclass(frozen=True, slots=True)
class Depth:
    """Quote value of what rests near the mid price."""

    bids: Decimal
    asks: Decimal

    @property
    def both(self) -> Decimal:
        return self.bids + self.asks

    def of(self, side: Side) -> Decimal:
        return self.bids if side is Side.BUY else self.asks


@dataclass(frozen=True, slots=True)
class Quotes:
    """The highest bid and the lowest ask that we should show."""

    bid: Decimal
    ask: Decimal

    def of(self, side: Side) -> Decimal:
        return self.bid if side is Side.BUY else self.ask


def market_depth(book: Book, percent: Decimal, centre: Decimal | None = None) -> Depth:
    """Quote value of bids and of asks within ``percent`` of the mid price, its edge included.

    ``centre`` stands in for the mid of a book that has but one side; without either there is no depth.
    """
    mid = book.mid if book.mid is not None else centre
    if mid is None:
        return Depth(ZERO, ZERO)
    reach = mid * percent / 100
    return Depth(
        _worth(level for level in book.bids if level.price >= mid - reach),
        _worth(level for level in book.asks if level.price <= mid + reach),
    )


def market_spread(book: Book) -> Decimal | None:
    """(best ask - best bid) / mid, a share: 0.02 is two percent. None where a side is empty."""
    if book.bid is None or book.ask is None or not book.mid:
        return None
    return (book.ask - book.bid) / book.mid


def fair_price(
    target_book: Book | None,
    reference_book: Book | None,
    percent: Decimal,
    include_own: bool,
    own: Sequence[OwnOrder] = (),
) -> Decimal | None:
    """The mids of both markets, each weighted by its liquidity (bids and asks) within ``percent`` of it.

    ``own`` are our orders that ``target_book`` shows; unless ``include_own`` they count neither as liquidity nor in
    the mid. A market without a mid or without liquidity has no say; None when neither has.
    """
    if target_book is not None and not include_own:
        target_book = without(target_book, own)
    weighed = [weight for book in (target_book, reference_book) if (weight := _weighed_mid(book, percent))]
    liquidity = total([weight for _, weight in weighed])
    return total([mid * weight for mid, weight in weighed]) / liquidity if liquidity else None


def quotes(fair: Decimal, spread: Decimal, tick: Decimal) -> Quotes:
    """The highest bid and lowest ask with ``spread`` (a share) between them round ``fair``, on ticks, never nearer."""
    half = fair * spread / 2
    return Quotes(
        bid=((fair - half) / tick).to_integral_value(ROUND_FLOOR) * tick,
        ask=((fair + half) / tick).to_integral_value(ROUND_CEILING) * tick,
    )


def offsets(nearest: Decimal, farthest: Decimal, count: int) -> tuple[Decimal, ...]:
    """``count`` distances from the fair price, evenly from nearest to farthest."""
    if count == 1:
        return (nearest,)
    return tuple(nearest + (farthest - nearest) * place / (count - 1) for place in range(count))


def distance_percent(mid: Decimal, other: Decimal) -> Decimal:
    """How far two mids lie apart, in percent of their mean: the same from either side."""
    return abs(mid - other) * 200 / (mid + other)


def with_orders(book: Book, own: Iterable[OwnOrder]) -> Book:
    """The book with our orders put in: the inverse of ``core.market.without``."""
    amounts: dict[Side, dict[Decimal, Decimal]] = {
        Side.BUY: {level.price: level.amount for level in book.bids},
        Side.SELL: {level.price: level.amount for level in book.asks},
    }
    for side, price, amount in own:
        amounts[side][price] = amounts[side].get(price, ZERO) + amount
    bids, asks = (tuple(BookLevel(price, at[price]) for price in sorted(at)) for at in amounts.values())
    return Book(book.symbol, bids[::-1], asks, book.at)


def _worth(levels: Iterable[BookLevel]) -> Decimal:
    return total([level.price * level.amount for level in levels])


def _weighed_mid(book: Book | None, percent: Decimal) -> tuple[Decimal, Decimal] | None:
    """A market's mid and its weight, None where it has no say."""
    if book is None or book.mid is None:
        return None
    liquidity = market_depth(book, percent).both
    return (book.mid, liquidity) if liquidity > 0 else None
