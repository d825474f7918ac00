"""Adding a key, the first half: which exchange, and where it has two kinds of markets which of them."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import KeyFormAct, OnKeyForm
from tgbot.cards.card import Card
from tgbot.cards.key_venues import found_card, kind_card, search_card, venues_card
from tgbot.cards.keys import credential_card, key_failed_card, label_card
from tgbot.key_forms import KeyForm, KeyForms
from tgbot.screen import Toast, send, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, Person, VenueInfo
from trading.desk.protocol import DeskProtocol

_LONGEST_SOUGHT = 40
MOST_FOUND = 8


def key_venue_handlers(router: Router) -> None:
    for act, handler in (
        (KeyFormAct.BEGIN, begin),
        (KeyFormAct.LIST, list_again),
        (KeyFormAct.VENUE, choose_venue),
        (KeyFormAct.OTHER, ask_other),
        (KeyFormAct.FOUND, choose_found),
        (KeyFormAct.KIND, choose_kind),
    ):
        router.callback_query.register(handler, OnKeyForm.filter(F.act == act))
    router.message.register(read_sought, Ask.venue, F.text, ~F.text.startswith("/"))


async def begin(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, key_forms: KeyForms
) -> None:
    form = key_forms.begin(person.id)
    await state.set_state(None)
    await show(press, venues_card(words, form.mark, desk.venues()))


async def list_again(press: CallbackQuery, form: KeyForm, desk: DeskProtocol, words: Words, state: FSMContext) -> None:
    """Back from the search: the proven ones, in the same form."""
    form.choose(None)
    await state.set_state(None)
    await show(press, venues_card(words, form.mark, desk.venues()))


async def choose_venue(
    press: CallbackQuery,
    callback_data: OnKeyForm,
    form: KeyForm,
    desk: DeskProtocol,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    await _choose(press, form, desk.venues(), callback_data.option, words, state, toast)


async def ask_other(press: CallbackQuery, form: KeyForm, words: Words, state: FSMContext) -> None:
    form.choose(None)
    form.message = press.message.message_id if press.message else None
    await show(press, search_card(words, form.mark))
    await state.set_state(Ask.venue)


async def read_sought(
    message: Message,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    key_forms: KeyForms,
) -> None:
    form = key_forms.find(person.id)
    if form is None or form.venue is not None:
        await state.set_state(None)
        await send(bot, message.chat.id, key_failed_card(words, words("form-lost")))
        return
    sought = " ".join((message.text or "").split())[:_LONGEST_SOUGHT]
    form.found = tuple(await desk.find_venues(sought, MOST_FOUND))
    await take_buttons(bot, message.chat.id, form.message)
    card = found_card(words, form.mark, sought, form.found)
    form.message = (await send(bot, message.chat.id, card)).message_id


async def choose_found(
    press: CallbackQuery, callback_data: OnKeyForm, form: KeyForm, words: Words, state: FSMContext, toast: Toast
) -> None:
    await _choose(press, form, form.found, callback_data.option, words, state, toast)


async def choose_kind(
    press: CallbackQuery, callback_data: OnKeyForm, form: KeyForm, words: Words, state: FSMContext, toast: Toast
) -> None:
    kinds = form.venue.kinds if form.venue else ()
    if not 0 <= callback_data.option < len(kinds):
        toast.say(words.plain("form-lost"), alert=True)
        return
    form.kind = kinds[callback_data.option]
    await show(press, question(words, form))
    await state.set_state(Ask.credential)


async def _choose(
    press: CallbackQuery,
    form: KeyForm,
    venues: Sequence[VenueInfo],
    option: int,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    """The venue is chosen; an unproven one with two kinds of markets asks for which of them the key is."""
    if not 0 <= option < len(venues):
        toast.say(words.plain("form-lost"), alert=True)
        return
    form.choose(venues[option])
    form.message = press.message.message_id if press.message else None
    if len(venues[option].kinds) > 1:
        await state.set_state(None)
        await show(press, kind_card(words, form.mark, venues[option]))
        return
    form.kind = next(iter(venues[option].kinds), "")
    await show(press, question(words, form))
    await state.set_state(Ask.credential)


def question(words: Words, form: KeyForm, problem: Html | None = None) -> Card:
    """What the form asks next, once it has a venue."""
    if form.venue is None:
        raise DeskError("not_found")
    wanted = form.wanted
    if wanted is None:
        return label_card(words, form.mark, form.venue.title, problem)
    return credential_card(words, form.mark, form.venue, wanted, form.venue.credentials.index(wanted), problem)
