"""The chat at work: polling or a webhook, and the notifier for as long as a context lasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError

from tgbot.albums import Albums
from tgbot.app import build_bot, build_dispatcher, set_commands
from tgbot.broadcaster import Broadcaster
from tgbot.logtail import LogTail
from tgbot.middlewares.flood import FloodMiddleware
from tgbot.middlewares.garbled import GarbledMiddleware
from tgbot.notifier import Notifier
from tgbot.pacing import Pacer
from tgbot.webhook import Door
from tgbot.webhook_terms import WebhookTerms
from tgbot.works import Works
from trading.desk.protocol import DeskProtocol

_LAST_WORDS = 3.0
"""Seconds that updates in hand get to be answered at a stop."""
_LONGEST_WAIT = 30.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def chatting(
    desk: DeskProtocol,
    token: str,
    api_url: str | None = None,
    admins: Collection[int] = (),
    log_tail: LogTail | None = None,
    webhook: WebhookTerms | None = None,
) -> AsyncIterator[None]:
    """Answer people and carry notices until the context ends; then let what is being answered finish.

    With ``webhook`` Telegram calls us, else we ask it. Raises ValueError for a token that Telegram refuses and for an
    address that cannot be listened on. When Telegram cannot be reached it is tried again, for ever.
    """
    works, albums = Works(), Albums()
    bot = build_bot(token, api_url)
    dispatcher = build_dispatcher(desk, works=works, log_tail=log_tail, albums=albums)
    bot.session.middleware(FloodMiddleware())
    bot.session.middleware(GarbledMiddleware())
    pacer = Pacer()
    tasks: list[asyncio.Task[None]] = []
    door = Door(dispatcher, bot, webhook) if webhook else None
    try:
        await _refuse_wrong_token(bot)
        if door is not None:
            await door.open()
        hear = _be_called(door, bot, admins) if door else _poll(dispatcher, bot, admins)
        tasks += [
            asyncio.create_task(hear, name="hearing"),
            asyncio.create_task(Notifier(bot, desk, pacer=pacer).run(), name="notifier"),
            asyncio.create_task(Broadcaster(bot, desk, pacer).run(), name="broadcaster"),
        ]
        yield
    finally:
        if door is not None:
            await door.close()
        else:
            await _stop_polling(dispatcher)
        await dispatcher.finished(_LAST_WORDS)
        await works.close()
        await albums.close()
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("the chat ended by itself", exc_info=ended)
        await bot.session.close()


async def _refuse_wrong_token(bot: Bot) -> None:
    try:
        await bot.me()
    except TelegramUnauthorizedError as refused:
        raise ValueError("Telegram refuses BOT_TOKEN: copy it again from @BotFather") from refused
    except TelegramAPIError as away:
        log.warning("Telegram does not answer yet: %s", away)


async def _poll(dispatcher: Dispatcher, bot: Bot, admins: Collection[int]) -> None:
    """aiogram keeps polling through every trouble, once it has begun; to begin it has to know its own name."""

    async def begin() -> None:
        await bot.me()
        # A webhook of an earlier run would keep us from polling. What waits behind it is kept.
        await bot.delete_webhook()
        await set_commands(bot, admins)

    await _until_answered(begin)
    await dispatcher.start_polling(
        bot,
        handle_signals=False,
        close_bot_session=False,
        allowed_updates=dispatcher.resolve_used_update_types(),
    )


async def _be_called(door: Door, bot: Bot, admins: Collection[int]) -> None:
    """Tell Telegram where we are. It stays told at a stop: what happens meanwhile is brought when we are back."""

    async def begin() -> None:
        await bot.me()
        await door.announce()
        await set_commands(bot, admins)

    await _until_answered(begin)


async def _until_answered(begin: Callable[[], Awaitable[None]]) -> None:
    wait = 1.0
    while True:
        try:
            await begin()
        except TelegramAPIError as away:
            log.warning("Telegram does not answer, trying again in %.0f s: %s", wait, away)
        else:
            return
        await asyncio.sleep(wait)
        wait = min(_LONGEST_WAIT, wait * 2)


async def _stop_polling(dispatcher: Dispatcher) -> None:
    try:
        await dispatcher.stop_polling()
    except RuntimeError:
        log.info("polling had not begun")
