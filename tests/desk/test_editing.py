"""What an edit would do, told before it is done; and what it did."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.desk.place import BTC_SYMBOL, GRID, OTHER, OWNER, SPOT_SYMBOL, Place, a_bot, refused
from trading.core.instrument import Side
from trading.core.orders import Role
from trading.desk.answers import InvalidSettings, StopChoice


def limits_of(place: Place) -> list[tuple[str, Decimal | None]]:
    """What rests by the venue's own books."""
    return sorted(
        (report.client_id, report.price) for report in place.gateways[str(OWNER)].books_of_the_venue.open_orders()
    )


async def test_a_look_says_where_the_take_profit_would_go_and_changes_nothing(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        resting, config = limits_of(place), (await desk.bot(OWNER, bot.id)).config
        seen = await desk.preview_edit(OWNER, bot.id, {"take_profit_percent": "4"})
        assert seen.effect is not None
        assert (len(seen.effect.moved), seen.effect.canceled, seen.effect.placed) == (1, (), ())
        [move] = seen.effect.exits
        assert move.order.role is Role.TAKE_PROFIT
        assert (seen.deferred, seen.config["take_profit_percent"]) == ((), "4")
        await place.pass_time(5)
        assert limits_of(place) == resting
        assert (await desk.bot(OWNER, bot.id)).config == config

        done = await desk.edit(OWNER, bot.id, {"take_profit_percent": "4"}, token="yes")
        assert done.effect is not None
        assert [each.prices for each in done.effect.exits] == [move.prices]
        await place.until(lambda: move.prices[1] in {price for _, price in limits_of(place)})


async def test_orders_that_go_and_that_come_are_counted_apart(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        fewer = await desk.preview_edit(OWNER, bot.id, {"active_levels": 2})
        assert fewer.effect is not None
        assert (len(fewer.effect.canceled), len(fewer.effect.placed)) == (2, 0)
        await desk.edit(OWNER, bot.id, {"active_levels": 2})
        await place.until(lambda: place.resting() == 3)
        more = await desk.preview_edit(OWNER, bot.id, {"active_levels": 0, "take_profit_percent": "5"})
        assert more.effect is not None
        assert (len(more.effect.moved), len(more.effect.canceled), len(more.effect.placed)) == (1, 0, 2)


async def test_what_waits_for_the_next_cycle_moves_nothing_now(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        seen = await desk.preview_edit(OWNER, bot.id, {"grid_levels": 4, "deposit": "60"})
        assert set(seen.deferred) == {"grid_levels", "deposit"}
        assert seen.effect is not None
        assert not seen.effect
        assert seen.effect.moved == ()


async def test_a_picture_that_changed_meanwhile_hinders_no_edit_and_the_real_result_is_told(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        seen = await desk.preview_edit(OWNER, bot.id, {"take_profit_percent": "4"})
        assert seen.effect is not None
        place.price("0.487")
        await place.until(lambda: place.resting() < 5)
        await place.pass_time(10)
        done = await desk.edit(OWNER, bot.id, {"take_profit_percent": "4"}, token="yes")
        assert done.effect is not None
        [before], [after] = seen.effect.exits, done.effect.exits
        assert before.prices != after.prices
        await place.until(lambda: after.prices[1] in {price for _, price in limits_of(place)})


async def test_a_second_press_of_the_same_yes_changes_nothing(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("deposits_exceed_equity"):
            await desk.edit(OWNER, bot.id, {"deposit": "11000"}, token="yes")
        await desk.edit(OWNER, bot.id, {"take_profit_percent": "4"}, token="yes")
        async with refused("already_done"):
            await desk.edit(OWNER, bot.id, {"take_profit_percent": "9"}, token="yes")
        assert (await desk.bot(OWNER, bot.id)).config["take_profit_percent"] == "4"


async def test_what_a_cycle_goes_on_using_is_not_free_for_another_bot(place: Place) -> None:
    """A smaller deposit waits for the next cycle; until then the money of this one is not there twice."""
    async with place.open() as desk:
        bot = await a_bot(desk, place, deposit="6000")
        done = await desk.edit(OWNER, bot.id, {"deposit": "500"}, token="less")
        assert "deposit" in done.deferred
        config = {**GRID, "deposit": "5000"}
        async with refused("deposits_exceed_equity"):
            await desk.create(OWNER, None, "grid", [BTC_SYMBOL], config, accept_danger=True, token="t2")
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        await desk.create(OWNER, None, "grid", [BTC_SYMBOL], config, accept_danger=True, token="t2")


async def test_a_look_is_refused_where_the_edit_would_be(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        with pytest.raises(InvalidSettings):
            await desk.preview_edit(OWNER, bot.id, {"leverage": 5000})
        async with refused("deposits_exceed_equity"):
            await desk.preview_edit(OWNER, bot.id, {"deposit": "11000"})
        async with refused("not_found"):
            await desk.preview_edit(OTHER, bot.id, {"take_profit_percent": "4"})


async def test_a_stopped_bot_shows_what_start_would_do(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        seen = await desk.preview_edit(OWNER, bot.id, {"grid_levels": 4})
        assert seen.start is not None
        assert (len(seen.start.preview.rows), seen.effect, seen.deferred) == (4, None, ())
        place.away()
        assert (await desk.preview_edit(OWNER, bot.id, {"grid_levels": 4})).start is None
        done = await desk.edit(OWNER, bot.id, {"grid_levels": 4}, token="yes")
        assert (done.card.config["grid_levels"], done.effect) == (4, None)


async def test_another_second_market_is_not_guessed_at(place: Place) -> None:
    place.wallet = {"USDT": Decimal(10_000), "CRV": Decimal(20_000)}
    async with place.open() as desk:
        settings = {"deposit": "300", "min_depth": "100", "min_order": "10", "max_order": "100"}
        [bot] = await desk.create(OWNER, None, "liquidity", [SPOT_SYMBOL], settings, accept_danger=True, token="made")
        await place.until(lambda: place.resting() == 10)
        assert (await desk.preview_edit(OWNER, bot.id, {"reference_venue": "binance"})).effect is None
        narrower = await desk.preview_edit(OWNER, bot.id, {"orders_per_side": 3})
        assert narrower.effect is not None
        assert {order.side for order in narrower.effect.canceled} == {Side.BUY, Side.SELL}
        assert len(narrower.effect.canceled) == 4


async def test_a_bot_whose_picture_is_not_whole_foretells_nothing(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.worker(bot.id).bench.is_recovered = False
        assert (await desk.preview_edit(OWNER, bot.id, {"take_profit_percent": "4"})).effect is None
