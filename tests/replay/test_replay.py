"""The grid replayed over candles: the same to the last digit each time, and every sum exact."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from random import Random
from typing import Any

import pytest

from trading.core.diff import AmendMode
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Ledger, fold
from trading.core.market import Candle
from trading.core.orders import OrderType, Role
from trading.core.planning import Plan, Setup, TargetOrder, View, Wake
from trading.replay import Replay, ReplayResult, read_candles
from trading.replay.__main__ import report
from trading.strategies import STRATEGIES
from trading.strategies.grid import GridConfig, GridState, GridStrategy

BTC_FILE = Path(__file__).parents[2].parent / "shared/data/btc_perp_1m_2021-12-31_2022-02-01.csv.gz"
BTC = Instrument(
    venue="replay",
    symbol="BTC/USDT:USDT",
    kind=MarketKind.PERPETUAL,
    base="BTC",
    quote="USDT",
    price_tick=D("0.1"),
    amount_step=D("0.0001"),
    min_amount=D("0.0001"),
    min_cost=D(5),
    max_leverage=D(125),
)
DEPOSIT = D(1000)
CALM: dict[str, Any] = {"deposit": DEPOSIT, "leverage": 5}
BUSY: dict[str, Any] = {
    "deposit": DEPOSIT,
    "leverage": 5,
    "coverage_percent": D(8),
    "take_profit_percent": D("0.3"),
    "grid_levels": 10,
    "cooldown_seconds": 90,
}
SHORT = {**BUSY, "direction": "short"}
ROLLING = {**BUSY, "active_levels": 3}
STOPPED = {**BUSY, "stop_loss_percent": D(5)}
DOOMED = {**BUSY, "leverage": 50, "coverage_percent": D(4)}
SETTINGS = {"busy": BUSY, "short": SHORT, "rolling": ROLLING, "stopped": STOPPED, "doomed": DOOMED}


def synthetic(count: int = 3000, seed: int = 7) -> list[Candle]:
    """A wandering price with jumps between some candles, on the tick."""
    chance, price = Random(seed), 46_000.0
    candles = []
    for place in range(count):
        price *= 1 + chance.choice([0, 0, 0, 0, chance.gauss(0, 0.002)])
        walk = [price]
        for _ in range(6):
            walk.append(walk[-1] * (1 + chance.gauss(0, 0.0007)))
        ticks = [D(round(value * 10)) / 10 for value in walk]
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=place)
        candles.append(Candle(at, ticks[0], max(ticks), min(ticks), ticks[-1], D(1)))
        price = walk[-1]
    return candles


def run(candles: Sequence[Candle], settings: dict[str, Any], **more: Any) -> ReplayResult:
    return Replay(GridStrategy(), GridConfig(**settings), BTC, DEPOSIT, **more).run(candles)


@pytest.fixture(scope="module")
def recorded() -> list[Candle]:
    if not BTC_FILE.exists():
        pytest.skip(f"the recorded market is not here: {BTC_FILE}")
    return read_candles(BTC_FILE)


def assert_books_are_exact(result: ReplayResult) -> None:
    start: Ledger = result.final_state.start or Ledger()  # type: ignore[attr-defined]
    open_part = result.ledger.since(start).net
    assert sum((cycle.net for cycle in result.cycles), D(0)) + open_part == result.ledger.net
    funded = replace(fold(result.fills, BTC), funding=result.ledger.funding)
    assert funded == result.ledger
    assert result.wallet - result.balance == result.ledger.net + result.insurance
    assert result.samples[-1].equity == result.balance + result.net + result.unrealized
    assert len({fill.trade_id for fill in result.fills}) == len(result.fills)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_replay_is_the_same_to_the_last_digit(settings: dict[str, Any]) -> None:
    candles = synthetic()
    assert run(candles, settings, seed=3) == run(iter(candles), settings, seed=3)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_money_sums_to_the_ledger_and_to_the_wallet(settings: dict[str, Any]) -> None:
    result = run(synthetic(), settings)
    assert result.cycles
    assert_books_are_exact(result)


class Sleepless:
    """The grid, asked at every step of the price."""

    def __init__(self) -> None:
        self._grid = GridStrategy()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grid, name)

    def plan(self, config: GridConfig, state: Any, view: View) -> Plan:
        plan = self._grid.plan(config, state, view)
        return replace(plan, wake=replace(Wake.any_price(view.book), at=plan.wake.at))


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_jumping_to_the_next_price_that_matters_misses_nothing(settings: dict[str, Any]) -> None:
    candles = synthetic(900)
    jumping = run(candles, settings)
    walking = Replay(Sleepless(), GridConfig(**settings), BTC, DEPOSIT).run(candles)  # type: ignore[arg-type]
    assert jumping.plans_made * 3 < walking.plans_made
    assert (jumping.fills, jumping.ledger, jumping.cycles) == (walking.fills, walking.ledger, walking.cycles)
    assert jumping.liquidations == walking.liquidations
    assert jumping.drawdown == walking.drawdown


def test_a_venue_that_cannot_amend_leaves_the_same_profit_a_moment_later() -> None:
    amended, renewed = run(synthetic(), BUSY), run(synthetic(), BUSY, amend=AmendMode.NONE)
    assert renewed.orders_placed > amended.orders_placed
    assert [fill.price for fill in renewed.fills] == [fill.price for fill in amended.fills]
    assert renewed.ledger == amended.ledger


def test_a_position_beyond_its_margin_is_taken_over() -> None:
    result = run(synthetic(), DOOMED)
    assert result.liquidations
    assert_books_are_exact(result)
    lost = [cycle for cycle in result.cycles if cycle.net < 0]
    assert lost and min(cycle.net for cycle in lost) >= -DEPOSIT - result.insurance


def test_drawdown_sees_the_worst_moment_between_samples() -> None:
    coarse = run(synthetic(), BUSY, sample_every=timedelta(days=1)).drawdown
    fine = run(synthetic(), BUSY, sample_every=timedelta(minutes=1)).drawdown
    assert coarse == fine
    assert fine.loss > 0


class Holder(GridStrategy):
    """Buys or sells at the market, and holds, with a stop where one is told."""

    def __init__(self, side: Side, stop: str | None = None, *, sleepless: bool = False) -> None:
        self._side, self._stop, self._sleepless = side, stop, sleepless
        self.seen: list[D] = []

    def plan(self, config: GridConfig, state: GridState, view: View) -> Plan:
        self.seen += [view.book.mid] if view.book and view.book.mid else []
        held = abs(view.ledger.position)
        wanted: list[TargetOrder] = []
        if not view.ledger.volume:
            wanted.append(TargetOrder("buy", Role.ENTRY, self._side, OrderType.MARKET, D(1), one_shot=True))
        if held and self._stop:
            stop = TargetOrder("stop", Role.STOP_LOSS, self._side.opposite, OrderType.STOP_MARKET, held)
            wanted.append(replace(stop, trigger_price=D(self._stop), reduce_only=True))
        wake = Wake.any_price(view.book) if self._sleepless else Wake()
        return Plan(state, tuple(wanted), setup=Setup(config.leverage, config.margin_mode), wake=wake)

    def budget(self, config: GridConfig, state: GridState) -> D:
        return D(10_000)


def candle(minute: int, opened: str, high: str, low: str, close: str) -> Candle:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    return Candle(at, D(opened), D(high), D(low), D(close), D(1))


def held_through(strategy: Holder, *candles: Candle, leverage: int = 1, **more: Any) -> ReplayResult:
    free = replace(BTC, maker_fee=D(0), taker_fee=D(0), min_cost=D(0))
    config = GridConfig(deposit=DEPOSIT, leverage=leverage)
    return Replay(strategy, config, free, DEPOSIT, funding_rate=D(0), **more).run(candles)


FLAT = candle(0, "100", "100", "100", "100")


@pytest.mark.parametrize("sleepless", [False, True], ids=["quiet", "walked"])
@pytest.mark.parametrize(
    ("side", "candles", "fall"),
    [
        (Side.BUY, (candle(1, "100", "110", "100", "100"), candle(2, "100", "100", "95", "95")), 15),
        (Side.SELL, (candle(1, "100", "100", "90", "100"), candle(2, "100", "105", "100", "105")), 15),
        # Rising it saw its low first: the fall is that from the open, and not that from the high.
        (Side.BUY, (candle(1, "104", "112", "97", "110"),), 7),
        (Side.BUY, (candle(1, "104", "112", "97", "103"),), 15),
    ],
)
def test_drawdown_sees_both_ends_of_a_candle_through_which_nothing_happened(
    side: Side, candles: tuple[Candle, ...], fall: int, sleepless: bool
) -> None:
    for every in (timedelta(seconds=20), timedelta(minutes=1), timedelta(hours=1)):
        result = held_through(Holder(side, sleepless=sleepless), FLAT, *candles, sample_every=every)
        assert result.drawdown.loss == fall
        worst = min(sample.equity for sample in result.samples)
        assert max(sample.equity for sample in result.samples if sample.at < result.ended_at) - worst >= fall


@pytest.mark.parametrize(
    ("side", "stop", "after", "closed"),
    [
        (Side.BUY, "95", ("90", "91", "89", "90"), 90),
        (Side.SELL, "105", ("110", "111", "109", "110"), 110),
        (Side.BUY, "95", ("95", "96", "94", "95"), 95),
        # It was reached within the candle, by a price that went there step by step.
        (Side.BUY, "95", ("100", "100", "90", "90"), 95),
        (Side.BUY, "95", ("96", "97", "90", "91"), 95),
    ],
)
def test_a_stop_in_a_gap_is_closed_at_the_price_after_it(
    side: Side, stop: str, after: tuple[str, str, str, str], closed: int
) -> None:
    result = held_through(Holder(side, stop), FLAT, candle(1, *after))
    first, last = result.fills
    assert abs(last.price - closed) <= BTC.price_tick
    assert abs(result.net - side.sign * (closed - first.price)) <= 2 * BTC.price_tick


def test_a_bot_that_was_liquidated_in_a_gap_acts_at_the_price_after_it() -> None:
    bot = Holder(Side.BUY)
    result = held_through(bot, FLAT, candle(1, "80", "81", "79", "80"), leverage=20)
    [gone] = result.liquidations
    assert gone.price == 95, "a liquidation takes all collateral and nothing beyond it"
    assert not [price for price in bot.seen if 81 < price < 99]


def test_funding_is_paid_at_each_funding_time() -> None:
    candles = synthetic()
    paid, free = run(candles, CALM), run(candles, CALM, funding_rate=D(0))
    assert paid.funding < 0 == free.funding
    assert paid.fills == free.fills


def test_refused_orders_wait_and_are_counted() -> None:
    """A wallet of a tenth of the deposit cannot hold the grid's margin."""
    result = Replay(GridStrategy(), GridConfig(**BUSY), BTC, DEPOSIT / 10).run(synthetic(60))
    assert result.refusals["insufficient_funds"] > 1
    assert result.orders_placed <= 10 * 62
    assert_books_are_exact(result)


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    Replay(GridStrategy(), GridConfig(**CALM), BTC, DEPOSIT).run(synthetic(500), heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0 and 50 < len(heard) < 150


def test_a_source_out_of_order_is_refused() -> None:
    candles = synthetic(10)
    with pytest.raises(ValueError, match="comes after"):
        run([*candles, candles[2], candles[3]], CALM)


def test_an_empty_source_has_an_empty_result() -> None:
    result = run([], CALM)
    assert (result.fills, result.net, result.last_price, result.drawdown.loss) == ((), D(0), None, D(0))


def test_a_bot_that_is_done_ends_the_replay() -> None:
    def forever() -> Iterator[Candle]:
        yield from synthetic()
        raise AssertionError("read on after the bot was done")

    result = Replay(GridStrategy(), GridConfig(**BUSY, max_cycles=2), BTC, DEPOSIT).run(forever())
    assert (result.finished, len(result.cycles)) == ("max_cycles", 2)
    assert result.ledger.position == 0


def test_a_recorded_month_is_replayed_to_the_last_digit(recorded: list[Candle]) -> None:
    result = run(recorded, CALM)
    print(f"\n{report(result, 'USDT')}")
    assert result.events_seen == len(recorded) == 45_031
    assert result.cycles
    assert_books_are_exact(result)
    assert run(recorded, CALM) == result


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_sums_hold_on_the_recorded_month(recorded: list[Candle], settings: dict[str, Any]) -> None:
    assert_books_are_exact(run(recorded, settings))


def test_every_strategy_in_the_catalogue_can_be_asked_for_its_money() -> None:
    for name, strategy in STRATEGIES.items():
        assert strategy.name == name
        assert strategy.deposit(strategy.config_model()) > 0
