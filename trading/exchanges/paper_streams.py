"""Streams of the paper venue: one mailbox for each listener."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Generic, TypeVar

from trading.exchanges.errors import Unavailable

MessageT = TypeVar("MessageT")


class Mailbox(Generic[MessageT]):
    """Messages that wait for their listener. With ``newest_only`` an unread message gives way to a newer one."""

    def __init__(self, *, newest_only: bool = False) -> None:
        self._messages: deque[MessageT] = deque(maxlen=1 if newest_only else None)
        self._something = asyncio.Event()
        self._broken: str | None = None

    def put(self, message: MessageT) -> None:
        self._messages.append(message)
        self._something.set()

    def cut(self, why: str) -> None:
        """End the stream; what was not read is lost, as on a wire."""
        self._messages.clear()
        self._broken = why
        self._something.set()

    async def get(self) -> MessageT:
        """The next message. Raises Unavailable when the stream was cut."""
        while not self._messages:
            if self._broken is not None:
                raise Unavailable(self._broken)
            self._something.clear()
            await self._something.wait()
        return self._messages.popleft()


class Listeners(Generic[MessageT]):
    """All who listen to one stream."""

    def __init__(self, *, newest_only: bool = False) -> None:
        self._newest_only = newest_only
        self._boxes: list[Mailbox[MessageT]] = []

    def __bool__(self) -> bool:
        return bool(self._boxes)

    def publish(self, messages: Iterable[MessageT]) -> None:
        for message in messages:
            for box in self._boxes:
                box.put(message)

    def cut(self, why: str) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            box.cut(why)

    async def listen(self, first: Iterable[MessageT], wanted: Callable[[MessageT], bool]) -> AsyncIterator[MessageT]:
        """``first``, then what is published from now on, as far as it is ``wanted``."""
        box: Mailbox[MessageT] = Mailbox(newest_only=self._newest_only)
        self._boxes.append(box)
        try:
            for message in first:
                yield message
            while True:
                message = await box.get()
                if wanted(message):
                    yield message
        finally:
            if box in self._boxes:
                self._boxes.remove(box)
