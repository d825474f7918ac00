"""What was asked for last stands, also where a bot waited for its venue with something older that was asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.place import ADMIN, OWNER, Place, a_bot
from trading.core.planning import Mode
from trading.desk.answers import StopChoice
from trading.desk.desk import Desk
from trading.exchanges.errors import NotSent
from trading.storage import Connection, bots


class BusyPlace(Place):
    """Here the venue takes no orders while it ``is_busy``, so that closing takes its time."""

    is_busy = False

    async def fault(self, account: str, point: str) -> None:
        if self.is_busy and point == "place.before":
            raise NotSent("no route")


@pytest.fixture
def busy(tmp_path: Path) -> BusyPlace:
    return BusyPlace(tmp_path / "desk.db")


async def resumed_while_away(desk: Desk, place: BusyPlace, bot_id: int) -> None:
    """Resumed 3 s after a start without its venue, which comes back: it runs, and at 8 s it is looked for again."""
    await place.pass_time(3)
    await desk.resume(OWNER, bot_id)
    await place.pass_time(1)
    place.back()
    await place.until(lambda: place.supervisor.worker(bot_id) is not None, seconds=2)
    assert place.worker(bot_id).bench.record.mode is Mode.RUNNING


async def paused_bot(place: BusyPlace) -> int:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.pause(OWNER, bot.id)
    place.away()
    return bot.id


async def test_a_resume_that_waited_for_its_venue_does_not_undo_a_panic(busy: BusyPlace) -> None:
    bot_id = await paused_bot(busy)
    async with busy.open() as desk:
        await resumed_while_away(desk, busy, bot_id)
        busy.is_busy = True
        await desk.panic(OWNER, token="panic")
        await busy.pass_time(8)
        assert busy.worker(bot_id).bench.record.mode is Mode.CLOSE
        busy.is_busy = False
        await busy.ended(bot_id)
        assert (busy.held(), busy.resting()) == (0, 0)
        assert (await desk.bot(OWNER, bot_id)).cause == "panic"


@pytest.mark.parametrize("by", ["maintenance", "suspension", "owner", "keep_exit"])
async def test_nor_anything_else_that_came_later(busy: BusyPlace, by: str) -> None:
    bot_id = await paused_bot(busy)
    async with busy.open() as desk:
        await resumed_while_away(desk, busy, bot_id)
        if by == "maintenance":
            await desk.begin_maintenance(ADMIN, token="m")
        elif by == "suspension":
            await desk.suspend(ADMIN, OWNER, token="s")
        elif by == "owner":
            await desk.pause(OWNER, bot_id)
        else:
            await desk.stop(OWNER, bot_id, StopChoice.KEEP_EXIT, token="stop")
        chosen = busy.worker(bot_id).bench.record
        await busy.pass_time(8)
        now = busy.worker(bot_id).bench.record
        assert (now.mode, now.cause) == (chosen.mode, chosen.cause)
        assert now.mode is not Mode.RUNNING


async def test_what_is_asked_while_a_bot_is_being_read_is_what_it_begins_with(busy: BusyPlace) -> None:
    bot_id = await paused_bot(busy)
    async with busy.open() as desk:
        read, asked = busy.storage.read, False

        async def reading(job):  # type: ignore[no-untyped-def]  # as the storage's own
            """The panic is stored when the bot has been read, and before its worker is there."""
            nonlocal asked
            result = await read(job)
            if not asked and "load_bench" in job.__qualname__ and job.__name__ == "read":
                asked = True
                await desk.panic(OWNER, token="panic")
            return result

        busy.storage.read = reading  # type: ignore[method-assign]
        busy.back()
        for _ in range(200):
            await busy.pass_time(0.5)
            if asked and busy.supervisor.worker(bot_id) is None:
                break
        assert asked
        stored = await read(lambda c: mode_of(c, bot_id))
        assert stored == (Mode.CLOSE, False)
        assert (busy.held(), busy.resting()) == (0, 0)


def mode_of(connection: Connection, bot_id: int) -> tuple[Mode, bool]:
    found = bots.find_bot(connection, bot_id)
    assert found is not None
    return found.mode, found.active
