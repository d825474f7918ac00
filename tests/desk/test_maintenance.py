"""Maintenance stops all trading but the exits, and lets go on only what it has paused."""

from __future__ import annotations

import asyncio

from tests.desk.place import ADMIN, BTC_SYMBOL, CRV_SYMBOL, GRID, OTHER, OWNER, Place, a_bot, refused, resting_of
from trading.core.notices import MaintenanceBegan, MaintenanceEnded, Notice
from trading.core.planning import Mode
from trading.desk.answers import Activity, DeskError, StopChoice
from trading.desk.desk import Desk
from trading.desk.gates import set_maintenance


async def told(desk: Desk) -> list[tuple[int, Notice]]:
    kinds = (MaintenanceBegan, MaintenanceEnded)
    return [(each.user_id, each.notice) for each in await desk.waiting_notices() if isinstance(each.notice, kinds)]


async def test_no_bot_of_anybody_takes_entries_and_everybody_hears_it_once(place: Place) -> None:
    async with place.open() as desk:
        await desk.arrive(ADMIN, "Ann", None, "en")
        await desk.arrive(99, "Pending", None, "en")
        bot = await a_bot(desk, place)
        [others] = await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="o")
        await place.settled(others.id)
        assert await desk.begin_maintenance(ADMIN, token="m") == 2
        assert await desk.maintenance() == place.clock.now()
        await place.until(lambda: place.resting() == 1 and place.resting(str(OTHER)) == 1)
        for owner, number in ((OWNER, bot.id), (OTHER, others.id)):
            card = await desk.bot(owner, number)
            assert (card.activity, card.cause) == (Activity.PAUSED, "maintenance")
            assert card.take_profit is not None
        assert sorted(await told(desk), key=lambda each: each[0]) == [
            (ADMIN, MaintenanceBegan(bots=0)),
            (OWNER, MaintenanceBegan(bots=1)),
            (OTHER, MaintenanceBegan(bots=1)),
        ]


async def test_nothing_is_made_started_or_resumed_meanwhile_but_stopped_it_is(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        config = {**GRID, "deposit": "3000"}
        [other] = await desk.create(OWNER, None, "grid", [BTC_SYMBOL], config, accept_danger=True, token="btc")
        await desk.stop(OWNER, other.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(other.id)
        await desk.begin_maintenance(ADMIN, token="m")
        async with refused("maintenance"):
            await desk.create(OWNER, None, "grid", [BTC_SYMBOL], config, accept_danger=True, token="new")
        async with refused("maintenance"):
            await desk.start(OWNER, other.id, accept_danger=True, token="start")
        async with refused("maintenance"):
            await desk.resume(OWNER, bot.id)
        await desk.edit(OWNER, bot.id, {"cooldown_seconds": 5})
        await desk.panic(OWNER, token="panic")
        await place.ended(bot.id)
        assert place.held() == 0


async def test_only_what_maintenance_paused_goes_on_after_it(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        [paused] = await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="o")
        await place.settled(paused.id)
        await desk.pause(OTHER, paused.id)
        await desk.begin_maintenance(ADMIN, token="m")
        assert await desk.end_maintenance(ADMIN, token="e") == 1
        await place.until(lambda: resting_of(place.worker(bot.id)) == 5)
        assert (await desk.bot(OTHER, paused.id)).cause == "user"
        assert await desk.maintenance() is None
        ended = [each for each in await told(desk) if isinstance(each[1], MaintenanceEnded)]
        assert ended == [(OWNER, MaintenanceEnded(bots=1)), (OTHER, MaintenanceEnded(bots=0))]


async def test_it_outlives_a_restart_and_ends_after_it(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.begin_maintenance(ADMIN, token="m")
        await place.until(lambda: place.resting() == 1)
    async with place.open() as desk:
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.pass_time(30)
        assert place.resting() == 1
        async with refused("maintenance"):
            await desk.resume(OWNER, bot.id)
        async with refused("already_done"):
            await desk.begin_maintenance(ADMIN, token="again")
        assert await desk.end_maintenance(ADMIN, token="e") == 1
        await place.settled(bot.id)


async def test_a_fall_between_the_switch_and_the_bots_is_made_good_at_the_start(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await place.storage.write(lambda c: set_maintenance(c, place.clock.now()))
    async with place.open() as desk:
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        card = await desk.bot(OWNER, bot.id)
        assert (card.mode, card.cause) == (Mode.NO_ENTRIES, "maintenance")
        await place.storage.write(lambda c: set_maintenance(c, None))
    async with place.open() as desk:
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.settled(bot.id)
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.RUNNING


async def test_two_admins_press_at_once_and_it_begins_once(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        presses = [desk.begin_maintenance(admin, token="m") for admin in sorted(place.admins)]
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert [each.code for each in done if isinstance(each, DeskError)] == ["already_done"]
        assert len(await told(desk)) == 2


async def test_a_bot_that_is_being_made_meets_it_or_is_held(place: Place) -> None:
    async with place.open() as desk:
        making = desk.create(OWNER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="made")
        made, _ = await asyncio.gather(making, desk.begin_maintenance(ADMIN, token="m"), return_exceptions=True)
        await place.pass_time(5)
        if isinstance(made, DeskError):
            assert made.code == "maintenance"
        else:
            assert (await desk.bots(OWNER))[0].cause == "maintenance"


async def test_a_close_that_is_pressed_at_the_same_moment_is_not_called_back(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await asyncio.gather(desk.panic(OWNER, token="panic"), desk.begin_maintenance(ADMIN, token="m"))
        await place.ended(bot.id)
        assert place.held() == 0


async def test_a_bot_whose_venue_is_away_is_held_when_it_is_back(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
    place.away()
    async with place.open() as desk:
        await desk.begin_maintenance(ADMIN, token="m")
        place.back()
        await place.until(lambda: place.supervisor.worker(bot.id) is not None and place.resting() == 1)
        assert (await desk.bot(OWNER, bot.id)).cause == "maintenance"
        assert place.resting() == 1


async def test_the_bots_of_who_was_suspended_meanwhile_do_not_go_on(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.begin_maintenance(ADMIN, token="m")
        await desk.suspend(ADMIN, OWNER, token="s")
        assert await desk.end_maintenance(ADMIN, token="e") == 0
        assert (await desk.bot(OWNER, bot.id)).cause == "suspended"
        await desk.let_back(ADMIN, OWNER, token="b")
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.PAUSED
