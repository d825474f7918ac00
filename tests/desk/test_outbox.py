"""Drafts kept, and notices that leave in order, at least once, without holding up other people."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

from tests.desk.place import ADMIN, OTHER, OWNER, Place, a_bot
from trading.core.hearing import QuietHours
from trading.core.notices import BookFresh, BotResumed, KeyInvalid, VenueAway
from trading.core.telling import Level, Topic
from trading.desk.desk import Desk
from trading.runtime.outbox import LOOK_AGAIN_SECONDS
from trading.strategies.grid.notices import TakeProfitPlaced


async def waiting_for(desk: Desk, user_id: int) -> list[int]:
    return [stored.id for stored in await desk.waiting_notices(1000) if stored.user_id == user_id]


async def a_bot_that_was_told(desk: Desk, place: Place) -> None:
    """A grid that has begun, and everything that there is to tell of that waits: its take-profit comes last."""
    await a_bot(desk, place)
    deadline = place.clock.now() + timedelta(seconds=60)
    while not any(isinstance(stored.notice, TakeProfitPlaced) for stored in await desk.waiting_notices(1000)):
        assert place.clock.now() < deadline
        await place.pass_time(1)


async def test_a_draft_is_kept_over_a_restart_and_forgotten_when_told(place: Place) -> None:
    async with place.open() as desk:
        assert await desk.get_draft("chat:1") is None
        await desk.put_draft("chat:1", "{}")
        await desk.put_draft("chat:1", '{"a": 1}')
    async with place.open() as desk:
        assert await desk.get_draft("chat:1") == '{"a": 1}'
        await desk.put_draft("chat:1", None)
        await desk.put_draft("chat:1", None)
        assert await desk.get_draft("chat:1") is None


async def test_what_was_delivered_waits_no_more_and_what_was_not_survives_a_restart(place: Place) -> None:
    async with place.open() as desk:
        await a_bot_that_was_told(desk, place)
        first, *rest = await waiting_for(desk, OWNER)
        await desk.notices_delivered([first])
        assert await waiting_for(desk, OWNER) == rest
        assert len(await desk.waiting_notices(1)) == 1
    async with place.open() as desk:
        assert (await waiting_for(desk, OWNER))[: len(rest)] == rest


async def test_behind_a_postponed_notice_only_that_persons_others_wait(place: Place) -> None:
    async with place.open() as desk:
        await a_bot_that_was_told(desk, place)
        await desk.arrive(77, "Stan", None, "en")
        waiting = await waiting_for(desk, OWNER)
        await desk.postpone_notice(waiting[0], place.clock.now() + timedelta(seconds=30))
        assert await waiting_for(desk, OWNER) == []
        assert len(await waiting_for(desk, ADMIN)) == 1
        await place.pass_time(31)
        assert (await waiting_for(desk, OWNER))[: len(waiting)] == waiting


async def test_what_can_never_be_told_holds_up_nothing(place: Place) -> None:
    async with place.open() as desk:
        await a_bot_that_was_told(desk, place)
        first, *rest = await waiting_for(desk, OWNER)
        await desk.notice_failed(first, "blocked")
        assert await waiting_for(desk, OWNER) == rest


async def test_who_waits_for_notices_is_woken_by_one(place: Place) -> None:
    async with place.open() as desk:
        await desk.wait_for_notices()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        waiting = asyncio.create_task(desk.wait_for_notices())
        await asyncio.sleep(0)
        await desk.arrive(77, "Stan", None, "en")
        await waiting
        assert loop.time() - begun < LOOK_AGAIN_SECONDS, "it was not woken, it looked again"


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Somebody else holds the database's write lock."""
    with closing(sqlite3.connect(place.path)) as somebody_else:
        somebody_else.execute("BEGIN IMMEDIATE")
        yield


async def test_what_the_database_does_not_take_is_told_from_memory_once(place: Place) -> None:
    place.busy_seconds = 0.01
    async with place.open() as desk:
        with locked(place):
            await place.outbox.tell(OWNER, [VenueAway(venue="bitget"), KeyInvalid(venue="bitget", label="Main")])
            first, second = await desk.waiting_notices()
            assert [each.notice.kind for each in (first, second)] == ["venue_away", "key_invalid"]
            await desk.notices_delivered([first.id])
            await desk.postpone_notice(second.id, place.clock.now() + timedelta(seconds=9))
            assert await waiting_for(desk, OWNER) == [second.id], "on its way, and not yet told"
            await desk.notice_failed(second.id, "blocked")
            assert await desk.waiting_notices() == []
        assert await desk.waiting_notices() == []


async def test_who_is_not_to_be_disturbed_is_told_later_also_what_the_database_did_not_take(place: Place) -> None:
    place.busy_seconds = 0.01
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, QuietHours(12 * 60, 13 * 60))
        await desk.set_level(OTHER, Topic.VENUE, Level.OFF)
        with locked(place):
            away = VenueAway(venue="bitget")
            await place.outbox.tell(OWNER, [BotResumed(symbol="CRV/USDT"), KeyInvalid(venue="bitget", label="Main")])
            await place.outbox.tell(OTHER, [away, BookFresh(symbol="CRV/USDT", seconds=9)])
            found = await desk.waiting_notices()
            assert [(each.user_id, each.notice.kind) for each in found] == [
                (OWNER, "key_invalid"),
                (OTHER, "book_fresh"),
            ]
            await desk.notices_delivered([each.id for each in found])
        assert await desk.waiting_notices() == []
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, None)
        assert [(each.user_id, each.notice.kind) for each in await desk.waiting_notices()] == [(OWNER, "bot_resumed")]
