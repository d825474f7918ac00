"""Leg after leg: where the float rests, when it moves, what a fill makes of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.strategies.pingpong.spot_bot import Levels, SpotBot, market
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.orders import Role, TimeInForce
from trading.core.planning import Mode
from trading.core.simulated_account import SpotFee
from trading.strategies.pingpong import PingPongConfig, PingPongStrategy

BIDS: Levels = (("100.00", "5"), ("99.90", "5"))
ASKS: Levels = (("100.10", "5"), ("100.20", "5"))


def start(
    *,
    bids: Levels = BIDS,
    asks: Levels = ASKS,
    base: str = "0",
    quote: str = "1000",
    amend: AmendMode = AmendMode.IN_PLACE,
    fee: SpotFee = SpotFee.QUOTE,
    **settings: object,
) -> SpotBot:
    given = {"order_size": 1, "size_currency": "base", "budget": 300, **settings}
    balances = {"BTC": Decimal(base), "USDT": Decimal(quote)}
    config = PingPongConfig.model_validate(given)
    bot = SpotBot(PingPongStrategy(), config, market(), balances, amend=amend, spot_fee=fee)
    bot.show(bids, asks)
    bot.settle()
    return bot


def fill(bot: SpotBot, amount: str | None = None) -> None:
    """Everybody ahead of us is eaten, and so are we, in whole or in part; then the world has its book again."""
    order = bot.only()
    assert order.price is not None
    ahead = bot.exchange.ahead(order.client_id) or Decimal(0)
    bot.trade(order.side.opposite, order.price, ahead + (Decimal(amount) if amount else order.remaining))
    bot.hear()
    bot.look()
    bot.settle()


def shown(bot: SpotBot, bid: str, ask: str, seconds: str = "1", amount: str = "5") -> None:
    bot.show(((bid, amount),), ((ask, amount),), seconds=seconds)
    bot.hear()
    bot.settle()


def test_the_first_leg_is_a_buy_with_the_best_bid_as_a_maker() -> None:
    bot = start()
    (target,) = bot.placed
    assert (target.slot, target.side, target.price, target.amount) == ("l1.quote", Side.BUY, Decimal(100), 1)
    assert target.time_in_force is TimeInForce.POST_ONLY
    assert not target.one_shot


def test_buy_then_sell_then_buy_regardless_of_price() -> None:
    bot = start()
    for side in (Side.BUY, Side.SELL, Side.BUY, Side.SELL):
        assert bot.only().side is side
        assert bot.only().amount == 1
        fill(bot)
    assert [(target.slot, target.side) for target in bot.placed] == [
        ("l1.quote", Side.BUY),
        ("l2.quote", Side.SELL),
        ("l3.quote", Side.BUY),
        ("l4.quote", Side.SELL),
        ("l5.quote", Side.BUY),
    ]
    assert [target.price for target in bot.placed[:2]] == [Decimal("100.00"), Decimal("100.10")]


@pytest.mark.parametrize("amend", list(AmendMode))
def test_it_follows_the_best_price_in_both_directions(amend: AmendMode) -> None:
    bot = start(amend=amend)
    for bid, ask in (("100.03", "100.10"), ("99.95", "100.05"), ("100.04", "100.05")):
        shown(bot, bid, ask)
        assert bot.only().price == Decimal(bid)
    assert bot.state.leg.requotes == 3


def test_our_own_order_is_not_the_best_price() -> None:
    """The others leave the level on which we stand: we go down to them, and do not lead the market alone."""
    bot = start()
    bot.show((("99.90", "5"),), ASKS)
    assert bot.seen is not None
    assert bot.seen.bid == 100
    bot.settle()
    assert bot.only().price == Decimal("99.90")


def test_it_never_leads_itself_upwards() -> None:
    bot = start()
    for _ in range(5):
        bot.wait()
    assert bot.only().price == 100
    assert not bot.amended


def test_a_requote_waits_for_its_time_and_says_when() -> None:
    bot = start(requote_ms=200)
    shown(bot, "100.02", "100.10", seconds="0.3")
    shown(bot, "100.05", "100.10", seconds="0.05")
    assert bot.only().price == Decimal("100.02")
    assert bot.plans[-1].wake.at == bot.amended[-1][0] + timedelta(milliseconds=200)
    bot.wait("0.15")
    assert bot.only().price == Decimal("100.05")
    assert bot.amended[-1][0] - bot.amended[-2][0] == timedelta(milliseconds=200)


def test_a_quote_that_was_decided_is_not_sent_where_it_would_take_by_now() -> None:
    """The amend to 100.05 did not arrive, and the market fell below it before the next re-quote may be made."""
    bot = start(requote_ms=1000)
    bot.show((("100.05", "5"),), ASKS, seconds="2")
    bot.think()
    assert bot.plans[-1].orders[0].price == Decimal("100.05")
    bot.show((("100.00", "5"),), (("100.03", "5"),), seconds="0.1")
    bot.think()
    assert bot.plans[-1].orders[0].price == Decimal("100.00")


@pytest.mark.parametrize("amend", list(AmendMode))
def test_a_partial_fill_is_kept_and_the_rest_follows_the_price(amend: AmendMode) -> None:
    bot = start(amend=amend)
    fill(bot, "0.4")
    assert bot.only().remaining == Decimal("0.6")
    shown(bot, "100.05", "100.10")
    assert (bot.only().price, bot.only().remaining) == (Decimal("100.05"), Decimal("0.6"))
    assert bot.only().side is Side.BUY
    fill(bot)
    assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal(1))
    assert bot.books.ledger.position == 1


def test_a_remainder_below_the_minimum_stays_where_it_rests() -> None:
    bot = start()
    fill(bot, "0.96")
    shown(bot, "100.05", "100.10")
    assert (bot.only().price, bot.only().remaining) == (Decimal(100), Decimal("0.04"))
    assert not bot.samples


def test_a_remainder_that_is_canceled_joins_the_next_leg() -> None:
    bot = start()
    fill(bot, "0.96")
    bot.take_off(bot.only())
    bot.hear()
    bot.settle()
    assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal("0.96"))
    assert len(bot.rows("execution")) == 1
    fill(bot, "0.92")
    bot.take_off(bot.only())
    bot.hear()
    bot.settle()
    assert (bot.only().side, bot.only().amount) == (Side.BUY, Decimal("0.96"))
    fill(bot)
    assert bot.books.ledger.position == bot.only().amount == 1


def test_a_sendable_rest_that_somebody_cancels_comes_back_in_its_slot() -> None:
    bot = start()
    fill(bot, "0.4")
    bot.take_off(bot.only())
    bot.hear()
    bot.wait()
    assert (bot.only().slot, bot.only().amount) == ("l1.quote", Decimal("0.6"))


def test_a_venue_that_takes_every_order_off_is_not_hammered() -> None:
    bot = start(requote_ms=200)
    for _ in range(20):
        for order in bot.resting:
            bot.take_off(order)
        bot.hear()
        bot.settle()
        bot.now += timedelta(milliseconds=20)
    assert len(bot.placed) <= 1 + 2


def test_the_size_in_quote_is_one_amount_for_the_pair() -> None:
    bot = start(order_size=50, size_currency="quote")
    assert bot.only().amount == Decimal("0.5")
    fill(bot)
    shown(bot, "90.00", "95.00")
    assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal("0.5"))
    fill(bot)
    assert (bot.only().side, bot.only().amount) == (Side.BUY, Decimal("0.55555"))


def test_a_crossed_or_one_sided_book_moves_nothing() -> None:
    bot = start()
    shown(bot, "100.00", "100.10")
    for bids, asks in (((), ASKS), (BIDS, ()), ((("100.20", "1"),), (("100.10", "1"),))):
        bot.seen = None
        bot.now += timedelta(seconds=1)
        bot.exchange.on_time(bot.now)
        bot.settle()
        assert bot.only().price == 100
        assert bids is not asks


def test_pause_withdraws_a_buy_and_resume_brings_back_what_is_left() -> None:
    bot = start()
    fill(bot, "0.4")
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    assert not bot.resting
    bot.mode = Mode.RUNNING
    bot.wait()
    assert (bot.only().side, bot.only().amount) == (Side.BUY, Decimal("0.6"))


def test_pause_lets_a_sale_end_and_begins_nothing_after_it() -> None:
    bot = start()
    fill(bot)
    bot.mode = Mode.NO_ENTRIES
    shown(bot, "99.00", "99.50")
    assert (bot.only().side, bot.only().price, bot.only().role) == (Side.SELL, Decimal("99.50"), Role.CLOSE)
    fill(bot)
    assert not bot.resting
    assert len(bot.rows("execution")) == 2
    bot.mode = Mode.RUNNING
    bot.wait()
    assert bot.only().side is Side.BUY


@pytest.mark.parametrize(("bought", "left"), [("0", None), ("0.4", "0.4"), ("0.0004", None)])
def test_winding_down_in_a_buy_sells_what_it_got_and_ends(bought: str, left: str | None) -> None:
    bot = start()
    if bought != "0":
        fill(bot, bought)
    bot.mode = Mode.WIND_DOWN
    bot.settle()
    if left is not None:
        assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal(left))
        fill(bot)
    assert bot.finished == "user"
    assert not bot.resting


def test_winding_down_sells_what_is_there_when_fees_in_base_left_it_short() -> None:
    bot = start(fee=SpotFee.RECEIVED)
    fill(bot)
    assert not bot.resting
    bot.mode = Mode.WIND_DOWN
    bot.wait()
    assert bot.only().amount == Decimal("0.999")
    fill(bot)
    assert bot.finished == "user"


def test_a_fee_in_base_needs_a_reserve_and_says_so_once() -> None:
    bot = start(fee=SpotFee.RECEIVED)
    fill(bot)
    for _ in range(10):
        bot.wait("2")
    (told,) = bot.told("balance_short")
    assert (told.currency, told.needed, told.held) == ("BTC", Decimal(1), Decimal("0.999"))
    bot.exchange.set_balance("BTC", Decimal("1.01"))
    bot.wait()
    assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal(1))


def test_a_reserve_carries_the_fees_of_many_rounds() -> None:
    bot = start(fee=SpotFee.RECEIVED, base="0.01")
    for _ in range(20):
        fill(bot)
    assert len(bot.rows("execution")) == 20
    assert not bot.told("balance_short")
    assert not bot.refusals


def test_without_money_nothing_is_sent() -> None:
    bot = start(quote="50")
    bot.wait("6")
    assert not bot.placed
    assert [told.currency for told in bot.told("balance_short")] == ["USDT"]


def test_what_is_not_known_of_the_balances_does_not_stop_it() -> None:
    bot = start()
    bot.knows_balances = False
    fill(bot)
    assert bot.only().side is Side.SELL


def test_a_size_that_became_too_small_is_told_once_and_waits() -> None:
    bot = start(order_size="0.051")
    fill(bot)
    fill(bot)
    bot.take_off(bot.only())
    bot.hear()
    shown(bot, "90.00", "90.10")
    shown(bot, "89.00", "89.10")
    assert not bot.resting
    assert [told.reason for told in bot.told("order_refused")] == ["below_min_cost"]
    shown(bot, "100.00", "100.10")
    assert bot.only().side is Side.BUY


def test_a_stopped_bot_begins_again_by_selling_what_it_still_holds() -> None:
    bot = start()
    fill(bot)
    bot.mode = Mode.CANCEL
    bot.take_off(bot.only())
    bot.hear()
    assert bot.strategy.plan(bot.config, bot.state, bot.view).orders == ()
    bot.restart()
    assert (bot.only().slot, bot.only().side, bot.only().amount) == ("l3.quote", Side.SELL, Decimal(1))
    assert bot.state.completed == 0
