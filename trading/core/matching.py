"""One market's book and trades against our resting orders: who is hit, for how much.

Our orders are not part of the recorded or simulated market, so their place in it is reckoned:

- A new order stands behind everything visible at its price. Trades at its price first eat what is ahead, then it.
  When the visible amount of the level falls below what is ahead, those ahead have left, and ``ahead`` shrinks with it.
- A trade beyond its price would have met it first: it is hit, as far as the traded amount goes.
- A book whose opposite side stands beyond its price would have met it first: it is hit, as far as the visible amount
  beyond its price goes. A book that only touches its price leaves it queued.
- An order deeper than the visible book does not know its place (``ahead`` is None) until its level comes into sight.
- Nothing visible is consumed twice before the next book.

The matcher only says what meets; whoever owns the orders executes it, one match at a time, and may take any order
away in between (a reduce-only order whose position is gone).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from trading.core.instrument import ZERO, Side
from trading.core.market import Book, BookLevel, Trade


@dataclass(slots=True)
class Resting:
    """A resting limit order. ``sequence`` orders equals by age; ``ahead`` (base) is what stands before it."""

    venue_id: str
    side: Side
    price: Decimal
    remaining: Decimal
    sequence: int
    ahead: Decimal | None


@dataclass(frozen=True, slots=True)
class Match:
    """``amount`` (base) met at ``price``; ``maker_id`` is the own order that was hit, None: somebody else's."""

    price: Decimal
    amount: Decimal
    maker_id: str | None = None


class OrderMatcher:
    """The queue of one market."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.book: Book | None = None
        self._consumed: dict[tuple[Side, Decimal], Decimal] = {}
        self._resting: dict[str, Resting] = {}

    # Our orders

    def join(self, venue_id: str, side: Side, price: Decimal, remaining: Decimal, sequence: int) -> None:
        """Rest behind all that is visible at ``price``."""
        ahead = self._visible(side, price)
        self._resting[venue_id] = Resting(venue_id, side, price, remaining, sequence, ahead)

    def restore(self, resting: Resting) -> None:
        """Rest where it stood before a restart."""
        self._resting[resting.venue_id] = resting

    def leave(self, venue_id: str) -> None:
        self._resting.pop(venue_id, None)

    def shrink(self, venue_id: str, remaining: Decimal) -> None:
        """Keep the place in the queue with a smaller amount; nothing left leaves it."""
        if remaining > 0:
            self._resting[venue_id].remaining = remaining
        else:
            self.leave(venue_id)

    def is_resting(self, venue_id: str) -> bool:
        return venue_id in self._resting

    def ahead(self, venue_id: str) -> Decimal | None:
        """What stands before it (base); None: unknown, or not resting."""
        resting = self._resting.get(venue_id)
        return resting.ahead if resting else None

    # The market moves

    def show(self, book: Book) -> None:
        """A new book: its liquidity is fresh, and those ahead of us may have left."""
        self.book = book
        self._consumed.clear()
        for resting in self._resting.values():
            visible = self._visible(resting.side, resting.price)
            if visible is not None:
                resting.ahead = visible if resting.ahead is None else min(resting.ahead, visible)

    def crossed(self) -> list[Resting]:
        """Orders that the book stands beyond, best priced and oldest first."""
        if self.book is None or not self._resting:
            return []
        ask, bid = self.book.ask, self.book.bid
        found = [
            resting
            for resting in self._resting.values()
            if (resting.side is Side.BUY and ask is not None and ask < resting.price)
            or (resting.side is Side.SELL and bid is not None and bid > resting.price)
        ]
        return sorted(found, key=_priority)

    def hit_by_book(self, venue_id: str) -> Decimal:
        """Consume the liquidity beyond a crossed order's price; how much of the order it hits (base)."""
        resting = self._resting.get(venue_id)
        if resting is None:
            return ZERO
        hit = ZERO
        for level in self._levels(resting.side.opposite):
            wanted = resting.remaining - hit
            if wanted <= 0 or not _is_beyond(level.price, resting):
                break
            hit += self._consume(resting.side.opposite, level, wanted)
        return hit

    def trade(self, trade: Trade) -> Iterator[tuple[str, Decimal]]:
        """Orders of ours that a public trade hits, with the amounts (base). Execute each before asking for the next."""
        pool = trade.amount
        passive = [resting for resting in self._resting.values() if resting.side is trade.side.opposite]
        for resting in sorted((r for r in passive if _is_beyond(trade.price, r)), key=_priority):
            hit = min(pool, self._remaining(resting.venue_id))
            pool -= hit
            if hit > 0:
                yield resting.venue_id, hit
        eaten = ZERO
        for resting in sorted((r for r in passive if r.price == trade.price), key=_priority):
            # Several orders of ours at one price see the same strangers ahead of them: each is eaten once.
            ahead = resting.ahead or ZERO
            bite = min(pool, max(ZERO, ahead - eaten))
            pool, eaten = pool - bite, eaten + bite
            resting.ahead = max(ZERO, ahead - eaten)
            hit = min(pool, self._remaining(resting.venue_id)) if not resting.ahead else ZERO
            pool -= hit
            if hit > 0:
                yield resting.venue_id, hit

    # We take

    def would_take(self, side: Side, price: Decimal) -> bool:
        """Whether a limit order would meet something at once."""
        return next(self._offers(side, price), None) is not None

    def estimate(self, side: Side, amount: Decimal, limit: Decimal | None) -> tuple[Decimal, Decimal]:
        """What a taker would get now: (amount in base, cost in quote), within ``limit`` if there is one."""
        got = cost = ZERO
        for level, _ in self._offers(side, limit):
            part = min(level.amount, amount - got)
            got, cost = got + part, cost + part * level.price
            if got >= amount:
                break
        return got, cost

    def take(self, side: Side, amount: Decimal, limit: Decimal | None) -> Iterator[Match]:
        """Walk what stands against ``side``, best price first. Execute each match before asking for the next.

        At one price strangers come before our own orders.
        """
        for level, maker_id in list(self._offers(side, limit)):
            if amount <= 0:
                return
            part = min(amount, level.amount if maker_id is None else self._remaining(maker_id))
            if maker_id is None:
                key = side.opposite, level.price
                self._consumed[key] = self._used(*key) + part
            amount -= part
            if part > 0:
                yield Match(level.price, part, maker_id)

    def shown(self, depth: int | None = None) -> Book | None:
        """The book as others see it: without what we consumed or what touches our orders, with our orders in it."""
        if self.book is None:
            return None
        return Book(self.symbol, self._side_shown(Side.BUY, depth), self._side_shown(Side.SELL, depth), self.book.at)

    # Inside

    def _levels(self, side: Side) -> tuple[BookLevel, ...]:
        if self.book is None:
            return ()
        return self.book.bids if side is Side.BUY else self.book.asks

    def _visible(self, side: Side, price: Decimal) -> Decimal | None:
        """The amount standing at ``price``, None where the book does not reach so deep."""
        levels = self._levels(side)
        if not levels or (levels[-1].price - price) * side.sign > 0:
            return None
        return next((level.amount - self._used(side, price) for level in levels if level.price == price), ZERO)

    def _used(self, side: Side, price: Decimal) -> Decimal:
        """What we consumed of the market's level since this book was shown."""
        return self._consumed.get((side, price), ZERO)

    def _consume(self, side: Side, level: BookLevel, wanted: Decimal) -> Decimal:
        used = self._used(side, level.price)
        part = max(ZERO, min(wanted, level.amount - used))
        if part:
            self._consumed[side, level.price] = used + part
        return part

    def _remaining(self, venue_id: str) -> Decimal:
        resting = self._resting.get(venue_id)
        return resting.remaining if resting else ZERO

    def _offers(self, side: Side, limit: Decimal | None) -> Iterator[tuple[BookLevel, str | None]]:
        """All that stands against a taker, best first: the market's levels less what is consumed, and our orders."""
        against = side.opposite
        offers: list[tuple[BookLevel, str | None]] = []
        for level in self._levels(against):
            if limit is not None and (level.price - limit) * side.sign > 0:
                break
            left = level.amount - self._used(against, level.price)
            if left > 0:
                offers.append((BookLevel(level.price, left), None))
        own = [resting for resting in self._resting.values() if resting.side is against]
        if own:
            offers += [
                (BookLevel(resting.price, resting.remaining), resting.venue_id)
                for resting in sorted(own, key=_priority)
                if limit is None or (resting.price - limit) * side.sign <= 0
            ]
            offers.sort(key=lambda offer: offer[0].price * side.sign)
        yield from offers

    def _side_shown(self, side: Side, depth: int | None) -> tuple[BookLevel, ...]:
        own: dict[Decimal, Decimal] = {}
        for resting in self._resting.values():
            if resting.side is side:
                own[resting.price] = own.get(resting.price, ZERO) + resting.remaining
        levels = self._others_left(side)
        if own:
            levels = [
                BookLevel(level.price, level.amount + own.pop(level.price)) if level.price in own else level
                for level in levels
            ]
            levels += [BookLevel(price, amount) for price, amount in own.items()]
            levels.sort(key=_price, reverse=side is Side.BUY)
        return tuple(levels[:depth])

    def _others_left(self, side: Side) -> list[BookLevel]:
        """The market's levels less what we consumed, as far as our orders on the other side let them stand."""
        levels = list(self._levels(side))
        against = [resting.price * side.sign for resting in self._resting.values() if resting.side is not side]
        if levels and against and levels[0].price * side.sign >= (edge := min(against)):
            levels = [level for level in levels if level.price * side.sign < edge]
        if self._consumed:
            left = (BookLevel(level.price, level.amount - self._used(side, level.price)) for level in levels)
            levels = [level for level in left if level.amount > 0]
        return levels


_price = attrgetter("price")


def _priority(resting: Resting) -> tuple[Decimal, int]:
    return -resting.side.sign * resting.price, resting.sequence


def _is_beyond(price: Decimal, resting: Resting) -> bool:
    """Whether somebody dealing at ``price`` would have met the resting order first."""
    return (resting.price - price) * resting.side.sign > 0
