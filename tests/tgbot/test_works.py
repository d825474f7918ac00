"""A bar that moves at most once a second, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod

from tests.clocks import ManualClock, settle
from tests.tgbot.telegram import Telegram, bot_on, parsed
from tgbot.cards.card import Card
from tgbot.cards.progress import bar
from tgbot.words import Html, words_for
from tgbot.works import Canceling, Works
from trading.desk.answers import DeskError
from trading.desk.file_answers import Progress

BOB = 20
DONE = Card(Html("the result"))


class Stage:
    """A chat with a menu in it, and one work that a test drives."""

    def __init__(self, language: str = "en") -> None:
        self.clock, self.telegram = ManualClock(), Telegram()
        self.bot, self.words = bot_on(self.telegram), words_for(language)
        self.works = Works(self.clock)
        self.progress: Progress | None = None
        self.finish: asyncio.Future[Card] = asyncio.get_running_loop().create_future()
        self.at: list[datetime] = []
        self.telegram.failing = self._note

    def _note(self, method: TelegramMethod[object]) -> None:
        if isinstance(method, EditMessageText):
            self.at.append(self.clock.now())

    async def begin(self) -> int:
        number = (await self.bot.send_message(BOB, "the menu")).message_id

        async def act(progress: Progress) -> Card:
            self.progress = progress
            return await self.finish

        self.works.begin(self.bot, BOB, number, BOB, self.words, Html("<b>Work</b>"), act)
        await settle()
        return number

    def tell(self, share: float) -> None:
        assert self.progress is not None
        self.progress("replaying", share)

    def text(self, number: int) -> str:
        return parsed(self.telegram.shown[number].text)

    def mark(self, number: int) -> str:
        (data,) = self.telegram.shown[number].buttons.values()
        return data.split(":")[1]


async def test_the_bar_moves_at_most_once_a_second_and_ends_in_the_result() -> None:
    stage = Stage()
    number = await stage.begin()
    for step in range(100):
        stage.tell(step / 100)
        await stage.clock.advance(0.05)
    assert "Replaying…" in stage.text(number)
    assert len(stage.at) == 5
    stage.finish.set_result(DONE)
    await stage.clock.advance(2)
    assert stage.text(number) == "the result"
    assert all((later - earlier).total_seconds() >= 1 for earlier, later in zip(stage.at, stage.at[1:], strict=False))
    assert not stage.works.is_busy(BOB)
    assert len(stage.telegram.shown) == 1


async def test_what_is_quick_shows_no_bar() -> None:
    stage = Stage()
    number = await stage.begin()
    stage.finish.set_result(DONE)
    await settle()
    assert stage.text(number) == "the result"
    assert len(stage.at) == 1


async def test_a_bar_that_does_not_move_is_not_edited() -> None:
    stage = Stage()
    await stage.begin()
    stage.tell(0.5)
    await stage.clock.advance(60)
    assert len(stage.at) == 1


@pytest.mark.parametrize(("language", "said"), [("en", "Canceled"), ("ru", "Отменено")])
async def test_cancel_ends_the_work_and_says_so(language: str, said: str) -> None:
    stage = Stage(language)
    number = await stage.begin()
    await stage.clock.advance(1)
    mark = stage.mark(number)
    assert stage.works.cancel(BOB, "another") is Canceling.GONE
    assert stage.works.cancel(BOB + 1, mark) is Canceling.GONE
    assert stage.works.cancel(BOB, mark) is Canceling.HEARD
    await stage.clock.advance(2)
    assert said in stage.text(number)
    assert stage.finish.cancelled()
    assert stage.works.cancel(BOB, mark) is Canceling.GONE
    assert all("Cancel" not in text for text in stage.telegram.shown[number].buttons)


@pytest.mark.parametrize("is_stopping", [False, True])
async def test_what_is_done_is_shown_though_cancel_or_a_stop_comes_between(is_stopping: bool) -> None:
    stage = Stage()
    number = await stage.begin()
    await stage.clock.advance(1)
    mark = stage.mark(number)
    stage.finish.set_result(DONE)
    await settle()
    assert stage.text(number) != "the result", "the last edit keeps its distance"
    if is_stopping:
        closing = asyncio.create_task(stage.works.close())
    else:
        assert stage.works.cancel(BOB, mark) is Canceling.LATE
    await stage.clock.advance(2)
    assert stage.text(number) == "the result"
    if is_stopping:
        await closing


async def test_cancel_before_the_message_is_known_lets_go_of_the_work() -> None:
    """The message is seen, and Cancel pressed, before Telegram has answered which number it has."""
    stage = Stage()
    answered = asyncio.Event()
    send = stage.telegram.make_request

    async def slowly(bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        sent = await send(bot, method, timeout)
        if not answered.is_set():
            await answered.wait()
        return sent

    stage.telegram.make_request = slowly  # type: ignore[method-assign]  # the far side of the wire
    stage.works.begin(stage.bot, BOB, None, BOB, stage.words, Html("<b>Work</b>"), _never)
    await settle()
    [number] = stage.telegram.shown
    assert stage.works.cancel(BOB, stage.mark(number)) is Canceling.HEARD
    answered.set()
    await stage.works.idle()
    assert not stage.works.is_busy(BOB)
    assert "Canceled" in parsed(stage.telegram.shown[number].text)


async def _never(progress: Progress) -> Card:
    raise AssertionError("it was canceled before it began")


async def test_one_work_of_a_person_at_a_time() -> None:
    stage = Stage()
    await stage.begin()
    with pytest.raises(DeskError, match="work_busy"):
        await stage.begin()
    stage.finish.set_result(DONE)
    await stage.works.idle()


def deny(message: str) -> Callable[[TelegramMethod[object]], None]:
    def failing(method: TelegramMethod[object]) -> None:
        if isinstance(method, EditMessageText):
            raise TelegramBadRequest(method=method, message=message)

    return failing


async def test_a_deleted_message_ends_the_bar_and_the_result_comes_in_a_new_one() -> None:
    stage = Stage()
    await stage.begin()
    stage.telegram.failing = deny("Bad Request: message to edit not found")
    for step in range(5):
        stage.tell(step / 5)
        await stage.clock.advance(1)
    assert sum(isinstance(call, EditMessageText) for call in stage.telegram.calls) == 1
    stage.finish.set_result(DONE)
    await stage.clock.advance(2)
    assert sum(isinstance(call, SendMessage) for call in stage.telegram.calls) == 2
    assert "the result" in [parsed(shown.text) for shown in stage.telegram.shown.values()]


async def test_message_is_not_modified_is_no_trouble() -> None:
    stage = Stage()
    await stage.begin()
    stage.telegram.failing = deny("Bad Request: message is not modified: the same")
    for step in range(3):
        stage.tell(step / 5)
        await stage.clock.advance(1)
    assert sum(isinstance(call, EditMessageText) for call in stage.telegram.calls) == 3
    stage.finish.set_result(DONE)
    await stage.clock.advance(2)
    assert len(stage.telegram.shown) == 1


@pytest.mark.parametrize(
    ("error", "said"), [(DeskError("candles_few", found="3", fewest="10"), "only 3 candles"), (KeyError("x"), "wrong")]
)
async def test_what_goes_wrong_is_said(error: Exception, said: str, caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    number = await stage.begin()
    stage.finish.set_exception(error)
    await settle()
    assert said in stage.text(number)
    assert bool(caplog.records) == isinstance(error, KeyError)


async def test_a_stop_of_the_house_interrupts_and_says_so() -> None:
    stage = Stage()
    number = await stage.begin()
    await stage.clock.advance(1)
    await stage.works.close()
    assert "Interrupted" in stage.text(number)
    assert stage.finish.cancelled()
    assert not stage.works.is_busy(BOB)


@pytest.mark.parametrize(("share", "full"), [(-1, 0), (0, 0), (0.5, 8), (0.999, 15), (1, 16), (7, 16)])
def test_a_bar_is_full_only_when_all_is_done(share: float, full: int) -> None:
    assert bar(share) == "█" * full + "░" * (16 - full)
