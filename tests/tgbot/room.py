"""A chat room for tests: the real dispatcher, the in-memory Telegram and desk, and people in front of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Bot, Dispatcher

from tests.tgbot.fake_desk import ADMIN, GUEST, STRANGER, FakeDesk
from tests.tgbot.telegram import Telegram, Visitor, bot_on
from tgbot.albums import Albums
from tgbot.app import build_dispatcher
from tgbot.logtail import LogTail
from tgbot.works import Works


@dataclass
class ChatRoom:
    desk: FakeDesk
    telegram: Telegram
    bot: Bot
    dispatcher: Dispatcher

    def visitor(self, user_id: int, *, language: str = "en", chat_id: int | None = None) -> Visitor:
        return Visitor(self.dispatcher, self.bot, self.telegram, user_id, language=language, chat_id=chat_id)

    @property
    def ann(self) -> Visitor:
        return self.visitor(ADMIN)

    @property
    def bob(self) -> Visitor:
        return self.visitor(GUEST)

    @property
    def stranger(self) -> Visitor:
        return self.visitor(STRANGER)

    async def done(self) -> None:
        """Wait until nothing that takes long is going on."""
        works: Works = self.dispatcher["works"]
        await works.idle()

    async def gathered(self) -> None:
        """Wait until every album that is arriving has been taken."""
        albums: Albums = self.dispatcher["albums"]
        await albums.idle()

    async def pause(self) -> None:
        """Let what is going on go on for a moment."""
        await asyncio.sleep(0.02)

    def restarted(self) -> ChatRoom:
        """The bot's process anew, over the same desk and the same chats."""
        return make_room(self.desk, self.telegram)


def make_room(
    desk: FakeDesk | None = None,
    telegram: Telegram | None = None,
    *,
    burst: int = 1_000_000,
    log_tail: LogTail | None = None,
    now: Callable[[], float] = time.time,
) -> ChatRoom:
    desk, telegram = desk or FakeDesk(), telegram or Telegram()
    dispatcher = build_dispatcher(
        desk, monotonic=lambda: 0.0, now=now, burst=burst, log_tail=log_tail, albums=Albums(patience=0.05)
    )
    return ChatRoom(desk, telegram, bot_on(telegram), dispatcher)
