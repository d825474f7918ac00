"""What one plan looks at: both books, with and without us, the fair price, and why not to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from trading.core.instrument import Side
from trading.core.market import Book, without
from trading.core.orders import OrderStatus
from trading.core.planning import View
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import (
    OwnOrder,
    distance_percent,
    fair_price,
    market_depth,
    quotes,
    with_orders,
)
from trading.strategies.liquidity.shape import shape
from trading.strategies.liquidity.state import LiquidityState, Pull, Trouble

REFERENCE = "reference"
_CALM_SHARE = Decimal("0.8")
"""Of the guard: mids that were too far apart must come so near before they are trusted again."""
_IN_THE_BOOK = (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED, OrderStatus.UNKNOWN)


class Stage(StrEnum):
    """What may be done. From the second on nothing new is quoted: never on a guess."""

    QUOTING = "quoting"
    HOLDING = "holding"
    """The price is not seen at this moment: what rests may stay unless it became too good."""
    WIDE = "wide"
    """Only the farther half of what rests may stay."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Sight:
    """``shown`` is the target's book as everybody sees it, ``others`` without us, ``expected`` with all we have live.

    A mid is None where the market has no liquidity near it. ``target_mid`` is always that of others: a guard that our
    own quotes could set off would withdraw them and quote again without end. ``centre`` is the mid from which the depth
    window is measured: where it will be once our nearest quotes rest, whichever of them do now. The mid with our live
    orders would follow them, and they it, without end.
    """

    shown: Book | None
    others: Book | None
    expected: Book | None
    reference: Book | None
    target_mid: Decimal | None
    reference_mid: Decimal | None
    fair: Decimal | None
    pull: Pull | None
    centre: Decimal | None


def look(config: LiquidityConfig, state: LiquidityState, view: View) -> Sight:
    """Read the books of one view."""
    shown, reference = view.book, view.books.get(REFERENCE)
    own = resting_in(view, shown)
    others = without(shown, own) if shown is not None else None
    standing = [
        (order.side, order.price, order.remaining)
        for order in view.orders.values()
        if order.price is not None and order.remaining > 0 and not order.status.is_final and not order.cancel_requested
    ]
    percent = config.depth_window_percent
    fair = fair_price(shown, reference, percent, include_own=False, own=own)
    pull = None
    if config.include_own_orders and fair is not None:
        pull = _pull(config, state, view, fair, fair_price(shown, reference, percent, include_own=True), own)
        fair *= pull.share
    return Sight(
        shown=shown,
        others=others,
        expected=with_orders(others, standing) if others is not None else None,
        reference=reference,
        target_mid=_trusted_mid(others, percent),
        reference_mid=_trusted_mid(reference, percent),
        fair=fair,
        pull=pull,
        centre=_centre(config, view, others, fair),
    )


def resting_in(view: View, book: Book | None) -> Sequence[OwnOrder]:
    """Our orders that the book shows; one that was canceled after the book was taken is still in it."""
    if book is None:
        return ()
    orders = [order for order in view.orders.values() if order.status in _IN_THE_BOOK]
    for past in view.finals.values():
        orders += [order for order in past if order.status is OrderStatus.CANCELED and order.updated_at > book.at]
    return [(order.side, order.price, order.remaining) for order in orders if order.price and order.remaining > 0]


def find_trouble(config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight) -> Trouble | None:
    """Why the fair price is not to be trusted now, and since when; None when it is.

    Causes: venue_away (the target's book is not seen), reference_gone (none, or without both sides or liquidity),
    reference_stale, sources_apart.
    """
    before = state.trouble
    cause, since = _trouble(config, state, view, sight)
    if not cause:
        return None
    if before is None:
        return Trouble(cause=cause, since=since)
    return before.model_copy(update={"cause": cause, "since": min(before.since, since)})


def stage_of(config: LiquidityConfig, state: LiquidityState, trouble: Trouble | None, view: View) -> Stage:
    """How far to take the quotes back: farther the longer the trouble lasts."""
    if trouble is None:
        return Stage.QUOTING
    patience = timedelta(seconds=config.stale_seconds)
    lasted = view.now - trouble.since
    if lasted > 2 * patience or state.fair is None:
        return Stage.WITHDRAWN
    return Stage.WIDE if lasted > patience or trouble.cause == "sources_apart" else Stage.HOLDING


def _trouble(config: LiquidityConfig, state: LiquidityState, view: View, sight: Sight) -> tuple[str, datetime]:
    patience = timedelta(seconds=config.stale_seconds)
    known_since = state.trouble.since if state.trouble else None
    if sight.shown is None:
        return "venue_away", known_since or view.now
    if sight.reference is None or sight.reference_mid is None:
        return "reference_gone", known_since or state.reference_at or view.now
    if view.now - sight.reference.at > patience:
        return "reference_stale", sight.reference.at
    if _are_apart(config, state, sight):
        # The guard forbids quoting at once: it begins where a stale reference is after its time of grace.
        return "sources_apart", known_since or view.now - patience
    return "", view.now


def _are_apart(config: LiquidityConfig, state: LiquidityState, sight: Sight) -> bool:
    if sight.target_mid is None or sight.reference_mid is None:
        return False
    limit = config.price_source_guard_percent
    if state.trouble is not None and state.trouble.cause == "sources_apart":
        limit *= _CALM_SHARE
    return distance_percent(sight.target_mid, sight.reference_mid) > limit


def _pull(
    config: LiquidityConfig,
    state: LiquidityState,
    view: View,
    alone: Decimal,
    drawn: Decimal | None,
    own: Sequence[OwnOrder],
) -> Pull:
    """Taken when the price without us has moved, and once more when our orders have come to rest after that.

    Taken at each of their own moves it would move them again, without end where a far order of somebody else is now
    within the window of the mid, now outside.
    """
    before = state.pull
    at_rest = not any(order.status.is_in_flight or order.cancel_requested for order in view.orders.values())
    has_moved = before is None or distance_percent(alone, before.alone) > config.price_tolerance_percent / 2
    if before is not None and not has_moved and (before.at_rest or not at_rest):
        return before
    # With our orders on one side only the mid would be anywhere.
    if drawn is None or {side for side, _, _ in own} != set(Side):
        return Pull(alone=alone, share=Decimal(1), at_rest=False)
    return Pull(alone=alone, share=drawn / alone, at_rest=at_rest)


def _centre(config: LiquidityConfig, view: View, others: Book | None, fair: Decimal | None) -> Decimal | None:
    if fair is None:
        return None
    nearest = quotes(fair, shape(config).nearest / 50, view.instrument.price_tick)
    bid, ask = (others.bid, others.ask) if others is not None else (None, None)
    return (max(bid or nearest.bid, nearest.bid) + min(ask or nearest.ask, nearest.ask)) / 2


def _trusted_mid(book: Book | None, percent: Decimal) -> Decimal | None:
    """A mid with liquidity near it; the middle between two far-off orders says nothing."""
    return book.mid if book is not None and market_depth(book, percent).both > 0 else None
