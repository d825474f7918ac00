"""/profit, /stats, a bot's chart, and how pictures look."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import BotAct, Go, OnBot, OnProfit, Page, SetPictures
from tgbot.cards.pictures import chart_card, chart_labels, pictures_card
from tgbot.cards.profit import DEFAULT_PERIOD, period_of, profit_card, profit_help_card, profit_labels
from tgbot.cards.stats import stats_card
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, answer_picture, show, show_pictured
from tgbot.words import Words
from trading.core.hearing import zone_of
from trading.desk.answers import Person
from trading.desk.profit_answers import Period, ProfitReport, ProfitView
from trading.desk.protocol import DeskProtocol


def profit_router() -> Router:
    router = Router(name="profit")
    router.message.register(open_profit, Command("profit"))
    router.callback_query.register(go_profit, Go.filter(F.page == Page.PROFIT))
    router.callback_query.register(choose_profit, OnProfit.filter())
    router.callback_query.register(open_chart, OnBot.filter(F.act == BotAct.CHART))
    return router


def stats_router() -> Router:
    """The process and its keys are nothing for a group."""
    router = Router(name="stats")
    only_in_private(router)
    router.message.register(open_stats, Command("stats"))
    router.callback_query.register(go_stats, Go.filter(F.page == Page.STATS))
    router.callback_query.register(go_pictures, Go.filter(F.page == Page.PICTURES))
    router.callback_query.register(choose_pictures, SetPictures.filter())
    return router


async def open_profit(
    message: Message, command: CommandObject, desk: DeskProtocol, person: Person, words: Words
) -> None:
    period = period_of(command.args)
    if period is None:
        await answer(message, profit_help_card(words, command.args or ""))
        return
    report = await _report(desk, person, words, period)
    card = profit_card(words, report)
    if report.picture is None:
        await answer(message, card)
    else:
        await answer_picture(message, report.picture, card)


async def go_profit(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    await toast.now(words.plain("report-begun"))
    await _show(press, words, await _report(desk, person, words, DEFAULT_PERIOD))


async def choose_profit(
    press: CallbackQuery, callback_data: OnProfit, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    await toast.now(words.plain("report-begun"))
    part = (callback_data.paper, callback_data.quote)
    await _show(press, words, await _report(desk, person, words, callback_data.period, callback_data.view, part))


async def open_chart(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    await toast.now(words.plain("report-begun"))
    picture = await desk.chart(
        person.id, bot.id, labels=chart_labels(words), dark=person.dark_pictures, tz=zone_of(person.time_zone)
    )
    await show_pictured(press, picture, chart_card(words, bot))


async def open_stats(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, stats_card(words, await desk.statistics(person.id, tz=zone_of(person.time_zone))))


async def go_stats(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    await toast.now(words.plain("report-begun"))
    await show(press, stats_card(words, await desk.statistics(person.id, tz=zone_of(person.time_zone))))


async def go_pictures(press: CallbackQuery, person: Person, words: Words) -> None:
    await show(press, pictures_card(words, person.dark_pictures))


async def choose_pictures(
    press: CallbackQuery, callback_data: SetPictures, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    changed = await desk.set_dark_pictures(person.id, callback_data.dark)
    await show(press, pictures_card(words, changed.dark_pictures))
    toast.say(words.plain("pictures-set-dark" if changed.dark_pictures else "pictures-set-light"))


async def _report(
    desk: DeskProtocol,
    person: Person,
    words: Words,
    period: Period,
    view: ProfitView = ProfitView.EQUITY,
    part: tuple[bool, str] | None = None,
) -> ProfitReport:
    labels = profit_labels(words, period)
    return await desk.profit(
        person.id, period, view, part=part, labels=labels, dark=person.dark_pictures, tz=zone_of(person.time_zone)
    )


async def _show(press: CallbackQuery, words: Words, report: ProfitReport) -> None:
    card = profit_card(words, report)
    if report.picture is None:
        await show(press, card)
    else:
        await show_pictured(press, report.picture, card)
