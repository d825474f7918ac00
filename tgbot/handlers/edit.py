"""Changing a bot's settings, in any state. What is typed is an answer only to the question that stands open."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import BotAct, EditChoice, EditField, OnBot
from tgbot.cards.card import Card, blocks
from tgbot.cards.fields import answer_problem, edit_card, edit_field_card, edit_result, settings_problem
from tgbot.cards.findings import finding_lines
from tgbot.cards.making import field_question
from tgbot.coins import Coins
from tgbot.forms import FormField, Kind, WrongAnswer, fields_of, find_field, read_answer
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
    router.callback_query.register(ask_field, EditField.filter())
    router.callback_query.register(choose, EditChoice.filter())
    router.message.register(type_value, Ask.edit, F.text, ~_COMMAND)
    return router


async def open_basic(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await show(press, edit_card(words, bot, _settings(desk, bot), advanced=False))


async def open_advanced(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await show(press, edit_card(words, bot, _settings(desk, bot), advanced=True))


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
    await show(press, _question(words, bot, setting))
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
    card, done = await _change(desk, person, words, bot, setting, options[callback_data.option][1])
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
        card, done = _question(words, card_of, setting, answer_problem(words, setting, wrong)), False
    else:
        card, done = await _change(desk, person, words, card_of, setting, value)
    await take_buttons(bot, message.chat.id, edited.get("message"))
    sent = await answer(message, card)
    if done:
        await state.set_state(None)
    else:
        await _await_answer(state, card_of, setting, sent.message_id)


async def _change(
    desk: DeskProtocol, person: Person, words: Words, bot: BotCard, setting: FormField, value: Any
) -> tuple[Card, bool]:
    """The card after the change, and whether it was accepted."""
    settings = _settings(desk, bot)
    try:
        result = await desk.edit(person.id, bot.id, {setting.name: value})
    except InvalidSettings as error:
        return _question(words, bot, setting, settings_problem(words, error.problems, settings)), False
    except EditRefused as error:
        why = finding_lines(words, error.findings, Coins.of(bot.symbol))
        return _question(words, bot, setting, blocks(error_text(words, error), *why)), False
    except DeskError as error:
        if error.code == "not_found":
            raise
        return _question(words, bot, setting, error_text(words, error)), False
    said = edit_result(words, setting, value, result.deferred, Coins.of(bot.symbol))
    return edit_card(words, result.card, settings, advanced=setting.is_advanced, said=said), True


async def _await_answer(state: FSMContext, bot: BotCard, setting: FormField, message_id: int | None) -> None:
    """A choice is pressed, everything else may also be typed."""
    if setting.kind in (Kind.CHOICE, Kind.SWITCH):
        await state.set_state(None)
        return
    await state.update_data(edit={"bot": bot.id, "field": setting.name, "message": message_id})
    await state.set_state(Ask.edit)


def _question(words: Words, bot: BotCard, setting: FormField, problem: Html | None = None) -> Card:
    question = field_question(words, setting, bot.config.get(setting.name), bot.strategy, Coins.of(bot.symbol))
    return edit_field_card(words, bot, setting, question, problem)


def _settings(desk: DeskProtocol, bot: BotCard) -> tuple[FormField, ...]:
    for strategy in desk.strategies():
        if strategy.name == bot.strategy:
            return fields_of(strategy.config_model)
    return ()


def _setting(desk: DeskProtocol, bot: BotCard, name: str) -> FormField | None:
    for strategy in desk.strategies():
        if strategy.name == bot.strategy:
            return find_field(strategy.config_model, name)
    return None
