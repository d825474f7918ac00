"""By hand: the orders of all bots, one order canceled, a part of a position closed."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.banner import Banner
from tgbot.callbacks import AskCancel, AskReduce, BotAct, CancelOrder, Go, OnBot, OrdersPage, Page, ReduceBot, new_token
from tgbot.cards.bots import bot_card
from tgbot.cards.by_hand import (
    BOTS_A_PAGE,
    all_orders_card,
    cancel_order_card,
    reduce_card,
    reduce_confirm_card,
)
from tgbot.cards.card import Card
from tgbot.cards.orders import orders_card
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Activity, Person
from trading.desk.manual_answers import order_number
from trading.desk.protocol import DeskProtocol


def by_hand_router() -> Router:
    router = Router(name="by hand")
    router.message.register(open_all_orders, Command("orders"))
    router.callback_query.register(go_orders, Go.filter(F.page == Page.ORDERS))
    router.callback_query.register(turn_orders, OrdersPage.filter())
    router.callback_query.register(ask_cancel_order, AskCancel.filter())
    router.callback_query.register(cancel_order, CancelOrder.filter())
    router.callback_query.register(open_reduce, OnBot.filter(F.act == BotAct.REDUCE))
    router.callback_query.register(ask_reduce, AskReduce.filter())
    router.callback_query.register(reduce, ReduceBot.filter())
    return router


async def open_all_orders(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, await _all_orders(desk, person, words, 0))


async def go_orders(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, await _all_orders(desk, person, words, 0))


async def turn_orders(
    press: CallbackQuery, callback_data: OrdersPage, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    if not await show(press, await _all_orders(desk, person, words, callback_data.page)):
        toast.say(words.plain("up-to-date"))


async def ask_cancel_order(
    press: CallbackQuery, callback_data: AskCancel, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    shown = await desk.orders(person.id, bot.id)
    order = next((each for each in shown.live if order_number(each) == callback_data.order), None)
    if order is None:
        await show(press, orders_card(words, bot, shown))
        toast.say(words.plain("error-order_is_gone"), alert=True)
    else:
        await show(press, cancel_order_card(words, bot, order, callback_data.order, new_token(person.id)))


async def cancel_order(
    press: CallbackQuery, callback_data: CancelOrder, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    shown = await desk.cancel_order(person.id, callback_data.bot, callback_data.order, token=callback_data.token)
    await show(press, orders_card(words, await desk.bot(person.id, callback_data.bot), shown))
    toast.say(words.plain("cancel-order-begun"))


async def open_reduce(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, reduce_card(words, await desk.reductions(person.id, callback_data.bot)))


async def ask_reduce(
    press: CallbackQuery, callback_data: AskReduce, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    offer = await desk.reductions(person.id, callback_data.bot)
    if callback_data.percent not in offer.amounts or offer.is_underway:
        # Pressed on an old picture: what can be done now is shown instead.
        await show(press, reduce_card(words, offer))
        toast.say(words.plain("bot-has-changed"))
    else:
        await show(press, reduce_confirm_card(words, offer, callback_data.percent, new_token(person.id)))


async def reduce(
    press: CallbackQuery,
    callback_data: ReduceBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.reduce(person.id, callback_data.bot, callback_data.percent, token=callback_data.token)
    await banner.show(press, bot_card(words, bot))
    toast.say(words.plain("reduce-begun"))


async def _all_orders(desk: DeskProtocol, person: Person, words: Words, page: int) -> Card:
    """Bots that have orders or could have some; one that was deleted since, or turned past, moves nothing."""
    bots = [bot for bot in await desk.bots(person.id) if bot.open_orders or bot.activity is not Activity.STOPPED]
    pages = max(1, -(-len(bots) // BOTS_A_PAGE))
    page = min(max(0, page), pages - 1)
    chosen = bots[page * BOTS_A_PAGE : (page + 1) * BOTS_A_PAGE]
    return all_orders_card(words, [(bot, await desk.orders(person.id, bot.id)) for bot in chosen], page, pages)
