"""Messages of one chat brought into another: copied or forwarded, one alone or an album that stays one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from trading.desk.member_answers import Announcement

_GONE = re.compile(r"message to (?:copy|forward) not found|no messages to forward", re.IGNORECASE)
_LONGEST_EXCERPT = 80


async def post(bot: Bot, chat_id: int, from_chat: int, said: Announcement) -> tuple[int, ...]:
    """Bring them into ``chat_id``; the numbers that they have there. Of an album only what is still there arrives.

    Raises aiogram's TelegramAPIError.
    """
    ids = said.message_ids
    if len(ids) == 1 and said.forwards:
        return ((await bot.forward_message(chat_id, from_chat, ids[0])).message_id,)
    if len(ids) == 1:
        return ((await bot.copy_message(chat_id, from_chat, ids[0])).message_id,)
    bring = bot.forward_messages if said.forwards else bot.copy_messages
    return tuple(each.message_id for each in await bring(chat_id, from_chat, list(ids)))


def is_gone(error: TelegramAPIError) -> bool:
    """Whether the messages that were to be brought have been deleted."""
    return _GONE.search(error.message) is not None


def announcement_of(messages: Sequence[Message]) -> Announcement:
    """What an admin has sent: one message, or the parts of an album in any order."""
    parts = sorted(messages, key=lambda each: each.message_id)
    return Announcement(
        message_ids=tuple(part.message_id for part in parts),
        forwards=any(part.forward_origin is not None for part in parts),
        excerpt=_excerpt(parts),
    )


def _excerpt(parts: Sequence[Message]) -> str:
    """How it begins, with a sign for what it is where it is more than words."""
    words = next((text for part in parts if (text := part.text or part.caption)), "")
    names = [part.document.file_name for part in parts if part.document and part.document.file_name]
    begin = " ".join((words or " ".join(names)).split())
    count = f"×{len(parts)}" if len(parts) > 1 else ""
    shown = f"{_sign(parts[0])}{count} {begin}".strip()
    return shown if len(shown) <= _LONGEST_EXCERPT else f"{shown[: _LONGEST_EXCERPT - 1]}…"


def _sign(part: Message) -> str:
    if part.text:
        return ""
    if part.photo:
        return "🖼"
    if part.video or part.animation or part.video_note:
        return "🎬"
    return "📎" if part.document else "🎵" if part.audio or part.voice else "✉️"
