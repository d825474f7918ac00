"""What a liquidity bot tells: obligations, prices that are not to be trusted, sides that fall short."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from trading.core.telling import (
    Amount,
    ASide,
    Cause,
    Loudness,
    MarketNotice,
    Merging,
    Money,
    Notice,
    Percent,
    Price,
    Span,
    Topic,
    Unit,
    Venue,
)

OBLIGATION = "obligation"
REFERENCE = "reference"


class QuoteFilled(MarketNotice):
    """Somebody took this much of a quote. ``price`` is the average of this fill."""

    kind: Literal["quote_filled"] = "quote_filled"
    topic = Topic.FILLS
    merging = Merging.LIST
    loudness = Loudness.SILENT
    side: ASide
    amount: Amount
    price: Price


class ObligationBreached(MarketNotice):
    """Spread or depth, as others see them, have not been kept for some seconds. ``spread_percent`` is None where a side
    of the book is empty. ``cause``: paused, stopping, venue_away, reference_gone, reference_stale, sources_apart,
    refused_orders, our_balance, balance_unknown, inventory, deposit, moving (our orders are under way), market.
    """

    kind: Literal["obligation_breached"] = "obligation_breached"
    topic = OBLIGATION
    cause: Cause
    spread_percent: Annotated[Decimal | None, Unit.PERCENT]
    bid_depth: Money
    ask_depth: Money
    max_spread_percent: Percent
    min_depth: Money


class ObligationRestored(MarketNotice):
    """It is kept again. ``seconds`` is how long it was not; ``cause`` what was told when it began."""

    kind: Literal["obligation_restored"] = "obligation_restored"
    topic = OBLIGATION
    cause: Cause
    seconds: Span


class ReferenceStale(MarketNotice):
    """The price of the reference market has not been seen for ``seconds``: quotes are widened, nothing new is quoted.

    ``cause``: reference_stale (it does not move on), reference_gone (no book, or one side of it empty).
    """

    kind: Literal["reference_stale"] = "reference_stale"
    topic = REFERENCE
    venue: Venue
    cause: Cause
    seconds: int


class PriceSourcesApart(MarketNotice):
    """The mid prices of target and reference differ by more than the guard: quotes are widened, none is added."""

    kind: Literal["price_sources_apart"] = "price_sources_apart"
    topic = REFERENCE
    target_mid: Price
    reference_mid: Price
    percent: Percent
    limit_percent: Percent


class QuotesWithdrawn(MarketNotice):
    """``cause``: reference_stale, reference_gone, sources_apart, venue_away."""

    kind: Literal["quotes_withdrawn"] = "quotes_withdrawn"
    topic = REFERENCE
    cause: Cause


class QuotesRestored(MarketNotice):
    """What was told as widened or withdrawn is over, after ``seconds``."""

    kind: Literal["quotes_restored"] = "quotes_restored"
    topic = REFERENCE
    cause: Cause
    seconds: Span


class SideReduced(MarketNotice):
    """A side cannot show all that it should. ``cause``: our_balance, balance_unknown, inventory, deposit."""

    kind: Literal["side_reduced"] = "side_reduced"
    topic = OBLIGATION
    side: ASide
    cause: Cause


LIQUIDITY_NOTICES: tuple[type[Notice], ...] = (
    QuoteFilled,
    ObligationBreached,
    ObligationRestored,
    ReferenceStale,
    PriceSourcesApart,
    QuotesWithdrawn,
    QuotesRestored,
    SideReduced,
)
