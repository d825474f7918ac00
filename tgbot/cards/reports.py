"""What a bot has to show for itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from tgbot.callbacks import BotAct, OnBot
from tgbot.cards.bots import account_name, back_to
from tgbot.cards.card import CAPTION_LIMIT, Card, blocks, button, lines
from tgbot.cards.clocks import times_labels
from tgbot.cards.home import home_button
from tgbot.coins import Coins
from tgbot.forms import raw_text
from tgbot.times import zone_name
from tgbot.words import Html, Words
from trading.desk.answers import BotCard, BotReport


class Period(StrEnum):
    """How far back, from the bot's own now."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"

    @property
    def length(self) -> timedelta | None:
        return {Period.DAY: timedelta(days=1), Period.WEEK: timedelta(days=7), Period.MONTH: timedelta(days=30)}.get(
            self
        )


_PICTURED = (
    *("median", "p95", "count", "millisecond", "second", "minute", "hour"),
    *("spread", "depth", "kept", "breached", "unknown", "breaches", "no_breaches", "and_more", "open"),
    *("cause_paused", "cause_stopping", "cause_venue_away", "cause_reference_gone", "cause_reference_stale"),
    *("cause_sources_apart", "cause_refused_orders", "cause_our_balance", "cause_balance_unknown", "cause_inventory"),
    *("cause_deposit", "cause_moving", "cause_market"),
)
"""Words in the pictures of reports, by the keys that the charts know."""


def report_labels(words: Words, bot: BotCard) -> Mapping[str, str]:
    """The words in a report's picture; ``{count}`` in one is filled in by the chart."""
    pictured = {name: words.plain(f"picture-report-{name}", count="{count}") for name in _PICTURED}
    return {**pictured, **times_labels(words), "paper": words.plain("picture-paper"), "subtitle": _subtitle(words, bot)}


def _subtitle(words: Words, bot: BotCard) -> str:
    """What a strategy of this kind was to keep, as it is set now; nothing where there are no words for it."""
    key = f"picture-report-subtitle-{bot.strategy}"
    if not words.has(key):
        return ""
    settings = {name: raw_text(value) for name, value in bot.config.items()}
    return words.plain(key, **settings, **Coins.of(bot.symbol).values())


def statistics_card(words: Words, bot: BotCard, report: BotReport) -> Card:
    """Figures in the strategy's own order; fits under a picture."""
    told = [_figure(words, code, value) for code, value in report.figures.items()]
    text = blocks(
        words("statistics-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        lines(*told) if told else words("statistics-none"),
        words("statistics-days", zone=zone_name(words.zone)) if "uptime_days" in report.figures else None,
        words("bot-paper-note") if bot.is_paper else None,
        limit=CAPTION_LIMIT,
    )
    export = button(words.plain("button-export"), OnBot(act=BotAct.EXPORT, bot=bot.id))
    return Card(text, [[export], [back_to(words, bot.id), home_button(words)]])


def _figure(words: Words, code: str, value: str) -> Html:
    key = f"figure-report-{code}"
    return words(key, value=value) if words.has(key) else words("figure-report-other", code=code, value=value)
