"""One row for each full execution, and the numbers made of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.strategies.pingpong.spot_bot import BEGINNING, SpotBot, levels, market
from tests.strategies.pingpong.test_pingpong_legs import fill, shown, start
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.planning import Mode
from trading.strategies.pingpong import Execution, PingPongConfig, PingPongStrategy, record_columns, summarize
from trading.strategies.pingpong.statistics import percentile


def test_the_columns_are_those_of_the_specification() -> None:
    expected = ("ts_decision", "ts_full_execution", "change_btc", "change_usd", "total_cnt")
    assert record_columns(market()) == expected
    pair = market(symbol="ETH/BTC", base="ETH", quote="BTC")
    assert record_columns(pair) == ("ts_decision", "ts_full_execution", "change_eth", "change_btc", "total_cnt")


def test_a_record_says_how_the_spread_changed_in_both_currencies() -> None:
    bot = start()
    shown(bot, "100.00", "100.50", seconds="3")
    fill(bot)
    (row,) = bot.rows("execution")
    assert tuple(row.body) == record_columns(bot.instrument)
    assert row.body["ts_decision"] == "2026-01-01T00:00:01.000+00:00"
    assert row.body["ts_full_execution"] == "2026-01-01T00:00:04.010+00:00"
    # From 0.10 to 0.50, at a mid of 100.25 when it was filled.
    assert row.body["change_usd"] == "0.4"
    assert row.body["change_btc"] == "0.003990024938"
    assert row.body["total_cnt"] == "1"
    assert row.at == BEGINNING + timedelta(seconds=4, milliseconds=10)


def test_no_fills_no_rows() -> None:
    bot = start()
    for price in ("100.01", "100.02", "99.98"):
        shown(bot, price, "100.10")
    fill(bot, "0.5")
    assert not bot.samples


def test_the_count_of_orders_goes_on_through_the_run_and_begins_again_with_the_next() -> None:
    bot = start(amend=AmendMode.NONE)
    for price in ("100.01", "100.02", "100.03"):
        shown(bot, price, "100.10")
    fill(bot)
    fill(bot)
    assert [row.body["total_cnt"] for row in bot.rows("execution")] == ["4", "5"]
    assert [row.body["requotes"] for row in bot.rows("execution_detail")] == ["3", "0"]
    bot.take_off(bot.only())
    bot.hear()
    bot.restart()
    fill(bot)
    assert bot.rows("execution")[-1].body["total_cnt"] == "1"


def test_an_execution_that_is_seen_only_after_the_stop_is_recorded_all_the_same() -> None:
    bot = start()
    bot.trade(Side.SELL, "100.00", "6")
    bot.hear()
    bot.mode, bot.seen = Mode.CANCEL, None
    bot.settle()
    (row,) = bot.rows("execution")
    assert (row.body["change_btc"], row.body["change_usd"], row.body["total_cnt"]) == ("", "", "1")


def test_while_the_book_is_unknown_an_execution_waits_for_its_record() -> None:
    bot = start()
    bot.trade(Side.SELL, "100.00", "6")
    bot.hear()
    bot.seen = None
    bot.settle()
    assert not bot.samples
    bot.wait()
    assert len(bot.rows("execution")) == 1


def test_each_execution_is_told_and_each_round_is_in_the_books() -> None:
    bot = start()
    for _ in range(4):
        fill(bot)
    assert [told.side for told in bot.told("leg_executed")] == [Side.BUY, Side.SELL] * 2
    assert [cycle.number for cycle in bot.cycles] == [1, 2]
    assert sum(cycle.net for cycle in bot.cycles) == bot.books.ledger.net
    assert bot.cycles[0].gross == Decimal("0.10")


# Stops


def test_it_stops_after_its_legs() -> None:
    bot = start(max_legs=3)
    for _ in range(3):
        fill(bot)
    assert bot.finished == "max_legs"
    assert len(bot.rows("execution")) == 3
    bot.restart()
    assert bot.finished is None
    assert bot.only().side is Side.SELL


def test_it_stops_when_the_spreads_met_are_too_much_in_all() -> None:
    bot = start(max_spread_sum_usd="0.2")
    fill(bot)
    fill(bot)
    assert bot.state.spread_sum_usd == Decimal("0.20")
    assert bot.finished is None
    fill(bot)
    assert bot.finished == "max_spread_sum"


def test_a_buy_that_would_hold_more_than_the_budget_is_not_begun() -> None:
    bot = start(budget=100)
    assert bot.finished == "budget"
    assert not bot.placed


def test_losses_take_from_the_budget() -> None:
    bot = start(budget=101)
    fill(bot)
    shown(bot, "99.00", "99.10")
    fill(bot)
    # About 1.1 was lost: 99 and its fee still fit, 100 would not.
    assert bot.only().side is Side.BUY
    shown(bot, "100.00", "100.10")
    assert bot.finished == "budget"
    assert bot.books.ledger.position == 0


def test_a_price_that_outgrows_the_budget_in_the_middle_of_a_buy_ends_by_selling() -> None:
    bot = start(budget=101)
    fill(bot, "0.5")
    shown(bot, "102.00", "102.10")
    assert (bot.only().side, bot.only().amount) == (Side.SELL, Decimal("0.5"))
    fill(bot)
    assert bot.finished == "budget"


# ETH/BTC


def eth(rate: str | None, **settings: object) -> SpotBot:
    rules = market(
        symbol="ETH/BTC",
        base="ETH",
        quote="BTC",
        price_tick=Decimal("0.00001"),
        amount_step=Decimal("0.0001"),
        min_amount=Decimal("0.0001"),
        min_cost=Decimal("0.0001"),
    )
    given = {"order_size": "0.1", "size_currency": "base", "budget": 600, **settings}
    config = PingPongConfig.model_validate(given)
    bot = SpotBot(PingPongStrategy(), config, rules, {"ETH": Decimal(1), "BTC": Decimal(1)})
    if rate is not None:
        middle = Decimal(rate)
        dollar = Book("BTC/USDT", levels(((str(middle - 1), "1"),)), levels(((str(middle + 1), "1"),)), BEGINNING)
        bot.other_books["usd"] = dollar
    bot.show((("0.05000", "9"),), (("0.05004", "9"),))
    bot.settle()
    return bot


def test_a_bitcoin_quote_is_reckoned_in_dollars_by_a_market_of_the_same_venue() -> None:
    bot = eth("100000", usd_market="BTC/USDT", usd_per_quote=90000)
    (reference,) = bot.strategy.references(bot.config)
    assert (reference.name, reference.venue, reference.symbol) == ("usd", "", "BTC/USDT")
    fill(bot)
    (row,) = bot.rows("execution")
    assert tuple(row.body)[2:4] == ("change_eth", "change_btc")
    assert bot.state.spread_sum_usd == Decimal("0.00004") * 100000
    assert bot.strategy.budget(bot.config, bot.state) == Decimal("0.006")
    assert bot.strategy.deposit(bot.config) == Decimal(600) / 90000


def test_without_the_dollars_price_no_leg_begins() -> None:
    bot = eth(None, usd_market="BTC/USDT")
    assert not bot.placed
    assert "usd.mid" in bot.plans[-1].wake.bands


def test_a_fixed_rate_needs_no_market() -> None:
    bot = eth(None, usd_per_quote=100000)
    assert bot.strategy.references(bot.config) == ()
    assert bot.only().amount == Decimal("0.1")
    assert eth(None, usd_per_quote=130000).finished == "budget"


# Statistics


def execution(seconds: str, **more: str) -> Execution:
    body = {"side": "buy", "amount": "2", "price": "10", "seconds": seconds, "orders": "2", "requotes": "1"}
    return Execution.read({**body, **more})


def test_statistics_of_nothing_are_none() -> None:
    assert summarize(()) is None


def test_statistics_by_hand() -> None:
    made = [execution(str(seconds), edge="0.1", usd_per_quote="1") for seconds in (4, 1, 3, 2)]
    made.append(execution("100", edge="-0.5", usd_per_quote="2", requotes="6"))
    seen = summarize(made, bins=4)
    assert seen is not None
    assert (seen.count, seen.median_seconds, seen.p95_seconds, seen.longest_seconds) == (5, 3, 100, 100)
    assert (seen.requotes_per_leg, seen.orders_per_leg, seen.volume) == (2, 2, 100)
    assert (seen.edge, seen.edge_per_leg, seen.edge_usd) == (Decimal("-0.1"), Decimal("-0.02"), Decimal("-0.6"))
    assert [bin.count for bin in seen.times] == [4, 0, 0, 1]
    assert (seen.times[0].low, seen.times[-1].high) == (0, 100)


def test_a_leg_whose_market_was_not_seen_is_left_out_of_the_spread_only() -> None:
    seen = summarize([execution("1"), execution("3", edge="0.2")])
    assert seen is not None
    assert (seen.count, seen.median_seconds, seen.edge_per_leg) == (2, 2, Decimal("0.2"))


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (19, 19), (20, 19), (21, 20), (100, 95)])
def test_the_95th_percentile_is_of_nearest_rank(count: int, rank: int) -> None:
    assert percentile([Decimal(place) for place in range(1, count + 1)], 95) == rank


def test_what_a_bot_records_can_be_read_back() -> None:
    bot = start()
    for _ in range(2):
        fill(bot)
    seen = summarize([Execution.read(row.body) for row in bot.rows("execution_detail")])
    assert seen is not None
    # Bought at 100.00 and sold at 100.10 with the mid at 100.05: half a spread earned on each side.
    assert (seen.count, seen.edge) == (2, Decimal("0.10"))
