"""What a stretch of time brought: a digest after quiet hours, and the daily report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tgbot import figures
from tgbot.callbacks import Go, HearPage, OnHearing, Page
from tgbot.cards.card import CAPTION_LIMIT, Card, blocks, button, lines
from tgbot.cards.clocks import times_labels
from tgbot.cards.hearing import topic_name
from tgbot.cards.home import home_button
from tgbot.times import clock_text
from tgbot.words import Html, Words
from trading.core.summaries import CyclesProfit, DailyReport, DayOfBot, DayOfBots, Digest

_MOST_BOTS = 8
_DAY = 86_400


def digest_card(words: Words, digest: Digest, important: Sequence[Html]) -> Card:
    """``important`` are the last lines that matter, already worded; the first of them go where there is no room."""
    counts = [
        words("digest-count", topic=topic_name(words, each.topic), count=str(each.count)) for each in digest.counts
    ]
    text = blocks(
        words("notice-digest", since=clock_text(digest.since, words.zone)),
        lines(*counts),
        lines(*(_cycles(words, each) for each in digest.profits)),
        words("digest-important") if important else None,
        # What cannot be shown for length is left out from the end: the newest come first.
        *reversed(important),
    )
    bots = button(words.plain("button-all-bots"), Go(page=Page.BOTS))
    return Card(text, [[bots, home_button(words)]])


def daily_card(words: Words, report: DailyReport) -> Card:
    """Real money before paper, risk before single bots; fits under a picture."""
    text = blocks(
        words("notice-daily_report", day=f"{report.day:%d.%m.%Y}"),
        *(_group(words, group, report.bots) for group in report.groups),
        limit=CAPTION_LIMIT,
    )
    bots = button(words.plain("button-all-bots"), Go(page=Page.BOTS))
    when = button(words.plain("button-daily-when"), OnHearing(page=HearPage.REPORT))
    return Card(text, [[bots, home_button(words)], [when]])


def daily_labels(words: Words, report: DailyReport) -> Mapping[str, str]:
    """The words in the picture of a day, which shows the first group."""
    length = _paper_length(words, report.groups[0]) if report.groups else None
    usual = words.plain("picture-daily-title")
    return {
        "title": usual,
        "title_paper": words.plain("picture-daily-title-paper", length=length) if length else usual,
        "profit": words.plain("picture-daily-profit"),
        "drawdown": words.plain("picture-daily-drawdown"),
        "paper": words.plain("picture-paper"),
        **times_labels(words),
    }


def _group(words: Words, group: DayOfBots, bots: Sequence[DayOfBot]) -> Html:
    own = [each for each in bots if (each.is_paper, each.quote) == (group.is_paper, group.quote)]
    # Those that moved most are what one wants to see.
    shown = sorted(own, key=lambda each: -abs(each.net))[:_MOST_BOTS]
    return lines(
        words(
            "daily-paper" if group.is_paper else "daily-live",
            quote=group.quote,
            net=figures.profit(group.net, group.quote),
        ),
        words("daily-paper-clock", length=length) if (length := _paper_length(words, group)) else None,
        words(
            "daily-risk",
            drawdown=figures.money(group.drawdown, group.quote),
            percent=figures.percent(group.drawdown_percent),
            open=figures.profit(group.open_profit, group.quote),
        ),
        words("daily-fills", fills=group.fills, bots=len(own)),
        *(_bot(words, each) for each in sorted(shown, key=lambda each: each.bot_id)),
        words("daily-more", count=len(own) - len(shown)) if len(own) > len(shown) else None,
    )


def _paper_length(words: Words, group: DayOfBots) -> str | None:
    """How long the paper account's day was; None where it was as long as anybody's."""
    if not group.is_paper or abs(group.seconds - _DAY) < _DAY / 100:
        return None
    days, hours = round(group.seconds / _DAY), round(group.seconds / 3600)
    return words.plain("choice-days", count=days) if days > 1 else words.plain("span-hours", count=hours)


def _bot(words: Words, bot: DayOfBot) -> Html:
    return words(
        "daily-bot",
        id=str(bot.bot_id),
        title=bot.symbol.split(":", maxsplit=1)[0],
        net=figures.profit(bot.net, bot.quote),
        fills=bot.fills,
    )


def _cycles(words: Words, profit: CyclesProfit) -> Html:
    key = "digest-paper" if profit.is_paper else "digest-live"
    return words(key, cycles=profit.cycles, net=figures.profit(profit.net, profit.quote), quote=profit.quote)
