"""What a peg does while the price is in its band: quotes, or trades with itself where no public is deceived."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from hashlib import sha256

from trading.core.instrument import Side
from trading.core.market import Book
from trading.strategies.peg.band import Band, on_step
from trading.strategies.peg.spending import Left
from trading.strategies.peg.state import Wanted


def decide_quotes(band: Band, book: Book, left: Left, scope: str, seed: int) -> tuple[Wanted, ...]:
    """One buy and one sell strictly inside the band that take nothing and never meet each other; a side for which
    there is no room or no money is left out.
    """
    low, high = _room(band, book)
    bottom_inside, top_inside = band.inside
    middle = on_step(_middle(band, book), band.tick, ROUND_FLOOR)
    middle = max(bottom_inside, min(middle, top_inside - band.tick))
    ranges = {
        Side.BUY: (bottom_inside, min(high, middle)),
        Side.SELL: (max(low, middle + band.tick), top_inside),
    }
    quotes = []
    for side, (bottom, top) in ranges.items():
        price = _price(band, bottom, top, f"{seed}:{side}:price")
        amount = _amount(band, price, left.amount(side, price), f"{seed}:{side}:amount") if price else None
        if price is not None and amount is not None:
            quotes.append(Wanted(slot=f"{scope}{side.value}", side=side, price=price, amount=amount))
    return tuple(quotes)


def decide_pair(band: Band, book: Book, left: Left, scope: str, seed: int) -> tuple[Wanted, ...]:
    """A maker and the taker that fills it, strictly between the others' best prices; () where there is no room."""
    low, high = _room(band, book)
    price = _price(band, low, high, f"{seed}:pair:price")
    if price is None:
        return ()
    allowed = min(left.amount(side, price) for side in Side)
    amount = _amount(band, price, allowed, f"{seed}:pair:amount")
    if amount is None:
        return ()
    side = Side.BUY if draw(f"{seed}:pair:side", 2) else Side.SELL
    return (
        Wanted(slot=f"{scope}self-maker", side=side, price=price, amount=amount),
        Wanted(slot=f"{scope}self-taker", side=side.opposite, price=price, amount=amount),
    )


def draw(label: str, below: int) -> int:
    """A number from 0 to ``below`` - 1 that ``label`` decides."""
    return int.from_bytes(sha256(label.encode()).digest()[:16], "big") % below


def _room(band: Band, book: Book) -> tuple[Decimal, Decimal]:
    """The lowest price at which a sell, and the highest at which a buy takes nothing, strictly inside the band."""
    low, high = band.inside
    if book.bid is not None:
        low = max(low, on_step(book.bid, band.tick, ROUND_FLOOR) + band.tick)
    if book.ask is not None:
        high = min(high, on_step(book.ask, band.tick, ROUND_CEILING) - band.tick)
    return low, high


def _middle(band: Band, book: Book) -> Decimal:
    return book.mid if book.mid is not None else (band.low + band.high) / 2


def _price(band: Band, bottom: Decimal, top: Decimal, label: str) -> Decimal | None:
    bottom = max(bottom, band.tick)
    if top < bottom:
        return None
    return bottom + draw(label, int((top - bottom) / band.tick) + 1) * band.tick


def _amount(band: Band, price: Decimal, allowed: Decimal, label: str) -> Decimal | None:
    """Between one unit of our decimals (or the venue's minimum) and what is allowed; None where that is too little."""
    least = band.smallest_amount(price)
    most = band.most_amount()
    allowed = band.floor_amount(allowed if most is None else min(allowed, most))
    if allowed < least:
        return None
    return least + draw(label, int((allowed - least) / band.step) + 1) * band.step
