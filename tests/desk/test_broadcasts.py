"""Broadcasts as rows: who is next, what became of it, and that nobody is next twice."""

from __future__ import annotations

import asyncio
from dataclasses import astuple

import pytest

from tests.desk.place import ADMIN, OTHER, OWNER, Place, refused
from trading.desk.desk import Desk
from trading.desk.member_answers import Announcement, Broadcast

MESSAGE, PROGRESS = 500, 501
GUEST = 77


async def begun(desk: Desk, admin: int = ADMIN) -> Broadcast:
    return await desk.begin_broadcast(admin, Announcement((MESSAGE,)), PROGRESS, token="send")


def counts(cast: Broadcast) -> dict[str, int]:
    names = ("waiting", "delivered", "blocked", "failed", "uncertain", "canceled")
    return {name: getattr(cast, name) for name in names if getattr(cast, name)}


async def now(desk: Desk, cast: Broadcast) -> Broadcast:
    return await desk.broadcast(ADMIN, cast.id)


async def test_everybody_who_may_act_is_told_but_who_speaks(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        for person in (ADMIN, 2, GUEST):
            await desk.arrive(person, "Name", None, "en")
        assert await desk.audience(ADMIN) == 3
        await desk.suspend(ADMIN, OTHER, token="s")
        cast = await begun(desk)
        assert (cast.status, counts(cast), cast.total) == ("running", {"waiting": 2}, 2)
        assert [await desk.next_recipient(cast.id) for _ in range(3)] == [2, OWNER, None]


async def test_a_press_begins_one_broadcast(place: Place) -> None:
    async with place.open() as desk:
        await begun(desk)
        async with refused("already_done"):
            await begun(desk)
        assert len(await desk.running_broadcasts()) == 1


async def test_with_nobody_to_tell_the_token_is_not_used_up(place: Place) -> None:
    async with place.open() as desk:
        for person in (OWNER, OTHER):
            await desk.suspend(ADMIN, person, token=f"s{person}")
        async with refused("nobody_to_tell"):
            await begun(desk)
        await desk.let_back(ADMIN, OWNER, token="b")
        await begun(desk)


async def test_many_who_ask_at_once_get_different_people(place: Place) -> None:
    async with place.open() as desk:
        for person in range(100, 120):
            invite = await desk.make_invite(ADMIN, None)
            await desk.enter(person, "Name", None, "en", invite.code)
        cast = await begun(desk)
        people = await asyncio.gather(*(desk.next_recipient(cast.id) for _ in range(30)))
        found = [person for person in people if person is not None]
        assert sorted(found) == [OWNER, OTHER, *range(100, 120)]


async def test_what_was_under_way_when_the_process_ended_is_uncertain_and_never_sent_again(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        assert await desk.next_recipient(cast.id) == OWNER
    async with place.open() as desk:
        await desk.recover_broadcasts()
        [going] = await desk.running_broadcasts()
        assert counts(going) == {"waiting": 1, "uncertain": 1}
        assert await desk.next_recipient(cast.id) == OTHER
        await desk.note_delivery(cast.id, OTHER, "failed", "odd")
        await desk.finish_broadcast(cast.id)
        again = await desk.resend_broadcast(ADMIN, cast.id, PROGRESS, token="again")
        assert counts(again) == {"waiting": 1, "uncertain": 1}
        assert [await desk.next_recipient(cast.id) for _ in range(2)] == [OTHER, None]


async def test_a_broadcast_of_who_is_no_admin_any_more_ends_with_the_restart(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        cast = await begun(desk, 2)
    place.admins = frozenset({ADMIN})
    async with place.open() as desk:
        await desk.recover_broadcasts()
        assert await desk.running_broadcasts() == []
        assert await desk.next_recipient(cast.id) is None
        assert (await now(desk, cast)).status == "canceled"


async def test_a_canceled_one_goes_to_nobody_else(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        assert await desk.next_recipient(cast.id) == OWNER
        await desk.cancel_broadcast(ADMIN, cast.id)
        await desk.note_delivery(cast.id, OWNER, "delivered")
        assert await desk.next_recipient(cast.id) is None
        ended = await desk.finish_broadcast(cast.id)
        assert (ended.status, counts(ended)) == ("canceled", {"delivered": 1, "waiting": 1})
        async with refused("already_done"):
            await desk.cancel_broadcast(ADMIN, cast.id)


async def test_resending_reaches_only_those_with_whom_it_failed(place: Place) -> None:
    async with place.open() as desk:
        for person in (100, 101):
            await desk.enter(person, "Name", None, "en", (await desk.make_invite(ADMIN, None)).code)
        cast = await begun(desk)
        for outcome in ("delivered", "blocked", "failed"):
            person = await desk.next_recipient(cast.id)
            assert person is not None
            await desk.note_delivery(cast.id, person, outcome, "why" if outcome == "failed" else "")
        await desk.cancel_broadcast(ADMIN, cast.id)
        assert dict((await now(desk, cast)).reasons) == {"why": 1}
        again = await desk.resend_broadcast(ADMIN, cast.id, PROGRESS, token="again")
        assert counts(again) == {"delivered": 1, "blocked": 1, "waiting": 1, "canceled": 1}
        async with refused("already_done"):
            await desk.resend_broadcast(ADMIN, cast.id, PROGRESS, token="once more")
        person = await desk.next_recipient(cast.id)
        assert person == 100
        await desk.note_delivery(cast.id, person, "delivered")
        await desk.finish_broadcast(cast.id)
        async with refused("nobody_to_tell"):
            await desk.resend_broadcast(ADMIN, cast.id, PROGRESS, token="for nobody")


async def test_who_is_suspended_or_removed_meanwhile_does_not_get_it(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        await desk.suspend(ADMIN, OWNER, token="s")
        await desk.remove_member(ADMIN, OTHER, token="r")
        assert await desk.next_recipient(cast.id) is None
        ended = await now(desk, cast)
        assert (counts(ended), dict(ended.reasons)) == ({"failed": 1}, {"not_active": 1})


async def test_who_has_blocked_the_bot_is_marked_until_they_are_heard_or_reached(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        for person in (OWNER, OTHER):
            assert await desk.next_recipient(cast.id) == person
            await desk.note_delivery(cast.id, person, "blocked")
            assert (await desk.member(ADMIN, person)).is_deaf
        await desk.note_heard(OWNER)
        assert not (await desk.member(ADMIN, OWNER)).is_deaf
        await desk.note_deaf(OWNER)
        assert (await desk.member(ADMIN, OWNER)).is_deaf
        await desk.note_heard(OWNER)
        await desk.note_delivery(cast.id, OTHER, "delivered")
        assert not any(member.is_deaf for member in await desk.members(ADMIN))


async def test_a_message_that_is_gone_fails_for_all_who_wait(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        ended = await desk.finish_broadcast(cast.id, failed="message_gone")
        assert (ended.status, counts(ended)) == ("done", {"failed": 2})
        assert dict(ended.reasons) == {"message_gone": 2}


async def test_what_is_noted_is_an_outcome(place: Place) -> None:
    async with place.open() as desk:
        cast = await begun(desk)
        before = astuple(await now(desk, cast))
        with pytest.raises(ValueError, match="hurrah"):
            await desk.note_delivery(cast.id, OWNER, "hurrah")
        assert astuple(await now(desk, cast)) == before
        async with refused("not_found"):
            await desk.broadcast(ADMIN, 404)


async def test_all_admins_see_what_was_sent_the_newest_first(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        for admin, name in ((ADMIN, "Ann"), (2, "Ben")):
            await desk.arrive(admin, name, None, "en")
        for number, admin in enumerate((ADMIN, 2, ADMIN)):
            said = Announcement((MESSAGE, MESSAGE + 1), forwards=number == 1, excerpt=f"word {number}")
            cast = await desk.begin_broadcast(admin, said, PROGRESS, token=f"t{number}")
            first = await desk.next_recipient(cast.id)
            assert first is not None
            await desk.note_delivery(cast.id, first, "blocked")
        found = await desk.broadcasts(2, skip=0, limit=2)
        assert found.in_all == 3
        assert [(each.id, each.author, each.said.excerpt) for each in found.shown] == [
            (3, "Ann", "word 2"),
            (2, "Ben", "word 1"),
        ]
        assert [each.said.forwards for each in found.shown] == [False, True]
        assert found.shown[0].said.message_ids == (MESSAGE, MESSAGE + 1)
        assert counts(found.shown[0]) == {"waiting": 2, "blocked": 1}
        assert [each.id for each in (await desk.broadcasts(2, skip=2, limit=2)).shown] == [1]
        assert found.shown[0].begun_at == place.clock.now()
