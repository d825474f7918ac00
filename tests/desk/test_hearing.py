"""What people hear: levels, quiet hours with one digest after them, order, restarts, time zones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.desk.place import ADMIN, OTHER, OWNER, Place, refused
from tests.simulation.world import HouseClock
from trading.core.hearing import QuietHours
from trading.core.notices import BotPaused, BotResumed, BotStarted, ExitMissing, KeyInvalid, VenueAway, VenueBack
from trading.core.summaries import Digest
from trading.core.telling import Level, Notice, StoredNotice, Topic
from trading.desk.desk import Desk
from trading.desk.zones import find_zones
from trading.strategies.grid.notices import CycleFinished

SYMBOL = "CRV/USDT:USDT"
NIGHT = QuietHours(23 * 60, 7 * 60)


async def tell(place: Place, *facts: Notice, user_id: int = OWNER) -> None:
    await place.supervisor._outbox.tell(user_id, facts)


async def heard(desk: Desk, user_id: int = OWNER) -> Sequence[StoredNotice]:
    """What comes now, and is delivered."""
    found = [each for each in await desk.waiting_notices(50) if each.user_id == user_id]
    await desk.notices_delivered([each.id for each in found])
    return found


def kinds(found: Sequence[StoredNotice]) -> list[str]:
    return [each.notice.kind for each in found]


def finished(net: str) -> CycleFinished:
    return CycleFinished.model_construct(
        symbol=SYMBOL, number=1, cause="take_profit", gross=Decimal(1), fees=Decimal(0), funding=Decimal(0),
        net=Decimal(net), percent_of_position=Decimal(1), percent_of_deposit=Decimal(1),
    )  # fmt: skip


def night(place: Place) -> None:
    place.clock = HouseClock(datetime(2026, 1, 1, 23, 30, tzinfo=UTC))
    place.__post_init__()


async def test_levels_are_kept_by_person_and_topic_over_a_restart(place: Place) -> None:
    async with place.open() as desk:
        await desk.set_level(OWNER, Topic.VENUE, Level.OFF)
        await desk.set_level(OWNER, Topic.BOT, Level.SILENT)
    async with place.open() as desk:
        for who in (OWNER, OTHER):
            await tell(
                place, VenueAway(venue="x"), BotStarted(symbol=SYMBOL), VenueBack(venue="x", seconds=9), user_id=who
            )
        mine, others = await heard(desk), await heard(desk, OTHER)
        assert [(each.notice.kind, each.is_silent) for each in mine] == [("bot_started", True)]
        assert [(each.notice.kind, each.is_silent) for each in others] == [
            ("venue_away", False), ("bot_started", False), ("venue_back", False),
        ]  # fmt: skip
        assert await heard(desk) == []


async def test_many_that_are_off_hide_nothing_behind_them(place: Place) -> None:
    async with place.open() as desk:
        await desk.set_level(OWNER, Topic.VENUE, Level.OFF)
        await tell(place, *[VenueAway(venue="x")] * 120, BotStarted(symbol=SYMBOL))
        assert kinds(await heard(desk)) == ["bot_started"]


async def test_what_must_be_known_cannot_be_switched_off(place: Place) -> None:
    async with place.open() as desk:
        async with refused("topic_stays_on"):
            await desk.set_level(OWNER, Topic.KEY, Level.OFF)
        async with refused("unknown_topic"):
            await desk.set_level(OWNER, "never heard of", Level.LOUD)
        topics = {each.topic for each in (await desk.hearing(OWNER)).topics}
        assert {"obligation", "reference", "fills"} <= topics
        cycle = next(each for each in (await desk.hearing(OWNER)).topics if each.topic == "fills")
        assert (cycle.level, cycle.following) == (Level.LOUD, Level.SILENT)
        system = next(each for each in (await desk.hearing(ADMIN)).topics if each.topic == "system")
        assert system.keeps_essential


async def test_in_quiet_hours_only_what_is_urgent_comes_and_after_them_one_digest(place: Place) -> None:
    night(place)
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, NIGHT)
        await tell(place, BotPaused(symbol=SYMBOL, cause="errors"), finished("1.5"))
        await tell(place, ExitMissing(symbol=SYMBOL, position=Decimal(1), seconds=3), BotResumed(symbol=SYMBOL))
        await tell(place, KeyInvalid(venue="x", label="y"))
        assert kinds(await heard(desk)) == ["exit_missing", "key_invalid"]
        assert await heard(desk) == []
    # Nothing of it is in memory only.
    async with place.open() as desk:
        assert await heard(desk) == []
        await place.clock.advance(8 * 3600)
        await tell(place, BotStarted(symbol=SYMBOL))
        [one] = await heard(desk)
        assert isinstance(one.notice, Digest)
        assert {each.topic: each.count for each in one.notice.counts} == {"bot": 3, "cycle": 1}
        assert [each.notice.kind for each in await desk.told(OWNER, one.notice.important)] == [
            "bot_paused", "bot_resumed", "bot_started",
        ]  # fmt: skip
        assert await desk.told(OTHER, one.notice.important) == []
        assert await heard(desk) == []
        await tell(place, VenueAway(venue="x"), VenueBack(venue="x", seconds=1))
        assert kinds(await heard(desk)) == ["venue_away", "venue_back"]


async def test_a_night_of_hundreds_is_one_digest_and_hides_nothing_urgent(place: Place) -> None:
    night(place)
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, NIGHT)
        await tell(place, *[BotResumed(symbol=SYMBOL)] * 300, KeyInvalid(venue="x", label="y"))
        assert kinds(await heard(desk)) == ["key_invalid"]
        await desk.set_quiet_hours(OWNER, None)
        [one] = await heard(desk)
        assert isinstance(one.notice, Digest)
        assert one.notice.counts[0].count == 300
        assert len(one.notice.important) == 8


async def test_one_notice_by_itself_is_told_as_it_is(place: Place) -> None:
    night(place)
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, NIGHT)
        await tell(place, BotResumed(symbol=SYMBOL))
        assert await heard(desk) == []
        await place.clock.advance(8 * 3600)
        assert kinds(await heard(desk)) == ["bot_resumed"]


async def test_the_quiet_of_one_is_not_the_quiet_of_another(place: Place) -> None:
    night(place)
    async with place.open() as desk:
        await desk.set_quiet_hours(OWNER, NIGHT)
        await desk.set_quiet_hours(OTHER, NIGHT)
        await desk.set_time_zone(OTHER, "America/New_York")
        for who in (OWNER, OTHER):
            await tell(place, BotResumed(symbol=SYMBOL), user_id=who)
        assert await heard(desk) == []
        assert kinds(await heard(desk, OTHER)) == ["bot_resumed"]


async def test_a_time_zone_is_the_persons_and_must_exist(place: Place) -> None:
    async with place.open() as desk:
        await desk.set_time_zone(OWNER, "Europe/Berlin")
        async with refused("unknown_time_zone"):
            await desk.set_time_zone(OWNER, "Mars/Olympus")
        person = await desk.person(OWNER)
        assert person is not None
        assert person.time_zone == "Europe/Berlin"
        async with refused("no_time_of_day"):
            await desk.set_report_time(OWNER, 24 * 60)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("berlin", "Europe/Berlin"),
        ("Europe/Moscow", "Europe/Moscow"),
        ("new york", "America/New_York"),
        ("+3", "Etc/GMT-3"),
        ("UTC-5", "Etc/GMT+5"),
        ("utc", "UTC"),
        ("+5:30", "Asia/Calcutta"),
        ("+15", None),
        ("atlantis", None),
        ("", None),
    ],
)
def test_zones_are_found_by_what_people_type(text: str, first: str | None) -> None:
    found = find_zones(text, datetime(2026, 1, 1, tzinfo=UTC))
    assert (found[0] if found else None) == first
