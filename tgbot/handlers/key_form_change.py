"""The form of a key that there is: another name, or other credentials in the place of the old ones."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from tgbot.callbacks import KeyAct, OnKey
from tgbot.cards.card import Card
from tgbot.cards.keys import (
    key_card,
    key_failed_card,
    key_kept_card,
    key_replaced_card,
    label_card,
    replacing_card,
    retry_card,
    unfit_text,
    withdrawal_card,
)
from tgbot.handlers.errors import error_text
from tgbot.handlers.key_venue import question
from tgbot.handlers.keys import key_of
from tgbot.key_forms import Aim, KeyForm, KeyForms
from tgbot.screen import show
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import Activity, DeskError, KeyCard, Person
from trading.desk.protocol import DeskProtocol


def key_change_handlers(router: Router) -> None:
    router.callback_query.register(ask_key_name, OnKey.filter(F.act == KeyAct.RENAME))
    router.callback_query.register(ask_credentials, OnKey.filter(F.act == KeyAct.REPLACE))


async def ask_key_name(
    press: CallbackQuery,
    callback_data: OnKey,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    key = await key_of(desk, person, callback_data.key)
    form = key_forms.begin(person.id, Aim.RENAME, key)
    form.message = press.message.message_id if press.message else None
    await show(press, label_card(words, form.mark, key.venue_title))
    await state.set_state(Ask.label)


async def ask_credentials(
    press: CallbackQuery,
    callback_data: OnKey,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    """The warnings come before the first credential is asked, as when a key is added."""
    key = await key_of(desk, person, callback_data.key)
    venue = await desk.key_venue(person.id, key.id)
    form = key_forms.begin(person.id, Aim.REPLACE, key)
    form.choose(venue)
    form.kind = next(iter(venue.kinds), "")
    form.message = press.message.message_id if press.message else None
    await show(press, replacing_card(words, key, question(words, form)))
    await state.set_state(Ask.credential)


async def renamed(desk: DeskProtocol, person: Person, words: Words, form: KeyForm) -> Card:
    """The key under its new name. Raises DeskError, label_secret among them: then what was typed has to go."""
    key = _key_in(form)
    card = await desk.rename_key(person.id, key.id, form.label or key.venue_title)
    return key_card(words, card, news=words("key-renamed"))


async def replaced(desk: DeskProtocol, person: Person, words: Words, form: KeyForm) -> tuple[Card, bool]:
    """What came of handing the new credentials to the desk, and whether the form goes on."""
    key, venue = _key_in(form), form.venue
    if venue is None:
        raise DeskError("not_found")
    try:
        card = await desk.replace_credentials(
            person.id, key.id, dict(form.values), accept_withdrawal=form.insisted >= 2
        )
    except DeskError as error:
        if error.code == "key_may_withdraw":
            return withdrawal_card(words, form.mark, venue, second=False), True
        if error.code == "venue_away":
            return retry_card(words, form.mark, error_text(words, error)), True
        if error.code == "not_found":
            return key_failed_card(words, error_text(words, error)), False
        why = unfit_text(words, venue.title, error.values["reason"]) if error.code == "venue_unfit" else None
        return key_kept_card(words, key, why or error_text(words, error)), False
    paused = [
        bot
        for bot in await desk.bots(person.id)
        if bot.key_id == key.id and bot.cause == "credentials" and bot.activity is not Activity.STOPPED
    ]
    return key_replaced_card(words, card, len(paused)), False


def _key_in(form: KeyForm) -> KeyCard:
    if form.key is None:
        raise DeskError("not_found")
    return form.key
