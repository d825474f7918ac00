"""The home card and help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from tgbot import links
from tgbot.banner import Banner
from tgbot.callbacks import Go, Page
from tgbot.cards.card import Card
from tgbot.cards.home import help_card, home_card, plain_card
from tgbot.handlers import sharing
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol

Opens = Callable[[Message, str, DeskProtocol, Words], Awaitable[None]]

_LINKS: Mapping[str, Opens] = {links.SHARED: sharing.open_shared}


def start_router() -> Router:
    router = Router(name="start")
    router.message.register(open_link, CommandStart(deep_link=True))
    router.message.register(open_home, Command("start", "menu"))
    router.message.register(open_help, Command("help"))
    router.callback_query.register(go_home, Go.filter(F.page == Page.HOME))
    router.callback_query.register(go_help, Go.filter(F.page == Page.HELP))
    return router


async def open_link(
    message: Message,
    command: CommandObject,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    is_private: bool,
    banner: Banner,
) -> None:
    """A link into the chat: its payload says by its beginning what it opens. One that nobody knows opens the menu."""
    payload = command.args or ""
    prefix = next((prefix for prefix in _LINKS if payload.startswith(prefix)), None)
    if prefix is None:
        await open_home(message, desk, person, words, banner)
    elif not is_private:
        await answer(message, plain_card(words, words("private-only")))
    else:
        await _LINKS[prefix](message, payload.removeprefix(prefix), desk, words)


async def open_home(message: Message, desk: DeskProtocol, person: Person, words: Words, banner: Banner) -> None:
    await banner.answer(message, await _home(desk, person, words))


async def open_help(message: Message, person: Person, words: Words) -> None:
    await answer(message, help_card(words, person))


async def go_home(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast, banner: Banner
) -> None:
    if not await banner.show(press, await _home(desk, person, words)):
        toast.say(words.plain("up-to-date"))


async def go_help(press: CallbackQuery, person: Person, words: Words) -> None:
    await show(press, help_card(words, person))


async def _home(desk: DeskProtocol, person: Person, words: Words) -> Card:
    return home_card(words, person, await desk.bots(person.id), await desk.keys(person.id))
