"""/status and /panic."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.banner import Banner
from tgbot.callbacks import Go, Page, Panic, new_token
from tgbot.cards.home import plain_card
from tgbot.cards.status import panic_card, panic_done_card, status_card
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def status_router() -> Router:
    router = Router(name="status")
    router.message.register(open_status, Command("status"))
    router.callback_query.register(go_status, Go.filter(F.page == Page.STATUS))
    router.message.register(open_panic, Command("panic"))
    router.callback_query.register(go_panic, Go.filter(F.page == Page.PANIC))
    router.callback_query.register(panic, Panic.filter())
    return router


async def open_status(message: Message, desk: DeskProtocol, person: Person, words: Words, banner: Banner) -> None:
    await banner.answer(message, status_card(words, await desk.bots(person.id)))


async def go_status(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast, banner: Banner
) -> None:
    if not await banner.show(press, status_card(words, await desk.bots(person.id))):
        toast.say(words.plain("up-to-date"))


async def open_panic(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, panic_card(words, await desk.bots(person.id), new_token(person.id)))


async def go_panic(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, panic_card(words, await desk.bots(person.id), new_token(person.id)))


async def panic(
    press: CallbackQuery, callback_data: Panic, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """It begins before anything is said: Telegram may be slow or away. What came of it follows as notices."""
    closing = asyncio.create_task(desk.panic(person.id, token=callback_data.token))
    try:
        await toast.now(words.plain("panic-begun"))
        with suppress(TelegramAPIError):
            await show(press, plain_card(words, words("panic-begun")))
    finally:
        bots = await closing
    await show(press, panic_done_card(words, bots))
