"""Records as files: asked for on buttons, or with typed days; made beside the chat, with a bar where it takes long."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from tgbot.callbacks import AskDates, BotAct, ExportPeriod, ExportTable, Go, OnBot, Page
from tgbot.cards.card import Card
from tgbot.cards.exports import (
    ALL_BOTS,
    WORKBOOK,
    Wish,
    dates_card,
    dates_words,
    export_bots_card,
    export_caption,
    export_done_card,
    export_period_card,
    export_tables_card,
    export_title,
    period_words,
    sheet_labels,
)
from tgbot.cards.home import plain_card
from tgbot.cards.reports import Period
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.spans import WrongSpan, read_span
from tgbot.states import Ask
from tgbot.words import Words
from tgbot.works import Works
from trading.core.hearing import zone_of
from trading.desk.answers import BotCard, DeskError, Person
from trading.desk.file_answers import ExportFile, Progress, Span
from trading.desk.protocol import DeskProtocol


def export_router() -> Router:
    """Files are for a private chat only: in a group everybody could take them."""
    router = Router(name="export")
    only_in_private(router)
    router.message.register(open_export, Command("export"))
    router.callback_query.register(go_export, Go.filter(F.page == Page.EXPORT))
    router.callback_query.register(ask_table, OnBot.filter(F.act == BotAct.EXPORT))
    router.callback_query.register(ask_period, ExportTable.filter())
    router.callback_query.register(export, ExportPeriod.filter(F.period.in_([each.value for each in Period])))
    router.callback_query.register(ask_dates, AskDates.filter())
    router.message.register(read_dates, Ask.dates, F.text, ~F.text.startswith("/"))
    return router


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
    wish = await _wish(desk, person, callback_data.bot, callback_data.what)
    await show(press, export_period_card(words, wish))


async def export(
    press: CallbackQuery,
    callback_data: ExportPeriod,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    works: Works,
    toast: Toast,
) -> None:
    wish, period = await _wish(desk, person, callback_data.bot, callback_data.what), Period(callback_data.period)
    message = press.message
    if press.bot is None or message is None:
        return
    number = message.message_id if isinstance(message, Message) and message.text is not None else None
    making = _Making(desk, person, words, press.bot, message.chat.id, wish, Span(last=period.length))
    making.begin(works, number, period_words(words, period))
    toast.say(words.plain("report-begun"))


async def ask_dates(
    press: CallbackQuery,
    callback_data: AskDates,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
) -> None:
    wish = await _wish(desk, person, callback_data.bot, callback_data.what)
    await show(press, dates_card(words, wish))
    await state.set_state(Ask.dates)
    await state.update_data(export={"bot": wish.number, "what": wish.what})


async def read_dates(
    message: Message,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    works: Works,
) -> None:
    asked = (await state.get_data()).get("export")
    if not isinstance(asked, dict):
        await state.set_state(None)
        await answer(message, plain_card(words, words("form-lost")))
        return
    wish = await _wish(desk, person, int(asked["bot"]), str(asked["what"]))
    try:
        span = read_span(message.text or "", zone_of(person.time_zone))
    except WrongSpan as wrong:
        await answer(message, dates_card(words, wish, words(wrong.code)))
        return
    making = _Making(desk, person, words, bot, message.chat.id, wish, span)
    making.begin(works, None, dates_words(words, span))
    await state.set_state(None)


class _Making:
    """One file on its way."""

    def __init__(
        self, desk: DeskProtocol, person: Person, words: Words, bot: Bot, chat_id: int, wish: Wish, span: Span
    ) -> None:
        self._desk, self._person, self._words = desk, person, words
        self._bot, self._chat_id = bot, chat_id
        self._wish, self._span = wish, span
        self._told = ""

    def begin(self, works: Works, message: int | None, told: str) -> None:
        """``told`` is the span in words."""
        self._told = told
        title = export_title(self._words, self._wish, told)
        works.begin(self._bot, self._chat_id, message, self._person.id, self._words, title, self._act)

    async def _act(self, progress: Progress) -> Card:
        file = await self._make(progress)
        await self._bot.send_document(
            self._chat_id,
            BufferedInputFile(file.content, filename=file.name),
            caption=str(export_caption(self._words, self._wish, self._told, file)),
        )
        return export_done_card(self._words, self._wish, self._told)

    async def _make(self, progress: Progress) -> ExportFile:
        wish, desk = self._wish, self._desk
        bot_id = wish.bot.id if wish.bot else None
        if bot_id is not None and wish.what != WORKBOOK:
            return await desk.export(self._person.id, bot_id, wish.what, self._span, progress=progress)
        tables = list(dict.fromkeys(name for each in desk.strategies() for name in each.tables))
        labels = sheet_labels(self._words, tables)
        return await desk.export_workbook(self._person.id, bot_id, self._span, labels=labels, progress=progress)


async def _wish(desk: DeskProtocol, person: Person, bot_id: int, what: str) -> Wish:
    """Checked again at every press. Raises DeskError."""
    if bot_id == ALL_BOTS and what == WORKBOOK:
        return Wish(None, what)
    bot = await desk.bot(person.id, bot_id)
    if what != WORKBOOK and what not in _tables(desk, bot):
        raise DeskError("unknown_export")
    return Wish(bot, what)


def _tables(desk: DeskProtocol, bot: BotCard) -> Sequence[str]:
    return next((each.tables for each in desk.strategies() if each.name == bot.strategy), ())
