"""A check before every handler of a router: who may not pass is told why in a line, and nothing is changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.types import Message, TelegramObject

from tgbot.screen import Toast
from tgbot.words import Words


class GateMiddleware(BaseMiddleware):
    """``may_pass`` looks at what handlers are given; ``refusal`` names the sentence for who may not."""

    def __init__(self, may_pass: Callable[[dict[str, Any]], bool], refusal: str) -> None:
        self._may_pass, self._refusal = may_pass, refusal

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if self._may_pass(data):
            return await handler(event, data)
        words: Words = data["words"]
        toast: Toast | None = data.get("toast")
        if toast is not None:
            toast.say(words.plain(self._refusal), alert=True)
        elif isinstance(event, Message):
            await event.answer(words(self._refusal))
        return None


def guard(router: Router, gate: GateMiddleware) -> None:
    """Put the gate before every handler of ``router``, of messages and of presses."""
    router.message.middleware(gate)
    router.callback_query.middleware(gate)
