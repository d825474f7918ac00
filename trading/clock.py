"""Time, handed to everything that needs it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Aware UTC time, and sleep by the same measure."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """How long ``seconds`` of this clock take on the machine's."""
        ...


class SystemClock:
    """The machine's own time; the only clock of live accounts."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    def real_seconds(self, seconds: float) -> float:
        return seconds


class FastClock:
    """Runs ``speed`` times as fast as the machine's, from ``origin``; only the paper venue and its bots have one."""

    def __init__(self, speed: float, origin: datetime | None = None) -> None:
        self._speed = speed
        self._real_origin = datetime.now(UTC)
        self._origin = max(origin or self._real_origin, self._real_origin)

    def now(self) -> datetime:
        elapsed = (datetime.now(UTC) - self._real_origin).total_seconds()
        return self._origin + timedelta(seconds=elapsed * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(self.real_seconds(max(0.0, seconds)))

    def real_seconds(self, seconds: float) -> float:
        return seconds / self._speed
