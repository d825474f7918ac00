"""A bot's card, and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import BotAct, Go, OnBot, Page
from tgbot.cards.accounts import key_name
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.cards.doing import doing_lines
from tgbot.cards.home import home_button
from tgbot.coins import Coins
from tgbot.times import clock_text
from tgbot.words import Html, Words
from trading.core.instrument import ZERO, plain
from trading.desk.answers import Activity, BotCard

_MOST_BOTS = 60
_RECORDS = ((BotAct.CHART, BotAct.STATISTICS), (BotAct.TRIAL, BotAct.EXPORT))
_BUTTONS: dict[Activity, tuple[tuple[BotAct, ...], ...]] = {
    Activity.RUNNING: ((BotAct.PAUSE, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.COOLING_DOWN: ((BotAct.PAUSE, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.PAUSED: ((BotAct.RESUME, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.STOPPING: ((BotAct.STOP, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.STOPPED: ((BotAct.START, BotAct.EDIT), (BotAct.ORDERS, BotAct.DELETE, BotAct.REFRESH), *_RECORDS),
}


def is_spot(bot: BotCard) -> bool:
    return ":" not in bot.symbol


def key_for(words: Words, key: str, bot: BotCard) -> str:
    """A bot's sentence in the words of its strategy, else of its kind of market, else as it is for all."""
    return words.key_for(key, bot.strategy, *(("spot",) if is_spot(bot) else ()))


def account_name(words: Words, bot: BotCard) -> Html:
    """Paper is always marked, so that it is never taken for money."""
    if bot.is_paper:
        return words("paper")
    key = "account-live" if bot.is_proven else "account-unproven"
    return words(key, name=key_name(bot.venue_title, bot.key_label))


def mark(bot: BotCard) -> str:
    return {
        Activity.RUNNING: "🟢",
        Activity.COOLING_DOWN: "⏳",
        Activity.PAUSED: "⏸",
        Activity.STOPPING: "🟠",
        Activity.STOPPED: "⏹",
    }[bot.activity]


def bots_card(words: Words, bots: Sequence[BotCard]) -> Card:
    if not bots:
        return Card(words("bots-none"), [[button(words.plain("button-new"), Go(page=Page.NEW))], [home_button(words)]])
    rows = [[button(_bot_line(words, bot), OnBot(act=BotAct.OPEN, bot=bot.id))] for bot in bots[:_MOST_BOTS]]
    more = words("bots-more", count=len(bots) - _MOST_BOTS) if len(bots) > _MOST_BOTS else None
    return Card(
        lines(words("bots-title", count=len(bots)), words("bots-legend"), more),
        [*rows, [button(words.plain("button-new"), Go(page=Page.NEW)), home_button(words)]],
    )


def bot_card(words: Words, bot: BotCard) -> Card:
    rows = [[_act_button(words, act, bot) for act in row] for row in _BUTTONS[bot.activity]]
    if not figures.is_dust(bot.position, bot.instrument) and bot.activity is not Activity.STOPPED:
        rows.insert(1, [_act_button(words, BotAct.REDUCE, bot)])
    return Card(bot_text(words, bot), [*rows, [bots_button(words), home_button(words)]])


def bot_text(words: Words, bot: BotCard) -> Html:
    return blocks(
        lines(
            words("bot-title", mark=mark(bot), id=str(bot.id), title=bot.title, account=account_name(words, bot)),
            _activity_line(words, bot),
            *(doing_lines(words, bot) if bot.activity is Activity.RUNNING else ()),
        ),
        position_lines(words, bot),
        lines(
            _today_line(words, bot),
            words(key_for(words, "bot-realized", bot), value=_profit(bot, bot.realized_net), cycles=bot.cycles),
            words(
                key_for(words, "bot-deposit", bot),
                value=figures.money(bot.deposit, Coins.of(bot.symbol).quote),
                quote=Coins.of(bot.symbol).quote,
                percent=_percent(bot.realized_net, bot.deposit),
            ),
        ),
        words("bot-error", error=_reason(words, bot.last_error)) if bot.last_error else None,
        words("bot-paper-note") if bot.is_paper else None,
        None if bot.is_proven else words("bot-unproven-note", venue=bot.venue_title),
    )


def bots_button(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-all-bots"), Go(page=Page.BOTS))


def back_to(words: Words, bot_id: int) -> InlineKeyboardButton:
    return button(words.plain("button-back"), OnBot(act=BotAct.OPEN, bot=bot_id))


def _act_button(words: Words, act: BotAct, bot: BotCard) -> InlineKeyboardButton:
    return button(words.plain(f"button-{act.name.lower()}"), OnBot(act=act, bot=bot.id))


def _bot_line(words: Words, bot: BotCard) -> str:
    key = "bots-line-paper" if bot.is_paper else "bots-line-live" if bot.is_proven else "bots-line-unproven"
    return words.plain(key, mark=mark(bot), id=str(bot.id), title=bot.title, profit=_profit(bot, bot.realized_net))


def _profit(bot: BotCard, value: Decimal | None) -> str:
    return figures.profit(value, Coins.of(bot.symbol).quote)


def _today_line(words: Words, bot: BotCard) -> Html:
    return words("bot-today-paper" if bot.is_paper else "bot-today", value=_profit(bot, bot.today_net))


def _activity_line(words: Words, bot: BotCard) -> Html:
    if bot.activity is Activity.COOLING_DOWN and bot.cooldown_until is not None:
        key = "activity-cooling_down-paper" if bot.is_paper else "activity-cooling_down-until"
        return words(key, until=clock_text(bot.cooldown_until, words.zone, "%H:%M:%S"))
    line = words(key_for(words, f"activity-{bot.activity.value}", bot))
    if bot.cause and bot.activity in (Activity.PAUSED, Activity.STOPPING, Activity.STOPPED):
        return words(
            "activity-because", activity=line, cause=words.first(f"cause-{bot.cause}", "cause-other", code=bot.cause)
        )
    return line


def position_lines(words: Words, bot: BotCard) -> Html:
    """Price, position and its exit, orders."""
    instrument = bot.instrument
    key = "bot-price-stale" if bot.price_is_stale else "bot-price"
    price = words(key, price=figures.price(bot.price, instrument)) if bot.price is not None else None
    orders = words("bot-orders", count=bot.open_orders)
    if figures.is_dust(bot.position, instrument):
        return lines(price, words(key_for(words, "bot-no-position", bot)), orders)
    base = instrument.base if instrument else ""
    return lines(
        price,
        words(
            key_for(words, "bot-position-long" if bot.position > 0 else "bot-position-short", bot),
            amount=figures.amount(abs(bot.position), instrument),
            base=base,
            average=figures.price(bot.average, instrument),
        ),
        None if is_spot(bot) else _take_profit_line(words, bot),
        words("bot-unrealized", value=_profit(bot, bot.unrealized)),
        orders,
    )


def _take_profit_line(words: Words, bot: BotCard) -> Html:
    if bot.take_profit is None:
        return words("bot-no-take-profit")
    return words("bot-take-profit", price=figures.price(bot.take_profit, bot.instrument))


def _percent(part: Decimal, whole: Decimal) -> str:
    """With its sign, and none where nothing is left of it."""
    text = f"{part / whole * 100:+.2f}" if whole else plain(ZERO)
    return text[1:] if not text.strip("+-0.") else text


def _reason(words: Words, code: str) -> Html:
    return words.first(f"reason-{code}", "reason-other", code=code)
