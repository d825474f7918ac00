"""Gives a press within the form of a new key the very form that the button belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from tgbot.callbacks import KeyFormAct, OnKeyForm
from tgbot.key_forms import KeyForms
from tgbot.screen import Toast
from tgbot.words import Words

_NEEDS_NONE = (KeyFormAct.BEGIN, KeyFormAct.CANCEL)


class KeyFormMiddleware(BaseMiddleware):
    """A button of another form, or of one that is forgotten, is answered here and changes nothing."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        pressed = data.get("callback_data")
        if not isinstance(pressed, OnKeyForm) or pressed.act in _NEEDS_NONE:
            return await handler(event, data)
        key_forms: KeyForms = data["key_forms"]
        form = key_forms.find(data["person"].id, pressed.form)
        if form is not None:
            data["form"] = form
            return await handler(event, data)
        words: Words = data["words"]
        toast: Toast = data["toast"]
        toast.say(words.plain("form-lost"), alert=True)
        return None
