"""The Protocol of timers: what must happen at a time, or again and again. ``schedule.py`` keeps it with APScheduler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from trading.clock import Clock

Job = Callable[[], Awaitable[None]]


class Timers(Protocol):
    """Jobs are named; setting a name again replaces it. Times and seconds are those of ``clock``."""

    def at(self, name: str, clock: Clock, when: datetime, job: Job) -> None: ...

    def every(self, name: str, clock: Clock, seconds: float, job: Job) -> None:
        """The first time comes within the first interval."""
        ...

    def cancel(self, name: str) -> None:
        """Forget the job; no error when there is none."""
        ...
