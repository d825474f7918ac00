"""Notes who spoke when, for the admins' list of people."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol

_EVERY = 300.0
_MOST_PEOPLE = 10_000

log = logging.getLogger(__name__)


class HeardMiddleware(BaseMiddleware):
    """Tells the desk at most every five minutes for each person; ``monotonic`` answers seconds."""

    def __init__(self, desk: DeskProtocol, monotonic: Callable[[], float]) -> None:
        self._desk, self._monotonic = desk, monotonic
        self._noted: OrderedDict[int, float] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: Person | None = data.get("person")
        if person is not None and self._is_due(person.id):
            try:
                await self._desk.note_heard(person.id)
            except Exception:  # when somebody was seen must never stand between them and Stop
                log.exception("that %s was heard could not be noted", person.id)
        return await handler(event, data)

    def _is_due(self, user_id: int) -> bool:
        now, before = self._monotonic(), self._noted.get(user_id)
        if before is not None and now - before < _EVERY:
            return False
        self._noted[user_id] = now
        self._noted.move_to_end(user_id)
        while len(self._noted) > _MOST_PEOPLE:
            self._noted.popitem(last=False)
        return True
