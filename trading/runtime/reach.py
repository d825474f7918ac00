"""Whether the venue of an account answers; its owner hears when it does not and when it does again, once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trading.clock import Clock
from trading.core.notices import VenueAway, VenueBack
from trading.core.telling import Notice
from trading.exchanges.errors import Crowded, Throttled, VenueError

AWAY_AFTER_FAILURES = 3
_TOLD_OTHERWISE = (Throttled, Crowded)
"""A venue that refuses for rate has answered, and one that was not asked cannot."""


class Reach:
    """One for each account, whoever asks its venue. ``clock`` is that of the machine, by which its owner waits."""

    def __init__(self, venue: str, clock: Clock, tell_owner: Callable[[Notice], None]) -> None:
        self.venue, self._clock, self._tell_owner = venue, clock, tell_owner
        self.prices_of = ""
        """See VenueAway; known when the venue was reached once."""
        self._failures = 0
        self._failed_since: datetime | None = None
        self._is_away = False

    @property
    def is_away(self) -> bool:
        return self._is_away

    def failed(self, problem: VenueError) -> None:
        """A request was not answered. Several in a row, and it is away."""
        if isinstance(problem, _TOLD_OTHERWISE):
            return
        self._failed_since = self._failed_since or self._clock.now()
        self._failures += 1
        if self._failures >= AWAY_AFTER_FAILURES:
            self.lost(problem)

    def lost(self, problem: VenueError) -> None:
        """It cannot be reached at all."""
        if isinstance(problem, _TOLD_OTHERWISE):
            return
        self._failed_since = self._failed_since or self._clock.now()
        if not self._is_away:
            self._is_away = True
            self._tell_owner(VenueAway(venue=self.venue, prices_of=self.prices_of))

    def answered(self) -> None:
        since, self._failed_since, self._failures = self._failed_since, None, 0
        if self._is_away and since is not None:
            self._is_away = False
            seconds = int((self._clock.now() - since).total_seconds())
            self._tell_owner(VenueBack(venue=self.venue, seconds=seconds, prices_of=self.prices_of))
