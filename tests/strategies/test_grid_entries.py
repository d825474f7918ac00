"""Which levels of a grid rest, which come back after a pause and which never do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.strategies.small_venue import Bot, start
from trading.core.ledger import Ledger
from trading.core.orders import OrderStatus
from trading.core.planning import Mode
from trading.strategies.grid import GridState, Phase
from trading.strategies.grid.notices import EntryFilled

ALL = {"level1", "level2", "level3", "level4", "level5", "tp"}


def take_off(bot: Bot, slot: str) -> None:
    """Somebody cancels an order of ours on the exchange."""
    bot.venue.cancel(bot.live(slot))
    bot.hear()


def test_only_the_nearest_levels_rest() -> None:
    bot = start(active_levels=2)
    assert bot.slots() == {"level1", "level2", "tp"}
    bot.move("0.4899")
    assert bot.slots() == {"level2", "level3", "tp"}


def test_pause_withdraws_entries_and_resume_brings_them_back() -> None:
    bot = start()
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    assert bot.slots() == {"tp"}
    assert bot.state.phase is Phase.RUNNING
    bot.mode = Mode.RUNNING
    bot.settle()
    assert bot.slots() == {f"level{index}.r1" for index in range(1, 6)} | {"tp"}
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    bot.mode = Mode.RUNNING
    bot.settle()
    assert "level3.r2" in bot.slots()


def test_a_partly_filled_level_comes_back_with_what_is_left_of_it() -> None:
    bot = start()
    bot.move("0.4899", most=Decimal(50))
    bot.move("0.495")
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    bot.mode = Mode.RUNNING
    bot.settle()
    assert bot.live("level1.r1").amount == bot.state.ladder[1].amount - 50
    bot.move("0.4898")
    told = [notice for notice in bot.told("entry_filled") if isinstance(notice, EntryFilled)]
    assert sum(notice.amount for notice in told if notice.slot == "c1.level1") == bot.state.ladder[1].amount


def test_too_small_a_rest_of_a_level_does_not_come_back() -> None:
    bot = start()
    bot.move("0.4899", most=bot.state.ladder[1].amount - 1)
    bot.move("0.495")
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    bot.mode = Mode.RUNNING
    bot.settle()
    assert bot.slots() == {f"level{index}.r1" for index in range(2, 6)} | {"tp"}


def test_levels_that_the_market_passed_during_a_pause_are_taken_at_its_price() -> None:
    bot = start()
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    bot.move("0.4549")
    bot.mode = Mode.RUNNING
    commands = bot.think()
    prices = {command.target.slot: command.target.price for command in commands}  # type: ignore[union-attr]
    assert prices["c1.level1.r1"] == Decimal("0.455")
    assert prices["c1.level5.r1"] == Decimal("0.45")


def test_a_level_that_somebody_else_took_off_is_not_repeated() -> None:
    bot = start()
    take_off(bot, "level3")
    bot.settle()
    assert bot.slots() == ALL - {"level3"}
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    bot.mode = Mode.RUNNING
    bot.settle()
    assert "level3.r1" not in bot.slots()


def test_a_refused_level_is_still_wanted_in_its_slot() -> None:
    bot = start()
    order = replace(bot.live("level2"), status=OrderStatus.REJECTED)
    del bot.venue.resting[order.client_id], bot.books.live["c1.level2"]
    bot.books.finals["c1.level2"] = [order]
    bot.settle()
    assert bot.slots() == ALL


@pytest.mark.parametrize("direction", ["long", "short"])
def test_a_first_order_that_never_fills_ends_in_a_new_cycle(direction: str) -> None:
    bot = start(direction=direction)
    first = bot.books.finals["c1.level0"][0]
    fresh = start(direction=direction)
    bot.books, bot.venue, bot.notices = fresh.books, fresh.venue, []
    # The venue took the market order off without a fill.
    bot.books.ledger = Ledger()
    bot.venue.position = Decimal(0)
    bot.venue.cancel(bot.live("tp"))
    bot.hear()
    bot.books.finals["c1.tp"].clear()
    unfilled = replace(first, status=OrderStatus.CANCELED, filled=Decimal(0), filled_cost=Decimal(0))
    bot.books.finals["c1.level0"] = [replace(unfilled, reported_filled=Decimal(0))]
    bot.settle()
    assert bot.state.phase is Phase.COOLDOWN
    assert not bot.books.live
    assert not bot.cycles
    bot.wait(60)
    assert (bot.state.number, bot.slots()) == (2, ALL)


def test_an_unfilled_grid_follows_the_market_when_it_runs_away() -> None:
    bot = start()
    bot.state = GridState()
    bot.books.live.clear()
    bot.books.finals.clear()
    bot.books.ledger, bot.venue.position = Ledger(), Decimal(0)
    commands = bot.think()
    assert len(commands) == 6
    assert bot.plans[-1].wake.bands["ask"].high == Decimal("0.51")
    # The first order is held back (refused, waiting), and the ask goes beyond the first step.
    bot.venue.bid, bot.venue.ask = Decimal("0.51"), Decimal("0.5101")
    bot.think()
    assert bot.state.phase is Phase.COOLDOWN
    assert not bot.plans[-1].orders
