"""The request budget of one API key and channel: rate, concurrency, priorities, back-off.

A token bucket with bursts, arranged so that no minute ever sees more than the rate: the bucket holds a burst and
refills with what is left of the rate. The most urgent request goes first, equal ones in the order they came. Reads
leave a part of the burst and one place to writes, so that a take-profit never waits behind status checks.
"""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TypeVar

from trading.clock import Clock
from trading.exchanges.errors import Crowded, NotSent, Throttled, Unavailable

T = TypeVar("T")

_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 60.0
_LOWEST_SHARE, _RECOVERY_STEP = 0.125, 0.05
_MINUTE = timedelta(minutes=1)


class Priority(IntEnum):
    """Who goes first, most urgent first."""

    CANCEL = 0
    EXIT = 1
    WRITE = 2
    READ = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """``rate`` is requests a minute as allowed now, lower than configured after a refusal for rate.

    ``spent`` is the weight of the requests of the last minute.
    """

    rate: float
    tokens: float
    in_use: int
    queued: int
    paused_seconds: float
    spent: float = 0.0

    @property
    def used_share(self) -> float:
        """The part of the budget that the last minute used; above 1 when the budget was lowered meanwhile."""
        return self.spent / self.rate


@dataclass(order=True, slots=True)
class _Waiter:
    priority: Priority
    sequence: int
    weight: float = field(compare=False)
    deadline: datetime | None = field(compare=False)
    woken: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class Limiter:
    """``rate`` is requests a minute, ``chance`` gives numbers in [0, 1) for the jitter.

    ``on_throttled`` is called with the seconds of rest when the venue has refused a request for rate, and with 0 when a
    read was given up because the budget had no place for it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        rate: float = 100,
        burst: float | None = None,
        concurrency: int = 5,
        chance: Callable[[], float] = random.random,
        on_throttled: Callable[[float], None] | None = None,
    ) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = rate / 5 if burst is None else min(burst, rate)
        self._concurrency = concurrency
        self._chance = chance
        self.on_throttled = on_throttled
        self._tokens = self._burst
        self._filled_at = clock.now()
        self._paused_until = self._filled_at
        self._share = 1.0
        self._refusals = 0
        self._in_use = 0
        self._sequence = 0
        self._queue: list[_Waiter] = []
        self._sent: deque[tuple[datetime, float]] = deque()
        self._spent = 0.0

    def figures(self) -> Figures:
        self._refill()
        paused = max(0.0, (self._paused_until - self._clock.now()).total_seconds())
        self._forget(self._clock.now())
        return Figures(self._rate * self._share, self._tokens, self._in_use, len(self._queue), paused, self._spent)

    @asynccontextmanager
    async def turn(
        self, priority: Priority, *, weight: float = 1, patience: float | None = None
    ) -> AsyncIterator[None]:
        """Wait for a place, hold it for the body. A Throttled that leaves the body lowers the budget.

        Raises NotSent after ``patience`` seconds in the queue.
        """
        deadline = None if patience is None else self._clock.now() + timedelta(seconds=patience)
        await self._enter(priority, weight, deadline)
        try:
            yield
        except Throttled as refusal:
            self._back_off(refusal.retry_after)
            raise
        else:
            self._recover()
        finally:
            self._in_use -= 1
            self._wake_first()

    async def read(
        self,
        call: Callable[[], Awaitable[T]],
        *,
        weight: float = 1,
        tries: int = 3,
        patience: float = 15.0,
    ) -> T:
        """The answer of ``call``, tried again after Unavailable and Throttled. ``patience`` is seconds for all tries.

        Raises what the last try raised; Crowded when the queue is too long.
        """
        deadline = self._clock.now() + timedelta(seconds=patience)
        for attempt in range(1, tries + 1):
            try:
                left = (deadline - self._clock.now()).total_seconds()
                async with self.turn(Priority.READ, weight=weight, patience=left):
                    return await call()
            except NotSent as exc:
                if self.on_throttled is not None:
                    self.on_throttled(0)
                raise Crowded("too many requests are waiting") from exc
            except (Unavailable, Throttled) as exc:
                if attempt == tries or self._clock.now() >= deadline:
                    raise
                if isinstance(exc, Unavailable):
                    await self._clock.sleep(self._jittered(_FIRST_BACKOFF * 2 ** (attempt - 1)))
        raise AssertionError("unreachable: the last try returns or raises")

    async def _enter(self, priority: Priority, weight: float, deadline: datetime | None) -> None:
        self._sequence += 1
        waiter = _Waiter(priority, self._sequence, weight, deadline)
        heapq.heappush(self._queue, waiter)
        try:
            while (delay := self._delay(waiter)) is None or delay > 0:
                if deadline is not None and self._clock.now() >= deadline:
                    raise NotSent("no place in the request budget before the deadline")
                await self._pause(waiter, delay)
            self._tokens -= waiter.weight
            self._in_use += 1
            self._note(waiter.weight)
        finally:
            self._queue.remove(waiter)
            heapq.heapify(self._queue)
            self._wake_first()

    def _delay(self, waiter: _Waiter) -> float | None:
        """Seconds until this waiter may go; None while that depends on others."""
        if self._queue[0] is not waiter:
            return None
        is_read = waiter.priority is Priority.READ
        places = max(1, self._concurrency - 1) if is_read else self._concurrency
        if self._in_use >= places:
            return None
        self._refill()
        # What is heavier than a full bucket goes when the bucket is full, and leaves a debt.
        needed = min(waiter.weight + (self._burst / 4 if is_read else 0.0), self._burst * self._share)
        missing = max(0.0, needed - self._tokens) / self._refill_per_second
        paused = (self._paused_until - self._clock.now()).total_seconds()
        # Clocks count microseconds: anything shorter is now.
        return 0.0 if max(missing, paused) < 1e-6 else max(missing, paused)

    async def _pause(self, waiter: _Waiter, delay: float | None) -> None:
        waiter.woken.clear()
        limits = [] if delay is None else [delay]
        if waiter.deadline is not None:
            limits.append((waiter.deadline - self._clock.now()).total_seconds())
        if not limits:
            await waiter.woken.wait()
            return
        timer = asyncio.create_task(self._ring(max(1e-6, min(limits)), waiter.woken))
        try:
            await waiter.woken.wait()
        finally:
            timer.cancel()
            await asyncio.wait({timer})

    async def _ring(self, seconds: float, bell: asyncio.Event) -> None:
        await self._clock.sleep(seconds)
        bell.set()

    def _wake_first(self) -> None:
        if self._queue:
            self._queue[0].woken.set()

    @property
    def _refill_per_second(self) -> float:
        # A burst of the whole rate leaves nothing to refill with: then a tenth of it comes back.
        return max(self._rate - self._burst, self._rate / 10) * self._share / 60

    def _refill(self) -> None:
        now = self._clock.now()
        elapsed = (now - self._filled_at).total_seconds()
        self._tokens = min(self._burst * self._share, self._tokens + max(0.0, elapsed) * self._refill_per_second)
        self._filled_at = now

    def _note(self, weight: float) -> None:
        now = self._clock.now()
        self._sent.append((now, weight))
        self._spent += weight
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        """What was sent more than a minute ago is not in use any more."""
        while self._sent and now - self._sent[0][0] >= _MINUTE:
            self._spent -= self._sent.popleft()[1]
        if not self._sent:
            self._spent = 0.0  # no dust of floating point

    def _back_off(self, retry_after: float) -> None:
        self._refill()
        own = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2**self._refusals)
        self._refusals += 1
        self._share = max(_LOWEST_SHARE, self._share / 2)
        rest = self._jittered(max(retry_after, own))
        self._paused_until = max(self._paused_until, self._clock.now() + timedelta(seconds=rest))
        if self.on_throttled is not None:
            self.on_throttled(rest)

    def _recover(self) -> None:
        self._refusals = 0
        self._share = min(1.0, self._share + _RECOVERY_STEP)

    def _jittered(self, seconds: float) -> float:
        """A little longer than asked, so that callers that failed together do not return together."""
        return seconds * (1 + self._chance() / 4)
