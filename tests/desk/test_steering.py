"""Bots paused, resumed, stopped in each of the three ways, closed in a panic, deleted."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.place import OTHER, OWNER, Place, a_bot, refused
from trading.core.instrument import Side
from trading.core.notices import BotPaused, BotResumed, BotStopped
from trading.core.planning import Mode
from trading.core.telling import Notice
from trading.desk.answers import Activity, DeskError, StopChoice
from trading.desk.desk import Desk
from trading.storage import bots, cycles, fills, orders


async def told(desk: Desk) -> list[Notice]:
    return [stored.notice for stored in await desk.waiting_notices(1000)]


async def to_cooldown(desk: Desk, place: Place, bot_id: int) -> None:
    """The take-profit is filled, and the bot rests."""
    place.price("0.52")
    await place.until(lambda: not place.held() and not place.resting())
    await place.pass_time(1)
    assert (await desk.bot(OWNER, bot_id)).activity is Activity.COOLING_DOWN


async def test_a_paused_bot_keeps_its_exit_and_enters_again_when_resumed(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        assert (await desk.pause(OWNER, bot.id)).activity is Activity.PAUSED
        await place.until(lambda: place.resting() == 1)
        card = await desk.bot(OWNER, bot.id)
        assert (card.take_profit is not None, card.cause) == (True, "user")
        async with refused("not_running"):
            await desk.pause(OWNER, bot.id)
        assert (await desk.resume(OWNER, bot.id)).activity is Activity.RUNNING
        await place.settled(bot.id)
        async with refused("not_paused"):
            await desk.resume(OWNER, bot.id)
        heard = [notice for notice in await told(desk) if isinstance(notice, BotPaused | BotResumed)]
        assert [type(notice) for notice in heard] == [BotPaused, BotResumed]


async def test_stop_that_keeps_the_exit_ends_with_the_take_profit(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        card = await desk.stop(OWNER, bot.id, StopChoice.KEEP_EXIT, token="stop")
        assert card.activity is Activity.STOPPING
        await place.until(lambda: place.resting() == 1)
        place.price("0.52")
        await place.ended(bot.id)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.position, card.cycles) == (Activity.STOPPED, 0, 1)
        assert card.realized_net > 0
        assert (place.held(), place.resting()) == (0, 0)


async def test_a_bot_that_keeps_its_exit_may_be_resumed_before_it_ends(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.KEEP_EXIT, token="stop")
        await place.until(lambda: place.resting() == 1)
        await desk.resume(OWNER, bot.id)
        await place.settled(bot.id)


async def test_stop_that_cancels_leaves_the_position_to_its_owner(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        await desk.stop(OWNER, bot.id, StopChoice.CANCEL_ORDERS, token="stop")
        await place.ended(bot.id)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.position, card.open_orders) == (Activity.STOPPED, held, 0)
        assert (place.held(), place.resting()) == (held, 0)
        assert BotStopped(symbol=bot.symbol, cause="user", position=held) in await told(desk)


async def test_stop_that_closes_leaves_nothing(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.position, card.cycles) == (Activity.STOPPED, 0, 1)
        assert (place.held(), place.resting()) == (0, 0)


async def test_a_stopped_bot_shows_its_figures_in_its_markets_rules(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
    place.away()
    async with place.open() as desk:
        card, shown = await desk.bot(OWNER, bot.id), await desk.orders(OWNER, bot.id)
        assert card.instrument == shown.instrument == bot.instrument
        assert card.instrument is not None
        assert card.instrument.price_tick == Decimal("0.0001")
        assert (list(shown.live), len(shown.recent)) == ([], 7)


async def test_a_stop_is_made_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.stop(OWNER, bot.id, StopChoice.KEEP_EXIT, token="stop")
        async with refused("already_done"):
            await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        assert (await desk.bot(OWNER, bot.id)).mode is Mode.WIND_DOWN
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop2")
        await place.ended(bot.id)
        async with refused("already_done"):
            await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop2")
        for act in (desk.pause, desk.resume):
            async with refused("not_running"):
                await act(OWNER, bot.id)
        async with refused("not_running"):
            await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop3")


async def test_orders_are_the_live_ones_and_the_newest_finished_ones(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        shown = await desk.orders(OWNER, bot.id)
        assert {order.slot for order in shown.live} == {"c1.level1", "c1.level2", "c1.level3", "c1.level4", "c1.tp"}
        assert [order.slot for order in shown.recent] == ["c1.level0"]


async def test_refresh_answers_with_what_the_venue_says_now(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        level = next(order for order in place.worker(bot.id).bench.books.live.values() if order.slot == "c1.level1")
        books = place.gateways[str(OWNER)].books_of_the_venue
        books.cancel(client_id=level.client_id, now=place.clock.now())  # by the venue itself, and nobody was told
        assert (await desk.bot(OWNER, bot.id)).open_orders == 5
        await desk.refresh(OWNER, bot.id)
        found = await place.storage.read(lambda c: orders.find_order(c, level.client_id))
        assert found is not None
        assert found.is_live is False


@pytest.mark.parametrize("state", ["running", "paused", "cooling_down", "keeping_exit"])
async def test_panic_flattens_in_any_state(place: Place, state: str) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        if state == "paused":
            await desk.pause(OWNER, bot.id)
        elif state == "cooling_down":
            await to_cooldown(desk, place, bot.id)
        elif state == "keeping_exit":
            await desk.stop(OWNER, bot.id, StopChoice.KEEP_EXIT, token="stop")
        assert [card.id for card in await desk.panic(OWNER, token="panic")] == [bot.id]
        await place.ended(bot.id)
        assert (place.held(), place.resting()) == (0, 0)
        card = await desk.bot(OWNER, bot.id)
        assert (card.activity, card.cause) == (Activity.STOPPED, "panic")
        async with refused("already_done"):
            await desk.panic(OWNER, token="panic")
        assert await desk.panic(OWNER, token="again") == []


async def test_panic_is_ones_own(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        assert await desk.panic(OTHER, token="panic") == []
        assert (await desk.bot(OWNER, bot.id)).activity is Activity.RUNNING


async def test_panic_while_the_venue_does_not_answer_is_done_when_it_does(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.away()
        [card] = await desk.panic(OWNER, token="panic")
        assert card.activity is Activity.STOPPING
        await place.pass_time(10)
        assert place.held() > 0
        place.back()
        await place.ended(bot.id)
        assert (place.held(), place.resting()) == (0, 0)


@pytest.mark.parametrize("restarted", [False, True])
async def test_panic_while_the_venue_cannot_even_be_reached_is_remembered(place: Place, restarted: bool) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
    place.away()
    async with place.open() as desk:
        await place.pass_time(1)
        card = await desk.bot(OWNER, bot.id)
        assert (card.open_orders, card.position, card.price_is_stale) == (5, held, True)
        [card] = await desk.panic(OWNER, token="panic")
        assert (card.activity, card.cause) == (Activity.STOPPING, "panic")
        if not restarted:
            place.back()
            await closed_by_panic(desk, place, bot.id)
    if restarted:
        place.back()
        async with place.open() as desk:
            await closed_by_panic(desk, place, bot.id)


async def closed_by_panic(desk: Desk, place: Place, bot_id: int) -> None:
    """A venue that is away is tried again now and then."""
    for _ in range(400):
        await place.pass_time(0.5)
        if (await desk.bot(OWNER, bot_id)).activity is Activity.STOPPED:
            break
    assert (place.held(), place.resting()) == (0, 0)
    assert (await desk.bot(OWNER, bot_id)).cause == "panic"


async def test_only_a_stopped_bot_is_deleted_and_nothing_of_it_is_left_but_what_is_to_be_told(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("bot_is_running"):
            await desk.delete(OWNER, bot.id, token="delete")
        await desk.panic(OWNER, token="panic")
        await place.ended(bot.id)
        waiting = await told(desk)
        await desk.delete(OWNER, bot.id, token="delete")
        async with refused("already_done"):
            await desk.delete(OWNER, bot.id, token="delete")
        async with refused("not_found"):
            await desk.bot(OWNER, bot.id)
        assert await desk.bots(OWNER) == []
        left = await place.storage.read(
            lambda c: (
                bots.all_bots(c),
                orders.orders_page(c, bot.id, OWNER, 100),
                fills.known_trade_ids(c, bot.id),
                cycles.cycles_of(c, bot.id),
            )
        )
        assert [len(rows) for rows in left] == [0, 0, 0, 0]
        assert await told(desk) == waiting


async def test_two_presses_delete_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await desk.panic(OWNER, token="panic")
        await place.ended(bot.id)
        presses = [desk.delete(OWNER, bot.id, token="delete") for _ in range(2)]
        results = await asyncio.gather(*presses, return_exceptions=True)
        assert [result.code for result in results if isinstance(result, DeskError)] == ["already_done"]


async def test_a_position_closed_by_hand_ends_the_cycle_and_is_told(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await place.by_hand(Side.SELL, f"{place.held()}")
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.position == 0)
        await place.pass_time(2)
        assert "position_gone" in [notice.kind for notice in await told(desk)]
