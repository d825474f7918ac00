"""What can go wrong at a venue, named by what the caller may do about it.

VenueError
├── Rejected         the venue refused this request, and that is proven: the slot is free; back off, tell the person
├── OutcomeUnknown   sent, and no trustworthy answer: the order keeps its slot; ask by client order id until known
├── NotSent          nothing left this machine: the same id may be sent again
├── Throttled        refused for rate: wait ``retry_after`` seconds, with the budget lowered
├── BadCredentials   key or signature refused: stop this key's bots, keep their orders, tell the person
└── Unavailable      a read failed: keep the old picture, marked stale
    ├── Crowded      our own request budget had no place for it in time, so that the venue was not even asked
    └── UnknownVenue there is no venue of that name to speak to, and waiting will not bring one
"""

from __future__ import annotations


class VenueError(Exception):
    """Root of the tree. The text carries no secret and may be shown to the key's owner."""


class Rejected(VenueError):
    """``reason`` is a code of ours (insufficient_funds, below_min_cost, post_only_would_take, position_mode,
    reduce_only, invalid_order, not_found, margin_mode, leverage, duplicate_id, not_attempted, other); ``code`` the
    venue's own.
    """

    def __init__(self, reason: str, code: str = "", detail: str = "") -> None:
        super().__init__(f"{reason} ({code}) {detail}".strip())
        self.reason, self.code, self.detail = reason, code, detail


class OutcomeUnknown(VenueError):
    """``refusal`` is what the venue said, where it refused in words that nobody has proven to be a refusal."""

    def __init__(self, detail: str = "", refusal: str = "") -> None:
        super().__init__(detail)
        self.refusal = refusal


class NotSent(VenueError):
    pass


class Throttled(VenueError):
    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__(f"rate limit, retry after {retry_after:g} s {detail}".strip())
        self.retry_after = retry_after


class BadCredentials(VenueError):
    pass


class Unavailable(VenueError):
    pass


class Crowded(Unavailable):
    pass


class UnknownVenue(Unavailable):
    pass
