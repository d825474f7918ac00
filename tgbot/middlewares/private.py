"""Keys and forms belong in a private chat; in a group they are answered with one line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.types import Message, TelegramObject

from tgbot.screen import Toast
from tgbot.words import Words


class PrivateOnlyMiddleware(BaseMiddleware):
    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if data["is_private"]:
            return await handler(event, data)
        words: Words = data["words"]
        toast: Toast | None = data.get("toast")
        if toast is not None:
            toast.say(words.plain("private-only"), alert=True)
        elif isinstance(event, Message):
            await event.answer(words("private-only"))
        return None


def only_in_private(router: Router) -> None:
    """Put the check before every handler of ``router``."""
    router.message.middleware(PrivateOnlyMiddleware())
    router.callback_query.middleware(PrivateOnlyMiddleware())
