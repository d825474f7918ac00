"""Which records to take away: of which bot, what of them, for how long, and what is in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiogram.types import InlineKeyboardButton

from tgbot.callbacks import AskDates, BotAct, ExportPeriod, ExportTable, Go, OnBot, Page
from tgbot.cards.bots import account_name, back_to, bots_button, mark
from tgbot.cards.card import CAPTION_LIMIT, Card, Row, blocks, button, in_rows, lines
from tgbot.cards.home import home_button
from tgbot.cards.reports import Period
from tgbot.times import local_text, zone_name
from tgbot.words import Html, Words
from trading.desk.answers import MOST_EXPORTED_ROWS, BotCard
from trading.desk.file_answers import MOST_SHEET_ROWS, MOST_WORKBOOK_ROWS, ExportFile, Span

WORKBOOK = "xlsx"
"""What stands for all tables in one workbook, where else the name of a table stands."""
ALL_BOTS = 0
"""What stands for all bots, where else the number of one stands."""
_MOST_BOTS = 60
_DAY = "%d.%m.%Y"


@dataclass(frozen=True, slots=True)
class Wish:
    """``bot`` None: all of them."""

    bot: BotCard | None
    what: str

    @property
    def number(self) -> int:
        return self.bot.id if self.bot else ALL_BOTS

    @property
    def is_paper(self) -> bool:
        return self.bot is not None and self.bot.is_paper


def export_bots_card(words: Words, bots: Sequence[BotCard]) -> Card:
    """Of which bot?"""
    if not bots:
        return Card(words("bots-none"), [[button(words.plain("button-new"), Go(page=Page.NEW))], [home_button(words)]])
    rows: list[Row] = [[_bot_button(bot)] for bot in bots[:_MOST_BOTS]]
    everything = button(words.plain("button-export-all"), ExportTable(bot=ALL_BOTS, what=WORKBOOK))
    return Card(words("export-which-bot"), [*rows, [everything], [home_button(words)]])


def export_tables_card(words: Words, bot: BotCard, tables: Sequence[str]) -> Card:
    """What of it?"""
    choices = [button(table_name(words, name), ExportTable(bot=bot.id, what=name)) for name in tables]
    workbook = button(words.plain("button-export-workbook"), ExportTable(bot=bot.id, what=WORKBOOK))
    text = words("export-which-table", id=str(bot.id), title=bot.title, account=account_name(words, bot))
    statistics = button(words.plain("button-statistics"), OnBot(act=BotAct.STATISTICS, bot=bot.id))
    return Card(text, [[workbook], *in_rows(choices, 2), [statistics], [back_to(words, bot.id), bots_button(words)]])


def export_period_card(words: Words, wish: Wish) -> Card:
    """For how long?"""
    choices = [
        button(
            words.plain(f"choice-period-{period.value}"),
            ExportPeriod(bot=wish.number, what=wish.what, period=period.value),
        )
        for period in Period
    ]
    dates = button(words.plain("button-dates"), AskDates(bot=wish.number, what=wish.what))
    text = lines(_title(words, wish), words("export-period-question"))
    return Card(text, [*in_rows(choices, 2), [dates], [_back(words, wish), home_button(words)]])


def dates_card(words: Words, wish: Wish, problem: Html | None = None) -> Card:
    """From which day to which?"""
    by_paper = words("export-dates-paper") if wish.bot is None or wish.is_paper else None
    question = words("export-dates-question", zone=zone_name(words.zone))
    text = blocks(problem, lines(_title(words, wish), question, by_paper))
    back = button(words.plain("button-back"), ExportTable(bot=wish.number, what=wish.what))
    return Card(text, [[back, home_button(words)]])


def export_title(words: Words, wish: Wish, span: str) -> Html:
    return words("export-title", subject=_subject(words, wish), what=_what(words, wish), span=span)


def export_caption(words: Words, wish: Wish, span: str, file: ExportFile) -> Html:
    """Under the file."""
    cut = ", ".join(table_name(words, name) for name in file.cut)
    is_workbook = wish.what == WORKBOOK
    most = str(MOST_SHEET_ROWS if is_workbook else MOST_EXPORTED_ROWS)
    return blocks(
        lines(
            export_title(words, wish, span),
            words("export-rows", rows=str(file.rows)),
            words("export-digits") if is_workbook else None,
        ),
        words("export-cut", tables=cut, count=most, all=str(MOST_WORKBOOK_ROWS)) if cut and is_workbook else None,
        words("export-most", count=most) if cut and not is_workbook else None,
        words("bot-paper-note") if wish.is_paper else None,
        limit=CAPTION_LIMIT,
    )


def export_done_card(words: Words, wish: Wish, span: str) -> Card:
    """What the bar ends in; the file stands below it."""
    text = blocks(export_title(words, wish, span), words("export-below"))
    again = button(words.plain("button-export-more"), Go(page=Page.EXPORT))
    return Card(text, [[again, home_button(words)]])


def period_words(words: Words, period: Period) -> str:
    return words.plain(f"choice-period-{period.value}")


def dates_words(words: Words, span: Span) -> str:
    """The days as they were understood, the last one included."""
    first = local_text(span.since, words.zone, _DAY) if span.since else ""
    if span.until is None:
        return words.plain("dates-since", first=first)
    # An hour before the midnight that ends it is on the last day, whatever clocks do then.
    last = local_text(span.until - timedelta(hours=1), words.zone, _DAY)
    return words.plain("dates-between", first=first, last=last)


def sheet_labels(words: Words, tables: Sequence[str]) -> Mapping[str, str]:
    """The names of a workbook's sheets."""
    return {**{name: table_name(words, name) for name in tables}, "contents": words.plain("choice-export-contents")}


def table_name(words: Words, name: str) -> str:
    key = f"choice-export-{name}"
    return words.plain(key) if words.has(key) else name


def _title(words: Words, wish: Wish) -> Html:
    return words("export-head", subject=_subject(words, wish), what=_what(words, wish))


def _subject(words: Words, wish: Wish) -> str:
    return f"#{wish.bot.id} {wish.bot.title}" if wish.bot else words.plain("choice-all-bots")


def _what(words: Words, wish: Wish) -> str:
    return words.plain("choice-export-workbook") if wish.what == WORKBOOK else table_name(words, wish.what)


def _back(words: Words, wish: Wish) -> InlineKeyboardButton:
    to = OnBot(act=BotAct.EXPORT, bot=wish.bot.id) if wish.bot else Go(page=Page.EXPORT)
    return button(words.plain("button-back"), to)


def _bot_button(bot: BotCard) -> InlineKeyboardButton:
    paper = "📄 " if bot.is_paper else ""
    return button(f"{mark(bot)} {paper}#{bot.id} {bot.title}", OnBot(act=BotAct.EXPORT, bot=bot.id))
