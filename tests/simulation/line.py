"""The house's hands: its line to the venue and to its database. When the house dies they do nothing any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from trading.exchanges.paper import PaperGateway
from trading.storage import Storage

_READS = {"instrument", "book", "tickers", "candles", "account", "positions", "order", "open_orders", "order_history"}
_REQUESTS = _READS | {"fills", "order_fills", "funding", "prepare", "place", "cancel", "amend", "replace"}


@dataclass
class Life:
    """Whether a house lives. ``dies_at`` is asked at every await that reaches out of the house: ``commit.before``,
    ``commit.after``, ``place.before`` ...; when it says True, nothing the house does has any effect from then on.
    """

    dies_at: Callable[[str], bool] = field(default=lambda point: False)
    is_dead: bool = False

    async def pass_point(self, name: str) -> None:
        if not self.is_dead and self.dies_at(name):
            self.is_dead = True
        if self.is_dead:
            await asyncio.get_running_loop().create_future()


class MortalStorage:
    """A real Storage whose answers a dead house does not hear. ``busy`` counts what its threads are doing."""

    def __init__(self, storage: Storage, life: Life, busy: Busy) -> None:
        self._storage, self._life, self._busy = storage, life, busy
        self.path, self.epoch = storage.path, storage.epoch

    async def write(self, job: Any) -> Any:
        await self._life.pass_point("commit.before")
        done = await self._busy.while_waiting(self._storage.write(job))
        await self._life.pass_point("commit.after")
        return done

    async def read(self, job: Any) -> Any:
        await self._life.pass_point("load.before")
        done = await self._busy.while_waiting(self._storage.read(job))
        await self._life.pass_point("load.after")
        return done


@dataclass
class Busy:
    """How many requests are with threads; virtual time waits for them."""

    count: int = 0

    async def while_waiting(self, work: Awaitable[Any]) -> Any:
        self.count += 1
        try:
            return await work
        finally:
            self.count -= 1


class CountedStorage(Storage):
    """A real one that says how much its threads are doing."""

    busy: Busy

    async def write(self, job: Any) -> Any:
        return await self.busy.while_waiting(super().write(job))

    async def read(self, job: Any) -> Any:
        return await self.busy.while_waiting(super().read(job))


class Line:
    """A gateway as a mortal house holds it. ``garbled``: private messages come late, twice, or never."""

    def __init__(self, gateway: PaperGateway, life: Life, garbled: Random | None = None) -> None:
        self._gateway, self._life, self._garbled = gateway, life, garbled

    def __getattr__(self, name: str) -> Any:
        if name not in _REQUESTS:
            return getattr(self._gateway, name)

        async def request(*args: Any, **named: Any) -> Any:
            await self._life.pass_point(f"{name}.before")
            answer = await getattr(self._gateway, name)(*args, **named)
            await self._life.pass_point(f"{name}.after")
            return answer

        return request

    async def watch_private(self, symbols: list[str]) -> AsyncIterator[Any]:
        held: list[Any] = []
        async for event in self._gateway.watch_private(symbols):
            await self._life.pass_point("heard.before")
            for told in self._garble(event, held):
                yield told

    def _garble(self, event: Any, held: list[Any]) -> list[Any]:
        if self._garbled is None:
            return [event]
        chance = self._garbled.random()
        if chance < 0.05:
            return []
        if chance < 0.15:
            held.append(event)
            return []
        told = [event, *held] if chance < 0.5 else [*held, event]
        held.clear()
        return [*told, event] if chance > 0.9 else told


def when(point: str, number: int) -> Callable[[str], bool]:
    """Die at the ``number``-th time (from 1) that the house comes to this point."""
    seen = 0

    def dies(name: str) -> bool:
        nonlocal seen
        seen += name == point
        return name == point and seen == number

    return dies


def counting(point: str, into: list[datetime | str]) -> Callable[[str], bool]:
    """Never die, but note each time that the house comes to this point."""

    def dies(name: str) -> bool:
        if name == point:
            into.append(name)
        return False

    return dies
