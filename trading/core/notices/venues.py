"""What becomes of a key and of its venue, for all bots on it."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import Detail, Loudness, Notice, Span, Topic, Urgency, Venue


class KeyInvalid(Notice):
    kind: Literal["key_invalid"] = "key_invalid"
    topic = Topic.KEY
    urgency = Urgency.COMES
    essential = True
    venue: Venue
    label: str
    detail: Detail = ""


class RateLimited(Notice):
    kind: Literal["rate_limited"] = "rate_limited"
    topic = Topic.LIMITS
    loudness = Loudness.SILENT
    venue: Venue
    seconds: int


class BudgetUsedUp(Notice):
    """Our own budget of requests to a venue has no place for all that is asked: answers come late, or not at all."""

    kind: Literal["budget_used_up"] = "budget_used_up"
    topic = Topic.LIMITS
    loudness = Loudness.SILENT
    venue: Venue


class VenueAway(Notice):
    """``prices_of``: where paper's prices come from, if from a live venue that is known to be the one away."""

    kind: Literal["venue_away"] = "venue_away"
    topic = Topic.VENUE
    venue: Venue
    prices_of: str = ""


class VenueBack(Notice):
    kind: Literal["venue_back"] = "venue_back"
    topic = Topic.VENUE
    venue: Venue
    seconds: Span
    prices_of: str = ""
