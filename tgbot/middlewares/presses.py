"""Every press is answered, whatever its handler does: Telegram shows a spinner until then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from tgbot.screen import Toast


class PressMiddleware(BaseMiddleware):
    """Gives handlers of callback queries a ``toast`` and gives the toast to the person when they are done.

    When a handler raises, the error's own handler answers.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if not isinstance(event, Update) or event.callback_query is None:
            return await handler(event, data)
        data["toast"] = toast = Toast(event.callback_query)
        result = await handler(event, data)
        await toast.give()
        return result
