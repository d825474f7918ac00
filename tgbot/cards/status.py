"""All bots in one table, and /panic."""

from __future__ import annotations

from collections.abc import Sequence

from tgbot import figures
from tgbot.callbacks import Go, Page, Panic
from tgbot.cards.bots import bots_button, mark
from tgbot.cards.card import Card, blocks, button, clip, lines, table
from tgbot.cards.home import home_button
from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.core.instrument import ZERO
from trading.desk.answers import Activity, BotCard

_MOST_ROWS = 30
_MOST_ERRORS = 5


def status_card(words: Words, bots: Sequence[BotCard]) -> Card:
    """Live and paper apart, so that the one is never added to the other."""
    refresh = button(words.plain("button-refresh"), Go(page=Page.STATUS))
    if not bots:
        return Card(words("bots-none"), [[button(words.plain("button-new"), Go(page=Page.NEW)), home_button(words)]])
    live, paper = [bot for bot in bots if not bot.is_paper], [bot for bot in bots if bot.is_paper]
    errors = [bot for bot in bots if bot.last_error][:_MOST_ERRORS]
    text = blocks(
        words("status-title"),
        _part(words, "status-live", live),
        _part(words, "status-paper", paper),
        lines(
            *(
                words(
                    "status-error",
                    id=str(bot.id),
                    title=bot.title,
                    error=words.first(f"reason-{bot.last_error}", "reason-other", code=bot.last_error),
                )
                for bot in errors
            )
        )
        if errors
        else None,
        words("status-legend"),
    )
    orders = button(words.plain("button-orders"), Go(page=Page.ORDERS))
    return Card(text, [[refresh, orders], [bots_button(words), home_button(words)]])


def panic_card(words: Words, bots: Sequence[BotCard], token: str) -> Card:
    """Asks once. Works in any state, so it is offered even when nothing seems to run."""
    live = sum(not bot.is_paper for bot in bots)
    text = blocks(
        words("panic-title"),
        words("panic-what", live=live, paper=len(bots) - live),
        words("panic-slippage"),
    )
    return Card(text, [[button(words.plain("button-panic-yes"), Panic(token=token))], [home_button(words)]])


def panic_done_card(words: Words, bots: Sequence[BotCard]) -> Card:
    told = lines(
        *(
            words(
                "panic-line",
                mark=mark(bot),
                id=str(bot.id),
                title=bot.title,
                orders=str(bot.open_orders),
                position=figures.amount(bot.position, bot.instrument),
            )
            for bot in bots[:_MOST_ROWS]
        )
    )
    text = blocks(words("panic-done", count=len(bots)), told or None, words("panic-follows"))
    return Card(text, [[button(words.plain("button-status"), Go(page=Page.STATUS)), home_button(words)]])


def _part(words: Words, key: str, bots: Sequence[BotCard]) -> Html | None:
    if not bots:
        return None
    # Emoji are wider than a column, so the table says the state with one plain letter.
    rows = [
        [
            f"{bot.id}{_letter(bot.activity)}",
            clip(bot.title.split("/")[0], 7),
            clip(figures.amount(bot.position, bot.instrument), 8),
            str(bot.open_orders),
            figures.profit(bot.unrealized, Coins.of(bot.symbol).quote),
            figures.profit(bot.realized_net, Coins.of(bot.symbol).quote),
        ]
        for bot in bots[:_MOST_ROWS]
    ]
    header = [words.plain(f"column-{name}") for name in ("bot", "pair", "position", "orders", "unrealized", "realized")]
    quotes = dict.fromkeys(Coins.of(bot.symbol).quote for bot in bots)
    totals = [_total(words, quote, [bot for bot in bots if Coins.of(bot.symbol).quote == quote]) for quote in quotes]
    more = words("bots-more", count=len(bots) - _MOST_ROWS) if len(bots) > _MOST_ROWS else None
    return lines(words(key), table(header, rows, left=2, most_rows=_MOST_ROWS), more, *totals)


def _total(words: Words, quote: str, bots: Sequence[BotCard]) -> Html:
    """By currency: what is in another one is never added."""
    unrealized = sum((bot.unrealized or ZERO for bot in bots), ZERO)
    realized = sum((bot.realized_net for bot in bots), ZERO)
    return words(
        "status-total",
        unrealized=figures.profit(unrealized, quote),
        realized=figures.profit(realized, quote),
        quote=quote,
    )


def _letter(activity: Activity) -> str:
    return {
        Activity.RUNNING: "▸",
        Activity.COOLING_DOWN: "~",
        Activity.PAUSED: "‖",
        Activity.STOPPING: "…",
        Activity.STOPPED: "×",
    }[activity]
