"""Gives the handlers of the form their room and, for a press, the very draft that the button belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject

from tgbot.callbacks import OnDraft, StartDraft
from tgbot.handlers.draft_room import DraftRoom
from tgbot.screen import Toast
from tgbot.words import Words


class DraftMiddleware(BaseMiddleware):
    """A button of another form, or of one that is finished, is answered here and changes nothing."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chat: Chat | None = data.get("event_chat")
        bot: Bot = data["bot"]
        words: Words = data["words"]
        if chat is None:
            return None
        data["room"] = room = DraftRoom(
            bot=bot, chat_id=chat.id, desk=data["desk"], person=data["person"], words=words, state=data["state"]
        )
        pressed = data.get("callback_data")
        if not isinstance(pressed, OnDraft | StartDraft):
            return await handler(event, data)
        draft = await room.find(pressed.draft)
        if draft is not None:
            data["draft"] = draft
            return await handler(event, data)
        toast: Toast = data["toast"]
        finished = await room.was_finished(pressed.draft)
        toast.say(words.plain("error-already_done" if finished else "form-stale"), alert=True)
        return None
