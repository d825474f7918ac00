"""A part of the position closed by hand, one order taken off, everything at once, and what is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER, FarKey, Place, a_bot, credentials, has_exit, refused
from tests.desk.test_steering import told
from trading.core.by_hand import Reduction
from trading.core.notices import BotStopped, ClosingDelayed, OrderTakenOff, PanicReport, PositionReduced
from trading.core.orders import Order, Role
from trading.core.planning import Mode
from trading.desk.answers import Activity, DeskError, StopChoice
from trading.desk.desk import Desk
from trading.desk.manual_answers import number_of, order_number
from trading.exchanges.errors import Unavailable
from trading.storage import Storage, bots, cycles, orders

CRV_TAKER = Decimal("0.0006")


@asynccontextmanager
async def storage_of(place: Place) -> AsyncIterator[Storage]:
    """The database without a house on it."""
    storage = await Storage.open(f"sqlite+aiosqlite:///{place.path}", now=place.clock.now)
    try:
        yield storage
    finally:
        await storage.close()


def live(place: Place, bot_id: int, role: Role) -> list[Order]:
    return [order for order in place.worker(bot_id).bench.books.live.values() if order.role is role]


def is_covered(place: Place, bot_id: int) -> bool:
    """One take-profit rests, for what is held."""
    return [order.remaining for order in live(place, bot_id, Role.TAKE_PROFIT)] == [place.held()]


async def heard(desk: Desk, kind: type) -> list:
    return [notice for notice in await told(desk) if isinstance(notice, kind)]


async def level_numbers(desk: Desk, bot_id: int) -> list[int]:
    found = [order_number(order) for order in (await desk.orders(OWNER, bot_id)).live]
    return [number for number in found if number is not None]


async def test_a_part_of_the_position_is_closed_once_and_the_take_profit_follows(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        offer = await desk.reductions(OWNER, bot.id)
        assert set(offer.amounts) == {25, 50, 75}
        assert abs(offer.amounts[50] - held / 2) < Decimal("0.1")
        before = place.worker(bot.id).bench.books.ledger
        await desk.reduce(OWNER, bot.id, 50, token="r1")
        await place.until(lambda: place.held() == held - offer.amounts[50])
        await place.until(
            lambda: [order.remaining for order in live(place, bot.id, Role.TAKE_PROFIT)] == [place.held()]
        )
        async with refused("already_done"):
            await desk.reduce(OWNER, bot.id, 50, token="r1")
        assert len(live(place, bot.id, Role.ENTRY)) == 4
        [fact] = await heard(desk, PositionReduced)
        ledger = place.worker(bot.id).bench.books.ledger
        assert (fact.wanted, fact.closed, fact.left) == (offer.amounts[50], offer.amounts[50], place.held())
        assert (fact.price, fact.net) == (Decimal("0.4999"), ledger.net - before.net)
        assert fact.net < 0
        assert place.worker(bot.id).bench.record.by_hand.reduction is None


async def test_a_cycle_that_was_reduced_by_hand_still_ends_with_its_take_profit(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place, max_cycles=1)
        await desk.reduce(OWNER, bot.id, 75, token="r1")
        await place.until(
            lambda: [order.remaining for order in live(place, bot.id, Role.TAKE_PROFIT)] == [place.held()]
        )
        place.price("0.52")
        await place.ended(bot.id)
        [cycle] = await place.storage.read(lambda c: cycles.cycles_of(c, bot.id, OWNER))
        card = await desk.bot(OWNER, bot.id)
        assert (cycle.result.cause, card.cause, card.position) == ("take_profit", "max_cycles", 0)
        assert cycle.result.net == card.realized_net


async def test_what_cannot_be_reduced_is_refused_and_uses_no_token(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("not_found"):
            await desk.reduce(OTHER, bot.id, 50, token="r1")
        async with refused("too_little_to_reduce"):
            await desk.reduce(OWNER, bot.id, 99, token="r1")
        place.away()
        await desk.reduce(OWNER, bot.id, 25, token="r1")
        async with refused("reduction_underway"):
            await desk.reduce(OWNER, bot.id, 25, token="r2")
        place.back()
        await place.until(lambda: place.worker(bot.id).bench.record.by_hand.reduction is None)
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="s")
        await place.ended(bot.id)
        async with refused("not_running"):
            await desk.reduce(OWNER, bot.id, 50, token="r3")
        assert (await desk.reductions(OWNER, bot.id)).amounts == {}


async def test_a_level_that_is_canceled_by_hand_stays_away_for_its_cycle(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        numbers = await level_numbers(desk, bot.id)
        assert len(numbers) == 4
        await desk.cancel_order(OWNER, bot.id, numbers[0], token="c1")
        await place.until(lambda: place.resting() == 4)
        await place.pass_time(120)
        assert place.resting() == 4
        [fact] = await heard(desk, OrderTakenOff)
        assert (fact.was_filled, fact.returns, fact.filled) == (False, False, None)
        async with refused("order_is_gone"):
            await desk.cancel_order(OWNER, bot.id, numbers[0], token="c2")
        await desk.pause(OWNER, bot.id)
        await place.until(lambda: place.resting() == 1)
        await desk.resume(OWNER, bot.id)
        await place.until(lambda: place.resting() == 4)


async def test_a_level_that_a_pause_withdraws_and_a_hand_cancels_does_not_come_back(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        number = (await level_numbers(desk, bot.id))[0]
        place.away()
        await desk.pause(OWNER, bot.id)
        await desk.cancel_order(OWNER, bot.id, number, token="c1")
        place.back()
        await place.until(lambda: place.resting() == 1)
        await desk.resume(OWNER, bot.id)
        await place.until(lambda: place.resting() == 4)
        await place.pass_time(30)
        assert place.resting() == 4


async def test_a_take_profit_is_not_canceled_by_hand(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        [exit_order] = live(place, bot.id, Role.TAKE_PROFIT)
        assert order_number(exit_order) is None
        async with refused("order_is_exit"):
            await desk.cancel_order(OWNER, bot.id, number_of(exit_order) or 0, token="c1")
        async with refused("not_found"):
            await desk.cancel_order(OTHER, bot.id, 1, token="c1")
        assert has_exit(place.worker(bot.id))


async def test_panic_tells_for_each_bot_what_was_canceled_and_closed(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        resting = [(order.side, order.amount, order.price) for order in (await desk.orders(OWNER, bot.id)).live]
        await desk.panic(OWNER, token="p")
        await place.ended(bot.id)
        facts = [fact for fact in await told(desk) if isinstance(fact, PanicReport | BotStopped | ClosingDelayed)]
        assert [type(fact) for fact in facts] == [PanicReport, BotStopped]
        report = facts[0]
        assert isinstance(report, PanicReport)
        assert (report.canceled, report.closed, report.price, report.left) == (5, held, Decimal("0.4999"), None)
        assert sorted((one.side, one.amount, one.price) for one in report.orders) == sorted(resting)
        card = await desk.bot(OWNER, bot.id)
        entry_fee = held * Decimal("0.5") * CRV_TAKER
        assert report.net - entry_fee == card.realized_net


async def test_panic_tells_what_waits_for_a_venue_that_is_away_and_again_when_it_is_done(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        place.away()
        await desk.panic(OWNER, token="p")
        await place.pass_time(12)
        [fact] = await heard(desk, ClosingDelayed)
        assert (fact.position, fact.orders, fact.detail) == (held, 5, "not_confirmed")
        assert not await heard(desk, PanicReport)
        place.back()
        await place.ended(bot.id)
        [report] = await heard(desk, PanicReport)
        assert (report.canceled, report.closed) == (5, held)
        assert len(await heard(desk, ClosingDelayed)) == 1
        assert (place.held(), place.resting()) == (0, 0)


async def test_panic_right_after_a_restart_with_the_venue_away_says_so_at_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
    place.away()
    async with place.open() as desk:
        await place.pass_time(1)
        async with refused("bot_unreachable"):
            await desk.reduce(OWNER, bot.id, 50, token="r")
        await desk.panic(OWNER, token="p")
        [fact] = await heard(desk, ClosingDelayed)
        assert (fact.detail, fact.orders) == ("venue_away", 5)
        place.back()
        await desk.panic(OWNER, token="p2")
        await place.until(lambda: not place.held() and not place.resting())
        await place.ended(bot.id)
        assert len(await heard(desk, ClosingDelayed)) == 1
        assert len(await heard(desk, PanicReport)) == 1


async def test_a_close_by_hand_tells_price_amount_and_profit(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="s")
        await place.ended(bot.id)
        [fact] = await heard(desk, PositionReduced)
        assert (fact.closed, fact.left, fact.price) == (held, 0, Decimal("0.4999"))
        [cycle] = await place.storage.read(lambda c: cycles.cycles_of(c, bot.id, OWNER))
        assert cycle.result.cause == "closed_by_user"
        assert not await heard(desk, PanicReport)


async def test_a_panic_during_a_reduction_closes_what_is_left_and_nothing_twice(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.away()
        await desk.reduce(OWNER, bot.id, 50, token="r")
        await desk.panic(OWNER, token="p")
        place.back()
        await place.ended(bot.id)
        assert (place.held(), place.resting()) == (0, 0)
        stored = await place.storage.read(lambda c: orders.orders_page(c, bot.id, OWNER, 100))
        closed = sum(order.filled for order in stored if order.role is Role.CLOSE)
        opened = sum(order.filled for order in stored if order.role is Role.ENTRY)
        assert closed == opened
        assert len(await heard(desk, PanicReport)) == 1


async def test_all_bots_are_paused_resumed_and_stopped_at_once(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        assert [card.activity for card in await desk.pause_all(OWNER, token="a1")] == [Activity.PAUSED]
        async with refused("already_done"):
            await desk.pause_all(OWNER, token="a1")
        assert await desk.pause_all(OWNER, token="a2") == []
        assert await desk.resume_all(OTHER, token="a3") == []
        assert [card.mode for card in await desk.resume_all(OWNER, token="a4")] == [Mode.RUNNING]
        [card] = await desk.stop_all(OWNER, StopChoice.CLOSE_ALL, token="a5")
        assert card.mode is Mode.CLOSE or card.activity is Activity.STOPPED
        await place.ended(bot.id)
        assert await desk.stop_all(OWNER, StopChoice.KEEP_EXIT, token="a6") == []
        assert place.held() == 0


async def test_balances_of_one_account_hide_no_other(place: Place) -> None:
    async with place.open() as desk:
        for name in ("far-key-1", "far-key-2"):
            place.keys[name] = FarKey()
            await desk.add_key(OWNER, "bitget", name, credentials(name))
        await a_bot(desk, place, **GRID)
        place.keys["far-key-1"].trouble = Unavailable("away")
        paper, first, second = await desk.balances(OWNER)
        assert (paper.is_paper, paper.problem) == (True, "")
        [usdt] = paper.holdings
        assert usdt.total == usdt.worth == paper.worth
        assert usdt.used > 0
        assert (first.label, first.problem, first.holdings) == ("Bitget ey-1", "venue_away", ())
        assert (second.label, second.problem, second.worth) == ("Bitget ey-2", "", Decimal(1000))


async def test_a_price_has_both_sides_and_the_spread_between_them(place: Place) -> None:
    async with place.open() as desk:
        found = await desk.find_prices(OWNER, None, "crv")
        assert {each.symbol for each in found} == {CRV_SYMBOL, "CRV/USDT"}
        card = await desk.price(OWNER, None, CRV_SYMBOL)
        assert (card.bid, card.ask, card.mid) == (Decimal("0.4999"), Decimal("0.5"), Decimal("0.49995"))
        assert card.spread_percent == Decimal("0.0001") / Decimal("0.49995") * 100
        async with refused("unknown_market"):
            await desk.price(OWNER, None, "NO/SUCH")
        with pytest.raises(DeskError):
            await desk.find_prices(OTHER, 99, "crv")


async def test_a_reduction_whose_order_was_stored_as_filled_is_not_made_again(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        await desk.reduce(OWNER, bot.id, 50, token="r")
        await place.until(lambda: is_covered(place, bot.id) and place.held() < held)
        left = place.held()
    async with place.open():
        # A house that ended between hearing of the fill and its next plan: the wish is still there.
        record = await place.storage.read(lambda c: bots.find_bot(c, bot.id))
        assert record is not None
    async with storage_of(place) as storage:
        undone = replace(record.by_hand, reduction=Reduction(1, held - left))
        await storage.write(lambda c: bots.update_bot(c, replace(record, by_hand=undone)))
    async with place.open():
        await place.until(lambda: place.supervisor.worker(bot.id) is not None)
        await place.until(lambda: place.worker(bot.id).bench.record.by_hand.reduction is None)
        await place.pass_time(60)
        assert place.held() == left
