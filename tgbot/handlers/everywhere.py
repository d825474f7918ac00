"""/pause, /resume, /stop: for one bot by button or number, or for all."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from tgbot.banner import Banner
from tgbot.callbacks import AllAct, AskAll, AskStopAll, Go, Page, SteerAll, StopAll, new_token
from tgbot.cards.bots import bot_card
from tgbot.cards.everywhere import (
    all_done_card,
    all_sure_card,
    can_pause,
    can_resume,
    can_stop,
    pause_which_card,
    resume_which_card,
    stop_all_card,
    stop_all_sure_card,
    stop_which_card,
)
from tgbot.cards.steering import stop_card
from tgbot.screen import Toast, answer, show
from tgbot.words import Words
from trading.desk.answers import Activity, BotCard, DeskError, Person
from trading.desk.protocol import DeskProtocol


def everywhere_router() -> Router:
    router = Router(name="everywhere")
    router.message.register(open_pause, Command("pause"))
    router.message.register(open_resume, Command("resume"))
    router.message.register(open_stop, Command("stop"))
    router.callback_query.register(go_pause, Go.filter(F.page == Page.PAUSE))
    router.callback_query.register(go_resume, Go.filter(F.page == Page.RESUME))
    router.callback_query.register(go_stop, Go.filter(F.page == Page.STOP))
    router.callback_query.register(ask_all, AskAll.filter())
    router.callback_query.register(steer_all, SteerAll.filter())
    router.callback_query.register(ask_stop_all, AskStopAll.filter())
    router.callback_query.register(stop_all, StopAll.filter())
    return router


async def open_pause(
    message: Message, command: CommandObject, desk: DeskProtocol, person: Person, words: Words, banner: Banner
) -> None:
    number = number_in(command.args)
    if number is None:
        await answer(message, pause_which_card(words, await desk.bots(person.id)))
    else:
        await banner.answer(message, bot_card(words, await desk.pause(person.id, number)))


async def open_resume(
    message: Message, command: CommandObject, desk: DeskProtocol, person: Person, words: Words, banner: Banner
) -> None:
    number = number_in(command.args)
    if number is None:
        await answer(message, resume_which_card(words, await desk.bots(person.id)))
    else:
        await banner.answer(message, bot_card(words, await desk.resume(person.id, number)))


async def open_stop(message: Message, command: CommandObject, desk: DeskProtocol, person: Person, words: Words) -> None:
    """By number it is still asked how."""
    number = number_in(command.args)
    if number is None:
        await answer(message, stop_which_card(words, await desk.bots(person.id)))
        return
    bot = await desk.bot(person.id, number)
    if bot.activity is Activity.STOPPED:
        raise DeskError("not_running")
    await answer(message, stop_card(words, bot))


async def go_pause(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, pause_which_card(words, await desk.bots(person.id)))


async def go_resume(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, resume_which_card(words, await desk.bots(person.id)))


async def go_stop(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, stop_which_card(words, await desk.bots(person.id)))


async def ask_all(
    press: CallbackQuery, callback_data: AskAll, desk: DeskProtocol, person: Person, words: Words
) -> None:
    wanted = _meant(callback_data.act, await desk.bots(person.id))
    await show(press, all_sure_card(words, callback_data.act, wanted, new_token(person.id)))


async def steer_all(
    press: CallbackQuery, callback_data: SteerAll, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    if callback_data.act is AllAct.PAUSE:
        await show(
            press, all_done_card(words, "pause-all-done", await desk.pause_all(person.id, token=callback_data.token))
        )
    else:
        await show(
            press, all_done_card(words, "resume-all-done", await desk.resume_all(person.id, token=callback_data.token))
        )


async def ask_stop_all(
    press: CallbackQuery, callback_data: AskStopAll, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bots = [bot for bot in await desk.bots(person.id) if can_stop(bot)]
    if callback_data.choice is None:
        await show(press, stop_all_card(words, bots))
    else:
        await show(press, stop_all_sure_card(words, bots, callback_data.choice, new_token(person.id)))


async def stop_all(
    press: CallbackQuery, callback_data: StopAll, desk: DeskProtocol, person: Person, words: Words
) -> None:
    bots = await desk.stop_all(person.id, callback_data.choice, token=callback_data.token)
    await show(press, all_done_card(words, "stop-all-done", bots))


def number_in(text: str | None) -> int | None:
    """The bot that is meant: "3" or "#3"; None where none is named."""
    digits = (text or "").strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _meant(act: AllAct, bots: Sequence[BotCard]) -> list[BotCard]:
    return [bot for bot in bots if (can_pause(bot) if act is AllAct.PAUSE else can_resume(bot))]
