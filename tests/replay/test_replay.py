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
from trading.core.instrument import Instrument, MarketKind
from trading.core.ledger import Ledger, fold
from trading.core.market import Candle
from trading.core.planning import Plan, View, Wake
from trading.replay import Replay, ReplayResult, read_candles
from trading.replay.__main__ import report
from trading.strategies import STRATEGIES
from trading.strategies.grid import GridConfig, GridStrategy

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
