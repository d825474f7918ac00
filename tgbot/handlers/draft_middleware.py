"""Gives the handlers of the form their room and, for a press, the very draft that the button belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject

from tgbot.callbacks import COUNTED, OnDraft, StartDraft
from tgbot.handlers.draft_room import DraftRoom
from tgbot.making import Draft
from tgbot.screen import Toast
from tgbot.words import Words


class DraftMiddleware(BaseMiddleware):
    """A button of another form, of a finished one or of what is shown no more is answered here and changes nothing."""

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
            bot=bot,
            chat_id=chat.id,
            desk=data["desk"],
            person=data["person"],
            words=words,
            state=data["state"],
            banner=data["banner"],
        )
        pressed = data.get("callback_data")
        if not isinstance(pressed, OnDraft | StartDraft):
            return await handler(event, data)
        draft = await room.find(pressed.draft)
        toast: Toast = data["toast"]
        if draft is not None and _is_shown(pressed, draft) and not data["is_old"]:
            data["draft"] = draft
            return await handler(event, data)
        if draft is not None:
            toast.say(words.plain("form-moved"), alert=True)
            await room.put(draft)
            return None
        finished = await room.was_finished(pressed.draft)
        toast.say(words.plain("error-already_done" if finished else "form-stale"), alert=True)
        return None


def _is_shown(pressed: OnDraft | StartDraft, draft: Draft) -> bool:
    """Whether the button still means what it meant where it was pressed: messages are late, fingers press twice."""
    is_counted = isinstance(pressed, StartDraft) or pressed.act in COUNTED
    return not is_counted or pressed.edition == draft.edition
