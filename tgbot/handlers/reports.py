"""Statistics of a bot."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import BufferedInputFile, CallbackQuery

from tgbot.callbacks import BotAct, OnBot
from tgbot.cards.reports import report_labels, statistics_card
from tgbot.screen import Toast, show
from tgbot.words import Words
from trading.core.hearing import zone_of
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def reports_router() -> Router:
    router = Router(name="reports")
    router.callback_query.register(statistics, OnBot.filter(F.act == BotAct.STATISTICS))
    return router


async def statistics(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """A picture cannot take the place of a text, so it comes as a message of its own, with the figures below it."""
    bot = await desk.bot(person.id, callback_data.bot)
    await toast.now(words.plain("report-begun"))
    report = await desk.report(
        person.id,
        bot.id,
        labels=report_labels(words, bot),
        dark=person.dark_pictures,
        tz=zone_of(person.time_zone),
    )
    card = statistics_card(words, bot, report)
    if report.picture is None or press.bot is None or press.message is None:
        await show(press, card)
        return
    picture = BufferedInputFile(report.picture, filename="statistics.png")
    await press.bot.send_photo(press.message.chat.id, picture, caption=str(card.text), reply_markup=card.markup)
