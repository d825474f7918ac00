"""Changing a bot's settings, in any state: several are put together, looked at, and made with one press.

What is typed is an answer only to the question that stands open. Changes that were not made yet live beside it in FSM
data, so that they survive a restart: under "edits", by the bot they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import ApplyEdit, BotAct, EditChoice, EditField, OnBot, Standing, new_token, standing
from tgbot.cards.card import Card, blocks
from tgbot.cards.editing import edit_card, edit_field_card, edit_result, review_card
from tgbot.cards.fields import answer_problem, settings_problem
from tgbot.cards.findings import finding_lines
from tgbot.cards.making import field_question
from tgbot.coins import Coins
from tgbot.forms import FormField, Kind, WrongAnswer, changed_fields, fields_of, read_answer
from tgbot.handlers.errors import error_text
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.desk.answers import BotCard, DeskError, EditRefused, InvalidSettings, Person
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")


def edit_router() -> Router:
    router = Router(name="edit")
    only_in_private(router)
    router.callback_query.register(open_basic, OnBot.filter(F.act == BotAct.EDIT))
    router.callback_query.register(open_advanced, OnBot.filter(F.act == BotAct.ADVANCED))
    router.callback_query.register(review_edit, OnBot.filter(F.act == BotAct.REVIEW))
    router.callback_query.register(discard_edit, OnBot.filter(F.act == BotAct.DISCARD))
    router.callback_query.register(apply_edit, ApplyEdit.filter())
    router.callback_query.register(ask_field, EditField.filter())
    router.callback_query.register(choose, EditChoice.filter())
    router.message.register(type_value, Ask.edit, F.text, ~_COMMAND)
    return router


async def open_basic(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await show(press, edit_card(words, bot, _settings(desk, bot), await _pending(state, bot), advanced=False))


async def open_advanced(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await show(press, edit_card(words, bot, _settings(desk, bot), await _pending(state, bot), advanced=True))


async def ask_field(
    press: CallbackQuery,
    callback_data: EditField,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    setting = _setting(desk, bot, callback_data.field)
    if setting is None:
        toast.say(words.plain("button-stale"), alert=True)
        return
    await show(press, _question(words, bot, setting, await _pending(state, bot)))
    await _await_answer(state, bot, setting, press.message.message_id if press.message else None)


async def choose(
    press: CallbackQuery,
    callback_data: EditChoice,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    setting = _setting(desk, bot, callback_data.field)
    options = setting.options(is_paper=bot.is_paper) if setting else ()
    if setting is None or not 0 <= callback_data.option < len(options):
        toast.say(words.plain("button-stale"), alert=True)
        return
    card, done = await _note(desk, person, words, state, bot, setting, options[callback_data.option][1])
    if done:
        await state.set_state(None)
    await show(press, card)


async def type_value(
    message: Message, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: Bot
) -> None:
    data = await state.get_data()
    edited = data.get("edit", {})
    card_of = await desk.bot(person.id, int(edited.get("bot", 0)))
    setting = _setting(desk, card_of, str(edited.get("field", "")))
    if setting is None:
        await state.set_state(None)
        await message.answer(words("form-lost"))
        return
    try:
        value = read_answer(setting, message.text or "")
    except WrongAnswer as wrong:
        problem = answer_problem(words, setting, wrong)
        card, done = _question(words, card_of, setting, await _pending(state, card_of), problem), False
    else:
        card, done = await _note(desk, person, words, state, card_of, setting, value)
    await take_buttons(bot, message.chat.id, edited.get("message"))
    sent = await answer(message, card)
    if done:
        await state.set_state(None)
    else:
        await _await_answer(state, card_of, setting, sent.message_id)


async def review_edit(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    changes = await _pending(state, bot)
    if not changes:
        toast.say(words.plain("edit-none"), alert=True)
        await show(press, edit_card(words, bot, _settings(desk, bot), {}, advanced=False))
    elif not await show(press, await _review(desk, person, words, state, bot, changes)):
        toast.say(words.plain("up-to-date"))


async def discard_edit(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await _forget(state, bot)
    toast.say(words.plain("edit-discarded"))
    await show(press, edit_card(words, bot, _settings(desk, bot), {}, advanced=False))


async def apply_edit(
    press: CallbackQuery,
    callback_data: ApplyEdit,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    toast: Toast,
) -> None:
    """Make the changes that this very button was shown with, whatever has become of the orders since."""
    bot = await desk.bot(person.id, callback_data.bot)
    looked_at = await _looked_at(state, bot)
    changes = looked_at.get("changes", {})
    if not changes or looked_at.get("token") != callback_data.token:
        is_done = (await state.get_data()).get("edited") == callback_data.token
        toast.say(words.plain("error-already_done" if is_done else "button-stale"), alert=True)
        return
    await toast.now(words.plain("edit-applying"))
    result = await desk.edit(person.id, bot.id, changes, token=callback_data.token)
    await _forget(state, bot)
    await state.update_data(edited=callback_data.token)
    await state.set_state(None)
    settings = _settings(desk, bot)
    said = edit_result(words, result, settings, changes)
    await show(press, edit_card(words, result.card, settings, {}, advanced=False, said=said))


async def _note(
    desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: BotCard, setting: FormField, value: Any
) -> tuple[Card, bool]:
    """The card after the answer, and whether the answer may stand. The bot itself is not changed by it."""
    settings = _settings(desk, bot)
    wanted = {**await _pending(state, bot), setting.name: value}
    changes = {name: wanted[name] for name in changed_fields(bot.config, wanted)}
    if not changes:
        await _forget(state, bot)
        return edit_card(words, bot, settings, {}, advanced=setting.is_advanced, said=words("edit-same")), True
    try:
        return await _review(desk, person, words, state, bot, changes), True
    except InvalidSettings as error:
        problem = settings_problem(words, error.problems, settings)
    except EditRefused as error:
        problem = blocks(error_text(words, error), *finding_lines(words, error.findings, Coins.of(bot.symbol)))
    except DeskError as error:
        if error.code == "not_found":
            raise
        problem = error_text(words, error)
    return _question(words, bot, setting, await _pending(state, bot), problem), False


async def _review(
    desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: BotCard, changes: Mapping[str, Any]
) -> Card:
    """Look at what the changes would do, and remember them under the token that makes them."""
    seen = await desk.preview_edit(person.id, bot.id, changes)
    before = await _looked_at(state, bot)
    token = str(before.get("token", ""))
    if before.get("changes") != changes or standing(token, person.id) is not Standing.GOOD:
        token = new_token(person.id)
    edits = (await state.get_data()).get("edits", {})
    await state.update_data(edits={**edits, str(bot.id): {"changes": dict(changes), "token": token}})
    return review_card(words, seen, _settings(desk, bot), changes, token)


async def _pending(state: FSMContext, bot: BotCard) -> dict[str, Any]:
    """The changes of this bot that are not made yet; those of another are not its."""
    return dict((await _looked_at(state, bot)).get("changes", {}))


async def _looked_at(state: FSMContext, bot: BotCard) -> dict[str, Any]:
    """Its ``changes``, and the ``token`` of the button that makes them."""
    return dict((await state.get_data()).get("edits", {}).get(str(bot.id), {}))


async def _forget(state: FSMContext, bot: BotCard) -> None:
    edits = (await state.get_data()).get("edits", {})
    await state.update_data(edits={number: each for number, each in edits.items() if number != str(bot.id)})


async def _await_answer(state: FSMContext, bot: BotCard, setting: FormField, message_id: int | None) -> None:
    """A choice is pressed, everything else may also be typed."""
    if setting.kind in (Kind.CHOICE, Kind.SWITCH):
        await state.set_state(None)
        return
    await state.update_data(edit={"bot": bot.id, "field": setting.name, "message": message_id})
    await state.set_state(Ask.edit)


def _question(
    words: Words, bot: BotCard, setting: FormField, changes: Mapping[str, Any], problem: Html | None = None
) -> Card:
    values = {**bot.config, **changes}
    question = field_question(
        words,
        setting,
        values.get(setting.name),
        bot.strategy,
        Coins.of(bot.symbol),
        values,
        can_press=bool(setting.options(is_paper=bot.is_paper)),
    )
    return edit_field_card(words, bot, setting, question, problem)


def _settings(desk: DeskProtocol, bot: BotCard) -> tuple[FormField, ...]:
    for strategy in desk.strategies():
        if strategy.name == bot.strategy:
            return fields_of(strategy.config_model)
    return ()


def _setting(desk: DeskProtocol, bot: BotCard, name: str) -> FormField | None:
    return next((each for each in _settings(desk, bot) if each.name == name), None)
