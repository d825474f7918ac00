"""Invites let one person in, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.desk.place import ADMIN, OWNER, Place, refused
from trading.core.notices import InviteUsed
from trading.desk.answers import DeskError, Person
from trading.desk.desk import Desk

GUEST, LATE = 77, 78


async def enter(desk: Desk, code: str, user_id: int = GUEST) -> Person:
    return await desk.enter(user_id, "Gus", "gus", "ru", code)


async def test_who_opens_an_invite_is_in_at_once_and_its_maker_hears_it(place: Place) -> None:
    async with place.open() as desk:
        invite = await desk.make_invite(ADMIN, None)
        assert [each.id for each in await desk.invites(ADMIN)] == [invite.id]
        person = await enter(desk, invite.code)
        assert (person.may_act, person.language, person.is_admin) == (True, "ru", False)
        assert await desk.invites(ADMIN) == []
        told = [(stored.user_id, stored.notice) for stored in await desk.waiting_notices()]
        assert told == [(ADMIN, InviteUsed(person_id=GUEST, name="Gus"))]


async def test_a_used_an_expired_and_an_unknown_invite_say_so_and_let_nobody_in(place: Place) -> None:
    async with place.open() as desk:
        used, old = await desk.make_invite(ADMIN, None), await desk.make_invite(ADMIN, timedelta(hours=24))
        await enter(desk, used.code)
        async with refused("invite_used"):
            await enter(desk, used.code, LATE)
        await place.clock.advance(24 * 3600)
        async with refused("invite_expired"):
            await enter(desk, old.code, LATE)
        async with refused("invite_unknown"):
            await enter(desk, "made-up", LATE)
        assert await desk.person(LATE) is None
        assert await desk.invites(ADMIN) == []


async def test_two_who_open_it_at_once_are_one_too_many(place: Place) -> None:
    async with place.open() as desk:
        invite = await desk.make_invite(ADMIN, None)
        done = await asyncio.gather(enter(desk, invite.code), enter(desk, invite.code, LATE), return_exceptions=True)
        assert [each.code for each in done if isinstance(each, DeskError)] == ["invite_used"]


async def test_who_is_in_already_leaves_it_for_another_and_who_is_suspended_stays_so(place: Place) -> None:
    async with place.open() as desk:
        invite = await desk.make_invite(ADMIN, None)
        assert (await enter(desk, invite.code, OWNER)).may_act
        await desk.suspend(ADMIN, OWNER, token="s")
        assert (await enter(desk, invite.code, OWNER)).status == "suspended"
        assert (await enter(desk, invite.code)).may_act


async def test_who_waits_or_was_refused_is_let_in_by_it(place: Place) -> None:
    async with place.open() as desk:
        for guest in (GUEST, LATE):
            await desk.arrive(guest, "Gus", None, "en")
        await desk.decide_access(ADMIN, LATE, approve=False)
        for guest in (GUEST, LATE):
            assert (await enter(desk, (await desk.make_invite(ADMIN, None)).code, guest)).may_act


async def test_a_withdrawn_invite_and_one_of_yesterdays_admin_let_nobody_in(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        withdrawn, left = await desk.make_invite(ADMIN, None), await desk.make_invite(2, None)
        await desk.withdraw_invite(ADMIN, withdrawn.id)
        async with refused("already_done"):
            await desk.withdraw_invite(ADMIN, withdrawn.id)
        async with refused("invite_unknown"):
            await enter(desk, withdrawn.code)
    place.admins = frozenset({ADMIN})
    async with place.open() as desk, refused("invite_unknown"):
        await enter(desk, left.code)


async def test_the_database_holds_no_code_and_not_too_many_invites(place: Place) -> None:
    async with place.open() as desk:
        codes = [(await desk.make_invite(ADMIN, None)).code for _ in range(50)]
        assert len(set(codes)) == 50
        async with refused("too_many_invites"):
            await desk.make_invite(ADMIN, None)
    stored = place.stored_bytes()
    assert not any(code.encode() in stored for code in codes)
