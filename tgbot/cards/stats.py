"""/stats: what is measured of the trading, and for admins of the process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from tgbot import figures
from tgbot.callbacks import Go, Page
from tgbot.cards.card import Card, blocks, button, clip, lines, table
from tgbot.cards.home import home_button
from tgbot.cards.profit import account_line, other_fees, signed
from tgbot.words import Html, Words
from trading.desk.profit_answers import CallFigures, Period, Statistics, SystemFigures, TradingFigures

_MOST_CALLS = 40
_MOST_BUDGETS = 12


def stats_card(words: Words, found: Statistics) -> Card:
    text = blocks(
        words("stats-title"),
        *([_trading(words, part) for part in found.parts] or [words("stats-no-bots")]),
        *(_system(words, found.system) if found.system else ()),
    )
    buttons = [button(words.plain("button-refresh"), Go(page=Page.STATS))]
    buttons += [button(words.plain("button-profit"), Go(page=Page.PROFIT))] if found.parts else []
    return Card(text, [buttons, [home_button(words)]])


def _trading(words: Words, part: TradingFigures) -> Html:
    whole, quote = part.whole, part.whole.quote
    return lines(
        account_line(words, whole),
        words(
            "profit-drawdown",
            value=figures.money(whole.drawdown, quote),
            quote=quote,
            percent=figures.percent(whole.drawdown_percent),
        ),
        words(
            "stats-profits",
            quote=quote,
            **{period.value: figures.profit(part.profits[period], quote) for period in Period},
        ),
        words(
            "profit-costs",
            gross=figures.profit(whole.gross, quote),
            fees=figures.money(whole.fees, quote),
            funding=figures.profit(whole.funding, quote),
        ),
        other_fees(words, whole),
        words("profit-ratios", sharpe=signed(whole.sharpe), factor=signed(whole.profit_factor)),
        words("stats-orders", active=str(part.active_orders), ended=str(part.orders_ended)),
        words("stats-filled", share=_percent(part.filled_share), maker=_percent(part.maker_share)),
        None
        if part.mean_take_profit is None
        else words(
            "stats-take-profit",
            value=figures.profit(part.mean_take_profit, quote),
            quote=quote,
            count=part.take_profits,
        ),
        None if part.rounds_a_day is None else words("stats-rounds", value=signed(part.rounds_a_day, 1)),
        words("stats-requotes", count=str(part.requotes)),
    )


def _system(words: Words, system: SystemFigures) -> Sequence[Html | None]:
    lag = system.lag
    return (
        lines(
            words("stats-system"),
            words(
                "stats-lag",
                p50=figures.UNKNOWN if lag is None else _milliseconds(lag.p50),
                p95=figures.UNKNOWN if lag is None else _milliseconds(lag.p95),
                longest=figures.UNKNOWN if lag is None else _milliseconds(lag.longest),
            ),
            words(
                "stats-memory",
                memory=f"{system.memory_bytes / 1_000_000:.0f}",
                database=f"{system.database_bytes / 1_000_000:.1f}",
            ),
            words("stats-queues", writes=str(system.writes_waiting), notices=str(system.notices_waiting)),
            _gaps(words, system),
        ),
        _budgets(words, system),
        *(_calls(words, venue, list(calls)) for venue, calls in groupby(system.calls, lambda each: each.venue)),
        words("stats-since-start"),
    )


def _gaps(words: Words, system: SystemFigures) -> Html:
    if not system.gaps:
        return words("stats-no-gaps")
    told = ", ".join(f"{venue} {words.plain(f'stream-{kind}')} {count}" for (venue, kind), count in system.gaps.items())
    return words("stats-gaps", told=told)


def _budgets(words: Words, system: SystemFigures) -> Html | None:
    if not system.budgets:
        return None
    busiest = sorted(system.budgets, key=lambda budget: -budget.used_share)[:_MOST_BUDGETS]
    return lines(
        words("stats-budgets"),
        *(
            words(
                "stats-budget",
                venue=budget.venue,
                channel=words.plain(f"channel-{budget.channel}"),
                account=budget.account,
                share=_percent(budget.used_share),
                rate=f"{budget.rate:.0f}",
                queued=str(budget.queued),
            )
            for budget in busiest
        ),
    )


def _calls(words: Words, venue: str, calls: Sequence[CallFigures]) -> Html:
    """Milliseconds; the busiest first."""
    rows = [
        [
            clip(call.call, 13),
            _milliseconds(call.latency.p50),
            _milliseconds(call.latency.p95),
            figures.short_count(call.count),
            figures.short_count(call.failed),
        ]
        for call in sorted(calls, key=lambda call: -call.count)[:_MOST_CALLS]
    ]
    header = [words.plain(f"column-{name}") for name in ("call", "p50", "p95", "count", "failed")]
    return lines(words("stats-calls", venue=venue), table(header, rows))


def _percent(share: float | None) -> str:
    return figures.UNKNOWN if share is None else f"{share * 100:.0f} %"


def _milliseconds(seconds: float) -> str:
    value = timedelta(seconds=seconds) / timedelta(milliseconds=1)
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
