"""What comes often and makes no sound is gathered into one message, and nothing loud ever waits for it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, NOW, FakeDesk
from tests.tgbot.test_notifier import SYMBOL, Post, fill, notifying
from tgbot.pacing import Pacer
from trading.core import notices as told
from trading.core.instrument import Side
from trading.core.telling import Notice
from trading.strategies.pingpong.notices import LegExecuted

PAUSED = told.BotPaused(symbol=SYMBOL, cause="user")
AWAY = told.VenueAway(venue="Bitget")


def leg(number: int) -> LegExecuted:
    side = Side.BUY if number % 2 else Side.SELL
    return LegExecuted(
        symbol=SYMBOL,
        number=number,
        side=side,
        amount=Decimal(3),
        price=Decimal("0.5"),
        seconds=Decimal(1),
        orders=1,
    )


def legs_in(text: str) -> list[int]:
    lines = [line for line in text.splitlines() if ": bought " in line or ": sold " in line]
    return [int(line.partition(":")[0]) for line in lines]


async def test_legs_of_a_fast_float_come_in_one_message_every_twenty_seconds() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    async with notifying(desk) as post:
        ids = []
        for number in range(1, 21):
            ids.append(desk.tell(GUEST, leg(number), bot.id))
            await post.clock.advance(3)
        await post.clock.advance(30)
        assert len(post.texts(GUEST)) == 3
        assert [leg for text in post.texts(GUEST) for leg in legs_in(text)] == list(range(1, 21))
        assert desk.delivered == ids
        assert all(shown.silent for shown in post.telegram.shown.values())


async def test_a_leg_by_itself_is_told_when_its_time_has_come_and_not_before() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    async with notifying(desk) as post:
        desk.tell(GUEST, leg(1), bot.id)
        await post.clock.advance(19)
        assert post.texts(GUEST) == []
        await post.clock.advance(3)
        assert [legs_in(text) for text in post.texts(GUEST)] == [[1]]


@pytest.mark.parametrize("loud", [PAUSED, fill()], ids=lambda notice: notice.kind)
async def test_something_loud_of_the_bot_brings_along_what_was_gathered(loud: Notice) -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    async with notifying(desk) as post:
        for number in (1, 2):
            desk.tell(GUEST, leg(number), bot.id)
        await post.clock.advance(5)
        assert post.texts(GUEST) == []
        desk.tell(GUEST, loud, bot.id)
        await post.clock.advance(2)
        texts = post.texts(GUEST)
    assert legs_in(texts[0]) == [1, 2]
    assert desk.delivered == sorted(desk.delivered)
    assert len(desk.delivered) == 3


async def test_what_the_house_tells_keeps_its_place_among_the_legs() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    async with notifying(desk) as post:
        desk.tell(GUEST, leg(1), bot.id)
        desk.tell(GUEST, AWAY, None)
        desk.tell(GUEST, leg(2), bot.id)
        await post.clock.advance(3)
        assert [legs_in(text) for text in post.texts(GUEST)] == [[1], []]
        await post.clock.advance(20)
        assert [legs_in(text) for text in post.texts(GUEST)] == [[1], [], [2]]


async def test_what_one_bot_gathers_holds_up_no_other_bot_and_no_other_person() -> None:
    desk = FakeDesk()
    quick, other = desk.give_bot(GUEST), desk.give_bot(GUEST, "BTC/USDT:USDT")
    async with notifying(desk) as post:
        for number in range(1, 6):
            desk.tell(GUEST, leg(number), quick.id)
        desk.tell(GUEST, PAUSED, other.id)
        desk.tell(ADMIN, AWAY)
        await post.clock.advance(2)
        assert len(post.texts(ADMIN)) == 1
        assert ["Paused" in text for text in post.texts(GUEST)] == [True]
        await post.clock.advance(20)
        assert [legs_in(text) for text in post.texts(GUEST)] == [[], [1, 2, 3, 4, 5]]


async def test_many_floats_together_never_keep_something_loud_out_of_sight() -> None:
    desk = FakeDesk()
    floats = [desk.give_bot(GUEST) for _ in range(60)]
    for number in (1, 2):
        for each in floats:
            desk.tell(GUEST, leg(number), each.id)
    # More than are seen at once stand before it.
    loud = desk.tell(GUEST, PAUSED, desk.give_bot(GUEST).id)
    async with notifying(desk, pacer=Pacer(chat_rate=100, chat_burst=100)) as post:
        for _ in range(90):
            await post.clock.advance(0.2)
        assert loud in desk.delivered
        await post.clock.advance(40)
    assert desk.waiting == {}


async def test_what_was_gathered_when_the_process_ends_is_told_by_the_next() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    for number in (1, 2, 3):
        desk.tell(GUEST, leg(number), bot.id)
    async with notifying(desk) as post:
        await post.clock.advance(10)
        assert desk.delivered == []
        assert len(desk.waiting) == 3
    async with notifying(desk) as post:
        await post.clock.advance(22)
        assert [legs_in(text) for text in post.texts(GUEST)] == [[1, 2, 3]]


async def test_gathering_goes_by_when_we_saw_it_and_not_by_the_time_that_the_bot_lives_in() -> None:
    """A paper market may run sixty times faster than we do."""
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    async with notifying(desk) as post:
        await _until(post, NOW + timedelta(hours=1))
        desk.tell(GUEST, leg(1), bot.id)
        await post.clock.advance(15)
        assert post.texts(GUEST) == []
        await post.clock.advance(7)
        assert len(post.texts(GUEST)) == 1


async def _until(post: Post, at: datetime) -> None:
    while post.clock.now() != at:
        await post.clock.advance(600)
        await asyncio.sleep(0)
