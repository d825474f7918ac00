"""A month of one-minute candles through a grid; recorded ones where they are at hand, made-up ones elsewhere."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

from tests.benchmarks.market import BTC, BTC_FILE, made_up_candles
from tests.benchmarks.measure import line, seconds
from trading.replay import Replay, ReplayResult, read_candles
from trading.strategies.grid import GridConfig, GridStrategy

SETTINGS: dict[str, dict[str, Any]] = {
    "calm": {},
    "busy": {"coverage_percent": D(8), "take_profit_percent": D("0.3"), "grid_levels": 10},
}


def run() -> None:
    recorded = BTC_FILE.exists()
    candles = read_candles(BTC_FILE) if recorded else made_up_candles(45_000)
    bare = seconds(lambda: [(one.at, one.open, one.high, one.low, one.close) for one in candles])
    if recorded:
        line(
            "candles read from the file",
            len(candles),
            seconds(lambda: read_candles(BTC_FILE), 1),
            "bare iteration",
            bare,
        )
    for name, settings in SETTINGS.items():

        def replay(settings: dict[str, Any] = settings) -> ReplayResult:
            config = GridConfig(deposit=D(1000), leverage=5, **settings)
            return Replay(GridStrategy(), config, BTC, D(1000)).run(candles)

        found = replay()
        took = seconds(replay)
        what = f"candles, {name}: {len(found.fills)} fills, {found.plans_made} plans"
        line(what, len(candles), took, "bare iteration", bare)
        print(f"  {'':<44} {took:.2f} s in all")
