"""Waking those who wait for something to change."""

import asyncio
from collections.abc import Iterable

UPDATES = "updates"

Topic = int | str
"""A person's id: something in that person's chat changed. UPDATES: the bot has something to fetch."""


class Bells:
    """Listen first, then look, then wait: a ring between the look and the wait is not lost."""

    def __init__(self) -> None:
        self._events: dict[Topic, asyncio.Event] = {}
        self.closed = False

    def listen(self, topic: Topic) -> asyncio.Event:
        event = self._events.setdefault(topic, asyncio.Event())
        if self.closed:
            event.set()
        return event

    def ring(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            if event := self._events.pop(topic, None):
                event.set()

    def close(self) -> None:
        self.closed = True
        self.ring(list(self._events))


async def rung(event: asyncio.Event, seconds: float) -> bool:
    """Waits for a bell; False when it stayed silent."""
    if seconds <= 0:
        return event.is_set()
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
