"""What holds for every grid on every road of the price."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies.small_venue import Bot, SmallVenue, coin, start
from trading.core.diff import AmendMode
from trading.core.instrument import Side, total
from trading.core.orders import OrderType
from trading.core.planning import Mode
from trading.strategies.grid import GridConfig, GridState, Phase

SLACK = Decimal("1.01")

grids = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["long", "short"]),
        "grid_levels": st.integers(2, 8),
        "coverage_percent": st.sampled_from([3, 10, 25]),
        "martingale_multiplier": st.sampled_from(["1", "1.3", "1.8"]),
        "take_profit_percent": st.sampled_from(["0.3", "2"]),
        "sizing": st.sampled_from(["classic", "exact"]),
        "small_levels": st.sampled_from(["refuse", "merge"]),
        "active_levels": st.sampled_from([0, 1]),
        "stop_loss_percent": st.sampled_from([None, 15, 60]),
        "step_multiplier": st.sampled_from(["1", "1.2"]),
        "cooldown_seconds": st.sampled_from([0, 60]),
    }
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-400, 400)),
        st.tuples(st.just("partly"), st.integers(-400, 400)),
        st.tuples(st.just("unheard"), st.integers(-400, 400)),
        st.tuples(st.just("half_heard"), st.integers(0, 6)),
        st.tuples(st.just("mode"), st.sampled_from([Mode.RUNNING, Mode.NO_ENTRIES])),
        st.tuples(st.just("wait"), st.integers(1, 90)),
        st.tuples(st.just("taken_off"), st.integers(0, 10)),
        st.tuples(st.just("without_book"), st.booleans()),
    ),
    max_size=25,
)
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def drive(bot: Bot, road: list[tuple[str, object]], shuffle: random.Random) -> None:
    """Let things happen to the bot; after each the venue is looked at."""
    for what, how in road:
        match what, how:
            case "move", int(ticks):
                bot.move(moved(bot, ticks), shuffle=shuffle)
            case "partly", int(ticks):
                bot.move(moved(bot, ticks), most=Decimal(30), shuffle=shuffle)
            case "unheard", int(ticks):
                at = moved(bot, ticks)
                bot.venue.move(at, at + bot.venue.instrument.price_tick)
            case "half_heard", int(count):
                # It plans and acts on a picture that is behind the venue, and in no order.
                bot.hear(shuffle, twice=True, most=count)
                bot.act()
            case "mode", Mode() as mode:
                bot.mode = mode
                bot.settle(shuffle)
            case "wait", int(seconds):
                bot.wait(seconds)
            case "taken_off", int(place) if bot.venue.resting:
                orders = sorted(bot.venue.resting.values(), key=lambda order: order.client_id)
                bot.venue.cancel(orders[place % len(orders)])
                bot.hear(shuffle)
                bot.settle(shuffle)
            case "without_book", bool(gone):
                bot.has_book = not gone
        check_venue(bot)
        if bot.finished:
            return


def moved(bot: Bot, ticks: int) -> Decimal:
    return max(Decimal("0.2"), min(Decimal("0.9"), bot.venue.bid + ticks * bot.venue.instrument.price_tick))


def check_venue(bot: Bot) -> None:
    """Never more than the deposit allows, never against itself, never two take-profits."""
    venue, resting = bot.venue, list(bot.venue.resting.values())
    entries = [order for order in resting if not order.reduce_only]
    worth = total([(order.amount - order.filled) * (order.price or Decimal(0)) for order in entries])
    assert abs(bot.books.ledger.cost) + worth <= bot.strategy.budget(bot.config, bot.state) * SLACK
    exits = [order for order in resting if order.reduce_only and order.type is OrderType.LIMIT]
    assert len(exits) <= 1
    if not venue.messages:
        assert total([order.amount - order.filled for order in exits]) <= abs(venue.position)
        assert bot.books.ledger.position == venue.position
    limits = [order for order in resting if order.price is not None]
    buys = [order.price for order in limits if order.side is Side.BUY and order.price]
    sells = [order.price for order in limits if order.side is Side.SELL and order.price]
    assert not buys or not sells or max(buys) < min(sells)


@thorough
@given(grids, steps, st.sampled_from(list(AmendMode)), st.integers(0, 10**6))
def test_every_cycle_ends_flat_and_the_results_add_up_to_the_ledger(
    grid: dict[str, object], road: list[tuple[str, object]], amend: AmendMode, seed: int
) -> None:
    bot = start(amend=amend, **grid)
    drive(bot, road, random.Random(seed))
    bot.has_book = True
    bot.settle()
    # The owner stops it and the price comes home: it ends with nothing open.
    bot.mode = Mode.WIND_DOWN
    bot.settle()
    for price in ("0.9", "0.2") if bot.config.entry is Side.BUY else ("0.2", "0.9"):
        bot.move(price)
    assert bot.finished is not None
    assert bot.venue.position == bot.books.ledger.position == 0
    assert not bot.venue.resting
    assert total([cycle.net for cycle in bot.cycles]) == bot.books.ledger.net
    assert [cycle.number for cycle in bot.cycles] == sorted({cycle.number for cycle in bot.cycles})
    assert len(bot.told("cycle_finished")) == len(bot.cycles)


@thorough
@given(grids, steps, st.integers(0, 10**6))
def test_a_restart_at_any_point_changes_nothing(
    grid: dict[str, object], road: list[tuple[str, object]], seed: int
) -> None:
    bot = start(**grid)
    drive(bot, road, random.Random(seed))
    stored = GridState.model_validate_json(bot.state.model_dump_json())
    assert stored == bot.state
    assert stored.model_dump_json() == bot.state.model_dump_json()
    view = bot.view
    assert bot.strategy.plan(bot.config, stored, view) == bot.strategy.plan(bot.config, bot.state, view)


@thorough
@given(grids, st.lists(st.integers(-300, 300), min_size=1, max_size=6), st.integers(0, 10**6))
def test_the_end_does_not_depend_on_the_order_of_what_is_heard(
    grid: dict[str, object], ticks: list[int], seed: int
) -> None:
    """A burst of fills that is heard at once, in the venue's order or in any other, leads to the same place.

    (Entries between exits share the cost out differently by their order; what is open and what was paid is the same.)
    """
    ends = []
    for shuffle in (None, random.Random(seed), random.Random(seed + 1)):
        bot = start(**{**grid, "stop_loss_percent": None})
        for step in ticks:
            at = moved(bot, step)
            bot.venue.move(at, at + bot.venue.instrument.price_tick)
        bot.hear(shuffle)
        bot.think()
        wanted = sorted((target.slot, target.amount) for target in bot.plans[-1].orders)
        ledger = bot.books.ledger
        ends.append((bot.state.phase, bot.state.number, wanted, ledger.position, ledger.cash, ledger.fees))
    assert ends[0] == ends[1] == ends[2]


@thorough
@given(grids, st.integers(1, 1000), st.integers(0, 10**6))
def test_a_burst_of_entries_gives_one_take_profit_whatever_their_order(
    grid: dict[str, object], ticks: int, seed: int
) -> None:
    ends = []
    for shuffle in (None, random.Random(seed)):
        bot = start(**grid)
        at = moved(bot, -bot.config.entry.sign * ticks)
        bot.venue.move(at, at + bot.venue.instrument.price_tick)
        bot.hear(shuffle)
        bot.think()
        ends.append((bot.state.phase, sorted(bot.plans[-1].orders, key=lambda target: target.slot)))
    assert ends[0] == ends[1]


@thorough
@given(grids, st.lists(st.integers(-300, 300), max_size=12))
def test_short_mirrors_long(grid: dict[str, object], ticks: list[int]) -> None:
    """With prices reflected in 0.5 both directions fill the same levels, and differ only by their cap."""
    fine = {"price_tick": Decimal("0.0001"), "maker_fee": Decimal(0), "taker_fee": Decimal(0)}
    shape = {**grid, "stop_loss_percent": None, "small_levels": "refuse", "take_profit_percent": 95}
    long, short = (start(instrument=coin(**fine), **{**shape, "direction": way}) for way in ("long", "short"))
    lows = [Decimal("0.4999")]
    for step in ticks:
        lows.append(max(Decimal("0.2"), min(Decimal("0.6"), lows[-1] + step * Decimal("0.0001"))))
        long.move(lows[-1])
        short.move(Decimal("0.9999") - lows[-1])
    assert long.slots() == short.slots()
    assert long.state.phase is short.state.phase is Phase.RUNNING


def test_a_bot_without_a_price_or_a_market_asks_for_neither() -> None:
    """A view with nothing in it gives a plan with nothing in it."""
    bot = Bot(GridConfig(deposit=Decimal(100)), SmallVenue(coin(), Decimal("0.5"), Decimal("0.5001")), has_book=False)
    assert not bot.think()
    assert bot.plans[-1].wake.bands
