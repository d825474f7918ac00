"""Who may answer a question that moves money, how long, and that nothing keeps a stop waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import AnswerCallbackQuery, EditMessageText, TelegramMethod
from aiogram.types import CallbackQuery, Chat, Message, Update, User

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.room import make_room
from tests.tgbot.telegram import NOW
from tgbot.callbacks import AllAct, AskAll, BotAct, DeleteBot, Go, OnBot, Page, Standing, new_token, standing
from tgbot.callbacks.tokens import LIFETIME
from tgbot.middlewares.urgent import is_urgent
from trading.desk.answers import BotCard

GROUP, MADE = -500, 1_800_000_000.0


class Hour:
    """The time of day, moved by hand."""

    def __init__(self) -> None:
        self.seconds = time.time()

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("person", "after", "comes_to"),
    [
        (GUEST, 0, Standing.GOOD),
        (GUEST, LIFETIME - 60, Standing.GOOD),
        (GUEST, LIFETIME + 60, Standing.OLD),
        (ADMIN, 0, Standing.FOREIGN),
        (ADMIN, 10 * LIFETIME, Standing.OLD),
    ],
)
def test_a_token_is_of_one_person_and_for_a_while(person: int, after: float, comes_to: Standing) -> None:
    assert standing(new_token(GUEST, MADE), person, MADE + after) is comes_to


@pytest.mark.parametrize("text", ["a1b2c3d4e5f6", "", "z" * 21])
def test_what_is_no_token_or_of_an_older_version_is_old(text: str) -> None:
    assert standing(text, GUEST, MADE) is Standing.OLD


def test_no_two_tokens_are_alike() -> None:
    assert len({new_token(GUEST, MADE) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("says", "labels"),
    [
        ("/panic", ["Yes, close everything"]),
        ("/pause", ["Pause all", "Yes"]),
        ("/stop", ["Stop all", "Close", "Yes"]),
    ],
)
async def test_in_a_group_a_question_is_answered_by_who_was_asked(says: str, labels: Sequence[str]) -> None:
    room = make_room()
    for owner in (ADMIN, GUEST):
        room.desk.give_bot(owner, position="0")
    ann, bob = room.visitor(ADMIN, chat_id=GROUP), room.visitor(GUEST, chat_id=GROUP)
    await ann.say(says)
    for label in labels[:-1]:
        await ann.press(label)
    assert await bob.press(labels[-1]) == "This question was put to somebody else. Nothing was done."
    assert room.desk.changes == []
    await ann.press(labels[-1])
    assert {change[1] for change in room.desk.changes} == {ADMIN}


async def test_an_old_question_is_asked_anew() -> None:
    hour = Hour()
    room = make_room(now=hour)
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/panic")
    hour.seconds += LIFETIME + 120
    toast = await bob.press("Yes, close everything")
    assert toast is not None
    assert "more than an hour old" in toast
    assert room.desk.changes == []


async def test_an_old_start_shows_the_form_anew_and_the_new_one_starts() -> None:
    hour = Hour()
    room = make_room(now=hour)
    bob = room.bob
    await bob.say("/new")
    for label in ("Paper", "CRV/USDT", "Done"):
        await bob.press(label)
    await bob.say("1000")
    await bob.press("Preview")
    shown = bob.last
    hour.seconds += LIFETIME + 120
    label = next(text for text in shown.buttons if "Start" in text)
    old = shown.buttons[label]
    assert await bob.press_data(old, on=shown) == "The form shows something else by now. Look again, then press."
    assert room.desk.changes == []
    assert shown.buttons[label] != old


class _HangingDesk(FakeDesk):
    """Its exchange does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.answers = asyncio.Event(), asyncio.Event()

    async def bot(self, user_id: int, bot_id: int) -> BotCard:
        self.is_asked.set()
        await self.answers.wait()
        return await super().bot(user_id, bot_id)


@pytest.mark.parametrize(
    ("says", "labels", "done"),
    [("/panic", ["Yes, close everything"], "panic"), ("/pause", ["Pause all", "Yes"], "pause_all")],
)
async def test_a_hanging_exchange_keeps_no_stop_waiting(says: str, labels: Sequence[str], done: str) -> None:
    desk = _HangingDesk()
    room = make_room(desk)
    bot = desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/help")
    hanging = asyncio.create_task(bob.press_data(OnBot(act=BotAct.REFRESH, bot=bot.id).pack()))
    await desk.is_asked.wait()
    async with asyncio.timeout(5):
        await bob.say(says)
        for label in labels:
            await bob.press(label)
    assert desk.changes[0][0].startswith(done.partition("_")[0])
    desk.answers.set()
    await hanging


async def test_what_is_not_urgent_waits_its_turn() -> None:
    desk = _HangingDesk()
    room = make_room(desk)
    bot = desk.give_bot(GUEST)
    await room.bob.say("/help")
    hanging = asyncio.create_task(room.bob.press_data(OnBot(act=BotAct.REFRESH, bot=bot.id).pack()))
    await desk.is_asked.wait()
    waiting = asyncio.create_task(room.bob.say("/new"))
    await room.pause()
    assert not waiting.done()
    desk.answers.set()
    await asyncio.gather(hanging, waiting)


def _away(*kinds: type[TelegramMethod[Any]]) -> Any:
    def failing(method: TelegramMethod[Any]) -> None:
        if isinstance(method, kinds):
            raise TelegramNetworkError(method, "the line is dead")

    return failing


@pytest.mark.parametrize("kinds", [(AnswerCallbackQuery,), (EditMessageText,), (AnswerCallbackQuery, EditMessageText)])
async def test_panic_is_done_though_telegram_is_away(kinds: tuple[type[TelegramMethod[Any]], ...]) -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    await room.bob.say("/panic")
    data = next(data for text, data in room.bob.last.buttons.items() if "Yes, close" in text)
    room.telegram.failing = _away(*kinds)
    shown = room.bob.last
    message = room.telegram.message_of(shown)
    await room.bob.feed(
        callback_query=CallbackQuery(id="q", from_user=room.bob.user, chat_instance="x", data=data, message=message)
    )
    assert room.desk.changes == [("panic", GUEST)]


async def test_what_telegram_did_not_take_is_not_called_undone() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    await room.bob.say("/bots")
    await room.bob.press("CRV")
    room.telegram.failing = _away(EditMessageText)
    await room.bob.press("Pause")
    assert room.desk.changes == [("pause", GUEST, bot.id)]
    room.telegram.failing = lambda method: None
    assert room.telegram.toasts[-1][1] == (
        "Telegram did not take my answer. What you asked for may be done all the same: look at /status."
    )


def _said(text: str) -> Update:
    person = User(id=1, is_bot=False, first_name="Ann")
    message = Message(message_id=1, date=NOW, chat=Chat(id=1, type="private"), from_user=person, text=text)
    return Update(update_id=1, message=message)


def _pressed(data: str) -> Update:
    person = User(id=1, is_bot=False, first_name="Ann")
    return Update(update_id=1, callback_query=CallbackQuery(id="1", from_user=person, chat_instance="x", data=data))


@pytest.mark.parametrize(
    ("update", "urgent"),
    [
        (_said("/panic"), True),
        (_said("/STOP 3"), True),
        (_said("/pause@MakerBot"), True),
        (_said("/panics"), False),
        (_said("stop"), False),
        (_said(""), False),
        (_said("/resume"), False),
        (_pressed(Go(page=Page.PANIC).pack()), True),
        (_pressed(Go(page=Page.BOTS).pack()), False),
        (_pressed(OnBot(act=BotAct.PAUSE, bot=7).pack()), True),
        (_pressed(OnBot(act=BotAct.STOP, bot=7).pack()), True),
        (_pressed(OnBot(act=BotAct.OPEN, bot=7).pack()), False),
        (_pressed(OnBot(act=BotAct.STATISTICS, bot=7).pack()), False),
        (_pressed(AskAll(act=AllAct.PAUSE).pack()), True),
        (_pressed(DeleteBot(bot=7, token="t").pack()), False),
    ],
)
def test_what_stops_trading_is_urgent(update: Update, urgent: bool) -> None:
    assert is_urgent(update) is urgent
