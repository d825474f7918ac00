"""The form of a key, the second half: each credential by itself, the name, the test, and a withdrawal right.

A message with a secret is deleted the moment it is read, whatever comes of it, and the person is told if that failed.
"""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import KeyFormAct, OnKeyForm
from tgbot.cards.card import Card, blocks
from tgbot.cards.keys import (
    key_added_card,
    key_card,
    key_failed_card,
    keys_card,
    label_card,
    unfit_text,
    withdrawal_card,
)
from tgbot.handlers.errors import error_text
from tgbot.handlers.key_form_change import key_change_handlers, renamed, replaced
from tgbot.handlers.key_form_middleware import KeyFormMiddleware
from tgbot.handlers.key_form_strays import key_stray_handlers
from tgbot.handlers.key_venue import key_venue_handlers, question
from tgbot.key_forms import Aim, KeyForm, KeyForms
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, edit, remove, send, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, Person
from trading.desk.protocol import DeskProtocol

_LONGEST_CREDENTIAL = 512
_LONGEST_PEM = 4000
_PEM = "-----BEGIN "
_LONGEST_LABEL = 32


def key_form_router() -> Router:
    router = Router(name="key_form")
    only_in_private(router)
    router.callback_query.middleware(KeyFormMiddleware())
    key_venue_handlers(router)
    key_change_handlers(router)
    for act, handler in (
        (KeyFormAct.SAVE, save_without_label),
        (KeyFormAct.INSIST, insist),
        (KeyFormAct.INSIST_AGAIN, insist_again),
        (KeyFormAct.CANCEL, cancel),
    ):
        router.callback_query.register(handler, OnKeyForm.filter(F.act == act))
    router.message.register(read_credential, Ask.credential, F.text)
    router.message.register(read_label, Ask.label, F.text, ~F.text.startswith("/"))
    key_stray_handlers(router)
    return router


async def read_credential(
    message: Message,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    secret = (message.text or "").strip()
    warning = None if await remove(bot, message.chat.id, message.message_id) else words("key-not-deleted")
    form = key_forms.find(person.id)
    if form is None or form.venue is None or form.wanted is None:
        # Restarted since: what was typed is gone from the chat, and nothing of it is kept.
        await state.set_state(None)
        await send(bot, message.chat.id, key_failed_card(words, blocks(warning, words("form-lost"))))
        return
    problem: Html | None = None
    if _is_odd(secret):
        problem = words("key-odd")
    else:
        form.values[form.wanted] = secret
    await take_buttons(bot, message.chat.id, form.message)
    if form.wanted is None and form.aim is Aim.REPLACE:
        await state.set_state(None)
        form.message = (await bot.send_message(message.chat.id, blocks(warning, words("key-testing")))).message_id
        card = await _save(desk, person, words, state, key_forms, form)
        # The warning stays on the screen: it asks for something that is still to be done.
        await edit(bot, message.chat.id, form.message, Card(blocks(warning, card.text), card.rows))
        return
    if form.wanted is None:
        await state.set_state(Ask.label)
    form.message = (await send(bot, message.chat.id, question(words, form, _joined(warning, problem)))).message_id


async def read_label(
    message: Message,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    form = key_forms.find(person.id)
    label = " ".join((message.text or "").split())
    if form is None or not _wants_label(form):
        await state.set_state(None)
        await send(bot, message.chat.id, key_failed_card(words, words("form-lost")))
        return
    await take_buttons(bot, message.chat.id, form.message)
    if form.holds(label) or len(label) > _LONGEST_LABEL:
        await _refuse_label(message, bot, words, form, is_secret=form.holds(label))
        return
    form.label = label
    if form.aim is Aim.ADD:
        form.message = (await bot.send_message(message.chat.id, words("key-testing"))).message_id
        card = await _save(desk, person, words, state, key_forms, form)
        await edit(bot, message.chat.id, form.message, card)
        return
    try:
        card = await renamed(desk, person, words, form)
    except DeskError as error:
        if error.code != "label_secret":
            raise
        await _refuse_label(message, bot, words, form, is_secret=True)
        return
    await _forget(person, state, key_forms)
    await send(bot, message.chat.id, card)


async def _refuse_label(message: Message, bot: Bot, words: Words, form: KeyForm, *, is_secret: bool) -> None:
    """Ask again. A secret that was typed as the name does not stay in the chat."""
    is_gone = not is_secret or await remove(bot, message.chat.id, message.message_id)
    warning = None if is_gone else words("key-not-deleted")
    problem = blocks(warning, words("key-label-odd", limit=str(_LONGEST_LABEL)))
    card = label_card(words, form.mark, _title(form), problem)
    form.message = (await send(bot, message.chat.id, card)).message_id


async def save_without_label(
    press: CallbackQuery,
    form: KeyForm,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
    toast: Toast,
) -> None:
    if form.aim is Aim.RENAME:
        form.label = ""
        card = await renamed(desk, person, words, form)
        await _forget(person, state, key_forms)
        await show(press, card)
        return
    if not form.is_filled:
        toast.say(words.plain("form-lost"), alert=True)
        return
    await toast.now(words.plain("key-testing"))
    await show(press, await _save(desk, person, words, state, key_forms, form))


async def insist(press: CallbackQuery, form: KeyForm, words: Words, toast: Toast) -> None:
    if form.venue is None or form.wanted is not None:
        toast.say(words.plain("form-lost"), alert=True)
        return
    form.insisted = 1
    await show(press, withdrawal_card(words, form.mark, form.venue, second=True))


async def insist_again(
    press: CallbackQuery,
    form: KeyForm,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
    toast: Toast,
) -> None:
    if not form.is_filled or form.insisted < 1:
        toast.say(words.plain("form-lost"), alert=True)
        return
    form.insisted = 2
    await save_without_label(press, form, desk, person, words, state, key_forms, toast)


async def cancel(
    press: CallbackQuery,
    callback_data: OnKeyForm,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    """Back to where the form was begun."""
    form = key_forms.find(person.id, callback_data.form)
    changed = form.key.id if form is not None and form.key is not None else None
    await _forget(person, state, key_forms)
    owned = await desk.keys(person.id)
    key = next((each for each in owned if each.id == changed), None)
    await show(press, key_card(words, key) if key is not None else keys_card(words, owned))


async def _save(
    desk: DeskProtocol, person: Person, words: Words, state: FSMContext, key_forms: KeyForms, form: KeyForm
) -> Card:
    """Hand the key to the desk, which tests it before it keeps it; the form is forgotten unless it can go on."""
    if form.aim is Aim.REPLACE:
        card, goes_on = await replaced(desk, person, words, form)
        if not goes_on:
            await _forget(person, state, key_forms)
        return card
    venue = form.venue
    if venue is None:
        raise DeskError("not_found")
    try:
        key = await desk.add_key(
            person.id,
            venue.id,
            form.label or venue.title,
            dict(form.values),
            kind=form.kind,
            accept_withdrawal=form.insisted >= 2,
        )
    except DeskError as error:
        if error.code == "key_may_withdraw":
            return withdrawal_card(words, form.mark, venue, second=False)
        if error.code == "venue_away":
            return label_card(words, form.mark, venue.title, error_text(words, error))
        await _forget(person, state, key_forms)
        why = unfit_text(words, venue.title, error.values["reason"]) if error.code == "venue_unfit" else None
        return key_failed_card(words, why or error_text(words, error))
    await _forget(person, state, key_forms)
    return key_added_card(words, key)


async def _forget(person: Person, state: FSMContext, key_forms: KeyForms) -> None:
    key_forms.drop(person.id)
    await state.set_state(None)


def _wants_label(form: KeyForm) -> bool:
    return form.aim is Aim.RENAME or (form.aim is Aim.ADD and form.is_filled)


def _title(form: KeyForm) -> str:
    """How the exchange of the form's key is called."""
    if form.key is not None:
        return form.key.venue_title
    return form.venue.title if form.venue is not None else ""


def _is_odd(secret: str) -> bool:
    """Not one line without spaces; a key in PEM form is several, with spaces in the first and the last."""
    if secret.startswith(_PEM):
        return len(secret) > _LONGEST_PEM or not secret.replace("\n", "").isprintable()
    return not secret or len(secret) > _LONGEST_CREDENTIAL or not secret.isprintable() or " " in secret


def _joined(*parts: Html | None) -> Html | None:
    return blocks(*parts) if any(parts) else None
