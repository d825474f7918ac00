"""What stops trading is not kept waiting by what the same person asked for before, which may wait for an exchange.

One update of a person is handled at a time, for two of them would read and write the same answers of a form. These need
no such answers: they are safe to be pressed twice, by a single-use token or because nothing comes of it a second time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.types import TelegramObject, Update

from tgbot.callbacks import AskAll, AskStop, AskStopAll, BotAct, Go, OnBot, Page, Panic, SteerAll, StopAll, StopBot

_COMMANDS = frozenset({"/panic", "/pause", "/stop"})
_BUTTONS = tuple(f"{each.__prefix__}:" for each in (AskAll, AskStop, AskStopAll, Panic, SteerAll, StopAll, StopBot))
_PAGES = frozenset(Go(page=page).pack() for page in (Page.PANIC, Page.PAUSE, Page.STOP))
_ACTS = tuple(OnBot(act=act, bot=0).pack().removesuffix("0") for act in (BotAct.PAUSE, BotAct.STOP))

_is_urgent: ContextVar[bool] = ContextVar("is_urgent", default=False)


class UrgentMiddleware(BaseMiddleware):
    """Marks the update before ``UrgentIsolation`` looks."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        mark = _is_urgent.set(isinstance(event, Update) and is_urgent(event))
        try:
            return await handler(event, data)
        finally:
            _is_urgent.reset(mark)


class UrgentIsolation(SimpleEventIsolation):
    """One update of a person in a chat at a time, but for what is urgent."""

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        if _is_urgent.get():
            yield
            return
        async with super().lock(key):
            yield


def is_urgent(update: Update) -> bool:
    """Whether this asks for trading to stop, or for the question before that."""
    if update.message is not None:
        first, *_ = (update.message.text or "").split(maxsplit=1) or [""]
        return first.partition("@")[0].lower() in _COMMANDS
    data = (update.callback_query.data or "") if update.callback_query is not None else ""
    return data in _PAGES or data.startswith((*_BUTTONS, *_ACTS))
