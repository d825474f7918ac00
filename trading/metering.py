"""What the running process measures of itself: calls to venues, gaps of streams, changed quotes, the loop's lag.

Plain counters and short windows in memory, touched from the loop's thread only. They begin anew with the process; what
must outlive it is in the database.
"""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

WINDOW = 512
"""The newest measurements of a kind that percentiles are made of."""

_CALL: ContextVar[str] = ContextVar("call", default="other")


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds, over the newest measurements. None of a kind that was not measured yet."""

    p50: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class CallFigures:
    """One kind of call at one venue since the process began; ``latency`` is of the newest, failed ones included."""

    venue: str
    call: str
    count: int
    failed: int
    latency: Spread


@dataclass(slots=True)
class _Calls:
    count: int = 0
    failed: int = 0
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=WINDOW))


class Meter:
    """One for the process. ``perf`` answers seconds of a clock that only runs forward."""

    def __init__(self, perf: Callable[[], float] = time.perf_counter) -> None:
        self._perf = perf
        self._calls: dict[tuple[str, str], _Calls] = {}
        self._lag: deque[float] = deque(maxlen=WINDOW)
        self.gaps: Counter[tuple[str, str]] = Counter()
        """Streams that broke, by venue and kind: book, private."""
        self.requotes: Counter[int] = Counter()
        """Resting quotes that were moved, by bot."""

    @contextmanager
    def call(self, venue: str, name: str | None = None, *, answers: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """Measure the body as one call. Without ``name`` it is what ``naming`` says.

        An exception that leaves it counts as failed, unless it is one of ``answers``: a refusal is an answer too. A
        caller that gave up (CancelledError) proves nothing about the venue.
        """
        began = self._perf()
        key = (venue, name or _CALL.get())
        calls = self._calls.get(key) or self._calls.setdefault(key, _Calls())
        calls.count += 1
        try:
            yield
        except answers:
            raise
        except Exception:
            calls.failed += 1
            raise
        finally:
            calls.seconds.append(self._perf() - began)

    def calls(self) -> Sequence[CallFigures]:
        """By venue and call."""
        return [
            CallFigures(venue, name, calls.count, calls.failed, spread)
            for (venue, name), calls in sorted(self._calls.items())
            if (spread := spread_of(calls.seconds)) is not None
        ]

    def lagged(self, seconds: float) -> None:
        """The loop was that much late."""
        self._lag.append(seconds)

    def lag(self) -> Spread | None:
        return spread_of(self._lag)


@contextmanager
def naming(call: str) -> Iterator[None]:
    """Name the calls that the body makes, wherever they are measured."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


def spread_of(seconds: Sequence[float] | deque[float]) -> Spread | None:
    """Median, 95th percentile (nearest rank: the smallest value that at least that share is not above) and longest."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Spread(_rank(ordered, 0.5), _rank(ordered, 0.95), ordered[-1])


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
