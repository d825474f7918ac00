"""Keys: tested before they are kept, sealed where they are kept, gone when they are deleted."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.place import (
    CRV_SYMBOL,
    GRID,
    OTHER,
    OWNER,
    SECRET,
    FarKey,
    Place,
    a_bot,
    credentials,
    refused,
)
from trading.core.notices import BotStopped
from trading.desk.answers import Activity, DeskError, KeyCard
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.exchanges.errors import BadCredentials, Unavailable
from trading.storage import keys
from trading.vault import new_master_key

KEY = "far-key-abcd1234"


@pytest.fixture
def far(place: Place) -> FarKey:
    place.keys[KEY] = FarKey()
    return place.keys[KEY]


async def added(desk: Desk, label: str = "Main", api_key: str = KEY) -> KeyCard:
    return await desk.add_key(OWNER, "bitget", label, credentials(api_key))


async def test_a_key_is_kept_sealed_and_shown_by_its_last_four_characters(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        assert (key.venue_title, key.label, key.tail, key.status, key.active_bots) == (
            "Bitget",
            "Main",
            "1234",
            "ok",
            0,
        )
        assert await desk.keys(OWNER) == [key]
    stored = place.stored_bytes()
    assert KEY.encode() not in stored
    assert SECRET.encode() not in stored
    assert b"far-pass" not in stored


async def test_a_key_without_a_name_is_named_by_its_venue(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        assert (await added(desk, "  ")).label == "Bitget 1234"


async def test_a_secret_typed_as_the_name_is_not_kept(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        assert (await added(desk, f"my {SECRET}")).label == "Bitget 1234"


@pytest.mark.parametrize("wrong", [{"secret": " "}, {"password": ""}])
async def test_a_missing_credential_is_named(place: Place, far: FarKey, wrong: dict[str, str]) -> None:
    async with place.open() as desk:
        with pytest.raises(DeskError) as caught:
            await desk.add_key(OWNER, "bitget", "", {**credentials(KEY), **wrong})
        assert (caught.value.code, caught.value.values) == ("credentials_missing", {"fields": next(iter(wrong))})


async def test_an_unknown_venue_and_letters_no_key_has_are_refused_without_asking(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        async with refused("unknown_venue"):
            await desk.add_key(OWNER, "mtgox", "", credentials(KEY))
        async with refused("key_refused"):
            await desk.add_key(OWNER, "bitget", "", {**credentials(KEY), "secret": "ключ"})


async def test_a_refused_key_is_not_kept_and_the_refusal_repeats_no_secret(place: Place) -> None:
    async with place.open() as desk:
        with pytest.raises(DeskError) as caught:
            await added(desk)
        assert caught.value.code == "key_refused"
        assert KEY not in str(caught.value)
        assert "://" not in str(caught.value)
        assert await desk.keys(OWNER) == []


async def test_a_key_is_not_kept_while_its_venue_is_away(place: Place, far: FarKey) -> None:
    far.trouble = Unavailable(f"503 from https://far.example/x?sign=1 for {SECRET}")
    async with place.open() as desk:
        with pytest.raises(DeskError) as caught:
            await added(desk)
        assert caught.value.values == {"venue": "Bitget", "detail": "503 from (address) for …"}
        assert await desk.keys(OWNER) == []


async def test_a_key_that_may_withdraw_needs_insisting(place: Place, far: FarKey) -> None:
    far.can_withdraw = True
    async with place.open() as desk:
        async with refused("key_may_withdraw"):
            await added(desk)
        key = await desk.add_key(OWNER, "bitget", "", credentials(KEY), accept_withdrawal=True)
        assert key.can_withdraw is True


async def test_a_key_is_had_once_by_anybody(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        results = await asyncio.gather(added(desk), added(desk), return_exceptions=True)
        assert [result.code for result in results if isinstance(result, DeskError)] == ["key_exists"]
        async with refused("key_exists"):
            await added(desk)
        async with refused("key_exists"):
            await desk.add_key(OTHER, "bitget", "", credentials(KEY))


async def test_another_key_with_the_same_tail_is_another_key(place: Place, far: FarKey) -> None:
    place.keys["other-key-xx1234"] = FarKey()
    async with place.open() as desk:
        await added(desk)
        assert (await added(desk, "Second", "other-key-xx1234")).tail == "1234"


async def test_nobody_has_more_keys_than_are_allowed(place: Place, far: FarKey) -> None:
    place.limits = DeskLimits(max_keys=1)
    place.keys["second-key-5678"] = FarKey()
    async with place.open() as desk:
        await added(desk)
        async with refused("too_many_keys"):
            await added(desk, "Second", "second-key-5678")


async def test_a_test_shows_money_rights_and_trouble(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        check = await desk.test_key(OWNER, key.id)
        assert (check.ok, check.equity, check.can_withdraw, check.problem) == (True, Decimal(1000), False, "")
        far.is_hedged, far.can_withdraw = True, True
        assert (await desk.test_key(OWNER, key.id)).problem == "hedge_mode"
        assert (await desk.keys(OWNER))[0].can_withdraw is True
        far.trouble = Unavailable("gone")
        assert (await desk.test_key(OWNER, key.id)).problem == "unavailable"
        assert (await desk.keys(OWNER))[0].status == "ok"
        far.trouble = BadCredentials(f"no key {KEY}")
        check = await desk.test_key(OWNER, key.id)
        assert (check.ok, check.problem, check.detail) == (False, "bad_credentials", "no key …")
        assert (await desk.keys(OWNER))[0].status == "invalid"
        far.trouble, far.is_hedged = None, False
        assert (await desk.test_key(OWNER, key.id)).ok
        assert (await desk.keys(OWNER))[0].status == "ok"


async def test_a_key_sealed_with_another_master_key_is_a_clear_refusal(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
    place.master_key = new_master_key()
    async with place.open() as desk:
        async with refused("key_unreadable"):
            await desk.test_key(OWNER, key.id)
        async with refused("key_refused"):
            await desk.find_markets(OWNER, key.id, "grid", "")
        # It does not forbid to add it anew, and it can be deleted.
        again = await added(desk)
        await desk.delete_key(OWNER, key.id, token="gone")
        assert [card.id for card in await desk.keys(OWNER)] == [again.id]


async def test_a_row_moved_to_another_key_does_not_open(place: Place, far: FarKey) -> None:
    place.keys["second-key-5678"] = FarKey()
    async with place.open() as desk:
        first, second = await added(desk), await added(desk, "Second", "second-key-5678")
        records = await place.storage.read(keys.all_keys)
        await place.storage.write(lambda c: keys.replace_sealed(c, first.id, records[1].sealed))
        async with refused("key_unreadable"):
            await desk.test_key(OWNER, first.id)
        assert (await desk.test_key(OWNER, second.id)).ok


async def test_deleting_a_key_stops_its_bots_first_and_the_same_press_then_deletes_it(
    place: Place, far: FarKey
) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        assert (await desk.keys(OWNER))[0].active_bots == 1
        async with refused("bots_still_stopping"):
            await desk.delete_key(OWNER, key.id, token="gone")
        await place.ended(bot.id)
        assert place.resting(KEY) == 0
        assert place.held(KEY) > 0
        await desk.delete_key(OWNER, key.id, token="gone")
        async with refused("already_done"):
            await desk.delete_key(OWNER, key.id, token="gone")
        assert await desk.keys(OWNER) == []
        left = await desk.bot(OWNER, bot.id)
        assert (left.activity, left.key_label, left.is_paper) == (Activity.STOPPED, "", False)
        async with refused("not_found"):
            await desk.start(OWNER, bot.id, accept_danger=True, token="again")
        await desk.edit(OWNER, bot.id, {"take_profit_percent": "3"})
        await desk.delete(OWNER, bot.id, token="bot gone")


async def test_deleting_a_key_does_not_weaken_a_close(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        far.trouble = Unavailable("gone")
        await desk.panic(OWNER, token="panic")
        async with refused("bots_still_stopping"):
            await desk.delete_key(OWNER, key.id, token="gone")
        far.trouble = None
        await place.ended(bot.id)
        assert place.held(KEY) == 0


async def test_a_key_that_the_venue_refuses_can_still_be_deleted(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        far.trouble = BadCredentials("the key was revoked")
        await desk.test_key(OWNER, key.id)
        await desk.delete_key(OWNER, key.id, token="gone")
        assert await desk.keys(OWNER) == []
        left = await desk.bot(OWNER, bot.id)
        assert (left.activity, left.cause) == (Activity.STOPPED, "credentials")
        told = [stored.notice for stored in await desk.waiting_notices()]
        assert [notice.position > 0 for notice in told if isinstance(notice, BotStopped)] == [True]


async def test_no_bot_starts_on_a_key_while_it_is_deleted(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        results = await asyncio.gather(
            desk.delete_key(OWNER, key.id, token="gone"),
            desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="made"),
            return_exceptions=True,
        )
        assert results[0] is None
        assert isinstance(results[1], DeskError)
        assert await desk.bots(OWNER) == []


async def test_anothers_key_does_not_exist(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        async with refused("not_found"):
            await desk.test_key(OTHER, key.id)
        async with refused("not_found"):
            await desk.delete_key(OTHER, key.id, token="gone")
        assert await desk.keys(OTHER) == []
        assert len(await desk.keys(OWNER)) == 1
