"""Admins let people in; admins look at the machine. Every press is checked again: an admin may be one no more."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import DecideAccess, Go, Page
from tgbot.cards.card import Card
from tgbot.cards.home import access_decided_card, plain_card
from tgbot.cards.system import admin_card
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def access_router() -> Router:
    router = Router(name="access")
    router.callback_query.register(decide, DecideAccess.filter())
    router.message.register(open_admin, Command("admin"))
    router.callback_query.register(go_admin, Go.filter(F.page == Page.ADMIN))
    return router


async def decide(
    press: CallbackQuery, callback_data: DecideAccess, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """The one who asked is told by a notice of the desk."""
    if not person.is_admin:
        toast.say(words.plain("admins-only"), alert=True)
        return
    decided = await desk.decide_access(person.id, callback_data.person, callback_data.approve)
    await show(press, access_decided_card(words, decided, callback_data.approve))


async def open_admin(message: Message, desk: DeskProtocol, person: Person, words: Words, is_private: bool) -> None:
    if not person.is_admin:
        await answer(message, plain_card(words, words("admins-only")))
    elif not is_private:
        await answer(message, plain_card(words, words("private-only")))
    else:
        await answer(message, await _admin(desk, person, words))


async def go_admin(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast, is_private: bool
) -> None:
    if not person.is_admin or not is_private:
        toast.say(words.plain("admins-only" if not person.is_admin else "private-only"), alert=True)
    elif not await show(press, await _admin(desk, person, words)):
        toast.say(words.plain("up-to-date"))


async def _admin(desk: DeskProtocol, person: Person, words: Words) -> Card:
    return admin_card(words, await desk.health(person.id), await desk.maintenance())
