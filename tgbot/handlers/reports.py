"""Statistics of a bot, and its records as files."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from tgbot.callbacks import BotAct, ExportPeriod, ExportTable, Go, OnBot, Page
from tgbot.cards.reports import (
    Period,
    export_bots_card,
    export_caption,
    export_period_card,
    export_tables_card,
    report_labels,
    statistics_card,
)
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import BotCard, Person
from trading.desk.protocol import DeskProtocol


def reports_router() -> Router:
    router = Router(name="reports")
    router.callback_query.register(statistics, OnBot.filter(F.act == BotAct.STATISTICS))
    return router


def export_router() -> Router:
    """Files are for a private chat only: in a group everybody could take them."""
    router = Router(name="export")
    only_in_private(router)
    router.message.register(open_export, Command("export"))
    router.callback_query.register(go_export, Go.filter(F.page == Page.EXPORT))
    router.callback_query.register(ask_table, OnBot.filter(F.act == BotAct.EXPORT))
    router.callback_query.register(ask_period, ExportTable.filter())
    router.callback_query.register(export, ExportPeriod.filter(F.period.in_([each.value for each in Period])))
    return router


async def statistics(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """A picture cannot take the place of a text, so it comes as a message of its own, with the figures below it."""
    bot = await desk.bot(person.id, callback_data.bot)
    await toast.now(words.plain("report-begun"))
    report = await desk.report(person.id, bot.id, labels=report_labels(words, bot), dark=person.dark_pictures)
    card = statistics_card(words, bot, report)
    if report.picture is None or press.bot is None or press.message is None:
        await show(press, card)
        return
    picture = BufferedInputFile(report.picture, filename="statistics.png")
    await press.bot.send_photo(press.message.chat.id, picture, caption=str(card.text), reply_markup=card.markup)


async def open_export(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, export_bots_card(words, await desk.bots(person.id)))


async def go_export(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, export_bots_card(words, await desk.bots(person.id)))


async def ask_table(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await show(press, export_tables_card(words, bot, _tables(desk, bot)))


async def ask_period(
    press: CallbackQuery, callback_data: ExportTable, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    if callback_data.what in _tables(desk, bot):
        await show(press, export_period_card(words, bot, callback_data.what))
    else:
        await show(press, export_tables_card(words, bot, _tables(desk, bot)))


async def export(
    press: CallbackQuery, callback_data: ExportPeriod, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    bot, period = await desk.bot(person.id, callback_data.bot), Period(callback_data.period)
    await toast.now(words.plain("report-begun"))
    name, content = await desk.export(person.id, bot.id, callback_data.what, period.length)
    if press.bot is None or press.message is None:
        return
    rows = content.count(b"\r\n") - 1
    await press.bot.send_document(
        press.message.chat.id,
        BufferedInputFile(content, filename=name),
        caption=str(export_caption(words, bot, callback_data.what, period, rows)),
    )


def _tables(desk: DeskProtocol, bot: BotCard) -> tuple[str, ...]:
    return next((each.tables for each in desk.strategies() if each.name == bot.strategy), ())
