"""A question is answered by the person who was asked, and soon; any other press on it changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from tgbot.callbacks import Standing, StartDraft, standing
from tgbot.screen import Toast
from tgbot.words import Words
from trading.desk.answers import Person


class TokenMiddleware(BaseMiddleware):
    """Stands before every handler of presses. ``now`` answers seconds since 1970.

    An old Start of the form for a new bot passes: the form shows itself anew.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        token: str | None = getattr(data.get("callback_data"), "token", None)
        person: Person = data["person"]
        came_to = Standing.GOOD if token is None else standing(token, person.id, self._now())
        data["is_old"] = came_to is Standing.OLD
        if came_to is Standing.GOOD or (came_to is Standing.OLD and isinstance(data["callback_data"], StartDraft)):
            return await handler(event, data)
        toast: Toast = data["toast"]
        words: Words = data["words"]
        key = "question-old" if came_to is Standing.OLD else "question-foreign"
        toast.say(words.plain(key), alert=True)
        return None
