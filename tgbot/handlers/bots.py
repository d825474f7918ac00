"""The list of bots and a bot's card: pause, resume, stop, start again, orders, refresh, delete."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.banner import Banner
from tgbot.callbacks import AskStop, BotAct, DeleteBot, Go, OnBot, Page, StartBot, StopBot, new_token
from tgbot.cards.bots import bot_card, bots_card, key_for
from tgbot.cards.orders import orders_card
from tgbot.cards.steering import delete_bot_card, start_again_card, stop_card, stop_confirm_card
from tgbot.screen import Toast, show
from tgbot.words import Words
from trading.desk.answers import Activity, BotCard, DeskError, Person
from trading.desk.protocol import DeskProtocol


def bots_router() -> Router:
    router = Router(name="bots")
    router.message.register(open_bots, Command("bots"))
    router.callback_query.register(go_bots, Go.filter(F.page == Page.BOTS))
    for act, handler in (
        (BotAct.OPEN, open_bot),
        (BotAct.REFRESH, refresh),
        (BotAct.PAUSE, pause),
        (BotAct.RESUME, resume),
        (BotAct.STOP, ask_how_to_stop),
        (BotAct.ORDERS, open_orders),
        (BotAct.START, ask_start),
        (BotAct.DELETE, ask_delete),
    ):
        router.callback_query.register(handler, OnBot.filter(F.act == act))
    router.callback_query.register(ask_stop, AskStop.filter())
    router.callback_query.register(stop, StopBot.filter())
    router.callback_query.register(start, StartBot.filter())
    router.callback_query.register(delete, DeleteBot.filter())
    return router


async def open_bots(message: Message, desk: DeskProtocol, person: Person, words: Words, banner: Banner) -> None:
    await banner.answer(message, bots_card(words, await desk.bots(person.id)))


async def go_bots(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast, banner: Banner
) -> None:
    if not await banner.show(press, bots_card(words, await desk.bots(person.id))):
        toast.say(words.plain("up-to-date"))


async def open_bot(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, banner: Banner
) -> None:
    await banner.show(press, bot_card(words, await desk.bot(person.id, callback_data.bot)))


async def refresh(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    changed = await banner.show(press, bot_card(words, await desk.refresh(person.id, callback_data.bot)))
    toast.say(words.plain("refreshed" if changed else "up-to-date"))


async def pause(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.pause(person.id, callback_data.bot)
    await banner.show(press, bot_card(words, bot))
    toast.say(words.plain(key_for(words, "paused", bot)))


async def resume(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    await banner.show(press, bot_card(words, await desk.resume(person.id, callback_data.bot)))
    toast.say(words.plain("resumed"))


async def ask_how_to_stop(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    if bot.activity is Activity.STOPPED:
        await _show_changed(press, bot, words, toast, banner)
    else:
        await show(press, stop_card(words, bot))


async def ask_stop(
    press: CallbackQuery,
    callback_data: AskStop,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    if bot.activity is Activity.STOPPED:
        await _show_changed(press, bot, words, toast, banner)
    else:
        await show(press, stop_confirm_card(words, bot, callback_data.choice, new_token(person.id)))


async def stop(
    press: CallbackQuery,
    callback_data: StopBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.stop(person.id, callback_data.bot, callback_data.choice, token=callback_data.token)
    await banner.show(press, bot_card(words, bot))
    toast.say(words.plain("stopped" if bot.activity is Activity.STOPPED else "stopping"))


async def open_orders(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    if not await show(press, orders_card(words, bot, await desk.orders(person.id, callback_data.bot))):
        toast.say(words.plain("up-to-date"))


async def ask_start(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    await _ask_start(press, await desk.bot(person.id, callback_data.bot), desk, person, words, toast, banner)


async def start(
    press: CallbackQuery,
    callback_data: StartBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    try:
        bot = await desk.start(
            person.id, callback_data.bot, accept_danger=callback_data.sure, token=callback_data.token
        )
    except DeskError as error:
        if error.code not in ("danger_not_accepted", "preview_refused"):
            raise
        # The price has moved since the question was asked: it is asked again with what is true now.
        await _ask_start(press, await desk.bot(person.id, callback_data.bot), desk, person, words, toast, banner)
        toast.say(words.plain(f"error-{error.code}"), alert=True)
        return
    await banner.show(press, bot_card(words, bot))
    toast.say(words.plain("started"))


async def ask_delete(
    press: CallbackQuery,
    callback_data: OnBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    bot = await desk.bot(person.id, callback_data.bot)
    if bot.activity is not Activity.STOPPED:
        await banner.show(press, bot_card(words, bot))
        toast.say(words.plain("error-bot_is_running"), alert=True)
    else:
        await show(press, delete_bot_card(words, bot, new_token(person.id)))


async def delete(
    press: CallbackQuery,
    callback_data: DeleteBot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    await desk.delete(person.id, callback_data.bot, token=callback_data.token)
    await banner.show(press, bots_card(words, await desk.bots(person.id)))
    toast.say(words.plain("deleted"))


async def _ask_start(
    press: CallbackQuery, bot: BotCard, desk: DeskProtocol, person: Person, words: Words, toast: Toast, banner: Banner
) -> None:
    if bot.activity is not Activity.STOPPED:
        await _show_changed(press, bot, words, toast, banner)
        return
    preview = await desk.preview(person.id, bot.key_id, bot.strategy, bot.symbol, bot.config, bot_id=bot.id)
    may_start = await banner.since() is None
    await banner.show(press, start_again_card(words, bot, preview, new_token(person.id), may_start=may_start))


async def _show_changed(press: CallbackQuery, bot: BotCard, words: Words, toast: Toast, banner: Banner) -> None:
    """The button was pressed on an old picture of the bot."""
    await banner.show(press, bot_card(words, bot))
    toast.say(words.plain("bot-has-changed"))
