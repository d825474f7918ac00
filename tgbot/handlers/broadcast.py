"""A message to everybody: taken from an admin, shown as it will arrive, begun after a yes."""

from __future__ import annotations

import logging

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import CancelBroadcast, Go, Page, ResendBroadcast, SendBroadcast, new_token
from tgbot.cards.broadcasts import ask_broadcast_card, broadcast_card, confirm_broadcast_card
from tgbot.middlewares.admins import only_for_admins
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import DeskError, Person
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")

log = logging.getLogger(__name__)


def broadcast_router() -> Router:
    router = Router(name="broadcast")
    only_for_admins(router)
    only_in_private(router)
    router.callback_query.register(go_broadcast, Go.filter(F.page == Page.BROADCAST))
    router.message.register(take_message, Ask.broadcast, ~_COMMAND)
    router.callback_query.register(send_broadcast, SendBroadcast.filter())
    router.callback_query.register(cancel_broadcast, CancelBroadcast.filter())
    router.callback_query.register(resend_broadcast, ResendBroadcast.filter())
    return router


async def go_broadcast(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    people = await desk.audience(person.id)
    if not people:
        raise DeskError("nobody_to_tell")
    await show(press, ask_broadcast_card(words, people))
    await state.set_state(Ask.broadcast)


async def take_message(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    """The copy that is shown is the one that will be copied to everybody: what is sent is what was seen."""
    people = await desk.audience(person.id)
    if message.media_group_id is not None:
        await answer(message, ask_broadcast_card(words, people, words("broadcast-album")))
        return
    try:
        shown = await bot.copy_message(message.chat.id, message.chat.id, message.message_id)
    except TelegramBadRequest as refused:
        log.info("a message cannot be copied: %s", refused.message)
        await answer(message, ask_broadcast_card(words, people, words("broadcast-cannot-copy")))
        return
    await state.set_state(None)
    await answer(message, confirm_broadcast_card(words, shown.message_id, people, new_token()))


async def send_broadcast(
    press: CallbackQuery, callback_data: SendBroadcast, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """From here on the message below the preview belongs to the broadcaster, which shows the progress in it."""
    if press.message is None:
        toast.say(words.plain("button-stale"), alert=True)
        return
    await desk.begin_broadcast(person.id, callback_data.message, press.message.message_id, token=callback_data.token)
    toast.say(words.plain("broadcast-begun"))


async def cancel_broadcast(
    press: CallbackQuery, callback_data: CancelBroadcast, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    try:
        await desk.cancel_broadcast(person.id, callback_data.broadcast)
    except DeskError as error:
        if error.code != "already_done":
            raise
        # It has ended, and this message was left behind by a fall of the process: show what became of it.
        ended = await desk.broadcast(person.id, callback_data.broadcast)
        await show(press, broadcast_card(words, ended, new_token()))
    else:
        toast.say(words.plain("broadcast-canceling"))


async def resend_broadcast(
    press: CallbackQuery, callback_data: ResendBroadcast, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    await desk.resend_broadcast(person.id, callback_data.broadcast, token=callback_data.token)
    toast.say(words.plain("broadcast-begun"))
