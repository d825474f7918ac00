"""Inside the band: quotes that anyone may take, and trades with itself where no public is deceived."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.strategies.peg.test_peg_sweeps import DEEP, INSIDE, coin, peg
from tests.strategies.pingpong.spot_bot import SpotBot, levels
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.orders import TimeInForce
from trading.core.planning import Mode
from trading.strategies.peg.activity import decide_pair, decide_quotes, draw
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import PegConfig
from trading.strategies.peg.spending import Left


def sides(bot: SpotBot) -> dict[Side, Decimal | None]:
    return {order.side: order.price for order in bot.resting}


# Quotes


def test_quotes_rest_on_both_sides_strictly_inside_the_band() -> None:
    bot = peg(activity="quotes")
    prices = sides(bot)
    buy, sell = prices[Side.BUY], prices[Side.SELL]
    assert buy is not None
    assert sell is not None
    assert Decimal("0.99") < buy < sell < Decimal("1.01")
    assert buy < Decimal("1.005")
    assert sell > Decimal("0.995")
    assert all(target.time_in_force is TimeInForce.POST_ONLY for target in bot.placed)


def test_quotes_are_renewed_with_each_interval_and_not_before() -> None:
    bot = peg(activity="quotes")
    before = {order.client_id for order in bot.resting}
    bot.wait("30")
    assert {order.client_id for order in bot.resting} == before
    bot.wait("31")
    bot.wait("1")
    assert len(bot.resting) == 2
    assert not before & {order.client_id for order in bot.resting}
    assert {order.slot for order in bot.resting} == {"s2.buy", "s2.sell"}


def test_a_quote_that_was_taken_is_not_renewed_in_its_interval() -> None:
    bot = peg(activity="quotes")
    (sell,) = (order for order in bot.resting if order.side is Side.SELL)
    bot.trade(Side.BUY, str(sell.price), "100000")
    bot.hear()
    bot.wait("5")
    assert len(bot.placed) == 2
    bot.wait("60")
    bot.wait("1")
    assert len(bot.placed) == 4


def test_a_quote_that_would_have_crossed_does_not_keep_a_price_from_being_pushed_back() -> None:
    """The book moved before the quote arrived: the venue refuses it, as it does every day, and the band is kept."""
    bot = peg(activity="quotes", react="stream")
    bot.show(*INSIDE, seconds="60")
    bot.act()
    bot.hear()
    bot.show(*INSIDE)
    seen = bot.seen
    bot.show(DEEP, (("0.9901", "50"),))
    bot.seen = seen
    bot.settle()
    assert bot.refusals == ["post_only_would_take"]
    bot.show(DEEP, (("0.98", "20"),), seconds="10")
    bot.hear()
    bot.settle()
    assert [(fill.side, fill.price, fill.amount) for fill in bot.fills] == [(Side.BUY, Decimal("0.98"), Decimal(20))]


def test_quotes_and_sweeps_share_the_limits_of_the_interval() -> None:
    bot = peg(activity="quotes", react="stream", quote_order_limit=50)
    (buy,) = (order for order in bot.resting if order.side is Side.BUY)
    bot.show(DEEP, (("0.98", "1000"),))
    bot.hear()
    bot.settle()
    spent = sum(fill.price * fill.amount for fill in bot.fills if fill.side is Side.BUY)
    resting = sum(order.remaining * (order.price or 0) for order in bot.resting if order.side is Side.BUY)
    assert buy.price is not None
    assert spent + resting <= 50


def test_chance_is_the_views_own_and_stays_with_the_interval() -> None:
    amounts = set()
    for seed in range(20):
        bot = peg(activity="quotes")
        bot.state = bot.strategy.started(bot.state)
        first = bot.strategy.plan(bot.config, bot.state, replace(bot.view, orders={}, seed=seed))
        again = bot.strategy.plan(bot.config, bot.state, replace(bot.view, orders={}, seed=seed))
        later = bot.strategy.plan(bot.config, first.state, replace(bot.view, orders={}, seed=seed + 1))
        assert first == again
        assert first.orders == later.orders
        amounts.add(tuple(target.amount for target in first.orders))
    assert len(amounts) == 20


def test_amounts_go_from_one_unit_of_precision_to_the_limit() -> None:
    rules = coin(min_cost=Decimal(0))
    config = PegConfig(base_precision=2, base_order_limit=Decimal("0.05"), quote_order_limit=Decimal("0.05"))
    band = Band.of(config, rules)
    book = Book(rules.symbol, levels((("0.9950", "5"),)), levels((("1.0050", "5"),)), peg().now)
    left = Left(Decimal("0.05"), Decimal("0.05"))
    drawn = [order.amount for seed in range(300) for order in decide_quotes(band, book, left, "s1.", seed)]
    assert {f"{amount:f}" for amount in drawn} <= {"0.01", "0.02", "0.03", "0.04", "0.05"}
    assert min(drawn) == Decimal("0.01")
    assert max(drawn) == Decimal("0.05")


def test_with_a_price_out_of_its_band_there_are_no_quotes() -> None:
    bot = peg(asks=(("0.98", "5"),), activity="quotes", quote="0")
    assert not bot.placed


def test_a_narrow_band_leaves_a_side_out_and_never_crosses() -> None:
    bot = peg(bids=(("1.0098", "5"),), asks=(("1.0200", "5"),), activity="quotes")
    prices = sides(bot)
    assert prices[Side.SELL] == Decimal("1.0099")
    assert (prices[Side.BUY] or 0) < Decimal("1.0099")
    full = peg(bids=(("1.0099", "5"),), asks=(("1.0200", "5"),), activity="quotes")
    assert Side.SELL not in sides(full)


def test_pause_and_an_edit_withdraw_the_quotes() -> None:
    bot = peg(activity="quotes")
    bot.mode = Mode.NO_ENTRIES
    bot.settle()
    assert not bot.resting
    bot = peg(activity="quotes")
    bot.config = bot.config.model_copy(update={"price": Decimal(2)})
    bot.settle()
    assert not bot.resting


def test_draws_are_even_enough() -> None:
    counts = [0] * 5
    for seed in range(2000):
        counts[draw(f"{seed}:x", 5)] += 1
    assert min(counts) > 330


# Self-trade


def test_on_paper_it_trades_with_itself_in_the_same_interval() -> None:
    bot = peg(activity="self-trade", is_public=False)
    assert [target.slot for target in bot.placed] == ["s1.self-maker", "s1.self-taker"]
    maker, taker = bot.placed
    assert (maker.side, maker.price, maker.amount) == (taker.side.opposite, taker.price, taker.amount)
    assert {fill.side for fill in bot.fills} == set(Side)
    assert {fill.maker for fill in bot.fills} == {True, False}
    assert bot.books.ledger.position == 0
    assert not bot.resting
    assert not bot.told("self_trade_refused")
    bot.wait("61")
    assert len(bot.placed) == 4


def test_of_a_self_trade_only_what_somebody_else_took_is_told() -> None:
    bot = peg(activity="self-trade", is_public=False)
    assert len(bot.fills) == 2
    assert not bot.told("band_quote_filled")
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, dict.fromkeys(("TOK", "USDT"), Decimal(900)))
    fresh.is_public = False
    fresh.show(*INSIDE)
    fresh.act()
    fresh.hear()
    maker = fresh.only()
    assert maker.price is not None
    fresh.trade(maker.side.opposite, maker.price, Decimal("0.5"))
    fresh.hear()
    fresh.settle()
    (told,) = fresh.told("band_quote_filled")
    assert (told.side, told.amount, told.price) == (maker.side, Decimal("0.5"), maker.price)


def test_quotes_that_are_taken_are_told_as_they_are_taken() -> None:
    bot = peg(activity="quotes")
    buy = next(order for order in bot.resting if order.side is Side.BUY)
    assert buy.price is not None
    for _ in range(2):
        bot.trade(Side.SELL, buy.price, "0.01")
        bot.hear()
        bot.settle()
    told = bot.told("band_quote_filled")
    assert [(each.side, each.amount, each.price) for each in told] == [(Side.BUY, Decimal("0.01"), buy.price)] * 2


def test_a_self_trade_meets_nobody_elses_order() -> None:
    bot = peg(activity="self-trade", is_public=False)
    assert INSIDE[0][0][0] < str(bot.placed[0].price) < INSIDE[1][0][0]
    closed = peg(bids=(("1.0000", "5"),), asks=(("1.0001", "5"),), activity="self-trade", is_public=False)
    assert not closed.placed


@pytest.mark.parametrize("seed", range(4))
def test_the_taker_stays_at_home_when_the_market_has_come_before_the_maker(seed: int) -> None:
    bot = peg(activity="self-trade", is_public=False)
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, dict.fromkeys(("TOK", "USDT"), Decimal(900)))
    fresh.is_public, fresh.seed = False, seed
    fresh.show(*INSIDE)
    fresh.act()
    fresh.hear()
    maker = fresh.only()
    assert maker.price is not None
    better = str(maker.price + maker.side.sign * bot.instrument.price_tick)
    level = ((better, "5"),)
    fresh.show(*((level, INSIDE[1]) if maker.side is Side.BUY else (INSIDE[0], level)))
    fresh.settle()
    assert [target.slot for target in fresh.placed] == ["s1.self-maker"]
    assert not fresh.resting
    assert not fresh.fills


def test_what_the_taker_left_is_taken_off() -> None:
    bot = peg(activity="self-trade", is_public=False)
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, dict.fromkeys(("TOK", "USDT"), Decimal(900)))
    fresh.is_public = False
    fresh.show(*INSIDE)
    fresh.act()
    fresh.hear()
    maker = fresh.only()
    fresh.act()
    # The taker ended without meeting the maker.
    fresh.messages.clear()
    taker = fresh.books.live.pop("s1.self-taker")
    fresh.books.finals["s1.self-taker"].append(replace(taker, status=type(taker.status).EXPIRED))
    fresh.think()
    assert maker.slot == "s1.self-maker"
    assert not fresh.plans[-1].orders


@pytest.mark.parametrize("react", ["interval", "stream"])
def test_on_a_public_market_it_never_trades_with_itself_and_says_so_once(react: str) -> None:
    bot = peg(activity="self-trade", react=react)
    for _ in range(5):
        bot.wait("61")
    assert not bot.placed
    assert len(bot.told("self_trade_refused")) == 1


def test_what_was_begun_on_paper_is_not_gone_on_with_in_public() -> None:
    bot = peg(activity="self-trade", is_public=False)
    fresh = SpotBot(bot.strategy, bot.config, bot.instrument, dict.fromkeys(("TOK", "USDT"), Decimal(900)))
    fresh.is_public = False
    fresh.show(*INSIDE)
    fresh.act()
    fresh.hear()
    fresh.is_public = True
    fresh.settle()
    assert len(fresh.placed) == 1
    assert not fresh.resting
    assert not fresh.fills


def test_a_public_peg_with_self_trade_in_its_settings_still_sweeps() -> None:
    bot = peg(asks=(("0.98", "20"),), activity="self-trade")
    assert [target.slot for target in bot.placed] == ["s1.buy1"]


def test_a_pair_needs_money_on_both_sides() -> None:
    rules = coin()
    band = Band.of(PegConfig(), rules)
    book = Book(rules.symbol, levels((("0.9950", "5"),)), levels((("1.0050", "5"),)), peg().now)
    assert decide_pair(band, book, Left(Decimal(100), Decimal(0)), "s1.", 1) == ()
    maker, taker = decide_pair(band, book, Left(Decimal(20), Decimal(30)), "s1.", 1)
    assert maker.amount == taker.amount <= Decimal("20.11")
