"""What only admins may do: checked before every handler of a router, at every message and press."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.types import Message, TelegramObject

from tgbot.screen import Toast
from tgbot.words import Words
from trading.desk.answers import Person


class AdminOnlyMiddleware(BaseMiddleware):
    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: Person = data["person"]
        if person.is_admin:
            return await handler(event, data)
        words: Words = data["words"]
        toast: Toast | None = data.get("toast")
        if toast is not None:
            toast.say(words.plain("admins-only"), alert=True)
        elif isinstance(event, Message):
            await event.answer(words("admins-only"))
        return None


def only_for_admins(router: Router) -> None:
    """Put the check before every handler of ``router``."""
    router.message.middleware(AdminOnlyMiddleware())
    router.callback_query.middleware(AdminOnlyMiddleware())
