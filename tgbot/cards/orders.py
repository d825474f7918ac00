"""A bot's orders, with a button for each that can be taken off by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import AskCancel, BotAct, OnBot
from tgbot.cards.bots import account_name, back_to
from tgbot.cards.card import TABLE_WIDTH, Card, blocks, button, clip, in_rows, lines, table
from tgbot.cards.clocks import times_line
from tgbot.cards.home import home_button
from tgbot.times import local_text
from tgbot.words import Html, Words
from trading.core.instrument import ZERO, Instrument
from trading.core.orders import Order
from trading.desk.answers import Activity, BotCard, BotOrders
from trading.desk.manual_answers import order_number

_LIVE_ROWS, _RECENT_ROWS = 40, 15
_MOST_CANCELS = 40


def orders_card(words: Words, bot: BotCard, orders: BotOrders) -> Card:
    instrument = orders.instrument or bot.instrument
    live = sorted(orders.live, key=lambda order: order.price or order.trigger_price or ZERO, reverse=True)
    text = blocks(
        words("orders-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        lines(words("orders-live", count=len(live)), live_table(words, live, instrument)) if live else None,
        None if live else words("orders-none"),
        lines(
            words("orders-recent"),
            _recent_table(words, orders.recent[:_RECENT_ROWS], instrument),
            times_line(words, orders.recent[0].updated_at, is_paper=bot.is_paper),
        )
        if orders.recent
        else None,
    )
    act = button(words.plain("button-refresh"), OnBot(act=BotAct.ORDERS, bot=bot.id))
    cancels = [] if bot.activity is Activity.STOPPED else list(_cancel_buttons(words, bot, live))
    note = words("orders-cancel-how") if cancels else None
    return Card(blocks(text, note), [*in_rows(cancels, 2), [act], [back_to(words, bot.id), home_button(words)]])


def live_table(
    words: Words, orders: Sequence[Order], instrument: Instrument | None, most_rows: int = _LIVE_ROWS
) -> Html:
    rows = [
        [
            _order_name(words, order),
            figures.price(order.price or order.trigger_price, instrument),
            figures.amount(order.remaining, instrument),
        ]
        for order in orders
    ]
    header = [words.plain("column-order"), words.plain("column-price"), words.plain("column-amount")]
    return table(header, [[clip(cell, TABLE_WIDTH // 2 - 3) for cell in row] for row in rows], most_rows=most_rows)


def _cancel_buttons(words: Words, bot: BotCard, orders: Sequence[Order]) -> Iterator[InlineKeyboardButton]:
    """One for each order that may be canceled by hand."""
    for order in orders[:_MOST_CANCELS]:
        number = order_number(order)
        if number is not None:
            price = figures.price(order.price, bot.instrument)
            label = words.plain("button-cancel-order", side=words.plain(f"side-{order.side.value}"), price=price)
            yield button(label, AskCancel(bot=bot.id, order=number))


def _recent_table(words: Words, orders: Sequence[Order], instrument: Instrument | None) -> Html:
    rows = [
        [
            local_text(order.updated_at, words.zone, "%H:%M"),
            _order_name(words, order),
            figures.price(order.average or order.price, instrument),
            words.plain(f"order-{order.status.value}"),
        ]
        for order in orders
    ]
    header = [words.plain(f"column-{name}") for name in ("time", "order", "price", "state")]
    return table(header, [[clip(cell, 12) for cell in row] for row in rows], left=2)


def _order_name(words: Words, order: Order) -> str:
    if order.role.is_exit:
        return words.plain(f"role-{order.role.value}")
    return words.plain(f"side-{order.side.value}")
