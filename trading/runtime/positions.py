"""Compares the venue's position with our ledger. A difference counts when it was seen twice with nothing between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


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
    """Remembers one suspicion. ``last_fill_at`` is kept by the caller's folding of fills."""

    suspected: Difference | None = None
    _changed_at: datetime | None = None

    def moved(self, at: datetime) -> None:
        """Our own orders moved the position: what was asked before is worthless."""
        self.suspected, self._changed_at = None, at

    def compare(self, expected: Decimal, found: Decimal, asked_at: datetime) -> Difference | None:
        """The difference once it is certain, None while it is not (or there is none)."""
        if self._changed_at is not None and asked_at <= self._changed_at:
            return None
        seen = Difference(expected, found) if expected != found else None
        certain = seen is not None and seen == self.suspected
        self.suspected = None if certain else seen
        return seen if certain else None
