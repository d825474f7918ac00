"""A grid's life, told as what happens on the venue."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.strategies.small_venue import BEGINNING, Bot, coin, start
from trading.core.diff import AmendMode
from trading.core.ledger import Funding, Ledger
from trading.core.notices import CycleFinished, DrawdownAlert, EntryFilled, OrderRefused, TakeProfitPlaced
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType
from trading.core.planning import MarginMode, Mode, Setup
from trading.strategies.grid import GridState, Phase
from trading.strategies.grid.exits import ideal_take_profit

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


def close_by_hand(bot: Bot, price: str) -> None:
    """Somebody closes the position on the exchange, and the runtime books it."""
    amount, bot.venue.position = bot.venue.position, Decimal(0)
    fill = Fill("hand", "x", None, "", bot.config.entry.opposite, Decimal(price), abs(amount), Decimal(0), "USDT", None,
                bot.venue.now)  # fmt: skip
    bot.books.fold_elsewhere(fill)
    bot.settle()


# Beginning


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


# Take-profit


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


# Entries


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


# Stop-loss, drawdown, ends


@pytest.mark.parametrize("direction", ["long", "short"])
def test_the_stop_rests_where_the_deposit_has_lost_its_share(direction: str) -> None:
    bot = start(direction=direction, stop_loss_percent=20)
    sign = 1 if direction == "long" else -1
    for price in (Decimal("0.5") - sign * Decimal("0.0101"), Decimal("0.5") - sign * Decimal("0.0201")):
        stop, ledger = bot.live("stop"), bot.books.ledger
        assert stop.type is OrderType.STOP_MARKET
        assert stop.reduce_only
        assert stop.remaining == abs(ledger.position)
        assert stop.trigger_price is not None
        cost_of_exit = abs(ledger.position) * stop.trigger_price * bot.venue.instrument.taker_fee
        loss = -(ledger.net + ledger.unrealized(stop.trigger_price) - cost_of_exit)
        assert Decimal("19.8") < loss <= 20
        bot.move(price)
    assert {"stop", "tp"} <= bot.slots()


@EVERY_WAY
def test_a_stop_ends_the_cycle_and_the_bot(amend: AmendMode) -> None:
    bot = start(amend=amend, stop_loss_percent=10)
    bot.move("0.4601")
    assert bot.state.phase is Phase.FINISHED
    assert bot.finished == "stop_loss"
    assert bot.cycles[0].cause == "stop_loss"
    assert finished(bot).cooldown_seconds is None
    assert not bot.venue.resting
    assert bot.venue.position == 0


def test_a_stop_whose_price_has_passed_is_taken_at_the_market() -> None:
    bot = start()
    bot.venue.bid, bot.venue.ask = Decimal("0.4901"), Decimal("0.4902")
    bot.config = bot.config.model_copy(update={"stop_loss_percent": Decimal(1)})
    bot.settle()
    assert bot.finished == "stop_loss"
    assert any(slot.startswith("c1.stop.now") for slot in bot.books.finals)
    assert bot.venue.position == 0


@pytest.mark.parametrize("direction", ["long", "short"])
def test_a_drawdown_over_a_fifth_of_the_deposit_is_told_once(direction: str) -> None:
    bot = start(direction=direction)
    sign = 1 if direction == "long" else -1
    bands = bot.plans[-1].wake.bands
    assert bands.keys() == ({"bid"} if sign > 0 else {"ask"})
    bot.move(Decimal("0.5") - sign * Decimal("0.045"))
    bot.move(Decimal("0.5") - sign * Decimal("0.046"))
    told = bot.told("drawdown_alert")
    assert len(told) == 1
    assert isinstance(told[0], DrawdownAlert)
    assert told[0].percent_of_deposit > 20
    assert not bot.plans[-1].wake.bands


def test_inside_the_wake_band_the_plan_stands() -> None:
    bot = start()
    low = bot.plans[-1].wake.bands["bid"].low
    assert low is not None
    before = bot.plans[-1]
    bot.venue.bid = bot.venue.instrument.maker_price(bot.config.entry.opposite, low)
    bot.think()
    assert bot.plans[-1].orders == before.orders
    assert not bot.plans[-1].notices
    bot.venue.bid -= bot.venue.instrument.price_tick
    bot.think()
    assert [notice.kind for notice in bot.plans[-1].notices] == ["drawdown_alert"]


def test_wind_down_keeps_the_exits_and_ends_when_they_have_closed_the_position() -> None:
    bot = start(stop_loss_percent=50)
    bot.mode = Mode.WIND_DOWN
    bot.settle()
    assert bot.slots() == {"tp", "stop"}
    assert bot.finished is None
    bot.move("0.52")
    assert bot.finished == "user"
    assert bot.cycles[0].cause == "take_profit"


@pytest.mark.parametrize("mode", [Mode.WIND_DOWN, Mode.CANCEL, Mode.CLOSE])
def test_a_bot_that_holds_nothing_ends_at_once(mode: Mode) -> None:
    bot = start()
    bot.move("0.52")
    bot.mode = mode
    bot.settle()
    assert bot.finished == "user"


def test_the_last_cycle_ends_the_bot() -> None:
    bot = start(max_cycles=2)
    bot.move("0.52")
    bot.wait(60)
    assert bot.finished is None
    bot.move("0.55")
    assert bot.finished == "max_cycles"
    assert len(bot.cycles) == 2


def test_a_position_closed_by_hand_ends_the_cycle() -> None:
    bot = start()
    close_by_hand(bot, "0.505")
    assert bot.state.phase is Phase.COOLDOWN
    assert finished(bot).cause == "closed_elsewhere"
    assert not bot.venue.resting


def test_a_liquidated_bot_does_not_begin_again() -> None:
    bot = start()
    bot.move("0.4499")
    close_by_hand(bot, "0.44")
    assert bot.finished == "liquidated"
    assert bot.cycles[0].cause == "closed_elsewhere"


def test_a_position_closed_by_its_owner_at_the_end_is_said_to_be() -> None:
    bot = start()
    bot.mode = Mode.CLOSE
    for _ in range(3):
        bot.act()
        bot.hear()
    assert not bot.venue.resting
    close_by_hand(bot, "0.499")
    assert (bot.cycles[0].cause, bot.finished) == ("closed_by_user", "user")


def test_funding_and_fees_are_in_the_profit() -> None:
    bot = start()
    bot.books.fold_funding(Funding("f1", "", Decimal("-0.5"), bot.venue.now))
    bot.move("0.52")
    result = bot.cycles[0]
    assert result.funding == Decimal("-0.5")
    assert result.fees == bot.books.ledger.fees > 0
    assert result.net == result.gross - result.fees - Decimal("0.5")


def test_funding_that_comes_between_two_cycles_belongs_to_the_next() -> None:
    bot = start()
    bot.move("0.52")
    bot.books.fold_funding(Funding("f1", "", Decimal("-0.5"), bot.venue.now))
    bot.wait(60)
    bot.move("0.56")
    assert [cycle.funding for cycle in bot.cycles] == [0, Decimal("-0.5")]
    assert sum(cycle.net for cycle in bot.cycles) == bot.books.ledger.net


def test_fills_in_any_order_and_twice_give_the_same_end() -> None:
    ends = []
    for seed in range(8):
        bot = start()
        bot.venue.move(Decimal("0.4699"), Decimal("0.47"))
        bot.hear(random.Random(seed), twice=True)
        bot.settle(random.Random(seed))
        ends.append((bot.books.ledger, bot.live("tp").price, bot.live("tp").remaining, bot.slots()))
    assert all(end == ends[0] for end in ends)


# Moments in which the picture is behind the venue


def test_no_entry_meets_our_own_take_profit() -> None:
    bot = start(take_profit_percent="0.3")
    bot.venue.move(Decimal("0.4499"), Decimal("0.45"))
    deepest = bot.live("level5").client_id
    # The deepest fill is heard first: for a moment the levels above it seem to rest over the new take-profit.
    bot.venue.messages = [message for message in bot.venue.messages if message.client_id == deepest]
    bot.hear()
    bot.think()
    goal = next(target.price for target in bot.plans[-1].orders if target.slot == "c1.tp")
    assert goal is not None
    assert goal < Decimal("0.49")
    assert all((target.price or 0) < goal for target in bot.plans[-1].orders if not target.role.is_exit)


def test_a_left_over_position_is_not_forgotten_while_its_take_profit_is_refused() -> None:
    bot = start()
    bot.venue.move(Decimal("0.52"), Decimal("0.5201"))
    bot.venue.move(Decimal("0.4899"), Decimal("0.49"))
    bot.settle()
    take_off(bot, "tp")
    assert not bot.books.live
    assert len(bot.think()) == 1
    assert bot.state.phase is Phase.CLOSING
    assert not bot.cycles


def test_no_entry_is_made_while_the_stop_is_being_executed() -> None:
    bot = start(stop_loss_percent=50)
    order = bot.live("stop")
    report = OrderReport(order.client_id, "v", order.symbol, OrderEvent.PARTLY_FILLED, Decimal(10), bot.venue.now)
    bot.books.fold_report(report)
    bot.think()
    assert [target.role.is_exit for target in bot.plans[-1].orders] == [True, True]


def test_the_last_digits_of_a_division_do_not_move_the_take_profit() -> None:
    bot = start(direction="short")
    bot.config = bot.config.model_copy(update={"take_profit_percent": Decimal(40)})
    view = replace(bot.view, ledger=Ledger(position=Decimal(-3), cost=Decimal(-4)))
    assert view.ledger.average is not None
    assert view.ledger.average * Decimal("0.6") < Decimal("0.8"), "by the 28th digit"
    assert ideal_take_profit(bot.config, view) == Decimal("0.8")
