"""A position on the real wire of a perpetual venue is closed, or reduced, whoever wants it and whenever."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import aiosqlite
import pytest

from tests.desk.place import CRV_SYMBOL, OWNER, refused
from tests.desk.test_on_bitget import CONFIG, KEY, desk_on, eventually
from tests.venues.bitget import public
from tests.venues.bitget.server import BitgetVenue
from tests.venues.bitget.world import MARKETS
from tests.venues.faults import FaultKind
from trading.core.instrument import Side
from trading.core.notices import BotStopped, OrdersLeft
from trading.core.planning import MarginMode
from trading.desk.answers import Activity, BotCard, StopChoice
from trading.desk.desk import Desk
from trading.vault import new_master_key

MODES = [mode.value for mode in MarginMode]


def held(venue: BitgetVenue) -> Decimal:
    """The position by the venue's own books."""
    positions = venue.world.accounts["bg-key"].exchange.positions()
    return next((position.amount for position in positions if position.symbol == CRV_SYMBOL), Decimal(0))


def resting(venue: BitgetVenue) -> int:
    return len(venue.world.accounts["bg-key"].exchange.open_orders())


async def a_grid(desk: Desk, venue: BitgetVenue, margin_mode: str = "isolated") -> BotCard:
    """A grid that holds level 0, with its other levels, its take-profit and its stop-loss at rest."""
    key = await desk.add_key(OWNER, "bitget", "Main", KEY)
    config = {**CONFIG, "margin_mode": margin_mode, "stop_loss_percent": "50"}
    [bot] = await desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], config, accept_danger=True, token="made")

    async def rests() -> bool:
        return resting(venue) == 6

    await eventually(rests)
    assert held(venue) > 0
    return bot


async def end(desk: Desk, bot_id: int, by: str) -> None:
    if by == "panic":
        await desk.panic(OWNER, token="end")
    else:
        await desk.stop(OWNER, bot_id, StopChoice.CLOSE_ALL, token="end")


async def has_stopped(desk: Desk, bot_id: int) -> bool:
    return (await desk.bot(OWNER, bot_id)).activity is Activity.STOPPED


@pytest.mark.parametrize("margin_mode", MODES)
@pytest.mark.parametrize("by", ["panic", "close_all"])
async def test_what_is_closed_is_gone_from_the_venue(tmp_path: Path, by: str, margin_mode: str) -> None:
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, new_master_key()) as desk:
        bot = await a_grid(desk, venue, margin_mode)
        await end(desk, bot.id, by)
        await eventually(lambda: has_stopped(desk, bot.id))
        assert (held(venue), resting(venue)) == (0, 0)

        async def is_flat() -> bool:
            return (await desk.bot(OWNER, bot.id)).position == 0

        # That it stopped is shown from memory; its card, once its worker has gone, as it is stored: a moment later.
        await eventually(is_flat)


@pytest.mark.parametrize("by", ["panic", "close_all"])
async def test_what_is_closed_after_a_restart_is_gone_too(tmp_path: Path, by: str) -> None:
    master_key = new_master_key()
    async with BitgetVenue() as venue:
        async with desk_on(tmp_path, venue, master_key) as desk:
            bot = await a_grid(desk, venue, "cross")
        async with desk_on(tmp_path, venue, master_key) as desk:
            await end(desk, bot.id, by)
            await eventually(lambda: has_stopped(desk, bot.id))
            assert (held(venue), resting(venue)) == (0, 0)


async def test_a_part_that_is_closed_by_hand_is_gone_before_and_after_a_restart(tmp_path: Path) -> None:
    master_key = new_master_key()
    async with BitgetVenue() as venue:
        async with desk_on(tmp_path, venue, master_key) as desk:
            bot = await a_grid(desk, venue)
            await reduce_and_see(desk, venue, bot.id)
        async with desk_on(tmp_path, venue, master_key) as desk:
            await reduce_and_see(desk, venue, bot.id)


async def reduce_and_see(desk: Desk, venue: BitgetVenue, bot_id: int) -> None:
    async def can_be_reduced() -> bool:
        return desk_has_price(await desk.bot(OWNER, bot_id))

    await eventually(can_be_reduced)
    before, part = held(venue), (await desk.reductions(OWNER, bot_id)).amounts[25]
    await desk.reduce(OWNER, bot_id, 25, token=f"reduce {before}")

    async def is_smaller() -> bool:
        return held(venue) == before - part

    await eventually(is_smaller)


def desk_has_price(bot: BotCard) -> bool:
    """Its worker has its picture, and what is done by hand is done by it."""
    return bot.price is not None and not bot.price_is_stale


async def test_a_close_that_was_refused_for_rate_goes_again_and_closes(tmp_path: Path) -> None:
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, new_master_key()) as desk:
        bot = await a_grid(desk, venue)
        venue.fault(FaultKind.TOO_MANY, "place-order", count=1, seconds=1)
        await end(desk, bot.id, "panic")
        await eventually(lambda: has_stopped(desk, bot.id))
        assert (held(venue), resting(venue)) == (0, 0)


async def test_a_bot_whose_market_is_gone_is_stopped_and_deleted_and_its_owner_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master_key = new_master_key()
    async with BitgetVenue() as venue:
        async with desk_on(tmp_path, venue, master_key) as desk:
            bot = await a_grid(desk, venue)
            before = held(venue)
        listed = {name: market for name, market in MARKETS.items() if name != "CRVUSDT"}
        monkeypatch.setattr(public, "MARKETS", listed)
        async with aiosqlite.connect(tmp_path / "desk.db") as stored:
            await stored.execute("DELETE FROM market_cache")
            await stored.commit()
        async with desk_on(tmp_path, venue, master_key) as desk:
            async with refused("bots_still_stopping"):
                await desk.delete_key(OWNER, bot.key_id or 0, token="key")
            await eventually(lambda: has_stopped(desk, bot.id), seconds=60)
            told = [notice.notice for notice in await desk.waiting_notices(1000)]
            [stopped] = [fact for fact in told if isinstance(fact, BotStopped)]
            assert stopped.position == before
            [left] = [fact for fact in told if isinstance(fact, OrdersLeft)]
            assert [order.side for order in left.orders].count(Side.SELL) == 2
            await desk.delete(OWNER, bot.id, token="delete")
            await desk.delete_key(OWNER, bot.key_id or 0, token="key")
