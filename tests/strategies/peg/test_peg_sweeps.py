"""A price that left its band is pushed back: what is taken, at which prices, and where it stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.strategies.pingpong.spot_bot import BEGINNING, Levels, SpotBot, market
from trading.core.instrument import Instrument, Side, plain, total
from trading.core.orders import OrderStatus, TimeInForce
from trading.core.planning import Mode
from trading.core.simulated_account import SpotFee
from trading.strategies.peg import PegConfig, PegStrategy

INSIDE: tuple[Levels, Levels] = ((("0.995", "50"),), (("1.005", "50"),))
DEEP: Levels = (("0.8", "50"),)


def coin(**rules: object) -> Instrument:
    """A token that should be worth one dollar."""
    given = {
        "symbol": "TOK/USDT",
        "base": "TOK",
        "price_tick": Decimal("0.0001"),
        "amount_step": Decimal("0.01"),
        "min_amount": Decimal("0.01"),
        "min_cost": Decimal(1),
    }
    return market(**{**given, **rules})


def peg(
    bids: Levels | None = None,
    asks: Levels | None = None,
    *,
    base: str = "1000",
    quote: str = "1000",
    rules: Instrument | None = None,
    is_public: bool = True,
    fee: SpotFee = SpotFee.QUOTE,
    **settings: object,
) -> SpotBot:
    given = {"price": 1, "deviation": "0.01", "base_order_limit": 100, "quote_order_limit": 100, **settings}
    instrument = rules or coin()
    balances = {instrument.base: Decimal(base), instrument.quote: Decimal(quote)}
    config = PegConfig.model_validate(given)
    bot = SpotBot(PegStrategy(), config, instrument, balances, is_public=is_public, spot_fee=fee)
    bot.show(bids or (DEEP if asks else INSIDE[0]), asks or INSIDE[1])
    bot.settle()
    return bot


def taken(bot: SpotBot, side: Side = Side.BUY) -> list[tuple[str, str]]:
    return [(plain(fill.price), plain(fill.amount)) for fill in bot.fills if fill.side is side]


def cost(bot: SpotBot, side: Side = Side.BUY) -> Decimal:
    return total([fill.price * fill.amount for fill in bot.fills if fill.side is side])


def test_in_its_band_nothing_is_done() -> None:
    bot = peg()
    assert not bot.placed
    assert bot.plans[-1].wake.at == bot.state.began_at + timedelta(seconds=60)
    assert not bot.plans[-1].wake.bands


def test_everything_offered_at_or_below_the_band_is_bought_at_its_prices() -> None:
    bot = peg(asks=(("0.97", "20"), ("0.985", "30"), ("0.99", "10"), ("0.9901", "40")))
    assert taken(bot) == [("0.97", "20"), ("0.985", "30"), ("0.99", "10")]
    assert all(target.time_in_force is TimeInForce.IOC and target.one_shot for target in bot.placed)
    assert [target.slot for target in bot.placed] == ["s1.buy1", "s1.buy2", "s1.buy3"]
    assert bot.books.ledger.position == 60


def test_a_sweep_is_told_once_and_as_one_when_the_last_of_its_orders_has_ended() -> None:
    bot = peg()
    bot.show(DEEP, (("0.97", "20"), ("0.98", "30")), seconds="60")
    bot.act()
    bot.hear(most=len(bot.messages) // 2)
    bot.act()
    assert bot.fills
    assert not bot.told("sweep_filled")
    bot.hear()
    bot.settle()
    bot.restart()
    bot.wait("61")
    (told,) = bot.told("sweep_filled")
    assert (told.side, told.amount, told.cost) == (Side.BUY, Decimal(50), Decimal("48.8"))
    assert (told.price, told.edge) == (Decimal("0.976"), Decimal("0.99"))


def test_bids_at_or_above_the_band_are_sold_into() -> None:
    bot = peg(bids=(("1.03", "20"), ("1.01", "30"), ("1.0099", "10")), asks=(("1.04", "5"),))
    assert taken(bot, Side.SELL) == [("1.03", "20"), ("1.01", "30")]


def test_the_quote_limit_is_met_to_the_last_step() -> None:
    bot = peg(asks=(("0.97", "20"), ("0.99", "1000")), quote_order_limit=50)
    # 19.40 for the first price; 30.60 is left for the second: 30.90 units cost 30.591.
    assert taken(bot) == [("0.97", "20"), ("0.99", "30.9")]
    assert Decimal("49.99") < cost(bot) <= 50


def test_the_base_limit_is_met_to_the_last_step() -> None:
    bot = peg(bids=(("1.02", "33.33"), ("1.015", "1000")), asks=(("1.04", "5"),), base_order_limit="50.005")
    assert taken(bot, Side.SELL) == [("1.02", "33.33"), ("1.015", "16.67")]
    assert total([fill.amount for fill in bot.fills]) == Decimal("50.00")


@pytest.mark.parametrize("fee", list(SpotFee))
def test_the_quote_that_is_kept_is_kept_whatever_the_fees(fee: SpotFee) -> None:
    bot = peg(asks=(("0.98", "1000"),), quote="100", quote_min_balance=60, fee=fee)
    left = bot.exchange.balances()["USDT"]
    assert left >= 60
    assert left < Decimal("60.06")


def test_the_base_that_is_kept_is_kept() -> None:
    bot = peg(bids=(("1.02", "1000"),), asks=(("1.04", "5"),), base="100", base_min_balance="70.5")
    assert bot.exchange.balances()["TOK"] == Decimal("70.5")


def test_what_is_below_what_is_kept_is_not_touched() -> None:
    bot = peg(asks=(("0.98", "1000"),), quote="50", quote_min_balance=60)
    assert not bot.placed


def test_the_limit_holds_for_the_interval_and_begins_anew_with_the_next() -> None:
    bot = peg(asks=(("0.98", "1000"),), quote_order_limit=49)
    assert cost(bot) == 49
    for _ in range(3):
        bot.show(DEEP, (("0.98", "1000"),), seconds="10")
        bot.hear()
        bot.settle()
    assert cost(bot) == 49
    bot.show(DEEP, (("0.98", "1000"),), seconds="30")
    bot.hear()
    bot.settle()
    assert cost(bot) == 98
    assert bot.placed[-1].slot == "s2.buy1"


@pytest.mark.parametrize("side", list(Side))
def test_the_limit_is_of_the_interval_however_many_sweeps_it_takes(side: Side) -> None:
    bot = peg(react="stream", quote_order_limit=50, base_order_limit=50)
    for _ in range(5):
        if side is Side.BUY:
            bot.show(DEEP, (("0.98", "20"),))
        else:
            bot.show((("1.02", "20"),), (("1.2", "20"),))
        bot.hear()
        bot.settle()
    used = cost(bot) if side is Side.BUY else total([fill.amount for fill in bot.fills])
    assert len(bot.placed) == 3
    assert Decimal("49.99") < used <= 50


def test_balances_that_are_behind_the_fills_do_not_let_it_spend_what_is_kept() -> None:
    """Within the interval and into the next one, the venue goes on showing the balances of the beginning."""
    bot = peg(react="stream", quote="100", quote_min_balance=50, interval_seconds=10)
    bot.stale_balances = dict(bot.exchange.balances())
    for seconds in ("1", "1", "10", "1"):
        bot.show(DEEP, (("0.98", "40"),), seconds=seconds)
        bot.hear()
        bot.settle()
    assert bot.state.number == 2
    assert 50 <= bot.exchange.balances()["USDT"] < 51


@pytest.mark.parametrize("are_settled", [True, False])
@pytest.mark.parametrize("fee", list(SpotFee))
def test_an_interval_begins_with_what_the_account_holds_to_the_last_digit(fee: SpotFee, are_settled: bool) -> None:
    """Whatever currency fees are taken in, and though every interval has fills: no error of one adds to the next."""
    bot = peg(activity="self-trade", is_public=False, fee=fee)
    for number in range(2, 15):
        truth = dict(bot.exchange.balances())
        bot.stale_balances = None if are_settled else truth
        bot.wait("61")
        assert bot.state.number == number
        assert bot.state.opening == truth
        assert len(bot.fills) == 2 * number
    assert bot.exchange.balances() != {"TOK": 1000, "USDT": 1000}, "fees were paid"


def test_a_balance_from_before_a_sale_does_not_hide_its_proceeds_for_longer_than_it_is_shown() -> None:
    bot = peg(bids=(("1.02", "50"),), asks=(("1.04", "5"),))
    bot.stale_balances = {"TOK": Decimal(1000), "USDT": Decimal(1000)}
    bot.wait("61")
    assert bot.state.opening == {"TOK": Decimal(950), "USDT": Decimal(1000)}
    bot.stale_balances = None
    bot.wait("61")
    assert bot.state.opening == bot.exchange.balances()


def test_money_that_came_or_went_by_other_ways_is_seen_at_the_next_interval() -> None:
    bot = peg(asks=(("0.98", "20"),))
    for amount in ("1500", "300"):
        bot.exchange.set_balance("USDT", Decimal(amount))
        bot.wait("61")
        assert bot.state.opening["USDT"] == Decimal(amount)


def test_intervals_keep_their_beat() -> None:
    bot = peg()
    began = bot.state.began_at
    bot.wait("150")
    assert bot.state.began_at == began + timedelta(seconds=120)
    assert bot.plans[-1].wake.at == began + timedelta(seconds=180)


def test_no_second_sweep_before_a_newer_book() -> None:
    bot = peg(asks=(("0.98", "20"),), react="stream")
    assert len(bot.placed) == 1
    for _ in range(5):
        bot.wait("0.5", looks=False)
    assert len(bot.placed) == 1
    bot.show(DEEP, (("0.98", "20"),))
    bot.hear()
    bot.settle()
    assert [target.slot for target in bot.placed] == ["s1.buy1", "s1.buy2"]


def test_a_book_from_before_the_end_of_the_sweep_is_not_acted_upon() -> None:
    bot = peg(asks=(("0.98", "20"),), react="stream")
    ended = bot.state.last_end
    assert ended is not None
    assert bot.seen is not None
    bot.seen = replace(bot.seen, at=ended)
    bot.settle()
    assert len(bot.placed) == 1
    bot.seen = replace(bot.seen, at=ended + timedelta(milliseconds=1))
    bot.settle()
    assert len(bot.placed) == 2


def test_a_stream_lets_it_act_at_once() -> None:
    bot = peg(react="stream")
    wake = bot.plans[-1].wake
    assert wake.bands["ask"].holds(Decimal("0.9901"))
    assert not wake.bands["ask"].holds(Decimal("0.9900"))
    assert wake.bands["bid"].holds(Decimal("1.0099"))
    assert not wake.bands["bid"].holds(Decimal("1.0100"))
    bot.show((("0.97", "5"),), (("0.98", "5"),), seconds="3")
    bot.hear()
    bot.settle()
    assert taken(bot) == [("0.98", "5")]


def test_an_interval_looks_once() -> None:
    bot = peg(react="interval")
    bot.show((("0.97", "5"),), (("0.98", "5"),), seconds="3")
    bot.hear()
    bot.settle()
    assert not bot.placed
    bot.wait("60")
    assert taken(bot) == [("0.98", "5")]


def test_what_lies_far_beyond_the_best_price_is_taken_from_the_next_book() -> None:
    """The house refuses orders much better than the book; each sweep goes a few percent deep."""
    asks = (("0.9", "5"), ("0.93", "5"), ("0.98", "5"))
    bot = peg(asks=asks)
    assert taken(bot) == [("0.9", "5"), ("0.93", "5")]
    assert bot.plans[-1].wake.at == bot.now + timedelta(seconds=1)
    bot.show(DEEP, asks[2:], seconds="2")
    bot.hear()
    bot.settle()
    assert taken(bot)[2:] == [("0.98", "5")]
    assert not bot.denials


def test_crumbs_are_taken_with_the_next_price_or_by_the_least_order() -> None:
    bot = peg(asks=(("0.97", "0.2"), ("0.98", "0.3"), ("0.985", "5"), ("0.99", "0.1")))
    assert [(plain(target.price or Decimal(0)), plain(target.amount)) for target in bot.placed] == [
        ("0.985", "5.5"),
        ("0.99", "1.02"),
    ]
    assert taken(bot) == [("0.97", "0.2"), ("0.98", "0.3"), ("0.985", "5"), ("0.99", "0.1")]
    assert not bot.refusals


def test_a_limit_below_the_venues_minimum_sends_nothing() -> None:
    bot = peg(asks=(("0.98", "50"),), quote_order_limit="0.9")
    assert not bot.placed


def test_a_refusal_waits_for_the_next_interval() -> None:
    bot = peg(react="stream")
    bot.stale_balances = bot.exchange.balances()
    bot.exchange.set_balance("USDT", Decimal(0))
    for _ in range(5):
        bot.show(DEEP, (("0.98", "50"),))
        bot.hear()
        bot.settle()
    assert len(bot.placed) == 1
    assert bot.refusals == ["insufficient_funds"]
    bot.exchange.set_balance("USDT", Decimal(1000))
    bot.show(DEEP, (("0.98", "50"),), seconds="60")
    bot.hear()
    bot.settle()
    assert taken(bot) == [("0.98", "50")]


def test_an_order_whose_outcome_is_unknown_holds_the_next_sweep_and_the_next_interval() -> None:
    bot = peg()
    bot.show(DEEP, (("0.98", "50"),), seconds="60")
    bot.act()
    bot.books.live["s2.buy1"] = replace(bot.books.live["s2.buy1"], status=OrderStatus.UNKNOWN)
    for _ in range(3):
        bot.now += timedelta(seconds=60)
        bot.look()
        bot.act()
    assert bot.state.number == 2
    assert len(bot.placed) == 1
    bot.hear()
    bot.show(DEEP, (("0.98", "50"),))
    bot.hear()
    bot.settle()
    assert bot.state.number == 3
    assert len(bot.placed) == 2


def test_balances_that_are_not_known_are_not_spent_and_the_interval_waits_for_them() -> None:
    bot = peg(asks=(("0.98", "50"),), react="interval")
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, {"TOK": Decimal(9), "USDT": Decimal(900)})
    fresh.knows_balances = False
    fresh.show(DEEP, (("0.98", "50"),))
    fresh.settle()
    assert not fresh.placed
    fresh.knows_balances = True
    fresh.settle()
    assert taken(fresh) == [("0.98", "50")]


@pytest.mark.parametrize("mode", [Mode.NO_ENTRIES, Mode.WIND_DOWN, Mode.CANCEL])
def test_stopped_or_paused_it_sends_nothing(mode: Mode) -> None:
    bot = peg()
    bot.mode = mode
    bot.show(DEEP, (("0.98", "50"),), seconds="60")
    bot.hear()
    bot.settle()
    assert not bot.placed
    assert bot.finished == (None if mode is Mode.NO_ENTRIES else "user")


@pytest.mark.parametrize(
    ("tick", "step", "base_precision", "quote_precision", "amount", "price"),
    [
        ("0.00000001", "0.00000001", 8, 8, "5.12345678", "0.00000098"),
        ("0.00000001", "0.001", 8, 8, "5.123", "0.00000098"),
        ("0.00000001", "0.00000001", 2, 8, "5.12", "0.00000098"),
        ("0.00000001", "0.00000001", 0, 7, "5", "0.0000009"),
    ],
)
def test_prices_and_amounts_far_below_a_hundredth(
    tick: str, step: str, base_precision: int, quote_precision: int, amount: str, price: str
) -> None:
    rules = coin(
        price_tick=Decimal(tick), amount_step=Decimal(step), min_amount=Decimal(step), min_cost=Decimal("0.00000001")
    )
    bot = peg(
        bids=(("0.0000008", "9"),),
        asks=((price, "5.12345678"), ("0.00000103", "5")),
        rules=rules,
        price="0.000001",
        deviation="0.00000002",
        base_precision=base_precision,
        quote_precision=quote_precision,
        quote="1",
        quote_order_limit=1,
    )
    assert taken(bot) == [(plain(Decimal(price)), amount)]


def test_an_edit_of_the_price_withdraws_what_was_decided_under_the_old_one() -> None:
    bot = peg(asks=(("0.98", "50"),))
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, {"TOK": Decimal(9), "USDT": Decimal(900)})
    fresh.show(DEEP, (("0.98", "50"),))
    fresh.think()
    fresh.config = fresh.config.model_copy(update={"price": Decimal("0.9"), "deviation": Decimal("0.05")})
    fresh.think()
    assert not fresh.plans[-1].orders


def test_a_new_start_does_not_sweep_the_same_book_again() -> None:
    bot = peg(asks=(("0.98", "20"),))
    bot.state = bot.strategy.started(bot.state)
    bot.wait("0", looks=False)
    assert len(bot.placed) == 1
    assert bot.state.number == 2
    assert bot.seen is not None
    assert bot.seen.at == BEGINNING + timedelta(seconds=1)
