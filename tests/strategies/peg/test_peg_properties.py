"""What holds for every peg on every road of the market."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies.peg.test_peg_sweeps import coin
from tests.strategies.pingpong.spot_bot import SpotBot
from trading.core.instrument import ZERO, Side, total
from trading.core.orders import TimeInForce
from trading.core.planning import Mode, Plan, View
from trading.core.simulated_account import SpotFee
from trading.strategies.peg import PegConfig, PegState, PegStrategy

TICK = Decimal("0.0001")
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pegs = st.fixed_dictionaries(
    {
        "price": st.just("1"),
        "deviation": st.sampled_from(["0.0002", "0.005", "0.03"]),
        "base_min_balance": st.sampled_from([0, 40]),
        "base_order_limit": st.sampled_from(["3", "25.555", "1000"]),
        "quote_min_balance": st.sampled_from([0, 50]),
        "quote_order_limit": st.sampled_from(["3", "25.555", "1000"]),
        "base_precision": st.sampled_from([0, 1, 8]),
        "quote_precision": st.sampled_from([3, 8]),
        "interval_seconds": st.sampled_from([1, 60]),
        "activity": st.sampled_from(["off", "quotes", "self-trade"]),
        "react": st.sampled_from(["interval", "stream"]),
    }
)
amounts = st.integers(1, 6000)
books = st.tuples(
    st.integers(-600, 600),
    st.integers(1, 80),
    st.lists(st.tuples(amounts, st.integers(1, 300)), min_size=1, max_size=4),
)
roads = st.lists(
    st.one_of(
        *[st.tuples(st.just("book"), books)] * 3,
        st.tuples(st.just("unheard"), books),
        st.tuples(st.just("trade"), st.tuples(st.sampled_from(list(Side)), amounts)),
        st.tuples(st.just("half_heard"), st.integers(0, 4)),
        st.tuples(st.just("mode"), st.sampled_from([Mode.RUNNING] * 3 + [Mode.NO_ENTRIES])),
        st.tuples(st.just("wait"), st.integers(1, 70)),
        st.tuples(st.just("stale_balances"), st.booleans()),
        st.tuples(st.just("taken_off"), st.none()),
        st.tuples(st.just("without_book"), st.none()),
    ),
    min_size=8,
    max_size=25,
)


class Watch:
    """Looks at every plan, and at the fills by the interval in which their orders were placed."""

    def __call__(self, bot: SpotBot, view: View, plan: Plan) -> None:
        band = Decimal(bot.config.price) - bot.config.deviation, Decimal(bot.config.price) + bot.config.deviation
        for target in plan.orders:
            assert target.price is not None
            assert target.one_shot
            is_sweep = target.time_in_force is TimeInForce.IOC and not target.may_meet_own
            if is_sweep and "self" not in target.slot:
                assert target.price <= band[0] if target.side is Side.BUY else target.price >= band[1]
            else:
                assert band[0] < target.price < band[1]
            if bot.is_public:
                assert not target.may_meet_own
                assert "self" not in target.slot
        if view.mode is not Mode.RUNNING:
            assert not plan.orders


def begin(shape: dict[str, Any], fee: SpotFee, *, is_public: bool) -> SpotBot:
    balances = {"TOK": Decimal(100), "USDT": Decimal(100)}
    config = PegConfig.model_validate(shape)
    bot = SpotBot(PegStrategy(), config, coin(), balances, spot_fee=fee, is_public=is_public, check=Watch())
    bot.show((("0.9999", "30"),), (("1.0001", "30"),))
    bot.settle()
    return bot


def drive(  # noqa: PLR0912  one arm for each thing that can happen
    bot: SpotBot, road: list[tuple[str, object]], shuffle: random.Random
) -> None:
    for what, how in road:
        match what, how:
            case "book" | "unheard", (int(move), int(spread), list(rows)):
                show(bot, move, spread, rows)
                if what == "book":
                    bot.hear(shuffle)
                    bot.settle(shuffle)
            case "trade", (Side() as taker, int(amount)):
                for order in bot.resting:
                    if order.side is taker.opposite and order.price is not None:
                        bot.trade(taker, order.price, Decimal(amount) / 100)
                bot.hear(shuffle)
                bot.settle(shuffle)
            case "half_heard", int(count):
                bot.hear(shuffle, twice=True, most=count)
                bot.act()
            case "mode", Mode() as mode:
                bot.mode = mode
                bot.hear(shuffle)
                bot.settle(shuffle)
            case "wait", int(seconds):
                bot.hear(shuffle)
                bot.wait(str(seconds))
            case "stale_balances", bool(stale):
                bot.stale_balances = dict(bot.exchange.balances()) if stale else None
            case "taken_off", None:
                for order in bot.resting:
                    bot.take_off(order)
                bot.hear(shuffle)
                bot.settle(shuffle)
            case "without_book", None:
                bot.seen = None
                bot.hear(shuffle)
                bot.settle(shuffle)
        check_venue(bot)


def show(bot: SpotBot, move: int, spread: int, rows: list[tuple[int, int]]) -> None:
    bid = Decimal(1) + move * TICK
    bids, asks, deep = [], [], 0
    for amount, gap in rows:
        bids.append((str(bid - deep * TICK), str(Decimal(amount) / 100)))
        asks.append((str(bid + (spread + deep) * TICK), str(Decimal(amount) / 100)))
        deep += gap
    bot.show(bids, asks)


def check_venue(bot: SpotBot) -> None:
    """Never more than the limits of an interval, never less than what is kept, never its own orders in public."""
    held = bot.exchange.balances()
    assert held["USDT"] >= bot.config.quote_min_balance
    assert held["TOK"] >= bot.config.base_min_balance
    spent: dict[str, Decimal] = defaultdict(lambda: ZERO)
    sold: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for order in bot.exchange.finished_orders() + bot.exchange.open_orders():
        name = bot.intervals[order.client_id or ""]
        open_amount = order.remaining if order.is_open else ZERO
        if order.side is Side.BUY:
            spent[name] += order.filled_cost + open_amount * (order.price or ZERO)
        else:
            sold[name] += order.filled + open_amount
    assert all(cost <= bot.config.quote_order_limit for cost in spent.values())
    assert all(amount <= bot.config.base_order_limit for amount in sold.values())
    assert not bot.denials
    assert set(bot.refusals) <= {"post_only_would_take", "not_found"}
    resting = bot.exchange.open_orders()
    buys = [order.price for order in resting if order.side is Side.BUY and order.price]
    sells = [order.price for order in resting if order.side is Side.SELL and order.price]
    assert not buys or not sells or max(buys) < min(sells)
    if bot.is_public or bot.config.activity != "self-trade":
        by_price: dict[tuple[object, Decimal], set[Side]] = defaultdict(set)
        for fill in bot.exchange.fills():
            by_price[fill.at, fill.price].add(fill.side)
        assert all(len(met) == 1 for met in by_price.values())


fees = st.sampled_from(list(SpotFee))


@thorough
@given(pegs, roads, fees, st.booleans(), st.integers(0, 10**6))
def test_never_beyond_limits_and_what_is_kept_and_never_against_itself_in_public(
    shape: dict[str, Any], road: list[tuple[str, object]], fee: SpotFee, is_public: bool, seed: int
) -> None:
    drive(begin(shape, fee, is_public=is_public), road, random.Random(seed))


@thorough
@given(pegs, roads, st.integers(0, 10**6))
def test_a_restart_at_any_point_changes_nothing(
    shape: dict[str, Any], road: list[tuple[str, object]], seed: int
) -> None:
    bot = begin(shape, SpotFee.RECEIVED, is_public=False)
    drive(bot, road, random.Random(seed))
    stored = PegState.model_validate_json(bot.state.model_dump_json())
    assert stored.model_dump_json() == bot.state.model_dump_json()
    assert bot.strategy.plan(bot.config, stored, bot.view) == bot.strategy.plan(bot.config, bot.state, bot.view)


@thorough
@given(pegs, books, st.integers(0, 10**6))
def test_what_is_heard_in_any_order_leads_to_the_same_place(
    shape: dict[str, Any], book: tuple[int, int, list[tuple[int, int]]], seed: int
) -> None:
    ends = []
    for shuffle in (None, random.Random(seed), random.Random(seed + 1)):
        bot = begin({**shape, "activity": "off"}, SpotFee.QUOTE, is_public=True)
        show(bot, *book)
        bot.act()
        bot.hear(shuffle)
        bot.think()
        ledger = bot.books.ledger
        ends.append((bot.state, bot.plans[-1].orders, ledger.position, ledger.cash))
    assert ends[0] == ends[1] == ends[2]


@thorough
@given(pegs, roads, st.integers(0, 10**6))
def test_stopping_always_ends_with_nothing_resting(
    shape: dict[str, Any], road: list[tuple[str, object]], seed: int
) -> None:
    bot = begin(shape, SpotFee.QUOTE, is_public=False)
    drive(bot, road, random.Random(seed))
    bot.mode = Mode.WIND_DOWN
    bot.hear()
    bot.settle()
    assert bot.finished == "user"
    assert not bot.exchange.open_orders()


@thorough
@given(pegs, roads, st.integers(0, 10**6))
def test_every_fill_is_told_once_on_every_road(
    shape: dict[str, Any], road: list[tuple[str, object]], seed: int
) -> None:
    bot = begin(shape, SpotFee.QUOTE, is_public=True)
    drive(bot, road, random.Random(seed))
    bot.mode = Mode.WIND_DOWN
    bot.hear()
    bot.settle()
    told = [*bot.told("sweep_filled"), *bot.told("band_quote_filled")]
    for side in Side:
        filled = [fill for fill in bot.fills if fill.side is side]
        said = [notice for notice in told if notice.side is side]
        assert total([notice.amount for notice in said]) == total([fill.amount for fill in filled])
        worth = total([notice.amount * notice.price for notice in said])
        assert abs(worth - total([fill.amount * fill.price for fill in filled])) < Decimal("1e-9")
