"""The bot at work: it polls, it answers, and it tells what the outbox holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from tgbot.app import build_bot, build_dispatcher, set_commands
from tgbot.notifier import Notifier
from trading.desk.protocol import DeskProtocol

log = logging.getLogger(__name__)


@asynccontextmanager
async def chatting(desk: DeskProtocol, token: str, api_url: str | None) -> AsyncIterator[None]:
    """Poll for updates and deliver notices until the block ends."""
    bot = build_bot(token, api_url)
    dispatcher = build_dispatcher(desk)
    notifier = Notifier(bot, desk)
    tasks = [
        asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)),
        asyncio.create_task(notifier.run()),
        asyncio.create_task(_introduce(bot)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bot.session.close()


async def _introduce(bot: Bot) -> None:
    """The command menu; the bot works without it, so a failure is only noted."""
    try:
        await set_commands(bot)
    except TelegramAPIError as problem:
        log.warning("the command menu could not be set: %s", problem)
