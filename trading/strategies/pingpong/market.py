"""What the float sees: the market as others made it, the dollar's price, and how far its leg has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Instrument, Side, total
from trading.core.market import Book, without
from trading.core.orders import Order, OrderStatus
from trading.core.planning import View
from trading.strategies.pingpong.config import PingPongConfig
from trading.strategies.pingpong.state import Leg, Picture, PingPongState

USD = "usd"
"""The name under which the dollar market's book arrives."""


def others(view: View, leg: Leg | None) -> Book | None:
    """The book without our own orders; None where it is not known, has one side only or is crossed."""
    if view.book is None:
        return None
    book = without(view.book, _stood(view, view.book.at, leg))
    return book if book.bid is not None and book.ask is not None and book.bid < book.ask else None


def _stood(view: View, at: datetime, leg: Leg | None) -> Iterator[tuple[Side, Decimal, Decimal]]:
    """Where our orders stood when the book was shown: a moved order leaves a ghost in a book that is older."""
    for order in view.orders.values():
        if order.price is None or order.status.is_in_flight or order.created_at > at:
            continue
        is_moved_since = leg is not None and order.price == leg.price and leg.quoted_at > at
        price = leg.former if is_moved_since and leg is not None and leg.former is not None else order.price
        yield order.side, price, order.remaining
    for past in view.finals.values():
        for order in past:
            if order.price is not None and was_taken(order) and order.created_at <= at <= order.updated_at:
                yield order.side, order.price, order.remaining or order.amount


def picture(book: Book) -> Picture:
    bid, ask = book.bid or ZERO, book.ask or ZERO
    return Picture(spread=ask - bid, mid=(bid + ask) / 2)


def usd_per_quote(config: PingPongConfig, view: View) -> Decimal | None:
    """What one unit of quote currency is worth in USD; None while the dollar market is silent."""
    if config.usd_market is None:
        return config.usd_per_quote
    book = view.books.get(USD)
    return book.mid if book is not None else None


def quote_price(rules: Instrument, side: Side, book: Book) -> Decimal | None:
    """Where a maker of ``side`` stands with the best of the others; None for a price of nothing."""
    best = book.best(side)
    price = rules.maker_price(side, best) if best is not None else ZERO
    return price if price > 0 else None


def buy_cost(rules: Instrument, amount: Decimal, price: Decimal) -> Decimal:
    """What a buy takes at most (quote), a fee in quote currency included."""
    return amount * price * (ONE + max(ZERO, rules.maker_fee))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a leg has come, by the venue's word where that is ahead of the fills we hold. Amounts in base units."""

    live: Order | None
    filled: Decimal
    cost: Decimal
    remaining: Decimal
    orders: int
    last_at: datetime

    @property
    def average(self) -> Decimal:
        return self.cost / self.filled if self.filled else ZERO


def progress(state: PingPongState, leg: Leg, view: View) -> Progress:
    live = view.orders.get(state.slot)
    past = [order for order in view.finals.get(state.slot, ()) if was_taken(order)]
    counted = [*past, live] if live else past
    return Progress(
        live=live,
        filled=total([order.filled for order in counted]),
        cost=total([order.filled_cost for order in counted]),
        remaining=leg.amount - total([max(order.filled, order.reported_filled) for order in counted]),
        orders=len(counted),
        last_at=max([leg.decided_at, *(order.updated_at for order in counted if order.filled)]),
    )


def was_taken(order: Order) -> bool:
    """It came to rest at the venue; a refused order is none."""
    return order.status is not OrderStatus.REJECTED or order.filled > 0


def is_sendable(rules: Instrument, amount: Decimal, price: Decimal) -> bool:
    return amount > 0 and rules.objection(price=price, amount=amount) is None


def exposure(view: View) -> Decimal:
    """What would be lost if what the ledger holds became worth nothing (quote): losses so far and what is held."""
    ledger = view.ledger
    return max(ZERO, -ledger.net) + max(ZERO, ledger.cost)


def sellable(view: View, price: Decimal) -> Decimal:
    """What of the ledger's position the venue would take at ``price`` (base)."""
    rules = view.instrument
    amount = rules.floor_amount(max(ZERO, view.ledger.position))
    if rules.max_amount is not None:
        amount = min(amount, rules.floor_amount(rules.max_amount))
    return amount if is_sendable(rules, amount, price) else ZERO
