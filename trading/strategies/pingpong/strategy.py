"""The float: buy, then sell, then buy, one post-only order at a time, always with the best of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import Instrument, MarketKind
from trading.core.planning import Doing, Plan, Preview, Reference, SampleKind, Strategy, Surroundings, View
from trading.core.reporting import ContinuousFile, Records, StrategyReport
from trading.strategies.pingpong.config import PingPongConfig
from trading.strategies.pingpong.doing import doing
from trading.strategies.pingpong.dollars import dollar_market, dollar_markets
from trading.strategies.pingpong.legs import advance, after_reduction
from trading.strategies.pingpong.moves import STOPPING, Scene
from trading.strategies.pingpong.notices import PINGPONG_NOTICES
from trading.strategies.pingpong.offers import make_preview
from trading.strategies.pingpong.presets import PRESETS
from trading.strategies.pingpong.quoting import Quote, quote, quote_wake
from trading.strategies.pingpong.records import DETAIL, EXECUTION
from trading.strategies.pingpong.report import make_report
from trading.strategies.pingpong.state import PingPongState


class PingPongStrategy(Strategy):
    """What each part promises is said in ``trading.core.planning.Strategy``."""

    name = "pingpong"
    config_model = PingPongConfig
    state_model = PingPongState
    market_kinds = frozenset({MarketKind.SPOT.value})
    sample_kinds = (SampleKind(EXECUTION, is_product=True), SampleKind(DETAIL, is_product=True))
    tables = ("executions", "cycles")
    candles_lack = "spread"
    """It earns the spread, and waits in a queue."""
    notices = PINGPONG_NOTICES
    presets = PRESETS

    def plan(self, config: PingPongConfig, state: PingPongState, view: View) -> Plan:
        scene = Scene.of(config, state, view)
        step = advance(scene, state)
        state = step.state
        is_over = state.finished is not None or view.mode in STOPPING
        made = Quote(state) if is_over else quote(scene, state)
        return Plan(
            made.state,
            orders=(made.target,) if made.target else (),
            notices=(*step.notices, *made.notices),
            wake=quote_wake(scene, made.state, made),
            cycles=step.cycles,
            samples=step.samples,
            finished=state.finished,
        )

    def preview(self, config: PingPongConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        return make_preview(config, instrument, price, around)

    def sights(
        self, config: PingPongConfig, instrument: Instrument, price: Decimal, prices: Mapping[Reference, Decimal | None]
    ) -> Sequence[Reference]:
        return dollar_markets(config, instrument, prices)

    def reduced(self, state: PingPongState, view: View) -> PingPongState:
        return after_reduction(state, view)

    def doing(self, state: PingPongState) -> Doing:
        return Doing(tuple(doing(state)))

    def references(self, config: PingPongConfig) -> Sequence[Reference]:
        market = dollar_market(config)
        return (market,) if market is not None else ()

    def scope(self, state: PingPongState) -> str:
        return state.scope

    def budget(self, config: PingPongConfig, state: PingPongState) -> Decimal:
        return config.budget / (state.usd_rate or config.usd_per_quote)

    def deposit(self, config: PingPongConfig) -> Decimal:
        return config.budget / config.usd_per_quote

    def deferred_fields(self, config: PingPongConfig, changed: PingPongConfig, state: PingPongState) -> tuple[str, ...]:
        """A pair of legs keeps the size it began with."""
        if state.leg is None and state.next_side is None:
            return ()
        return tuple(
            name for name in ("order_size", "size_currency") if getattr(config, name) != getattr(changed, name)
        )

    def started(self, state: PingPongState) -> PingPongState:
        """A new run: counters begin again, the numbers that name slots and rounds go on."""
        return PingPongState(number=state.number, rounds=state.rounds, start=state.start)

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return make_report(records, instrument)

    def continuous_file(self, config: PingPongConfig) -> ContinuousFile | None:
        return ContinuousFile(config.csv_path, EXECUTION) if config.csv_path is not None else None
