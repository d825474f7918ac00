"""Keys that there are: another name, and other credentials under bots that go on with them."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER, SECRET, FarKey, Place, a_bot, credentials, refused
from trading.core.planning import Mode
from trading.desk.answers import Activity, DeskError, KeyCard
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.exchanges.errors import BadCredentials, Unavailable
from trading.runtime.accounts import AccountId
from trading.storage import keys
from trading.vault import new_master_key

KEY, NEW = "far-key-abcd1234", "far-key-new-5678"


@pytest.fixture
def far(place: Place) -> FarKey:
    place.keys[KEY], place.keys[NEW] = FarKey(), FarKey(usdt=Decimal(700))
    return place.keys[KEY]


async def added(desk: Desk, label: str = "Main") -> KeyCard:
    return await desk.add_key(OWNER, "bitget", label, credentials(KEY))


def resting_ids(place: Place, account: str = KEY) -> set[str | None]:
    return {order.client_id for order in place.gateways[account].books_of_the_venue.open_orders()}


# Another name


async def test_a_new_name_is_shown_everywhere_at_once(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        renamed = await desk.rename_key(OWNER, key.id, "  My   <other> name ")
        assert (renamed.label, renamed.tail, renamed.active_bots) == ("My <other> name", "1234", 1)
        assert await desk.keys(OWNER) == [renamed]
        assert (await desk.bot(OWNER, bot.id)).key_label == "My <other> name"
        assert "My <other> name" in {each.label for each in await desk.balances(OWNER)}


async def test_a_name_is_something_and_no_secret(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        for wrong, code in ((" \n", "label_empty"), (f"my {SECRET}", "label_secret"), (KEY, "label_secret")):
            async with refused(code):
                await desk.rename_key(OWNER, key.id, wrong)
        assert await desk.keys(OWNER) == [key]
        assert (await desk.rename_key(OWNER, key.id, "x" * 100)).label == "x" * 40


async def test_anothers_key_is_neither_renamed_nor_replaced(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        async with refused("not_found"):
            await desk.rename_key(OTHER, key.id, "stolen")
        async with refused("not_found"):
            await desk.replace_credentials(OTHER, key.id, credentials(NEW))
        async with refused("not_found"):
            await desk.key_venue(OTHER, key.id)
        assert await desk.keys(OWNER) == [key]


# Other credentials


async def test_the_venue_of_a_key_says_what_it_requires(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        venue = await desk.key_venue(OWNER, (await added(desk)).id)
        assert (venue.title, venue.credentials, venue.kinds) == (
            "Bitget",
            ("apiKey", "secret", "password"),
            ("perpetual",),
        )


async def test_new_credentials_are_sealed_in_the_place_of_the_old_ones(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        replaced = await desk.replace_credentials(OWNER, key.id, credentials(NEW))
        assert (replaced.id, replaced.label, replaced.tail, replaced.status) == (key.id, "Main", "5678", "ok")
        assert (await desk.test_key(OWNER, key.id)).equity == Decimal(700)
        [record] = await place.storage.read(keys.all_keys)
        opened = desk._house.vault.open(record.sealed, user_id=OWNER, key_id=key.id)
        assert opened == credentials(NEW)
    stored = place.stored_bytes()
    assert NEW.encode() not in stored
    assert SECRET.encode() not in stored


async def test_a_name_made_of_the_old_credentials_goes_with_them(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk, "")
        assert key.label == "Bitget 1234"
        assert (await desk.replace_credentials(OWNER, key.id, credentials(NEW))).label == "Bitget 5678"
        # A name that holds a new credential would be stored as it is.
        await desk.rename_key(OWNER, key.id, f"was {KEY}")
        assert (await desk.replace_credentials(OWNER, key.id, credentials(KEY))).label == "Bitget 1234"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret": "wrong"}, "key_refused"),
        ({"apiKey": "unknown-key-0000"}, "key_refused"),
        ({"secret": "ключ"}, "key_refused"),
        ({"password": " "}, "credentials_missing"),
    ],
)
async def test_wrong_credentials_leave_the_old_ones_and_the_bots_alone(
    place: Place, far: FarKey, wrong: dict[str, str], code: str
) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        [before] = await place.storage.read(keys.all_keys)
        worker = place.worker(bot.id)
        async with refused(code):
            await desk.replace_credentials(OWNER, key.id, {**credentials(NEW), **wrong})
        assert await place.storage.read(keys.all_keys) == [before]
        assert place.worker(bot.id) is worker, "the bot was not interrupted"
        assert (await desk.test_key(OWNER, key.id)).equity is not None


async def test_what_the_venue_says_of_new_credentials_decides(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        place.keys[NEW].trouble = Unavailable("gone")
        async with refused("venue_away"):
            await desk.replace_credentials(OWNER, key.id, credentials(NEW))
        place.keys[NEW] = FarKey(can_withdraw=True)
        async with refused("key_may_withdraw"):
            await desk.replace_credentials(OWNER, key.id, credentials(NEW))
        assert await desk.keys(OWNER) == [key]
        replaced = await desk.replace_credentials(OWNER, key.id, credentials(NEW), accept_withdrawal=True)
        assert replaced.can_withdraw is True


async def test_new_credentials_are_had_once_by_anybody_and_need_no_room(place: Place, far: FarKey) -> None:
    place.limits = DeskLimits(max_keys=1)
    place.keys["anothers-key-99"] = FarKey()
    async with place.open() as desk:
        key = await added(desk)
        await desk.add_key(OTHER, "bitget", "", credentials("anothers-key-99"))
        async with refused("key_exists"):
            await desk.replace_credentials(OWNER, key.id, credentials("anothers-key-99"))
        # Its own, with another secret or the same, is no other key.
        assert (await desk.replace_credentials(OWNER, key.id, credentials(KEY))).tail == "1234"


async def test_a_key_that_nobody_can_open_any_more_takes_new_credentials(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
    place.master_key = new_master_key()
    async with place.open() as desk:
        assert (await desk.rename_key(OWNER, key.id, "Other")).label == "Other"
        await desk.replace_credentials(OWNER, key.id, credentials(NEW))
        assert (await desk.test_key(OWNER, key.id)).ok


async def test_a_running_bot_goes_on_with_its_orders_over_a_new_connection(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        orders, worker, gateway = resting_ids(place), place.worker(bot.id), place.gateways[KEY]
        await desk.replace_credentials(OWNER, key.id, credentials(KEY))
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        assert place.worker(bot.id) is not worker
        assert place.gateways[KEY] is not gateway
        await place.settled(bot.id)
        await place.pass_time(70)
        assert resting_ids(place) == orders, "none is doubled, none is lost"
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.RUNNING
        place.price("0.52")
        await place.until(lambda: not orders & resting_ids(place))
        await place.settled(bot.id)
        assert (await desk.bot(OWNER, bot.id)).cycles == 1


async def test_a_key_that_was_refused_works_again_and_its_bots_wait_for_their_owner(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        far.trouble = BadCredentials("the key was revoked")
        await place.until(lambda: place.worker(bot.id).bench.record.cause == "credentials")
        await place.pass_time(5)
        assert (await desk.keys(OWNER))[0].status == "invalid"
        far.trouble = None
        replaced = await desk.replace_credentials(OWNER, key.id, credentials(KEY))
        assert replaced.status == "ok"
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.pass_time(70)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.cause) == (Activity.PAUSED, "credentials")
        assert (await desk.keys(OWNER))[0].status == "ok"
        await desk.resume(OWNER, bot.id)
        await place.settled(bot.id)
        assert place.resting(KEY) == 5


async def test_bots_that_could_not_even_begin_are_taken_up(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
    far.trouble = BadCredentials("the key was revoked")
    async with place.open() as desk:
        await place.pass_time(3)
        assert place.supervisor.worker(bot.id) is None
        far.trouble = None
        await desk.replace_credentials(OWNER, key.id, credentials(KEY))
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await desk.resume(OWNER, bot.id)
        await place.settled(bot.id)


async def test_a_venue_that_goes_away_in_between_is_waited_for(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)

        async def lost() -> None:
            far.trouble = Unavailable("gone")

        await place.supervisor.reconnect_account(AccountId(OWNER, key.id), lost)
        await place.pass_time(3)
        assert place.supervisor.worker(bot.id) is None
        far.trouble = None
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.settled(bot.id)


async def test_a_change_that_fails_leaves_the_bots_with_the_old_credentials(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        orders = resting_ids(place)

        async def failing() -> None:
            raise DeskError("key_exists")

        async with refused("key_exists"):
            await place.supervisor.reconnect_account(AccountId(OWNER, key.id), failing)
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.settled(bot.id)
        assert resting_ids(place) == orders


@pytest.mark.parametrize("turns", range(6))
async def test_what_is_wished_for_meanwhile_is_not_lost(place: Place, far: FarKey, turns: int) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)

        async def pause() -> None:
            for _ in range(turns * 3):
                await asyncio.sleep(0.001)
            await desk.pause(OWNER, bot.id)

        await asyncio.gather(desk.replace_credentials(OWNER, key.id, credentials(KEY)), pause())
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.pass_time(10)
        assert place.worker(bot.id).bench.record.mode is Mode.NO_ENTRIES
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.PAUSED


async def test_closing_everything_works_while_credentials_are_replaced(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        bot = await a_bot(desk, place, key_id=key.id)
        await asyncio.gather(
            desk.replace_credentials(OWNER, key.id, credentials(KEY)), desk.panic(OWNER, token="panic")
        )
        for _ in range(60):
            await place.pass_time(1)
            if (card := await desk.bot(OWNER, bot.id)).activity is Activity.STOPPED:
                break
        assert (card.activity, card.position, card.open_orders) == (Activity.STOPPED, 0, 0)


async def test_a_bot_that_begins_meanwhile_begins_once(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        made, _ = await asyncio.gather(
            desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="made"),
            desk.replace_credentials(OWNER, key.id, credentials(KEY)),
        )
        await place.until(lambda: place.supervisor.worker(made[0].id) is not None)
        await place.settled(made[0].id)
        assert place.resting(KEY) == 5


async def test_a_key_deleted_meanwhile_does_not_come_back(place: Place, far: FarKey) -> None:
    async with place.open() as desk:
        key = await added(desk)
        results = await asyncio.gather(
            desk.delete_key(OWNER, key.id, token="gone"),
            desk.replace_credentials(OWNER, key.id, credentials(NEW)),
            return_exceptions=True,
        )
        assert results[0] is None
        assert await desk.keys(OWNER) == []
