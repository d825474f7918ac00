"""Albums as they arrive: Telegram sends their parts one by one, and never says which one was the last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiogram.types import Message

from trading.clock import Clock, SystemClock

PATIENCE = 1.0
"""Seconds without another part after which an album is taken to be whole."""

Whole = Callable[[Sequence[Message]], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass
class _Album:
    parts: dict[int, Message] = field(default_factory=dict)
    waiting: asyncio.Task[None] | None = None


class Albums:
    """Gathers the parts of each album and hands them on together. Closing drops what is not whole yet."""

    def __init__(self, clock: Clock | None = None, *, patience: float = PATIENCE) -> None:
        self._clock, self._patience = clock or SystemClock(), patience
        self._albums: dict[tuple[int, str], _Album] = {}

    def take(self, part: Message, then: Whole) -> None:
        """One more part; ``then`` gets all of them when no other has come for a while."""
        key = (part.chat.id, part.media_group_id or "")
        album = self._albums.setdefault(key, _Album())
        album.parts[part.message_id] = part
        if album.waiting is not None:
            album.waiting.cancel()
        album.waiting = asyncio.create_task(self._wait(key, album, then), name=f"album in {part.chat.id}")

    async def idle(self) -> None:
        """Wait until nothing is being gathered."""
        while tasks := [each.waiting for each in self._albums.values() if each.waiting is not None]:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        tasks = [each.waiting for each in self._albums.values() if each.waiting is not None]
        self._albums.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, key: tuple[int, str], album: _Album, then: Whole) -> None:
        await self._clock.sleep(self._patience)
        self._albums.pop(key, None)
        try:
            await then(list(album.parts.values()))
        except Exception:  # the edge of the task: there is no update any more that could answer for it
            log.exception("an album could not be taken")
