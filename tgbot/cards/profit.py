"""/profit: one part at a time, for what is paper or in another currency is never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import Go, OnProfit, Page
from tgbot.cards.card import CAPTION_LIMIT, Card, Row, blocks, button, clip, in_rows, lines, table
from tgbot.cards.clocks import times_labels, times_line
from tgbot.cards.home import home_button
from tgbot.words import Html, Words
from trading.core.hearing import zone_of
from trading.core.instrument import plain
from trading.desk.profit_answers import Period, ProfitPart, ProfitReport, ProfitRow, ProfitView

DEFAULT_PERIOD = Period.WEEK
_MOST_ROWS = 12
_PICTURED = (
    *("title", "by_hour", "by_day", "by_week", "by_month", "profit_equity", "profit_bars"),
    *("drawdown", "best", "worst"),
)


def profit_labels(words: Words, period: Period) -> Mapping[str, str]:
    """The words in the picture."""
    pictured = {name: words.plain(f"picture-profit-{name}") for name in _PICTURED}
    return {**pictured, **times_labels(words), "period": _period(words, period), "paper": words.plain("picture-paper")}


def period_of(text: str | None) -> Period | None:
    """What was said after /profit, in either language; the default for nothing, None for what is no period."""
    said = (text or "").strip().casefold()
    return _SAID.get(said) if said else DEFAULT_PERIOD


def profit_card(words: Words, report: ProfitReport) -> Card:
    """Fits under a picture. Risk before profit; realized before open."""
    part = report.chosen
    if part is None:
        return Card(words("bots-none"), [[button(words.plain("button-new"), Go(page=Page.NEW))], [home_button(words)]])
    text = blocks(
        lines(
            words(
                "profit-title",
                period=_period(words, report.period),
                span=_span(words, part),
            ),
            *(_part_line(words, each, each is part) for each in report.parts),
        ),
        _figures(words, part),
        _rows(words, part),
        times_line(words, part.now, is_paper=part.is_paper),
        words("bot-paper-note") if part.is_paper else None,
        limit=CAPTION_LIMIT,
    )
    return Card(text, _buttons(words, report, part))


def profit_help_card(words: Words, said: str) -> Card:
    """After /profit something was said that is no period."""
    choices = [_choice(words, period, None, ProfitView.EQUITY, None) for period in Period]
    return Card(words("profit-which-period", said=said), [choices, [home_button(words)]])


def signed(value: float | None, places: int = 2) -> str:
    """A ratio; a dash where there is too little to tell."""
    return figures.UNKNOWN if value is None else f"{value:.{places}f}"


def other_fees(words: Words, part: ProfitPart) -> Html | None:
    if not part.other_fees:
        return None
    paid = ", ".join(f"{plain(figures.significant(fee, 4))} {coin}" for coin, fee in sorted(part.other_fees.items()))
    return words("profit-other-fees", paid=paid)


def account_line(words: Words, part: ProfitPart) -> Html:
    return words("profit-paper" if part.is_paper else "profit-live", quote=part.quote)


def _figures(words: Words, part: ProfitPart) -> Html:
    quote = part.quote
    return lines(
        words(
            "profit-drawdown",
            value=figures.money(part.drawdown, quote),
            quote=quote,
            percent=figures.percent(part.drawdown_percent),
        ),
        words("profit-net", value=figures.profit(part.net, quote), quote=quote),
        words(
            "profit-costs",
            gross=figures.profit(part.gross, quote),
            fees=figures.money(part.fees, quote),
            funding=figures.profit(part.funding, quote),
        ),
        other_fees(words, part),
        words("profit-open", value=figures.profit(part.open_profit, quote)),
        words("profit-ratios", sharpe=signed(part.sharpe), factor=signed(part.profit_factor)),
    )


def _rows(words: Words, part: ProfitPart) -> Html:
    shown = sorted(part.rows, key=_weight)[:_MOST_ROWS]
    rows = [
        [
            f"{row.bot_id}",
            clip(row.title.split("/", maxsplit=1)[0], 7),
            figures.profit(row.net, part.quote),
            figures.money(row.fees, part.quote),
            figures.profit(row.open_profit, part.quote),
        ]
        for row in shown
    ]
    header = [words.plain(f"column-{name}") for name in ("bot", "pair", "net", "fees", "open")]
    more = len(part.rows) - len(shown)
    return lines(table(header, rows, left=2), words("bots-more", count=more) if more else None)


def _weight(row: ProfitRow) -> tuple[bool, object, int]:
    """Those that earned or lost most come first; those in which nothing happened last."""
    return not (row.net or row.open_profit), -abs(row.net), row.bot_id


def _buttons(words: Words, report: ProfitReport, part: ProfitPart) -> list[Row]:
    periods = [_choice(words, period, report.period, report.view, part) for period in Period]
    parts = [
        button(_marked(words, _part_name(words, each), each is part), _data(report.period, report.view, each))
        for each in report.parts
    ]
    other = ProfitView.BARS if report.view is ProfitView.EQUITY else ProfitView.EQUITY
    by = f"by_{part.unit}"
    view = button(
        words.plain(f"button-profit-{other}", unit=words.plain(f"picture-profit-{by}")),
        _data(report.period, other, part),
    )
    refresh = button(words.plain("button-refresh"), _data(report.period, report.view, part))
    rows: list[Row] = [periods]
    if len(parts) > 1:
        rows += in_rows(parts, 2)
    return [*rows, [view, refresh], [button(words.plain("button-stats"), Go(page=Page.STATS)), home_button(words)]]


def _choice(
    words: Words, period: Period, current: Period | None, view: ProfitView, part: ProfitPart | None
) -> InlineKeyboardButton:
    return button(_marked(words, words.plain(f"choice-period-{period}"), period is current), _data(period, view, part))


def _data(period: Period, view: ProfitView, part: ProfitPart | None) -> OnProfit:
    is_paper, quote = part.key if part else (False, "")
    return OnProfit(period=period, view=view, paper=is_paper, quote=quote)


def _marked(words: Words, text: str, is_current: bool) -> str:
    return words.plain("choice-current", choice=text) if is_current else text


def _part_name(words: Words, part: ProfitPart) -> str:
    return words.plain("choice-part-paper" if part.is_paper else "choice-part-live", quote=part.quote)


def _part_line(words: Words, part: ProfitPart, is_chosen: bool) -> Html:
    key = "profit-part-chosen" if is_chosen else "profit-part"
    return words(key, part=_part_name(words, part), net=figures.profit(part.net, part.quote))


def _period(words: Words, period: Period) -> str:
    return words.plain(f"profit-period-{period}")


def _span(words: Words, part: ProfitPart) -> str:
    """The days that the period has had so far."""
    zone = zone_of(words.zone)
    first, last = part.since.astimezone(zone), part.now.astimezone(zone)
    pattern = "%d.%m" if last - first < timedelta(days=300) else "%d.%m.%y"
    days: Sequence[str] = [at.strftime(pattern) for at in (first, last)]
    return days[0] if days[0] == days[1] else " – ".join(days)


_SAID: Mapping[str, Period] = {
    **{period.value: period for period in Period},
    **{"today": Period.DAY, "день": Period.DAY, "сегодня": Period.DAY, "неделя": Period.WEEK, "неделю": Period.WEEK},
    **{"месяц": Period.MONTH, "всё": Period.ALL, "все": Period.ALL},
}
