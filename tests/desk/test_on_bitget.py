"""One key's whole story on the real wire: added, tested, traded with, deleted. The house is put together as it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desk.place import ADMIN, CRV_SYMBOL, GRID, OWNER, all_bytes, refused
from tests.venues.bitget.server import BitgetVenue
from tests.venues.faults import FaultKind
from trading.desk.answers import Activity
from trading.desk.connecting import LiveTerms
from trading.desk.desk import Desk
from trading.desk.housekeeping import KeepTerms
from trading.desk.running import Terms, trading
from trading.vault import VaultLocked, new_master_key

KEY = {"apiKey": "bg-key", "secret": "bg-secret", "password": "bg-pass"}
CONFIG = {**GRID, "cooldown_seconds": 3600}


def terms_of(folder: Path, venue: BitgetVenue, master_key: str) -> Terms:
    return Terms(
        database_url=f"sqlite+aiosqlite:///{folder}/desk.db",
        master_keys=[master_key],
        admin_ids=frozenset({ADMIN}),
        live=LiveTerms(addresses={"bitget": venue.address}, requests_per_minute=6000, concurrent_requests=20),
        keep=KeepTerms(backups=folder / "backups"),
    )


@asynccontextmanager
async def desk_on(folder: Path, venue: BitgetVenue, master_key: str) -> AsyncIterator[Desk]:
    async with trading(terms_of(folder, venue, master_key)) as desk:
        if await desk.person(OWNER) is None:
            await desk.arrive(OWNER, "Owner", None, "en")
            await desk.decide_access(ADMIN, OWNER, approve=True)
        yield desk


async def eventually(reached: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await reached():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def test_a_key_is_added_tested_traded_with_over_a_restart_and_deleted(tmp_path: Path) -> None:
    master_key = new_master_key()
    async with BitgetVenue() as venue:
        books = venue.world.accounts["bg-key"].exchange

        async def rest() -> bool:
            return len(books.open_orders()) == 5

        async with desk_on(tmp_path, venue, master_key) as desk:
            async with refused("key_refused"):
                await desk.add_key(OWNER, "bitget", "", {**KEY, "secret": "wrong"})
            key = await desk.add_key(OWNER, "bitget", "Main", KEY)
            async with refused("key_exists"):
                await desk.add_key(OWNER, "bitget", "Main", KEY)
            check = await desk.test_key(OWNER, key.id)
            assert (check.ok, check.equity, check.can_withdraw) == (True, Decimal(1000), False)
            assert [card.symbol for card in await desk.find_markets(OWNER, key.id, "grid", "crv")] == [CRV_SYMBOL]
            preview = await desk.preview(OWNER, key.id, "grid", CRV_SYMBOL, CONFIG)
            assert (preview.is_paper, preview.preview.is_refused, preview.equity) == (False, False, 1000)
            [bot] = await desk.create(
                OWNER, key.id, "grid", [CRV_SYMBOL], CONFIG, accept_danger=preview.preview.is_dangerous, token="made"
            )
            assert (bot.venue_title, bot.key_label, bot.is_paper) == ("Bitget", "Main", False)
            await eventually(rest)
        assert await rest(), "orders stay on the venue while we are down"
        async with desk_on(tmp_path, venue, master_key) as desk:

            async def is_activity(activity: Activity) -> bool:
                return (await desk.bot(OWNER, bot.id)).activity is activity

            venue.world.set_price("CRVUSDT", Decimal("0.52"))
            await eventually(lambda: is_activity(Activity.COOLING_DOWN))

            async def has_counted_the_cycle() -> bool:
                return (await desk.bot(OWNER, bot.id)).cycles == 1

            # What a bot does is shown from memory, its cycles as they are stored: a moment later.
            await eventually(has_counted_the_cycle)
            card = await desk.bot(OWNER, bot.id)
            assert (card.position, card.realized_net > 0) == (0, True)
            async with refused("bots_still_stopping"):
                await desk.delete_key(OWNER, key.id, token="gone")
            await eventually(lambda: is_activity(Activity.STOPPED))
            await desk.delete_key(OWNER, key.id, token="gone")
            assert await desk.keys(OWNER) == []
            assert books.open_orders() == []
            assert (await desk.bot(OWNER, bot.id)).instrument == preview.instrument
            await desk.delete(OWNER, bot.id, token="bot gone")
    stored = all_bytes(tmp_path)
    assert b"bg-secret" not in stored
    assert b"bg-pass" not in stored


async def test_what_the_venue_says_of_a_key_is_asked_before_it_is_kept(tmp_path: Path) -> None:
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, new_master_key()) as desk:
        account = venue.world.accounts["bg-key"]
        venue.fault(FaultKind.BAD_GATEWAY, "account/accounts", count=10)
        async with refused("venue_away"):
            await desk.add_key(OWNER, "bitget", "", KEY)
        venue.faults.clear()
        account.authorities = (*account.authorities, "wwow")
        async with refused("key_may_withdraw"):
            await desk.add_key(OWNER, "bitget", "", KEY)
        key = await desk.add_key(OWNER, "bitget", "", KEY, accept_withdrawal=True)
        account.is_hedged = True
        assert (await desk.test_key(OWNER, key.id)).problem == "hedge_mode"


NEW_KEY = {"apiKey": "bg-key-new", "secret": "bg-new-secret", "password": "bg-new-pass"}


def issue(venue: BitgetVenue) -> None:
    """The venue gives its account a second API key; both work until one is revoked."""
    accounts = venue.world.accounts
    accounts["bg-key-new"] = replace(
        accounts["bg-key"], key="bg-key-new", secret="bg-new-secret", passphrase="bg-new-pass"
    )


def revoke(venue: BitgetVenue) -> None:
    """The old API key is deleted at the venue."""
    del venue.world.accounts["bg-key"]


async def test_a_running_bot_goes_on_with_new_credentials_and_doubles_no_order(tmp_path: Path) -> None:
    master_key = new_master_key()
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, master_key) as desk:
        books = venue.world.accounts["bg-key"].exchange

        def resting() -> set[str | None]:
            return {order.client_id for order in books.open_orders()}

        async def rest() -> bool:
            return len(resting()) == 5

        key = await desk.add_key(OWNER, "bitget", "Main", KEY)
        [bot] = await desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], CONFIG, accept_danger=True, token="made")
        await eventually(rest)
        orders = resting()
        issue(venue)
        for wrong in {"secret": "wrong"}, {"password": "wrong"}, {"apiKey": "unknown"}:
            async with refused("key_refused"):
                await desk.replace_credentials(OWNER, key.id, {**NEW_KEY, **wrong})
        assert (await desk.test_key(OWNER, key.id)).ok, "the old ones are in place"
        assert ((await desk.keys(OWNER))[0].tail, resting()) == ("-key", orders)
        replaced = await desk.replace_credentials(OWNER, key.id, NEW_KEY)
        assert (replaced.id, replaced.tail, replaced.label, replaced.active_bots) == (key.id, "-new", "Main", 1)
        revoke(venue)

        async def is_back() -> bool:
            worker = desk._house.supervisor.worker(bot.id)
            return worker is not None and worker.can_trade()

        await eventually(is_back)
        assert resting() == orders, "none is doubled, none is lost"
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.open_orders) == (Activity.RUNNING, 5)
        venue.world.set_price("CRVUSDT", Decimal("0.52"))

        async def has_counted_the_cycle() -> bool:
            card = await desk.bot(OWNER, bot.id)
            return (card.activity, card.cycles) == (Activity.COOLING_DOWN, 1)

        await eventually(has_counted_the_cycle)
        assert (await desk.keys(OWNER))[0].status == "ok"
    stored = all_bytes(tmp_path)
    assert b"bg-new-secret" not in stored
    assert b"bg-new-pass" not in stored


async def test_a_revoked_key_is_mended_by_new_credentials(tmp_path: Path) -> None:
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, new_master_key()) as desk:
        books = venue.world.accounts["bg-key"].exchange

        async def rest() -> bool:
            return len(books.open_orders()) == 5

        key = await desk.add_key(OWNER, "bitget", "Main", KEY)
        [bot] = await desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], CONFIG, accept_danger=True, token="made")
        await eventually(rest)
        exits = {order.client_id for order in books.open_orders() if order.reduce_only}
        issue(venue)
        revoke(venue)

        async def is_known() -> bool:
            return (await desk.keys(OWNER))[0].status == "invalid"

        await eventually(is_known)
        assert await rest(), "its orders stay"
        assert (await desk.replace_credentials(OWNER, key.id, NEW_KEY)).status == "ok"

        async def has_only_its_exit() -> bool:
            return {order.client_id for order in books.open_orders()} == exits

        # It was paused, and now that can reach the venue: no new entries, and the take-profit stays.
        await eventually(has_only_its_exit)
        assert (await desk.bot(OWNER, bot.id)).cause == "credentials"
        await desk.resume(OWNER, bot.id)
        await eventually(rest)
        assert exits <= {order.client_id for order in books.open_orders()}


async def test_another_master_key_is_a_clear_error_before_anything_begins(tmp_path: Path) -> None:
    async with BitgetVenue() as venue:
        async with desk_on(tmp_path, venue, new_master_key()) as desk:
            await desk.add_key(OWNER, "bitget", "", KEY)
        with pytest.raises(VaultLocked):
            async with desk_on(tmp_path, venue, new_master_key()):
                pass
