"""A message to everybody: taken from an admin, shown as it will arrive, begun after a yes; and what went before."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from tgbot.albums import Albums
from tgbot.callbacks import (
    BroadcastsPage,
    CancelBroadcast,
    Go,
    OpenBroadcast,
    Page,
    ResendBroadcast,
    SendBroadcast,
    ShowBroadcast,
    new_token,
)
from tgbot.cards.broadcasts import (
    ON_A_PAGE,
    ask_broadcast_card,
    broadcast_card,
    broadcasts_card,
    confirm_broadcast_card,
    nobody_card,
    past_broadcast_card,
)
from tgbot.middlewares.admins import only_for_admins
from tgbot.middlewares.private import only_in_private
from tgbot.posting import announcement_of, is_gone, post
from tgbot.screen import Toast, answer, remove, show
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import DeskError, Person
from trading.desk.member_answers import Announcement
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
    router.callback_query.register(turn_broadcasts, BroadcastsPage.filter())
    router.callback_query.register(open_broadcast, OpenBroadcast.filter())
    router.callback_query.register(show_broadcast, ShowBroadcast.filter())
    return router


async def go_broadcast(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    people = await desk.audience(person.id)
    if not people:
        await show(press, nobody_card(words))
        return
    await show(press, ask_broadcast_card(words, people))
    await state.set_state(Ask.broadcast)


async def take_message(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, albums: Albums
) -> None:
    """An album comes in parts, and is taken when it is whole."""
    preview = partial(_preview, bot=bot, desk=desk, person=person, words=words, state=state)
    if message.media_group_id is None:
        await preview([message])
    else:
        albums.take(message, preview)


async def _preview(
    messages: Sequence[Message], *, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    """What is shown is what will be brought to everybody: what is sent is what was seen."""
    if await state.get_state() != Ask.broadcast.state:
        return
    people, said, last = await desk.audience(person.id), announcement_of(messages), messages[-1]
    shown = await _shown(bot, person.id, said)
    if shown is None:
        await answer(last, ask_broadcast_card(words, people, words("broadcast-cannot-copy")))
        return
    await state.set_state(None)
    await state.update_data(broadcast={"ids": list(shown), "forwards": said.forwards, "excerpt": said.excerpt})
    await answer(last, confirm_broadcast_card(words, shown[0], len(shown), people, new_token(person.id)))


async def _shown(bot: Bot, chat_id: int, said: Announcement) -> tuple[int, ...] | None:
    """The numbers of what stands above the question now; None where Telegram does not give all of it away."""
    try:
        shown = await post(bot, chat_id, chat_id, said)
    except TelegramBadRequest as refused:
        log.info("a message cannot be brought to others: %s", refused.message)
        return None
    if len(shown) == len(said.message_ids):
        return shown
    for number in shown:
        await remove(bot, chat_id, number)
    return None


async def send_broadcast(
    press: CallbackQuery,
    callback_data: SendBroadcast,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    state: FSMContext,
) -> None:
    """From here on the message below the preview belongs to the broadcaster, which shows the progress in it."""
    said = _previewed((await state.get_data()).get("broadcast"), callback_data.message)
    if press.message is None or said is None:
        toast.say(words.plain("button-stale"), alert=True)
        return
    await desk.begin_broadcast(person.id, said, press.message.message_id, token=callback_data.token)
    toast.say(words.plain("broadcast-begun"))


def _previewed(kept: Mapping[str, Any] | None, first: int) -> Announcement | None:
    """What stands above the pressed button; None where another preview has come since."""
    if kept is None or kept["ids"][0] != first:
        return None
    return Announcement(tuple(kept["ids"]), kept["forwards"], kept["excerpt"])


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
        await show(press, broadcast_card(words, ended, new_token(person.id)))
    else:
        toast.say(words.plain("broadcast-canceling"))


async def resend_broadcast(
    press: CallbackQuery, callback_data: ResendBroadcast, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """The progress is shown in the pressed message from now on."""
    if press.message is None:
        toast.say(words.plain("button-stale"), alert=True)
        return
    number = press.message.message_id
    await desk.resend_broadcast(person.id, callback_data.broadcast, number, token=callback_data.token)
    toast.say(words.plain("broadcast-begun"))


async def turn_broadcasts(
    press: CallbackQuery, callback_data: BroadcastsPage, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    page = callback_data.number
    found = await desk.broadcasts(person.id, skip=page * ON_A_PAGE, limit=ON_A_PAGE)
    if not await show(press, broadcasts_card(words, found, page)):
        toast.say(words.plain("up-to-date"))


async def open_broadcast(
    press: CallbackQuery, callback_data: OpenBroadcast, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    cast = await desk.broadcast(person.id, callback_data.broadcast)
    if not await show(press, past_broadcast_card(words, cast, new_token(person.id))):
        toast.say(words.plain("up-to-date"))


async def show_broadcast(
    press: CallbackQuery,
    callback_data: ShowBroadcast,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
) -> None:
    """What was sent, once more, to who asks alone."""
    cast = await desk.broadcast(person.id, callback_data.broadcast)
    try:
        await post(bot, person.id, cast.admin_id, cast.said)
    except TelegramBadRequest as refused:
        key = "delivery-message-gone" if is_gone(refused) else "broadcast-cannot-show"
        toast.say(words.plain(key), alert=True)
