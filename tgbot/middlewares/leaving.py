"""Whoever goes elsewhere has stopped answering: a number typed later must not change a bot's settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import TelegramObject

from tgbot.callbacks import EditChoice, EditField, OnDraft, OnKeyForm, SetQuiet, SetReport, SetZone, StartDraft

_WITHIN_A_FORM = (OnDraft, StartDraft, OnKeyForm, EditField, EditChoice, SetQuiet, SetZone, SetReport)


class LeavingMiddleware(BaseMiddleware):
    """Forgets which answer was awaited when a command or a button of another theme comes; the draft itself stays."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        pressed = data.get("callback_data")
        left = "command" in data or (pressed is not None and not isinstance(pressed, _WITHIN_A_FORM))
        if left and data.get("raw_state") is not None:
            state: FSMContext = data["state"]
            await state.set_state(None)
        return await handler(event, data)
