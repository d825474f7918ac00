"""What holds for every obligation on every road: the checks themselves are in ``market.check_plan``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

from hypothesis import HealthCheck, given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from tests.strategies.liquidity.market import BEGINNING, SLACK, Bot, Market, a_book, coin, is_bridge, settings
from trading.core.diff import AmendMode
from trading.core.instrument import Side, total
from trading.core.market import Book, BookLevel
from trading.core.planning import Mode
from trading.strategies.liquidity import LiquidityState, market_depth
from trading.strategies.liquidity.notices import QuoteFilled

configs = st.fixed_dictionaries(
    {
        "deposit": st.sampled_from([60, 400, 1250, 5000]),
        "orders_per_side": st.sampled_from([3, 5]),
        "min_order": st.sampled_from([6, 50]),
        "max_order": st.sampled_from([350, 500]),
        "max_spread_percent": st.sampled_from(["1", "2", "5"]),
        "depth_window_percent": st.sampled_from(["1", "2", "4"]),
        "reset_minutes": st.sampled_from([1, 30]),
        "include_own_orders": st.booleans(),
        "max_inventory_skew": st.sampled_from([20, 50]),
        "stale_seconds": st.sampled_from([3, 20]),
        "price_source_guard_percent": st.sampled_from(["1", "5"]),
    }
)
coins = st.sampled_from(
    [
        coin(),
        coin(price_tick=D("0.001"), amount_step=D(1)),
        coin(min_cost=D(1), amount_step=D("0.5"), max_amount=D(200)),
        coin(maker_fee=D("-0.0001")),
    ]
)
purses = st.fixed_dictionaries(
    {"USDT": st.sampled_from([D(0), D(30), D(700), D(9000)]), "ABC": st.sampled_from([D(0), D(40), D(800), D(9000)])}
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-60, 60)),
        st.tuples(st.just("reference"), st.integers(-40, 40)),
        st.tuples(st.just("strangers"), st.integers(0, 7)),
        st.tuples(st.just("fill"), st.tuples(st.integers(0, 9), st.integers(1, 400))),
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.tuples(st.just("half_heard"), st.tuples(st.integers(0, 5), st.booleans())),
        st.tuples(st.just("taken_off"), st.integers(0, 9)),
        st.tuples(st.just("mode"), st.sampled_from([Mode.RUNNING, Mode.RUNNING, Mode.NO_ENTRIES])),
        st.tuples(st.just("seen"), st.tuples(st.booleans(), st.booleans())),
        st.tuples(st.just("refuses"), st.booleans()),
        st.tuples(st.just("edit"), configs),
    ),
    max_size=10,
)
thorough = how_often(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def make(config: dict[str, object], rules: object, purse: dict[str, D], amend: AmendMode) -> Bot:
    market = Market(rules=rules, balances=dict(purse))  # type: ignore[arg-type]  # one of ``coins``
    return Bot(settings(**config), market, amend=amend)


def drive(bot: Bot, road: list[tuple[str, object]]) -> None:
    for what, how in road:
        step(bot, what, how)
        bot.act()
        bot.hear()
        bot.wait(1)
        check_venue(bot)


def step(bot: Bot, what: str, how: object) -> None:
    mine = sorted(bot.market.resting.values(), key=lambda order: order.client_id)
    mid = bot.reference.mid if bot.reference is not None and bot.reference.mid else D(1)
    match what, how:
        case "move", int(thousandths):
            bot.move(max(D("0.3"), min(D(3), mid * (1 + D(thousandths) / 1000))))
        case "reference", int(thousandths):
            bot.reference = a_book(max(D("0.3"), min(D(3), mid * (1 + D(thousandths) / 1000))), "0.001", "9000")
        case "strangers", int(kind):
            bot.market.others = strangers(kind, mid, bot.market)
        case "fill", (int(place), int(amount)) if mine:
            bot.market.fill(mine[place % len(mine)], D(amount))
        case "wait", int(seconds):
            bot.wait(seconds)
        case "half_heard", (int(count), bool(dies)):
            bot.market.now += timedelta(milliseconds=300)
            bot.act()
            bot.hear(count)
            bot.restart() if dies else None
            bot.act()
        case "taken_off", int(place) if mine:
            bot.market.cancel(mine[place % len(mine)])
        case "mode", Mode() as mode:
            bot.mode = mode
        case "seen", (bool(live), bool(known)):
            bot.is_reference_live, bot.knows_balances = live, known
            if bot.reference is not None and not live:
                bot.reference = replace(bot.reference, at=bot.market.now)
        case "refuses", bool(refuses):
            bot.market.refuses = refuses
        case "edit", dict(config):
            bot.config = settings(**config)


def strangers(kind: int, mid: D, market: Market) -> Book:
    """Books as bad as they come; never one that would have met our orders."""
    bids = [order.price or D(0) for order in market.resting.values() if order.side is Side.BUY]
    asks = [order.price or D(0) for order in market.resting.values() if order.side is Side.SELL]
    highest, lowest = max(bids, default=mid * D("0.999")), min(asks, default=mid * D("1.001"))
    amount = D([0, 1, 50, 5000][kind % 4])
    bid = BookLevel(min(mid, lowest - D("0.001")), amount)
    ask = BookLevel(max(mid, highest) + D("0.001"), amount)
    sides = (((bid,), (ask,)), ((), (ask,)), ((bid,), ()), ((), ()))[kind // 2]
    return Book("ABC/USDT", *(side if amount else () for side in sides), market.now)


def check_venue(bot: Bot) -> None:
    """What rests is covered, within the deposit, and never against itself."""
    bids, asks = bot.quotes(Side.BUY), bot.quotes(Side.SELL)
    assert sum(not is_bridge(order.slot) for order in bids) <= 5
    assert sum(not is_bridge(order.slot) for order in asks) <= 5
    assert not bids or not asks or (bids[0].price or D(0)) < (asks[0].price or D(0))
    assert bot.worth(Side.BUY) <= max(D(0), bot.market.balances["USDT"]) * SLACK
    assert total([order.remaining for order in asks]) <= bot.market.balances["ABC"]


@thorough
@given(configs, coins, purses, st.sampled_from(list(AmendMode)), steps)
def test_every_plan_keeps_to_rules_limits_and_balances(
    config: dict[str, object], rules: object, purse: dict[str, D], amend: AmendMode, road: list[tuple[str, object]]
) -> None:
    drive(make(config, rules, purse, amend), road)


@thorough
@given(configs, st.lists(st.tuples(st.integers(0, 9), st.integers(1, 500), st.integers(-40, 40)), max_size=8))
def test_inventory_never_costs_much_more_than_the_deposit(
    config: dict[str, object], fills: list[tuple[int, int, int]]
) -> None:
    bot = make(config, coin(), {"USDT": D(9000), "ABC": D(9000)}, AmendMode.NONE)
    bot.settle()
    for place, amount, thousandths in fills:
        mine = sorted(bot.market.resting.values(), key=lambda order: order.client_id)
        if mine:
            bot.market.fill(mine[place % len(mine)], D(amount))
        bot.hear()
        bot.settle()
        step(bot, "move", thousandths)
        bot.settle()
        assert abs(bot.books.ledger.cost) <= bot.config.deposit * SLACK


@thorough
@given(configs, coins, purses, st.sampled_from(list(AmendMode)), steps, st.integers(0, 5))
def test_after_any_road_a_calm_market_brings_rest_and_an_obligation_kept(
    config: dict[str, object],
    rules: object,
    purse: dict[str, D],
    amend: AmendMode,
    road: list[tuple[str, object]],
    kind: int,
) -> None:
    bot = make({**config, "reset_minutes": 1440}, rules, purse, amend)
    drive(bot, [one for one in road if one[0] not in ("edit", "half_heard")])
    bot.hear()
    bot.mode, bot.is_reference_live, bot.knows_balances, bot.market.refuses = Mode.RUNNING, True, True, False
    bot.move(D(1))
    bot.wait(3)
    sent = bot.sent.copy()
    bot.wait(20)
    assert bot.sent == sent, "it places and cancels without end"
    body = bot.last_sample().body
    is_able = body["cause"] in ("", "our_balance", "inventory", "deposit")
    # A ladder of few small orders may leave the window's depth to max_amount, which the preview refuses.
    assert is_able or (rules.max_amount and body["cause"] == "market"), body  # type: ignore[attr-defined]


@thorough
@given(configs, purses, steps)
def test_every_fill_is_told_once_on_every_road(
    config: dict[str, object], purse: dict[str, D], road: list[tuple[str, object]]
) -> None:
    bot = make(config, coin(), purse, AmendMode.NONE)
    drive(bot, road)
    bot.hear()
    bot.act()
    told = [notice for notice in bot.notices if isinstance(notice, QuoteFilled)]
    ours = bot.books.ledger
    assert total([notice.amount * notice.side.sign for notice in told]) == ours.position
    assert abs(total([notice.amount * notice.price for notice in told]) - ours.volume) < D("1e-9")


@thorough
@given(configs, purses, steps)
def test_a_restart_at_any_point_changes_nothing(
    config: dict[str, object], purse: dict[str, D], road: list[tuple[str, object]]
) -> None:
    """Every plan of the driver is made from stored state; here the state itself is looked at."""
    bot = make(config, coin(), purse, AmendMode.NONE)
    drive(bot, road)
    stored = LiquidityState.model_validate_json(bot.state.model_dump_json())
    assert stored == bot.state
    assert bot.strategy.plan(bot.config, stored, bot.view) == bot.strategy.plan(bot.config, bot.state, bot.view)
    again = bot.strategy.started(stored)
    assert again.generation > stored.generation


levels = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 1000)), max_size=8)


@given(levels, levels, st.integers(1, 49))
def test_depth_grows_with_the_window_and_never_beyond_the_book(
    below: list[tuple[int, int]], above: list[tuple[int, int]], percent: int
) -> None:
    bids = tuple(BookLevel(D(500 - away), D(size)) for away, size in sorted(dict(below).items()))
    asks = tuple(BookLevel(D(500 + away), D(size)) for away, size in sorted(dict(above).items()))
    book = Book("X", bids, asks, BEGINNING)
    narrow, wide = market_depth(book, D(percent)), market_depth(book, D(percent + 1))
    assert narrow.bids <= wide.bids <= total([level.price * level.amount for level in bids])
    assert narrow.asks <= wide.asks <= total([level.price * level.amount for level in asks])
