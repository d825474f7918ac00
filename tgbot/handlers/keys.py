"""Exchange keys: list, test, delete. The form that adds or changes one is in key_form.py."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import DeleteKey, Go, KeyAct, OnKey, Page, new_token
from tgbot.cards.keys import delete_key_card, key_card, keys_card
from tgbot.handlers.errors import error_toast
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import DeskError, KeyCard, Person
from trading.desk.protocol import DeskProtocol


def keys_router() -> Router:
    router = Router(name="keys")
    only_in_private(router)
    router.message.register(open_keys, Command("keys"))
    router.callback_query.register(go_keys, Go.filter(F.page == Page.KEYS))
    router.callback_query.register(open_key, OnKey.filter(F.act == KeyAct.OPEN))
    router.callback_query.register(test, OnKey.filter(F.act == KeyAct.TEST))
    router.callback_query.register(ask_delete, OnKey.filter(F.act == KeyAct.DELETE))
    router.callback_query.register(delete, DeleteKey.filter())
    return router


async def open_keys(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, keys_card(words, await desk.keys(person.id)))


async def go_keys(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    if not await show(press, keys_card(words, await desk.keys(person.id))):
        toast.say(words.plain("up-to-date"))


async def open_key(
    press: CallbackQuery, callback_data: OnKey, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, key_card(words, await key_of(desk, person, callback_data.key)))


async def test(
    press: CallbackQuery, callback_data: OnKey, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    key = await key_of(desk, person, callback_data.key)
    await toast.now(words.plain("key-testing"))
    check = await desk.test_key(person.id, key.id)
    await show(press, key_card(words, await key_of(desk, person, key.id), check))


async def ask_delete(
    press: CallbackQuery, callback_data: OnKey, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, delete_key_card(words, await key_of(desk, person, callback_data.key), new_token(person.id)))


async def delete(
    press: CallbackQuery, callback_data: DeleteKey, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    try:
        await desk.delete_key(person.id, callback_data.key, token=callback_data.token)
    except DeskError as error:
        if error.code != "bots_still_stopping":
            raise
        # The question was used up by stopping the bots; it is asked again, for when they have stopped.
        await show(press, delete_key_card(words, await key_of(desk, person, callback_data.key), new_token(person.id)))
        toast.say(error_toast(words, error), alert=True)
        return
    await show(press, keys_card(words, await desk.keys(person.id)))
    toast.say(words.plain("key-deleted"))


async def key_of(desk: DeskProtocol, person: Person, key_id: int) -> KeyCard:
    """One of the person's keys. Raises DeskError("not_found")."""
    for key in await desk.keys(person.id):
        if key.id == key_id:
            return key
    raise DeskError("not_found")
