"""Settings shared by a link: made, looked at, taken back; and what a link of another opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message
from aiogram.utils.deep_linking import create_start_link

from tgbot.callbacks import (
    AskShare,
    BotAct,
    Go,
    MakeShare,
    OnBot,
    OnPreset,
    OnShare,
    Page,
    PresetAct,
    ShareAct,
    ShareSource,
    new_token,
)
from tgbot.cards.card import button
from tgbot.cards.home import plain_card
from tgbot.cards.presets import revoke_card, share_ask_card, share_card, shared_card, shares_card
from tgbot.forms import fields_of
from tgbot.handlers.errors import error_text
from tgbot.handlers.presets import find_preset, settings_of
from tgbot.links import SHARED
from tgbot.middlewares.private import only_in_private
from tgbot.screen import answer, show
from tgbot.words import Words
from trading.desk.answers import DeskError, Person
from trading.desk.fitting import is_shared
from trading.desk.preset_answers import ShareCard
from trading.desk.protocol import DeskProtocol


@dataclass(frozen=True, slots=True)
class _Source:
    strategy: str
    symbol: str
    settings: Any


def sharing_router() -> Router:
    router = Router(name="sharing")
    only_in_private(router)
    router.callback_query.register(go_shares, Go.filter(F.page == Page.SHARES))
    router.callback_query.register(ask_share, AskShare.filter())
    router.callback_query.register(make_share, MakeShare.filter())
    router.callback_query.register(open_share, OnShare.filter(F.act == ShareAct.OPEN))
    router.callback_query.register(ask_revoke, OnShare.filter(F.act == ShareAct.ASK_REVOKE))
    router.callback_query.register(revoke_share, OnShare.filter(F.act == ShareAct.REVOKE))
    return router


async def open_shared(message: Message, code: str, desk: DeskProtocol, words: Words) -> None:
    """What a link of another holds; nothing is begun by opening it."""
    try:
        shared = await desk.shared(code)
    except DeskError as error:
        await answer(message, plain_card(words, error_text(words, error)))
        return
    await answer(message, shared_card(words, shared, settings_of(desk, shared.strategy), code))


async def ask_share(
    press: CallbackQuery, callback_data: AskShare, desk: DeskProtocol, person: Person, words: Words
) -> None:
    source = await _source(desk, person, callback_data.source, callback_data.number)
    model = next(each.config_model for each in desk.strategies() if each.name == source.strategy)
    settings = fields_of(model)
    card = share_ask_card(
        words,
        callback_data.source,
        callback_data.number,
        source.strategy,
        [each for each in settings if is_shared(model, each.name)],
        [each for each in settings if not is_shared(model, each.name)],
        source.settings,
        person.name,
        new_token(person.id),
        _back_to(words, callback_data.source, callback_data.number),
    )
    await show(press, card)


async def make_share(
    press: CallbackQuery, callback_data: MakeShare, desk: DeskProtocol, person: Person, words: Words, bot: Bot
) -> None:
    source = await _source(desk, person, callback_data.source, callback_data.number)
    share = await desk.share(
        person.id,
        source.strategy,
        source.symbol,
        source.settings,
        with_name=callback_data.signed,
        token=callback_data.token,
    )
    link = await _link(bot, share)
    await show(press, share_card(words, share, settings_of(desk, share.strategy), link, is_new=True))


async def go_shares(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, shares_card(words, await desk.shares(person.id)))


async def open_share(
    press: CallbackQuery, callback_data: OnShare, desk: DeskProtocol, person: Person, words: Words, bot: Bot
) -> None:
    share = await _own(desk, person, callback_data.share)
    link = await _link(bot, share)
    await show(press, share_card(words, share, settings_of(desk, share.strategy), link, is_new=False))


async def ask_revoke(
    press: CallbackQuery, callback_data: OnShare, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, revoke_card(words, await _own(desk, person, callback_data.share)))


async def revoke_share(
    press: CallbackQuery, callback_data: OnShare, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await desk.revoke_share(person.id, callback_data.share)
    await show(press, shares_card(words, await desk.shares(person.id), words("share-revoked")))


async def _own(desk: DeskProtocol, person: Person, number: int) -> ShareCard:
    for share in await desk.shares(person.id):
        if share.id == number:
            return share
    raise DeskError("not_found")


async def _source(desk: DeskProtocol, person: Person, source: ShareSource, number: int) -> _Source:
    if source is ShareSource.BOT:
        bot = await desk.bot(person.id, number)
        return _Source(bot.strategy, bot.symbol, bot.config)
    preset = await find_preset(desk, person, number)
    return _Source(preset.strategy, "", preset.settings)


async def _link(bot: Bot, share: ShareCard) -> str:
    return await create_start_link(bot, f"{SHARED}{share.code}")


def _back_to(words: Words, source: ShareSource, number: int) -> InlineKeyboardButton:
    text = words.plain("button-back")
    if source is ShareSource.BOT:
        return button(text, OnBot(act=BotAct.EDIT, bot=number))
    return button(text, OnPreset(act=PresetAct.OPEN, preset=number))
