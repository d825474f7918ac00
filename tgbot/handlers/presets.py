"""Presets of one's own: kept from a bot, listed, renamed, deleted."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from tgbot.callbacks import BotAct, Go, OnBot, OnPreset, Page, PresetAct, new_token
from tgbot.cards.card import button
from tgbot.cards.home import plain_card
from tgbot.cards.presets import name_card, preset_card, preset_delete_card, presets_card
from tgbot.forms import FormField, fields_of
from tgbot.handlers.errors import error_text
from tgbot.middlewares.private import only_in_private
from tgbot.screen import answer, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import DeskError, Person
from trading.desk.preset_answers import PresetCard
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")


def presets_router() -> Router:
    router = Router(name="presets")
    only_in_private(router)
    router.callback_query.register(go_presets, Go.filter(F.page == Page.PRESETS))
    router.callback_query.register(save_bot_settings, OnBot.filter(F.act == BotAct.SAVE))
    router.callback_query.register(open_preset, OnPreset.filter(F.act == PresetAct.OPEN))
    router.callback_query.register(ask_new_name, OnPreset.filter(F.act == PresetAct.RENAME))
    router.callback_query.register(ask_delete_preset, OnPreset.filter(F.act == PresetAct.ASK_DELETE))
    router.callback_query.register(delete_preset, OnPreset.filter(F.act == PresetAct.DELETE))
    router.message.register(type_preset_name, Ask.preset_name, F.text, ~_COMMAND)
    return router


async def go_presets(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, presets_card(words, await desk.presets(person.id)))


async def open_preset(
    press: CallbackQuery, callback_data: OnPreset, desk: DeskProtocol, person: Person, words: Words
) -> None:
    preset = await find_preset(desk, person, callback_data.preset)
    await show(press, preset_card(words, preset, settings_of(desk, preset.strategy)))


async def save_bot_settings(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await _ask_name(press, words, state, {"bot": bot.id})


async def ask_new_name(
    press: CallbackQuery, callback_data: OnPreset, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    preset = await find_preset(desk, person, callback_data.preset)
    await _ask_name(press, words, state, {"preset": preset.id})


async def type_preset_name(
    message: Message, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: Bot
) -> None:
    naming = (await state.get_data()).get("naming", {})
    if not naming:
        await state.set_state(None)
        await answer(message, plain_card(words, words("form-lost")))
        return
    try:
        preset = await _named(desk, person, naming, message.text or "")
    except DeskError as error:
        if error.code == "not_found":
            await state.set_state(None)
            raise
        await take_buttons(bot, message.chat.id, naming.get("message"))
        sent = await answer(message, name_card(words, _back_to(words, naming), error_text(words, error)))
        await state.update_data(naming={**naming, "message": sent.message_id})
        return
    await take_buttons(bot, message.chat.id, naming.get("message"))
    await state.set_state(None)
    await state.update_data(naming={})
    said = words("preset-kept", name=preset.name)
    await answer(message, preset_card(words, preset, settings_of(desk, preset.strategy), said))


async def ask_delete_preset(
    press: CallbackQuery, callback_data: OnPreset, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, preset_delete_card(words, await find_preset(desk, person, callback_data.preset)))


async def delete_preset(
    press: CallbackQuery, callback_data: OnPreset, desk: DeskProtocol, person: Person, words: Words
) -> None:
    preset = await find_preset(desk, person, callback_data.preset)
    await desk.delete_preset(person.id, preset.id)
    said = words("preset-deleted", name=preset.name)
    await show(press, presets_card(words, await desk.presets(person.id), said))


async def find_preset(desk: DeskProtocol, person: Person, number: int) -> PresetCard:
    """Raises DeskError("not_found"), also for another's."""
    for preset in await desk.presets(person.id):
        if preset.id == number:
            return preset
    raise DeskError("not_found")


def settings_of(desk: DeskProtocol, strategy: str) -> tuple[FormField, ...]:
    return next((fields_of(each.config_model) for each in desk.strategies() if each.name == strategy), ())


async def _ask_name(press: CallbackQuery, words: Words, state: FSMContext, naming: dict[str, int]) -> None:
    asked = press.message.message_id if press.message else 0
    await state.update_data(naming={**naming, "message": asked})
    await state.set_state(Ask.preset_name)
    await show(press, name_card(words, _back_to(words, naming)))


async def _named(desk: DeskProtocol, person: Person, naming: dict[str, int], name: str) -> PresetCard:
    if "preset" in naming:
        return await desk.rename_preset(person.id, naming["preset"], name)
    bot = await desk.bot(person.id, naming["bot"])
    return await desk.save_preset(person.id, bot.strategy, name, bot.config, token=new_token(person.id))


def _back_to(words: Words, naming: dict[str, int]) -> InlineKeyboardButton:
    text = words.plain("button-back")
    if "preset" in naming:
        return button(text, OnPreset(act=PresetAct.OPEN, preset=naming["preset"]))
    return button(text, OnBot(act=BotAct.EDIT, bot=naming["bot"]))
