"""The home card and help."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import Go, Page
from tgbot.cards.card import Card
from tgbot.cards.home import help_card, home_card
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def start_router() -> Router:
    router = Router(name="start")
    router.message.register(open_home, Command("start", "menu"))
    router.message.register(open_help, Command("help"))
    router.callback_query.register(go_home, Go.filter(F.page == Page.HOME))
    router.callback_query.register(go_help, Go.filter(F.page == Page.HELP))
    return router


async def open_home(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, await _home(desk, person, words))


async def open_help(message: Message, person: Person, words: Words) -> None:
    await answer(message, help_card(words, person))


async def go_home(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    if not await show(press, await _home(desk, person, words)):
        toast.say(words.plain("up-to-date"))


async def go_help(press: CallbackQuery, person: Person, words: Words) -> None:
    await show(press, help_card(words, person))


async def _home(desk: DeskProtocol, person: Person, words: Words) -> Card:
    return home_card(words, person, await desk.bots(person.id), await desk.keys(person.id))
