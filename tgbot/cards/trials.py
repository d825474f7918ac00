"""Settings tried over candles: of which bot, over which days, and what came of it, risk first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import BotAct, Go, OnBot, Page, TrialFile, TrialRecent
from tgbot.cards.bots import mark
from tgbot.cards.card import CAPTION_LIMIT, Card, Row, blocks, button, in_rows, lines
from tgbot.cards.clocks import times_labels
from tgbot.cards.home import home_button
from tgbot.times import local_text, offset_text
from tgbot.words import Html, Words
from trading.core.instrument import ZERO, plain
from trading.desk.answers import BotCard, StrategyInfo, VenueInfo
from trading.desk.trial_answers import FUNDING_RATE, MOST_CANDLES, MOST_FILE_BYTES, TrialReport

DAYS = (1, 3, 7, 14, 30)
NO_BOT = 0
_MOST_BOTS = 60
_PICTURED = ("price", "bought", "sold", "profit", "drawdown", "liquidations")


def trial_bots_card(words: Words, bots: Sequence[BotCard], strategies: Sequence[StrategyInfo]) -> Card:
    """Of which bot? Those that candles say too little about are left out, with the reason."""
    lacks = {each.name: each.candles_lack for each in strategies}
    fit = [bot for bot in bots if not lacks.get(bot.strategy)]
    rows: list[Row] = [[_bot_button(bot)] for bot in fit[:_MOST_BOTS]]
    unfit = [each for each in strategies if each.candles_lack]
    reasons = [
        words("trial-unfit-line", strategy=words.plain(f"strategy-{each.name}"), reason=_lack(words, each.candles_lack))
        for each in unfit
    ]
    text = blocks(
        words("trial-which-bot") if fit else words("trial-no-bots"),
        words("trial-from-form"),
        lines(words("trial-unfit"), *reasons) if reasons else None,
    )
    return Card(text, [*rows, [button(words.plain("button-new"), Go(page=Page.NEW)), home_button(words)]])


def trial_days_card(words: Words, title: str, bot: int, draft: str) -> Card:
    """Over which candles? ``bot`` is NO_BOT for a form, ``draft`` "" for a bot."""
    choices = [
        button(words.plain("choice-days", count=days), TrialRecent(bot=bot, draft=draft, days=days)) for days in DAYS
    ]
    file = button(words.plain("button-trial-file"), TrialFile(bot=bot, draft=draft))
    text = lines(words("trial-head", title=title), words("trial-question"))
    return Card(text, [*in_rows(choices, 3), [file], [_back(words, bot), home_button(words)]])


def trial_unfit_card(words: Words, title: str, lack: str) -> Card:
    """Why not."""
    text = blocks(words("trial-head", title=title), words("trial-refused", reason=_lack(words, lack)))
    return Card(text, [[_more(words), home_button(words)]])


def trial_file_card(words: Words, title: str, problem: Html | None = None) -> Card:
    """What a file must be like."""
    text = blocks(
        problem,
        words("trial-head", title=title),
        words("trial-file", megabytes=str(MOST_FILE_BYTES // 1_000_000), candles=str(MOST_CANDLES)),
        Html("<pre>timestamp,open,high,low,close,volume\n2026-01-01T00:00:00Z,0.5012,0.5020,0.5003,0.5010,12000</pre>"),
    )
    return Card(text, [[_more(words), home_button(words)]])


def trial_title(words: Words, title: str, source: str) -> Html:
    return words("trial-title", title=title, source=source)


def days_words(words: Words, days: int) -> str:
    return words.plain("choice-days", count=days)


def trial_labels(words: Words, subtitle: str) -> Mapping[str, str]:
    """The words in the picture, by the keys that the chart knows."""
    pictured = {name: words.plain(f"picture-trial-{name}") for name in _PICTURED}
    return {**pictured, **times_labels(words), "paper": words.plain("picture-paper"), "subtitle": subtitle}


def trial_caption(words: Words, report: TrialReport, venues: Sequence[VenueInfo]) -> Html:
    """Under the picture: risk, then profit, then what it was made of, then what it is made from."""
    quote, rules = report.instrument.quote, report.instrument
    percent = report.net / report.deposit * 100 if report.deposit else ZERO
    risk = lines(
        words(
            "trial-drawdown",
            value=figures.money(report.drawdown, quote),
            quote=quote,
            percent=figures.percent(report.drawdown_percent),
        ),
        words("trial-liquidations", count=str(report.liquidations))
        if report.liquidations
        else words("trial-no-liquidations"),
    )
    profit = lines(
        words(
            "trial-net",
            value=figures.profit(report.net, quote),
            quote=quote,
            percent=figures.percent(percent),
            deposit=figures.money(report.deposit, quote),
        ),
        words(
            "trial-open",
            amount=figures.amount(report.position, rules),
            base=rules.base,
            value=figures.profit(report.unrealized, quote),
            quote=quote,
        )
        if report.position
        else None,
        words("trial-ended", cause=_cause(words, report.finished)) if report.finished else None,
    )
    made = lines(
        words("trial-cycles", cycles=str(report.cycles), won=str(report.won)),
        words("trial-fills", fills=str(report.fills), orders=str(report.orders)),
        words("trial-fees", value=figures.money(report.fees, quote), quote=quote),
        words(
            "trial-funding",
            value=figures.profit(report.funding, quote),
            quote=quote,
            rate=plain(FUNDING_RATE * 100),
        ),
        words("trial-refusals", count=str(sum(report.refusals.values()))) if report.refusals else None,
    )
    return blocks(
        words("trial-done", title=report.title),
        risk,
        profit,
        made,
        lines(*_data(words, report, venues)),
        words("trial-caveat"),
        limit=CAPTION_LIMIT,
    )


def trial_done_card(words: Words, title: Html) -> Card:
    """What the bar ends in; the picture stands below it."""
    return Card(blocks(title, words("trial-below")), [[_more(words), home_button(words)]])


def _data(words: Words, report: TrialReport, venues: Sequence[VenueInfo]) -> list[Html]:
    named = {each.id: each.title for each in venues}
    source = named.get(report.venue, words.plain("paper") if report.venue == "paper" else report.venue)
    told = [
        words("trial-data", venue=source, title=report.title)
        if report.venue
        else words("trial-data-file", title=report.title),
        words(
            "trial-data-candles",
            count=str(report.candles),
            minutes=_minutes(report.interval),
            first=local_text(report.started_at, words.zone, "%d.%m.%Y %H:%M"),
            last=local_text(report.ended_at, words.zone, "%d.%m.%Y %H:%M"),
            zone=offset_text(words.zone, report.ended_at),
        ),
        words("trial-data-prices", low=plain(report.low), high=plain(report.high)),
    ]
    if report.missing:
        told.append(words("trial-data-missing", count=str(report.missing)))
    return [*told, words("trial-mark", mark=report.mark)]


def _minutes(interval: timedelta) -> str:
    return plain(Decimal(int(interval.total_seconds())) / 60) if interval >= timedelta(minutes=1) else "<1"


def _cause(words: Words, code: str) -> Html:
    return words.first(f"cause-{code}", "plain", text=code)


def _lack(words: Words, lack: str) -> str:
    return words.plain(f"trial-lack-{lack}")


def _more(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-trial-more"), Go(page=Page.TRIALS))


def _back(words: Words, bot: int) -> InlineKeyboardButton:
    to = OnBot(act=BotAct.OPEN, bot=bot) if bot != NO_BOT else Go(page=Page.TRIALS)
    return button(words.plain("button-back"), to)


def _bot_button(bot: BotCard) -> InlineKeyboardButton:
    paper = "📄 " if bot.is_paper else ""
    return button(f"{mark(bot)} {paper}#{bot.id} {bot.title}", OnBot(act=BotAct.TRIAL, bot=bot.id))
