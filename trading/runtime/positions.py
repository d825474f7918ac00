"""Compares the venue's position with our ledger. A difference counts when it was seen twice with nothing between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

SETTLED_AFTER = timedelta(seconds=2)
"""So long after an execution has moved the position the venue's list of fills is sure to have it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The venue shows ``found`` where our fills give ``expected`` (base units)."""

    expected: Decimal
    found: Decimal

    @property
    def is_reduction(self) -> bool:
        """Part or all of our position is gone; never a position that grew or turned by somebody else's hand."""
        grew = abs(self.found) > abs(self.expected)
        turned = self.found != 0 and (self.found > 0) != (self.expected > 0)
        return not grew and not turned


@dataclass(slots=True)
class PositionWatch:
    """Remembers one suspicion, and since when. ``moved`` is called by whoever folds fills."""

    suspected: Difference | None = None
    _suspected_at: datetime | None = None
    _changed_at: datetime | None = None

    def moved(self, at: datetime) -> None:
        """Our own orders moved the position: what was asked before is worthless."""
        self.suspected, self._suspected_at, self._changed_at = None, None, at

    def compare(self, seen: Difference, began_at: datetime, asked_at: datetime, now: datetime) -> Difference | None:
        """The difference once it is certain, None while it is not (or there is none).

        ``began_at`` is when reading the picture began of which the position, asked for at ``asked_at``, is a part. A
        fill of ours may come between a picture's fills and its position, in two pictures that were read at one time as
        well. So it is certain only with a picture that was begun well after the first sighting: whatever moved the
        position before that would be among its fills.
        """
        if self._changed_at is not None and asked_at <= self._changed_at:
            return None
        if seen.expected == seen.found:
            self.suspected, self._suspected_at = None, None
            return None
        if seen != self.suspected or self._suspected_at is None:
            self.suspected, self._suspected_at = seen, now
            return None
        if began_at < self._suspected_at + SETTLED_AFTER:
            return None
        self.suspected, self._suspected_at = None, None
        return seen
