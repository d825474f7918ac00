"""Stopped bots started again, and settings changed while a bot runs or rests."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.place import BTC_SYMBOL, CRV_SYMBOL, GRID, OWNER, Place, a_bot, refused
from trading.core.instrument import Side
from trading.core.orders import Role
from trading.core.planning import Mode
from trading.desk.answers import Activity, BotCard, DeskError, InvalidSettings, StopChoice
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits


async def stopped(desk: Desk, place: Place, choice: StopChoice = StopChoice.CLOSE_ALL) -> BotCard:
    bot = await a_bot(desk, place)
    await desk.stop(OWNER, bot.id, choice, token="stop")
    await place.ended(bot.id)
    return bot


async def again(desk: Desk, bot: BotCard, *, accept_danger: bool = True) -> BotCard:
    return await desk.start(OWNER, bot.id, accept_danger=accept_danger, token="again")


async def test_a_stopped_bot_starts_again_once_with_slots_it_has_never_used(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place)
        assert (await again(desk, bot)).activity is Activity.RUNNING
        await place.settled(bot.id)
        assert all(slot.startswith("c2.") for slot in place.worker(bot.id).bench.books.live)
        async with refused("already_done"):
            await again(desk, bot)
        async with refused("already_running"):
            await desk.start(OWNER, bot.id, accept_danger=True, token="another")


async def test_a_bot_may_start_again_at_the_very_moment_it_has_stopped(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        while (await desk.bot(OWNER, bot.id)).activity is not Activity.STOPPED:
            await place.clock.advance(0.05)
        await again(desk, bot)
        await place.settled(bot.id)
        assert (await desk.bot(OWNER, bot.id)).position == place.held() > 0


async def test_two_presses_start_it_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place)
        results = await asyncio.gather(again(desk, bot), again(desk, bot), return_exceptions=True)
        assert [result.code for result in results if isinstance(result, DeskError)] == ["already_done"]
        await place.settled(bot.id)


async def test_a_position_that_was_left_is_taken_up_again(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place, StopChoice.CANCEL_ORDERS)
        held = place.held()
        await again(desk, bot)
        await place.until(lambda: place.resting() == 1)
        [exit_order] = place.worker(bot.id).bench.books.live.values()
        assert (exit_order.role, exit_order.amount, place.held()) == (Role.TAKE_PROFIT, held, held)
        place.price("0.52")
        await place.until(lambda: not place.held())
        await place.until(lambda: place.held() > 0, seconds=180)


async def test_a_left_position_that_its_owner_closed_by_hand_does_not_stop_the_start(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place, StopChoice.CANCEL_ORDERS)
        await place.by_hand(Side.SELL, f"{place.held()}")
        assert place.held() == 0
        await again(desk, bot)
        await place.until(lambda: place.held() > 0, seconds=300)
        await place.settled(bot.id)
        assert (await desk.bot(OWNER, bot.id)).position == place.held()


async def test_a_left_position_that_its_owner_changed_is_in_the_way(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place, StopChoice.CANCEL_ORDERS)
        await place.by_hand(Side.BUY, "20")
        async with refused("position_exists"):
            await again(desk, bot)


async def test_the_checks_of_creation_hold_for_a_start(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place)
        await desk.edit(OWNER, bot.id, {"leverage": 20, "coverage_percent": "40"})
        async with refused("danger_not_accepted"):
            await again(desk, bot, accept_danger=False)
        await desk.edit(OWNER, bot.id, {"deposit": "1"})
        async with refused("preview_refused"):
            await again(desk, bot)
        await desk.edit(OWNER, bot.id, GRID)
        await desk.create(OWNER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="other")
        async with refused("symbol_busy"):
            await again(desk, bot)
        place.away()
        await desk.panic(OWNER, token="panic")
        place.back()


async def test_a_start_with_the_venue_away_changes_nothing_and_may_be_pressed_again(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place)
        place.away()
        async with refused("venue_away"):
            await again(desk, bot)
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.STOPPED
        place.back()
        await again(desk, bot)


# Settings


async def test_what_a_cycle_freezes_waits_and_what_acts_at_once_moves_orders(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        before = (await desk.bot(OWNER, bot.id)).take_profit
        done = await desk.edit(OWNER, bot.id, {"take_profit_percent": "4"})
        assert done.deferred == ()
        await place.pass_time(3)
        after = (await desk.bot(OWNER, bot.id)).take_profit
        assert before is not None
        assert after is not None
        assert after > before
        done = await desk.edit(OWNER, bot.id, {"grid_levels": 4, "active_levels": 2})
        assert done.deferred == ("grid_levels",)
        await place.until(lambda: place.resting() == 3)
        assert done.card.config["grid_levels"] == 4


async def test_two_edits_at_once_are_both_kept(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await asyncio.gather(
            desk.edit(OWNER, bot.id, {"take_profit_percent": "4"}), desk.edit(OWNER, bot.id, {"cooldown_seconds": 5})
        )
        config = (await desk.bot(OWNER, bot.id)).config
        assert (config["take_profit_percent"], config["cooldown_seconds"]) == ("4", 5)


async def test_more_deposit_than_the_account_holds_is_refused_also_with_other_bots_beside(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("deposits_exceed_equity"):
            await desk.edit(OWNER, bot.id, {"deposit": "11000"})
        await desk.create(
            OWNER, None, "grid", [BTC_SYMBOL], {**GRID, "deposit": "8000"}, accept_danger=True, token="second"
        )
        async with refused("deposits_exceed_equity"):
            await desk.edit(OWNER, bot.id, {"deposit": "3000"})
        assert (await desk.edit(OWNER, bot.id, {"deposit": "1500"})).card.deposit == 1500


async def test_the_cap_holds_for_more_money_and_does_not_forbid_other_edits(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
    place.limits = DeskLimits(max_deposit=Decimal(20))
    async with place.open() as desk:
        async with refused("deposit_over_cap"):
            await desk.edit(OWNER, bot.id, {"deposit": "60"})
        await desk.edit(OWNER, bot.id, {"cooldown_seconds": 5})


async def test_an_edit_that_cannot_work_is_refused_and_wrong_words_are_told(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("edit_refused"):
            await desk.edit(OWNER, bot.id, {"deposit": "5"})
        with pytest.raises(InvalidSettings) as caught:
            await desk.edit(OWNER, bot.id, {"leverage": "many"})
        assert caught.value.problems == {"leverage": "must be a whole number"}
        assert (await desk.bot(OWNER, bot.id)).config == bot.config


async def test_a_bot_in_the_red_may_still_be_edited(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place, deposit="9900")
        place.price("0.46")
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.position > 50_000)
        assert (await desk.preview(OWNER, None, "grid", CRV_SYMBOL, bot.config)).preview.is_refused
        await desk.edit(OWNER, bot.id, {"take_profit_percent": "1"})


async def test_a_running_bot_is_edited_while_its_venue_does_not_answer(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.away()
        assert (await desk.edit(OWNER, bot.id, {"take_profit_percent": "1"})).card.config["take_profit_percent"] == "1"
        async with refused("venue_away"):
            await desk.edit(OWNER, bot.id, {"deposit": "60"})
        place.back()


async def test_a_stopped_bot_is_edited_with_its_venue_away_and_keeps_its_state(place: Place) -> None:
    async with place.open() as desk:
        bot = await stopped(desk, place)
    place.away()
    async with place.open() as desk:
        done = await desk.edit(OWNER, bot.id, {"deposit": "60", "take_profit_percent": "3"})
        assert (done.card.deposit, done.deferred) == (60, ())
        assert (done.card.activity, done.card.mode) == (Activity.STOPPED, Mode.CLOSE)
