"""What is done by hand: a part of a position closed, one order canceled; and the orders of all bots."""

from __future__ import annotations

from collections.abc import Sequence

from tgbot import figures
from tgbot.callbacks import AskReduce, AskStop, BotAct, CancelOrder, Go, OnBot, OrdersPage, Page, ReduceBot
from tgbot.cards.bots import account_name, back_to, key_for, position_lines
from tgbot.cards.card import Card, blocks, button, in_rows, lines
from tgbot.cards.home import home_button
from tgbot.cards.orders import live_table
from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.core.instrument import ZERO
from trading.core.orders import Order
from trading.desk.answers import BotCard, BotOrders, StopChoice
from trading.desk.manual_answers import ReductionOffer

BOTS_A_PAGE = 5
_ROWS_A_BOT = 12


def reduce_card(words: Words, offer: ReductionOffer) -> Card:
    """What of the position can be closed now, and closing all of it, which stops the bot."""
    bot = offer.bot
    coins, is_held = Coins.of(bot.symbol), not figures.is_dust(bot.position, bot.instrument)
    text = blocks(
        words("reduce-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        position_lines(words, bot),
        words("reduce-underway") if offer.is_underway else None,
        words(key_for(words, "reduce-how", bot) if offer.amounts else "reduce-too-little") if is_held else None,
        words("reduce-close-all") if is_held else None,
    )
    shares = [
        button(
            words.plain(
                "button-reduce-share",
                percent=str(percent),
                amount=figures.amount(amount, bot.instrument),
                base=coins.base,
            ),
            AskReduce(bot=bot.id, percent=percent),
        )
        for percent, amount in offer.amounts.items()
        if not offer.is_underway
    ]
    everything = button(words.plain("button-reduce-all"), AskStop(bot=bot.id, choice=StopChoice.CLOSE_ALL))
    rows = [*in_rows(shares, 1), [everything] if is_held else []]
    return Card(text, [*rows, [back_to(words, bot.id), home_button(words)]])


def reduce_confirm_card(words: Words, offer: ReductionOffer, percent: int, token: str) -> Card:
    bot, amount = offer.bot, offer.amounts[percent]
    coins = Coins.of(bot.symbol)
    is_known = bot.price is not None and bot.average is not None
    side = 1 if bot.position > 0 else -1
    result = (bot.price - bot.average) * amount * side if bot.price is not None and bot.average is not None else ZERO
    text = blocks(
        words("reduce-sure", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words(
            "reduce-what",
            percent=str(percent),
            amount=figures.amount(amount, bot.instrument),
            held=figures.amount(abs(bot.position), bot.instrument),
            base=coins.base,
        ),
        words(
            "reduce-result", price=figures.price(bot.price, bot.instrument), value=figures.profit(result, coins.quote)
        )
        if is_known
        else None,
        words(key_for(words, "reduce-how", bot)),
    )
    yes = button(words.plain("button-reduce-yes", percent=str(percent)), _reduce(bot, percent, token))
    return Card(text, [[yes], [button(words.plain("button-back"), OnBot(act=BotAct.REDUCE, bot=bot.id))]])


def cancel_order_card(words: Words, bot: BotCard, order: Order, number: int, token: str) -> Card:
    """What it means to cancel this order by hand."""
    text = blocks(
        words("cancel-order-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words(
            "cancel-order-what",
            side=words.plain(f"side-{order.side.value}"),
            amount=figures.amount(order.remaining, bot.instrument),
            base=Coins.of(bot.symbol).base,
            price=figures.price(order.price, bot.instrument),
        ),
        words(key_for(words, "cancel-order-stays" if order.one_shot else "cancel-order-returns", bot)),
    )
    yes = button(words.plain("button-cancel-order-yes"), CancelOrder(bot=bot.id, order=number, token=token))
    return Card(text, [[yes], [button(words.plain("button-back"), OnBot(act=BotAct.ORDERS, bot=bot.id))]])


def all_orders_card(words: Words, shown: Sequence[tuple[BotCard, BotOrders]], page: int, pages: int) -> Card:
    """The open orders of some of a person's bots; ``page`` counts from 0."""
    if not shown:
        return Card(
            words("orders-all-none"),
            [[button(words.plain("button-all-bots"), Go(page=Page.BOTS))], [home_button(words)]],
        )
    text = blocks(
        words("orders-all-title", page=str(page + 1), pages=str(pages)) if pages > 1 else words("orders-all-title-one"),
        *(_orders_of(words, bot, orders) for bot, orders in shown),
    )
    bots = [
        button(
            words.plain("button-orders-of", id=str(bot.id), title=bot.title, count=len(orders.live)),
            OnBot(act=BotAct.ORDERS, bot=bot.id),
        )
        for bot, orders in shown
    ]
    turning = [
        button("‹", OrdersPage(page=page - 1)) if page else None,
        button("›", OrdersPage(page=page + 1)) if page + 1 < pages else None,
    ]
    refresh = button(words.plain("button-refresh"), OrdersPage(page=page))
    return Card(text, [*in_rows(bots, 1), [each for each in turning if each], [refresh, home_button(words)]])


def _orders_of(words: Words, bot: BotCard, orders: BotOrders) -> Html:
    live = sorted(orders.live, key=lambda order: order.price or order.trigger_price or ZERO, reverse=True)
    head = words("orders-all-bot", id=str(bot.id), title=bot.title, account=account_name(words, bot), count=len(live))
    return lines(head, live_table(words, live, orders.instrument or bot.instrument, _ROWS_A_BOT) if live else None)


def _reduce(bot: BotCard, percent: int, token: str) -> ReduceBot:
    return ReduceBot(bot=bot.id, percent=percent, token=token)
