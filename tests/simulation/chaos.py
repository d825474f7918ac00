"""Seeded trouble: what a network and a venue do to every request."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from trading.clock import Clock
from trading.exchanges.errors import NotSent, OutcomeUnknown, Throttled, Unavailable

_WRITES = frozenset({"place", "cancel", "amend", "replace", "prepare"})


@dataclass
class Chaos:
    """Called by the paper gateway at ``place.before``, ``place.after`` ...; ``rate`` is the share of requests hurt."""

    chance: Random
    clock: Clock
    rate: float = 0.15
    is_calm: bool = False
    hurt: list[str] = field(default_factory=list)

    async def __call__(self, point: str) -> None:
        if self.is_calm:
            return
        name, _, side = point.partition(".")
        if self.chance.random() < self.rate:
            await self.clock.sleep(self.chance.choice([0.01, 0.1, 0.6, 2.0]))
        if self.chance.random() < self.rate:
            self.hurt.append(point)
            raise self._trouble(name in _WRITES, side)

    def _trouble(self, is_write: bool, side: str) -> Exception:
        if not is_write:
            return self.chance.choice([Unavailable("reading failed"), Throttled(1.5)])
        if side == "after":
            return OutcomeUnknown("the answer was lost")
        return self.chance.choice([NotSent("no route"), OutcomeUnknown("the request was lost"), Throttled(2.0)])


@dataclass
class Always:
    """Answers of these requests are lost, every time, after the venue has taken them."""

    names: frozenset[str]
    times: int = 10**9

    async def __call__(self, point: str) -> None:
        name, _, side = point.partition(".")
        if name in self.names and side == "after" and self.times > 0:
            self.times -= 1
            raise OutcomeUnknown("timeout")
