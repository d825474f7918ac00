"""A grid's cycle and its take-profit, told as what happens on the venue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.strategies.small_venue import BEGINNING, Bot, coin, start
from trading.core.diff import AmendMode
from trading.core.notices import OrderRefused
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType
from trading.core.planning import MarginMode, Mode, Setup
from trading.strategies.grid import GridState, Phase
from trading.strategies.grid.notices import CycleFinished, TakeProfitPlaced

ALL = {"level1", "level2", "level3", "level4", "level5", "tp"}
EVERY_WAY = pytest.mark.parametrize("amend", list(AmendMode))


def finished(bot: Bot) -> CycleFinished:
    notice = bot.told("cycle_finished")[-1]
    assert isinstance(notice, CycleFinished)
    return notice


def take_off(bot: Bot, slot: str) -> None:
    """Somebody cancels an order of ours on the exchange."""
    bot.venue.cancel(bot.live(slot))
    bot.hear()


def test_a_cycle_begins_with_a_market_order_and_resting_levels() -> None:
    bot = start()
    assert bot.state.phase is Phase.RUNNING
    assert bot.slots() == ALL
    assert bot.books.ledger.position == bot.state.ladder[0].amount
    assert [notice.kind for notice in bot.notices] == ["cycle_started", "entry_filled", "take_profit_placed"]
    assert bot.plans[0].setup == Setup(20, MarginMode.ISOLATED)
    assert bot.plans[0].orders[0].type is OrderType.MARKET


def test_no_cycle_begins_without_a_fresh_price() -> None:
    bot = start()
    bot.state, bot.books.live, bot.has_book = GridState(), {}, False
    bot.books.ledger = bot.books.ledger.close_at(Decimal("0.5"))
    bot.act()
    assert bot.state.phase is Phase.WAITING
    assert bot.plans[-1].wake.bands


def test_a_grid_that_the_venue_would_refuse_is_told_once_and_not_begun() -> None:
    bot = start(deposit=10, grid_levels=15)
    assert bot.state.phase is Phase.WAITING
    bot.move("0.501")
    bot.move("0.502")
    told = bot.told("order_refused")
    assert len(told) == 1
    assert isinstance(told[0], OrderRefused)
    assert told[0].reason == "below_min_cost"
    assert not bot.books.live


@EVERY_WAY
def test_take_profit_moves_after_every_fill(amend: AmendMode) -> None:
    bot = start(amend=amend)
    assert (bot.live("tp").price, bot.live("tp").amount) == (Decimal("0.51"), bot.state.ladder[0].amount)
    for price in ("0.49", "0.48", "0.47"):
        bot.move(price)
        bot.move(Decimal(price) - Decimal("0.0002"))
        ledger = bot.books.ledger
        assert ledger.average is not None
        assert bot.live("tp").remaining == ledger.position
        assert 0 <= (bot.live("tp").price or 0) - ledger.average * Decimal("1.02") < Decimal("0.0001")


def test_several_fills_in_one_burst_move_the_take_profit_once() -> None:
    bot = start()
    bot.move("0.4599")
    moved = [notice for notice in bot.told("take_profit_placed") if isinstance(notice, TakeProfitPlaced)]
    assert [notice.moved for notice in moved] == [False, True]
    assert len(bot.told("entry_filled")) == 5
    assert moved[-1].amount == bot.books.ledger.position


@EVERY_WAY
@pytest.mark.parametrize("direction", ["long", "short"])
def test_a_filled_take_profit_ends_the_cycle_and_the_next_begins_after_the_pause(
    amend: AmendMode, direction: str
) -> None:
    bot = start(amend=amend, direction=direction)
    bot.move("0.4799" if direction == "long" else "0.5201")
    bot.move("0.52" if direction == "long" else "0.48")
    assert bot.state.phase is Phase.COOLDOWN
    assert not bot.books.live
    assert not bot.venue.resting
    result, told = bot.cycles[0], finished(bot)
    assert result.cause == "take_profit"
    assert result.gross == bot.books.ledger.realized > 0
    assert result.net == told.net == bot.books.ledger.net
    assert told.percent_of_deposit == round(told.net, 4)
    assert bot.plans[-1].wake.at == BEGINNING + timedelta(seconds=60)
    bot.wait(59)
    assert bot.state.phase is Phase.COOLDOWN
    bot.wait(1)
    assert (bot.state.number, bot.state.phase) == (2, Phase.RUNNING)


def test_an_edit_of_the_pause_acts_while_it_lasts() -> None:
    bot = start()
    bot.move("0.52")
    bot.config = bot.config.model_copy(update={"cooldown_seconds": 10})
    bot.settle()
    assert bot.state.cooldown_until == BEGINNING + timedelta(seconds=10)
    bot.wait(10)
    assert bot.state.number == 2


def test_without_a_pause_the_next_cycle_begins_in_the_same_plan() -> None:
    bot = start(cooldown_seconds=0)
    bot.move("0.52")
    assert bot.state.number == 2
    assert bot.slots() == ALL


def test_after_a_cycle_that_bought_nothing_the_next_one_waits_longer_each_time() -> None:
    """Also where no pause is set: a market in which nobody sells is not asked as fast as the venue answers."""
    bot = start(cooldown_seconds=0)
    bot.venue.is_deserted = True
    bot.move("0.52")
    pauses: list[float] = []
    for number in range(2, 12):
        assert (bot.state.number, bot.state.phase) == (number, Phase.COOLDOWN)
        assert not bot.books.live
        until = bot.plans[-1].wake.at
        assert until is not None
        pauses.append((until - bot.venue.now).total_seconds())
        bot.wait(int(pauses[-1]) - 1)
        assert bot.state.number == number
        bot.wait(1)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    bot.venue.is_deserted = False
    bot.wait(600)
    assert bot.slots() == ALL
    bot.move("0.56")
    assert (bot.state.number, bot.slots()) == (14, ALL), "after a cycle that bought it is as it was set"
    assert [cycle.number for cycle in bot.cycles] == [1, 13]


def test_a_pause_that_is_set_is_not_shortened_after_a_cycle_that_bought_nothing() -> None:
    bot = start(cooldown_seconds=7)
    bot.venue.is_deserted = True
    bot.move("0.52")
    for seconds in (7, 7, 10):
        assert bot.plans[-1].wake.at == bot.venue.now + timedelta(seconds=seconds)
        bot.wait(seconds)


def test_a_grid_that_was_paused_before_it_bought_anything_is_no_failed_try() -> None:
    bot = start(cooldown_seconds=0)
    bot.venue.is_deserted = True
    bot.move("0.52")
    bot.wait(4)
    bot.venue.now += timedelta(seconds=1)
    bot.think()
    assert bot.state.phase is Phase.RUNNING
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    assert (bot.state.phase, bot.state.voids) == (Phase.COOLDOWN, 1)


@EVERY_WAY
def test_a_partly_filled_take_profit_stays_for_the_rest(amend: AmendMode) -> None:
    bot = start(amend=amend)
    bot.move("0.51", most=Decimal(100))
    assert bot.live("tp").remaining == bot.books.ledger.position == bot.state.ladder[0].amount - 100
    assert bot.live("tp").price == Decimal("0.51")
    assert len(bot.told("take_profit_placed")) == 1


@EVERY_WAY
def test_a_grid_fill_after_a_partial_exit_re_averages_what_is_left(amend: AmendMode) -> None:
    bot = start(amend=amend)
    bot.move("0.51", most=Decimal(100))
    bot.move("0.4899")
    left, level = bot.state.ladder[0].amount - 100, bot.state.ladder[1]
    average = (left * Decimal("0.5") + level.cost) / (left + level.amount)
    assert bot.books.ledger.average == pytest.approx(average, abs=Decimal("1e-20"))
    assert bot.live("tp").remaining == left + level.amount
    assert 0 <= (bot.live("tp").price or 0) - average * Decimal("1.02") < Decimal("0.0001")


def test_a_level_that_fills_between_take_profit_and_cancel_gets_its_own_take_profit() -> None:
    bot = start()
    bot.venue.move(Decimal("0.52"), Decimal("0.5201"))
    # Before the bot hears of it the price falls back through level 1.
    bot.venue.move(Decimal("0.4899"), Decimal("0.49"))
    bot.settle()
    assert bot.state.phase is Phase.CLOSING
    assert bot.slots() == {"tp"}
    level = bot.state.ladder[1]
    assert bot.live("tp").remaining == level.amount
    assert bot.live("tp").price == Decimal("0.4998")
    assert not bot.cycles
    bot.move("0.5")
    assert bot.state.phase is Phase.COOLDOWN
    assert bot.cycles[0].gross == bot.books.ledger.realized


def test_a_fill_after_the_books_were_closed_becomes_a_cycle_of_its_own() -> None:
    bot = start()
    level1 = bot.live("level1")
    bot.move("0.52")
    fill = Fill("late", "v", level1.client_id, level1.symbol, level1.side, Decimal("0.53"), Decimal(100), Decimal(0),
                "USDT", True, bot.venue.now)  # fmt: skip
    bot.books.finals["c1.level1"] = [replace(level1, status=OrderStatus.CANCELED)]
    assert bot.books.fold_fill(fill)
    bot.venue.position += 100
    bot.settle()
    assert (bot.state.number, bot.slots()) == (2, {"tp"})
    bot.move("0.55")
    assert [cycle.number for cycle in bot.cycles] == [1, 2]
    assert sum(cycle.net for cycle in bot.cycles) == bot.books.ledger.net


def test_fills_that_the_venue_reports_but_does_not_yet_show_are_not_closed_twice() -> None:
    bot = start(amend=AmendMode.IN_PLACE)
    order = bot.live("tp")
    report = OrderReport(order.client_id, "v", order.symbol, OrderEvent.PARTLY_FILLED, Decimal(100), bot.venue.now)
    bot.books.fold_report(report)
    commands = bot.think()
    assert not commands
    wanted = next(target for target in bot.plans[-1].orders if target.slot.endswith("tp"))
    assert wanted.amount == order.amount - 100


def test_a_take_profit_that_the_market_has_passed_is_taken_at_the_market() -> None:
    bot = start(deposit=1000)
    bot.venue.cancel(bot.live("tp"))
    bot.venue.bid, bot.venue.ask = Decimal("0.6"), Decimal("0.6001")
    bot.hear()
    bot.think()
    wanted = next(target for target in bot.plans[-1].orders if target.slot.endswith("tp"))
    assert wanted.price == Decimal("0.6")
    assert bot.plans[-1].wake.bands.keys() == {"bid", "ask"}


def test_a_position_above_the_venues_largest_order_is_closed_in_turns() -> None:
    bot = start(instrument=coin(max_amount=Decimal(1200)))
    bot.move("0.4599")
    assert bot.books.ledger.position > 1200
    assert bot.live("tp").remaining == 1200
    bot.move("0.55")
    assert bot.books.ledger.position == 0
    assert bot.cycles[0].cause == "take_profit"


def test_dust_waits_for_more_fills() -> None:
    bot = start(instrument=coin(min_amount=Decimal(10)))
    bot.move("0.51", most=bot.books.ledger.position - 4)
    assert bot.books.ledger.position == 4
    assert bot.live("tp").remaining == 4, "what rests already goes on resting"
    take_off(bot, "tp")
    bot.settle()
    assert "tp" not in bot.slots()
    bot.move("0.4899")
    assert bot.live("tp").remaining == bot.books.ledger.position > 4
