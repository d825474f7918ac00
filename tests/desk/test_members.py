"""People suspended, let back in, removed and limited by admins."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.place import (
    ADMIN,
    BTC_SYMBOL,
    CRV_SYMBOL,
    GRID,
    OTHER,
    OWNER,
    FarKey,
    Place,
    a_bot,
    credentials,
    refused,
)
from trading.core.notices import AccessRemoved, AccessRestored, AccessSuspended, BotStopped, Notice
from trading.core.planning import Mode
from trading.desk.answers import Activity, DeskError, StopChoice
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.exchanges.errors import BadCredentials
from trading.storage import keys, users

KEY = "far-key-abcd1234"


async def told(desk: Desk, user_id: int = OWNER) -> list[Notice]:
    return [stored.notice for stored in await desk.waiting_notices() if stored.user_id == user_id]


async def suspended(desk: Desk) -> None:
    await desk.suspend(ADMIN, OWNER, token="suspend")


async def test_admins_see_who_there_is_and_how_much_of_theirs(place: Place) -> None:
    place.keys[KEY] = FarKey()
    async with place.open() as desk:
        await desk.arrive(ADMIN, "Ann", "ann", "en")
        bot = await a_bot(desk, place)
        await desk.add_key(OWNER, "bitget", "", credentials(KEY))
        await desk.note_heard(OWNER)
        people = {member.id: member for member in await desk.members(ADMIN)}
        assert people.keys() == {ADMIN, OWNER, OTHER}
        assert people[ADMIN].is_admin
        owner = people[OWNER]
        assert owner == await desk.member(ADMIN, OWNER)
        assert (owner.status, owner.bots, owner.active_bots, owner.keys) == ("active", 1, 1, 1)
        assert owner.seen_at == place.clock.now()
        assert people[OTHER].seen_at is None
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        assert (await desk.member(ADMIN, OWNER)).active_bots == 0


async def test_a_suspended_persons_bots_take_no_new_entries_and_keep_their_exits(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await suspended(desk)
        await place.until(lambda: place.resting() == 1)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.mode, card.cause) == (Activity.PAUSED, Mode.NO_ENTRIES, "suspended")
        assert card.take_profit is not None
        assert place.held() > 0
        person = await desk.person(OWNER)
        assert person is not None
        assert (person.status, person.may_act) == ("suspended", False)
        assert [each for each in await told(desk) if isinstance(each, AccessSuspended)] == [AccessSuspended(bots=1)]


async def test_who_is_let_back_in_decides_when_the_bots_go_on(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await suspended(desk)
        assert (await desk.let_back(ADMIN, OWNER, token="back")).status == "active"
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.PAUSED
        assert AccessRestored(bots=1) in await told(desk)
        await desk.resume(OWNER, bot.id)
        await place.settled(bot.id)


async def test_what_the_owner_had_paused_stays_the_owners(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.pause(OWNER, bot.id)
        await suspended(desk)
        assert (await desk.bot(OWNER, bot.id)).cause == "user"
        assert AccessSuspended(bots=0) in await told(desk)


async def test_each_press_is_for_the_state_that_it_was_shown_in(place: Place) -> None:
    async with place.open() as desk:
        async with refused("already_done"):
            await desk.let_back(ADMIN, OWNER, token="early")
        await suspended(desk)
        async with refused("already_done"):
            await desk.suspend(ADMIN, OWNER, token="again")
        await desk.let_back(ADMIN, OWNER, token="back")
        for token in ("suspend", "back"):
            async with refused("already_done"):
                await desk.suspend(ADMIN, OWNER, token=token)
        assert (await desk.member(ADMIN, OWNER)).status == "active"


@pytest.mark.parametrize("act", ["suspend", "let_back", "remove_member", "set_max_deposit", "set_max_bots"])
async def test_an_admin_is_touched_by_no_other_admin(place: Place, act: str) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        await desk.arrive(2, "Second", None, "en")
        more = {"token": "t"} if not act.startswith("set_") else {act.removeprefix("set_"): None}
        async with refused("admin_untouchable"):
            await getattr(desk, act)(ADMIN, 2, **more)
        async with refused("admin_untouchable"):
            await getattr(desk, act)(2, 2, **more)
        async with refused("not_found"):
            await getattr(desk, act)(ADMIN, 404, **more)
        person = await desk.person(2)
        assert person is not None
        assert person.may_act


async def test_two_admins_suspend_at_once_and_the_person_hears_it_once(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with place.open() as desk:
        presses = [desk.suspend(admin, OWNER, token=f"t{admin}") for admin in sorted(place.admins)]
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert [each.code for each in done if isinstance(each, DeskError)] == ["already_done"]
        assert (await told(desk)).count(AccessSuspended(bots=0)) == 1


async def test_a_bot_that_is_being_made_while_its_owner_is_suspended_is_not_made_or_is_held(place: Place) -> None:
    async with place.open() as desk:
        making = desk.create(OWNER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="made")
        made, _ = await asyncio.gather(making, suspended(desk), return_exceptions=True)
        await place.pass_time(5)
        if isinstance(made, DeskError):
            assert made.code == "access_suspended"
            assert await desk.bots(OWNER) == []
        else:
            assert (await desk.bots(OWNER))[0].cause == "suspended"


async def test_whatever_puts_money_to_work_is_refused_to_the_suspended(place: Place) -> None:
    """The chat turns them away; this is for the press that was let through a moment before."""
    place.keys[KEY] = FarKey()
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        other = await desk.create(
            OWNER, None, "grid", [BTC_SYMBOL], {**GRID, "deposit": "3000"}, accept_danger=True, token="btc"
        )
        await desk.stop(OWNER, other[0].id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(other[0].id)
        await suspended(desk)
        async with refused("access_suspended"):
            await desk.create(OWNER, None, "grid", [BTC_SYMBOL], GRID, accept_danger=True, token="made2")
        async with refused("access_suspended"):
            await desk.start(OWNER, other[0].id, accept_danger=True, token="start")
        async with refused("access_suspended"):
            await desk.resume(OWNER, bot.id)
        async with refused("access_suspended"):
            await desk.add_key(OWNER, "bitget", "", credentials(KEY))
        assert await desk.keys(OWNER) == []


async def test_a_resume_that_meets_a_suspension_does_not_outlive_it(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.pause(OWNER, bot.id)
        await asyncio.gather(desk.resume(OWNER, bot.id), suspended(desk), return_exceptions=True)
        card = await desk.bot(OWNER, bot.id)
        assert card.activity is Activity.PAUSED
        assert card.cause in ("user", "suspended")


async def test_a_suspension_does_not_call_back_a_close(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await asyncio.gather(desk.panic(OWNER, token="panic"), suspended(desk))
        await place.ended(bot.id)
        assert place.held() == 0
        assert (await desk.bot(OWNER, bot.id)).cause == "panic"


async def test_bots_of_who_was_suspended_when_the_process_fell_do_not_trade_after_it(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        # As it is left by a fall right after the suspension was stored.
        await place.storage.write(lambda c: users.set_user_status(c, OWNER, "suspended"))
    async with place.open() as desk:
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        card = await desk.bot(OWNER, bot.id)
        assert (card.mode, card.cause) == (Mode.NO_ENTRIES, "suspended")


# Removing


async def removed(desk: Desk, place: Place) -> None:
    with pytest.raises(DeskError) as caught:
        await desk.remove_member(ADMIN, OWNER, token="remove")
    assert caught.value.code == "person_still_stopping"
    await place.until(lambda: not list(place.supervisor.workers()))
    await desk.remove_member(ADMIN, OWNER, token="remove")


async def test_a_removed_persons_bots_stop_first_and_then_everything_is_forgotten(place: Place) -> None:
    place.keys[KEY] = FarKey()
    async with place.open() as desk:
        key = await desk.add_key(OWNER, "bitget", "mine", credentials(KEY))
        paper = await a_bot(desk, place)
        live = await a_bot(desk, place, press="live", key_id=key.id)
        await desk.set_max_bots(ADMIN, OWNER, 7)
        held = place.held(KEY)
        assert held > 0
        await removed(desk, place)
        assert place.resting(KEY) == 0
        assert place.held(KEY) == held
        assert await desk.person(OWNER) is None
        assert [member.id for member in await desk.members(ADMIN)] == [OTHER]
        assert await desk.bots(OWNER) == []
        assert await place.storage.read(keys.all_keys) == []
        stopped = [each for each in await told(desk) if isinstance(each, BotStopped)]
        assert len(stopped) == 2
        assert (await told(desk))[-1] == AccessRemoved(language="en")
        for bot in (paper, live):
            async with refused("not_found"):
                await desk.bot(OWNER, bot.id)
        await place.pass_time(70)
        assert await place.storage.read(lambda c: users.find_user(c, OWNER)) is None


async def test_who_was_removed_is_a_stranger_again(place: Place) -> None:
    async with place.open() as desk:
        await desk.remove_member(ADMIN, OWNER, token="remove")
        person = await desk.arrive(OWNER, "Back", None, "ru")
        assert (person.status, person.language) == ("pending", "ru")
        assert (await desk.member(ADMIN, OWNER)).max_bots == DeskLimits().max_bots


async def test_a_removal_can_be_pressed_again_while_bots_stop_and_is_done_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        # Nothing can be canceled while the venue is away.
        place.away()
        for _ in range(3):
            async with refused("person_still_stopping"):
                await desk.remove_member(ADMIN, OWNER, token="remove")
        assert (await desk.member(ADMIN, OWNER)).status == "suspended"
        place.back()
        await place.ended(bot.id)
        await desk.remove_member(ADMIN, OWNER, token="remove")
        async with refused("already_done"):
            await desk.remove_member(ADMIN, OWNER, token="remove")
        async with refused("not_found"):
            await desk.remove_member(ADMIN, OWNER, token="another")


async def test_a_removal_that_a_fall_interrupted_goes_on_at_the_next_press(place: Place) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        async with refused("person_still_stopping"):
            await desk.remove_member(ADMIN, OWNER, token="remove")
    async with place.open() as desk:
        await place.until(lambda: not list(place.supervisor.workers()))
        await place.pass_time(5)
        await desk.remove_member(ADMIN, OWNER, token="remove")
        assert await desk.person(OWNER) is None


async def test_bots_of_a_dead_key_keep_nobody_from_being_removed(place: Place) -> None:
    place.keys[KEY] = FarKey()
    async with place.open() as desk:
        key = await desk.add_key(OWNER, "bitget", "", credentials(KEY))
        await a_bot(desk, place, key_id=key.id)
        place.keys[KEY].trouble = BadCredentials("revoked")
        await desk.test_key(OWNER, key.id)
        await desk.remove_member(ADMIN, OWNER, token="remove")
        assert await desk.person(OWNER) is None


async def test_nobody_is_removed_who_was_let_back_in_meanwhile(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("person_still_stopping"):
            await desk.remove_member(ADMIN, OWNER, token="remove")
        await desk.let_back(ADMIN, OWNER, token="back")
        await place.ended(bot.id)
        assert (await desk.member(ADMIN, OWNER)).status == "active"
        assert len(await desk.bots(OWNER)) == 1


# Limits


async def test_what_an_admin_allows_a_person_goes_before_the_settings(place: Place) -> None:
    place.limits = DeskLimits(max_deposit=Decimal(40))
    async with place.open() as desk:
        async with refused("deposit_over_cap"):
            await desk.create(OWNER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="a")
        member = await desk.set_max_deposit(ADMIN, OWNER, Decimal(60))
        assert (member.max_deposit, member.has_own_deposit) == (Decimal(60), True)
        bot = await a_bot(desk, place)
        with pytest.raises(DeskError) as caught:
            await desk.edit(OWNER, bot.id, {"deposit": "61"})
        assert (caught.value.code, caught.value.values) == ("deposit_over_cap", {"limit": "60"})
        async with refused("deposit_over_cap"):
            await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="b")
        member = await desk.set_max_deposit(ADMIN, OWNER, None)
        assert (member.max_deposit, member.has_own_deposit) == (Decimal(40), False)


async def test_a_lower_cap_is_felt_at_the_next_start(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.set_max_deposit(ADMIN, OWNER, Decimal(10))
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.RUNNING
        await desk.edit(OWNER, bot.id, {"cooldown_seconds": 5})
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        async with refused("deposit_over_cap"):
            await desk.start(OWNER, bot.id, accept_danger=True, token="start")


async def test_a_person_has_as_many_bots_as_an_admin_allows(place: Place) -> None:
    async with place.open() as desk:
        await desk.set_max_bots(ADMIN, OWNER, 0)
        async with refused("too_many_bots"):
            await desk.create(OWNER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="a")
        await desk.set_max_bots(ADMIN, OWNER, None)
        await a_bot(desk, place)


@pytest.mark.parametrize("limit", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
async def test_a_cap_is_an_amount(place: Place, limit: Decimal) -> None:
    async with place.open() as desk, refused("wrong_limit"):
        await desk.set_max_deposit(ADMIN, OWNER, limit)


@pytest.mark.parametrize("limit", [-1, 10_001])
async def test_a_number_of_bots_is_one(place: Place, limit: int) -> None:
    async with place.open() as desk, refused("wrong_limit"):
        await desk.set_max_bots(ADMIN, OWNER, limit)
