"""Who may speak, and who decides it."""

from __future__ import annotations

import asyncio

import pytest

from tests.desk.place import ADMIN, OWNER, Place, refused
from trading.core.notices import AccessDecided, AccessRequested
from trading.desk.answers import DeskError

STRANGER = 77


async def test_an_admin_of_the_settings_is_active_at_once(place: Place) -> None:
    async with place.open() as desk:
        assert await desk.person(ADMIN) is None
        admin = await desk.arrive(ADMIN, "Ann", "ann", "ru")
        assert (admin.is_admin, admin.may_act, admin.language) == (True, True, "ru")


async def test_a_strangers_first_knock_tells_the_admins_once_even_when_it_comes_twice_at_once(place: Place) -> None:
    async with place.open() as desk:
        knocks = [desk.arrive(STRANGER, "Stan", None, "de") for _ in range(3)]
        people = await asyncio.gather(*knocks)
        assert {(person.status, person.may_act, person.language) for person in people} == {("pending", False, "en")}
        waiting = await desk.waiting_notices()
        assert [(stored.user_id, stored.notice) for stored in waiting] == [
            (ADMIN, AccessRequested(person_id=STRANGER, name="Stan"))
        ]


async def test_a_new_name_is_noted_and_nothing_else_changes(place: Place) -> None:
    async with place.open() as desk:
        await desk.arrive(OWNER, "Renamed", "owner", "ru")
        person = await desk.person(OWNER)
        assert person is not None
        assert (person.name, person.username, person.language, person.status) == ("Renamed", "owner", "en", "active")
        assert await desk.waiting_notices() == []


async def test_only_an_admin_of_the_settings_decides_and_the_person_hears_it(place: Place) -> None:
    async with place.open() as desk:
        await desk.arrive(STRANGER, "Stan", None, "en")
        async with refused("not_allowed"):
            await desk.decide_access(OWNER, STRANGER, approve=True)
        assert (await desk.decide_access(ADMIN, STRANGER, approve=True)).may_act
        async with refused("already_done"):
            await desk.decide_access(ADMIN, STRANGER, approve=True)
        told = [stored.notice for stored in await desk.waiting_notices() if stored.user_id == STRANGER]
        assert told == [AccessDecided(approved=True)]


async def test_who_was_refused_may_be_let_in_after_all(place: Place) -> None:
    async with place.open() as desk:
        await desk.arrive(STRANGER, "Stan", None, "en")
        assert not (await desk.decide_access(ADMIN, STRANGER, approve=False)).may_act
        assert (await desk.decide_access(ADMIN, STRANGER, approve=True)).may_act


async def test_the_buttons_of_an_old_request_change_nothing_any_more(place: Place) -> None:
    """An old Refuse would leave bots running that their owner cannot reach; an old Approve would lift a suspension."""
    async with place.open() as desk:
        async with refused("already_decided"):
            await desk.decide_access(ADMIN, OWNER, approve=False)
        await desk.suspend(ADMIN, OWNER, token="s")
        for approve in (True, False):
            async with refused("already_decided"):
                await desk.decide_access(ADMIN, OWNER, approve=approve)
        assert (await desk.member(ADMIN, OWNER)).status == "suspended"


async def test_two_admins_who_decide_differently_at_once_decide_once(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        await desk.arrive(STRANGER, "Stan", None, "en")
        presses = [desk.decide_access(ADMIN, STRANGER, approve=True), desk.decide_access(2, STRANGER, approve=False)]
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert (await desk.member(ADMIN, STRANGER)).status == "active"
        # A refusal that came first is put right by the approval; one that came second is told that it is late.
        assert isinstance(done[1], DeskError) or done[1].status == "refused"


@pytest.mark.parametrize("user_id", [ADMIN, 404])
async def test_nobody_decides_about_an_admin_or_about_nobody(place: Place, user_id: int) -> None:
    async with place.open() as desk:
        await desk.arrive(ADMIN, "Ann", None, "en")
        async with refused("not_found"):
            await desk.decide_access(ADMIN, user_id, approve=False)


async def test_two_admins_press_at_once_and_one_decides(place: Place) -> None:
    async with place.open() as desk:
        await desk.arrive(STRANGER, "Stan", None, "en")
        presses = [desk.decide_access(ADMIN, STRANGER, approve=True) for _ in range(2)]
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert [isinstance(result, DeskError) for result in done].count(True) == 1


async def test_a_language_is_one_we_speak(place: Place) -> None:
    async with place.open() as desk:
        assert (await desk.set_language(OWNER, "ru")).language == "ru"
        async with refused("unknown_language"):
            await desk.set_language(OWNER, "tlh")
        async with refused("not_found"):
            await desk.set_language(404, "ru")
