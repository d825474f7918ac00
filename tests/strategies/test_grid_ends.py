"""How a grid's cycles and the bot itself end: stop-loss, hand, liquidation, owner."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.strategies.small_venue import Bot, start
from trading.core.diff import AmendMode
from trading.core.ledger import Funding
from trading.core.orders import Fill, OrderType
from trading.core.planning import Mode
from trading.strategies.grid import Phase
from trading.strategies.grid.notices import CycleFinished, DrawdownAlert

EVERY_WAY = pytest.mark.parametrize("amend", list(AmendMode))


def finished(bot: Bot) -> CycleFinished:
    notice = bot.told("cycle_finished")[-1]
    assert isinstance(notice, CycleFinished)
    return notice


def close_by_hand(bot: Bot, price: str) -> None:
    """Somebody closes the position on the exchange, and the runtime books it."""
    amount, bot.venue.position = bot.venue.position, Decimal(0)
    fill = Fill("hand", "x", None, "", bot.config.entry.opposite, Decimal(price), abs(amount), Decimal(0), "USDT", None,
                bot.venue.now)  # fmt: skip
    bot.books.fold_elsewhere(fill)
    bot.settle()


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


def test_a_liquidation_that_the_venue_tells_ends_the_bot_whatever_it_cost() -> None:
    bot = start()
    bot.was_liquidated = True
    close_by_hand(bot, "0.499")
    assert bot.finished == "liquidated"
    assert bot.cycles[0].cause == finished(bot).cause == "liquidated"


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


def test_fees_in_a_third_coin_are_told_with_the_cycle_that_paid_them() -> None:
    bot = start()
    paid = Decimal("0.00120")
    for number in (1, 2):
        position, net = bot.books.ledger.position, bot.books.ledger.net
        bot.books.ledger = replace(bot.books.ledger, other_fees={"BGB": number * paid})
        assert (bot.books.ledger.position, bot.books.ledger.net) == (position, net)
        bot.move(Decimal("0.52") + number * Decimal("0.02"))
        assert finished(bot).other_fees == "0.0012 BGB"
        bot.wait(60)
    bot.move("0.6")
    assert finished(bot).other_fees == ""


def test_funding_that_comes_between_two_cycles_belongs_to_the_next() -> None:
    bot = start()
    bot.move("0.52")
    bot.books.fold_funding(Funding("f1", "", Decimal("-0.5"), bot.venue.now))
    bot.wait(60)
    bot.move("0.56")
    assert [cycle.funding for cycle in bot.cycles] == [0, Decimal("-0.5")]
    assert sum(cycle.net for cycle in bot.cycles) == bot.books.ledger.net
