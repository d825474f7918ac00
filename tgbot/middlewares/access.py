"""Who may speak: the first gate, for every kind of update. Whoever is not let in by name stays outside."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from tgbot.banner import Banner
from tgbot.links import SHARED
from tgbot.words import supported, words_for
from trading.desk.answers import DeskError, Person
from trading.desk.protocol import DeskProtocol

log = logging.getLogger(__name__)

_INVITE = re.compile(rf"/start(?:@\w+)?\s+(?P<code>(?!{SHARED})[A-Za-z0-9_-]{{1,64}})\s*")
"""What Telegram makes of a deep link t.me/<bot>?start=<code>. Other links open nothing to who is not let in."""

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class AccessMiddleware(BaseMiddleware):
    """Active people pass, with ``person``, ``words`` and the ``banner`` for their cards beside the update.

    Of the others a private command is answered with one line, a press with a toast, everything else with silence;
    so is every group and channel, and every kind of update that we do not handle.
    """

    def __init__(self, desk: DeskProtocol) -> None:
        self._desk = desk

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if not isinstance(event, Update) or user is None or user.is_bot or not _is_handled(event):
            return None
        chat: Chat | None = data.get("event_chat")
        is_private = chat is not None and chat.type == ChatType.PRIVATE
        try:
            person = await self._person(event, user, is_private)
        except _InviteRefused as refused:
            await _refuse_invite(event, user, refused)
            return None
        if person is None or not person.may_act:
            await _turn_away(event, user, person, is_private)
            return None
        data["person"] = person
        data["words"] = words_for(person.language, person.time_zone)
        data["is_private"] = is_private
        data["banner"] = Banner(self._desk, data["words"], can_end=person.is_admin and is_private)
        return await handler(event, data)

    async def _person(self, update: Update, user: User, is_private: bool) -> Person | None:
        known = await self._desk.person(user.id)
        if not (is_private and _is_command(update.message)):
            return known
        language = known.language if known else supported(user.language_code)
        text = (update.message.text if update.message else None) or ""
        invite = _INVITE.fullmatch(text)
        if invite is not None and (known is None or not known.may_act):
            try:
                return await self._desk.enter(user.id, user.full_name, user.username, language, invite["code"])
            except DeskError as refused:
                raise _InviteRefused(refused.code) from refused
        if known is None or text.startswith("/start"):
            return await self._desk.arrive(user.id, user.full_name, user.username, language)
        return known


def _is_handled(update: Update) -> bool:
    return update.message is not None or update.callback_query is not None


def _is_command(message: Message | None) -> bool:
    return message is not None and (message.text or "").startswith("/")


class _InviteRefused(Exception):
    """Its word is the code of the desk's refusal."""


async def _refuse_invite(update: Update, user: User, refused: _InviteRefused) -> None:
    """Whoever holds a bad invite may still ask to be let in; the sentence says how."""
    log.info("an invite was refused: %s", refused)
    words = words_for(supported(user.language_code))
    key = f"error-{refused}"
    try:
        if update.message is not None:
            await update.message.answer(words.plain(key if words.has(key) else "error-invite_unknown"))
    except TelegramAPIError as error:
        log.info("a stranger could not be answered: %s", error.message)


async def _turn_away(update: Update, user: User, person: Person | None, is_private: bool) -> None:
    words = words_for(person.language if person else supported(user.language_code))
    status = person.status if person else "unknown"
    line = words.plain(f"access-{status}" if words.has(f"access-{status}") else "access-unknown")
    try:
        if isinstance(update.callback_query, CallbackQuery):
            await update.callback_query.answer(line)
        elif is_private and update.message and _is_command(update.message):
            await update.message.answer(line)
    except TelegramAPIError as error:
        log.info("a stranger could not be answered: %s", error.message)
