"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

_TURNS = 40
"""Turns of the event loop that whoever woke gets before time goes on."""


class ManualClock:
    """A Clock whose sleepers wake when ``advance`` passes their time, each at its own time."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._numbers = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._numbers), woken))
        await woken

    def real_seconds(self, seconds: float) -> float:
        """None of this clock's time takes any of the machine's; who must wait on the machine waits shortly."""
        return min(seconds, 0.01)

    async def advance(self, seconds: float) -> None:
        """Let time pass; everybody who wakes on the way may act, and sleep again, before it goes on."""
        end = self._now + timedelta(seconds=seconds)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not woken.done():
                woken.set_result(None)
                await settle()
        self._now = end
        await settle()


async def settle() -> None:
    """Let every task that is ready run."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
