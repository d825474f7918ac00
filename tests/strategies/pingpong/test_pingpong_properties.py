"""What holds for every float on every road of the market."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies.pingpong.spot_bot import SpotBot, market
from trading.core.diff import AmendMode
from trading.core.instrument import ONE, ZERO, Side, total
from trading.core.orders import TimeInForce
from trading.core.planning import Mode, Plan, View
from trading.core.simulated_account import SpotFee
from trading.strategies.pingpong import PingPongConfig, PingPongState, PingPongStrategy

TICK = Decimal("0.01")
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

floats = st.fixed_dictionaries(
    {
        "order_size": st.sampled_from(["0.06", "0.5", "1"]),
        "size_currency": st.just("base"),
        "budget": st.sampled_from([101, 150, 300]),
        "max_legs": st.sampled_from([None, 1, 4]),
        "max_spread_sum_usd": st.sampled_from([None, "0.3"]),
        "requote_ms": st.sampled_from([0, 200]),
    }
)
roads = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.tuples(st.integers(-60, 60), st.integers(1, 40), st.integers(1, 300))),
        *[st.tuples(st.just("trade"), st.integers(1, 400))] * 4,
        st.tuples(st.just("unheard"), st.integers(1, 400)),
        st.tuples(st.just("half_heard"), st.integers(0, 4)),
        st.tuples(st.just("mode"), st.sampled_from([Mode.RUNNING] * 3 + [Mode.NO_ENTRIES])),
        st.tuples(st.just("taken_off"), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 3000)),
        st.tuples(st.just("without_book"), st.none()),
    ),
    min_size=8,
    max_size=25,
)


def begin(shape: dict[str, object], amend: AmendMode, fee: SpotFee, base: str = "0.05") -> SpotBot:
    balances = {"BTC": Decimal(base), "USDT": Decimal(400)}
    config = PingPongConfig.model_validate(shape)
    bot = SpotBot(PingPongStrategy(), config, market(), balances, amend=amend, spot_fee=fee, check=check_float)
    bot.show((("100.00", "0.3"),), (("100.05", "0.3"),))
    bot.settle()
    return bot


def check_float(bot: SpotBot, view: View, plan: Plan) -> None:
    """One order at a time, post-only, never through the book of the others, never more than the budget."""
    assert len(plan.orders) <= 1
    for target in plan.orders:
        assert target.time_in_force is TimeInForce.POST_ONLY
        live = view.orders.get(target.slot)
        is_kept = live is not None and target.price == live.price
        against = view.book.best(target.side.opposite) if view.book is not None else None
        if not is_kept and against is not None and target.price is not None:
            assert (target.price - against) * target.side.sign < 0
        if target.side is Side.BUY and not is_kept and target.price is not None:
            ledger = view.ledger
            held = max(ZERO, -ledger.net) + max(ZERO, ledger.cost)
            assert held + target.amount * target.price * (ONE + Decimal("0.001")) <= bot.config.budget
    if view.mode is not Mode.RUNNING:
        assert all(target.side is Side.SELL for target in plan.orders)


def drive(  # noqa: PLR0912  one arm for each thing that can happen
    bot: SpotBot, road: list[tuple[str, object]], shuffle: random.Random
) -> None:
    middle = Decimal(100)
    for what, how in road:
        match what, how:
            case "book", (int(move), int(spread), int(amount)):
                middle = max(Decimal(50), middle + move * TICK)
                size = str(Decimal(amount) / 100)
                bot.show(((str(middle), size),), ((str(middle + spread * TICK), size),), seconds="0.25")
                settle(bot, shuffle)
            case "trade" | "unheard", int(amount):
                for order in bot.resting:
                    if order.price is not None:
                        ahead = bot.exchange.ahead(order.client_id) or ZERO
                        bot.trade(order.side.opposite, order.price, ahead + Decimal(amount) / 200)
                if what == "trade":
                    settle(bot, shuffle)
            case "half_heard", int(count):
                bot.hear(shuffle, twice=True, most=count)
                if bot.finished is None:
                    bot.act()
            case "mode", Mode() as mode:
                bot.mode = mode
                settle(bot, shuffle)
            case "taken_off", bool():
                for order in bot.resting:
                    bot.take_off(order)
                settle(bot, shuffle)
            case "wait", int(milliseconds):
                bot.hear(shuffle)
                bot.wait(str(Decimal(milliseconds) / 1000))
            case "without_book", None:
                bot.hear(shuffle)
                bot.seen = None
                bot.settle(shuffle)
        check_venue(bot)
        if bot.finished is not None:
            return


def settle(bot: SpotBot, shuffle: random.Random) -> None:
    bot.hear(shuffle)
    if bot.finished is None:
        bot.settle(shuffle)


def check_venue(bot: SpotBot) -> None:
    resting = bot.exchange.open_orders()
    assert len(resting) <= 1
    held = max(ZERO, bot.books.ledger.cost)
    buys = total([order.remaining * (order.price or ZERO) for order in resting if order.side is Side.BUY])
    assert held + buys <= bot.config.budget
    assert max(ZERO, -bot.books.ledger.net) <= bot.config.budget
    assert not bot.denials
    assert all(fill.maker for fill in bot.fills)
    assert all(balance >= 0 for balance in bot.exchange.balances().values())


fees = st.sampled_from(list(SpotFee))
amends = st.sampled_from(list(AmendMode))


@thorough
@given(floats, roads, amends, fees, st.integers(0, 10**6))
def test_never_more_than_the_budget_never_a_taker_and_never_two_orders(
    shape: dict[str, object], road: list[tuple[str, object]], amend: AmendMode, fee: SpotFee, seed: int
) -> None:
    bot = begin(shape, amend, fee)
    drive(bot, road, random.Random(seed))


@thorough
@given(floats, roads, amends, st.integers(0, 10**6))
def test_every_leg_is_recorded_once_and_the_rounds_add_up(
    shape: dict[str, object], road: list[tuple[str, object]], amend: AmendMode, seed: int
) -> None:
    bot = begin(shape, amend, SpotFee.QUOTE)
    drive(bot, road, random.Random(seed))
    rows, details = bot.rows("execution"), bot.rows("execution_detail")
    assert len(rows) == len(details) == len(bot.told("leg_executed")) == bot.state.completed
    counts = [int(row.body["total_cnt"]) for row in rows]
    assert counts == sorted(counts)
    assert not counts or counts[0] >= 1
    sides = [row.body["side"] for row in details]
    if bot.config.budget > 101 and bot.finished is None:
        assert sides == ["buy", "sell"] * (len(sides) // 2) + ["buy"] * (len(sides) % 2)
    if bot.state.leg is None and bot.state.next_side is Side.BUY:
        assert total([cycle.net for cycle in bot.cycles]) == bot.books.ledger.net
    sums = total([Decimal(row.body["spread_full_execution"]) for row in details if "spread_full_execution" in row.body])
    assert bot.state.spread_sum_usd == sums


@thorough
@given(floats, roads, amends, st.integers(0, 10**6))
def test_winding_down_always_ends_flat(
    shape: dict[str, object], road: list[tuple[str, object]], amend: AmendMode, seed: int
) -> None:
    bot = begin(shape, amend, SpotFee.QUOTE)
    drive(bot, road, random.Random(seed))
    if bot.finished is not None:
        return
    bot.mode = Mode.WIND_DOWN
    settle(bot, random.Random(seed))
    for _ in range(20):
        bot.show((("100.00", "1"),), (("100.05", "1"),))
        settle(bot, random.Random(seed))
        for order in bot.resting:
            assert order.side is Side.SELL
            bot.trade(Side.BUY, order.price or ZERO, 1000)
        settle(bot, random.Random(seed))
    assert bot.finished in ("user", "budget")
    # What may be left is less than the venue takes.
    assert bot.books.ledger.position < Decimal("0.051") * 3
    assert not bot.exchange.open_orders()


@thorough
@given(floats, roads, st.integers(0, 10**6))
def test_a_restart_at_any_point_changes_nothing(
    shape: dict[str, object], road: list[tuple[str, object]], seed: int
) -> None:
    bot = begin(shape, AmendMode.IN_PLACE, SpotFee.RECEIVED)
    drive(bot, road, random.Random(seed))
    stored = PingPongState.model_validate_json(bot.state.model_dump_json())
    assert stored.model_dump_json() == bot.state.model_dump_json()
    assert bot.strategy.plan(bot.config, stored, bot.view) == bot.strategy.plan(bot.config, bot.state, bot.view)


@thorough
@given(floats, st.lists(st.integers(1, 150), min_size=1, max_size=5), st.integers(0, 10**6))
def test_what_is_heard_in_any_order_leads_to_the_same_place(
    shape: dict[str, object], amounts: list[int], seed: int
) -> None:
    ends = []
    for shuffle in (None, random.Random(seed), random.Random(seed + 1)):
        bot = begin({**shape, "max_legs": None}, AmendMode.IN_PLACE, SpotFee.QUOTE)
        for amount in amounts:
            for order in bot.resting:
                bot.trade(order.side.opposite, order.price or ZERO, Decimal(amount) / 100)
        bot.hear(shuffle)
        bot.think()
        plan, ledger = bot.plans[-1], bot.books.ledger
        ends.append(
            (bot.state.number, [(t.slot, t.price, t.amount) for t in plan.orders], ledger.position, ledger.cash)
        )
    assert ends[0] == ends[1] == ends[2]
