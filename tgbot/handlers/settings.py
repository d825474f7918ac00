"""The language, and the doors to what a person hears."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import Go, Page, SetLanguage
from tgbot.cards.home import settings_card
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.words import LANGUAGES, Words, words_for
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def settings_router() -> Router:
    router = Router(name="settings")
    only_in_private(router)
    router.message.register(open_settings, Command("settings"))
    router.callback_query.register(go_settings, Go.filter(F.page == Page.SETTINGS))
    router.callback_query.register(choose_language, SetLanguage.filter(F.language.in_(LANGUAGES)))
    return router


async def open_settings(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, settings_card(words, await desk.hearing(person.id)))


async def go_settings(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, settings_card(words, await desk.hearing(person.id)))


async def choose_language(
    press: CallbackQuery, callback_data: SetLanguage, desk: DeskProtocol, person: Person, toast: Toast
) -> None:
    changed = await desk.set_language(person.id, callback_data.language)
    words = words_for(changed.language, changed.time_zone)
    await show(press, settings_card(words, await desk.hearing(person.id)))
    toast.say(words.plain("language-set"))
