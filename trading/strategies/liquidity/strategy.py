"""Liquidity: spread and depth of a market kept within an obligation, after the price of a reference market."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.core.planning import (
    Band,
    Doing,
    Mode,
    Plan,
    Preview,
    Reference,
    Sample,
    SampleKind,
    Strategy,
    Surroundings,
    View,
    Wake,
)
from trading.core.reporting import Records, StrategyReport
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.doing import doing
from trading.strategies.liquidity.fills import carried_over, tell_fills
from trading.strategies.liquidity.keeping import wanted_quotes
from trading.strategies.liquidity.notices import LIQUIDITY_NOTICES
from trading.strategies.liquidity.obligation import (
    BOOKS_EVERY,
    EVERY_SECOND,
    Measured,
    book_samples,
    is_due,
    measure,
    next_second,
    obligation_sample,
)
from trading.strategies.liquidity.offers import make_preview
from trading.strategies.liquidity.presets import PRESETS
from trading.strategies.liquidity.references import wanted_sights
from trading.strategies.liquidity.report import OBLIGATION, make_report
from trading.strategies.liquidity.sight import REFERENCE, Sight, find_trouble, look, stage_of
from trading.strategies.liquidity.sizing import budget
from trading.strategies.liquidity.state import LiquidityState, Trouble
from trading.strategies.liquidity.telling import tell_breach, tell_reduced, tell_trouble


class LiquidityStrategy(Strategy):
    """What each part promises is said in ``trading.core.planning.Strategy``."""

    name = "liquidity"
    config_model = LiquidityConfig
    state_model = LiquidityState
    market_kinds = frozenset({MarketKind.SPOT.value})
    sample_kinds = (SampleKind(OBLIGATION),)
    tables = ("obligation", "obligation_days", "obligation_breaches")
    candles_lack = "book"
    """It measures and fills up what others have resting."""
    notices = LIQUIDITY_NOTICES
    presets = PRESETS

    def plan(self, config: LiquidityConfig, state: LiquidityState, view: View) -> Plan:
        state, fills = tell_fills(state, view)
        state = _reset(config, state, view)
        sight = look(config, state, view)
        state = state.model_copy(update={"pull": sight.pull})
        trouble = find_trouble(config, state, view, sight)
        stage = stage_of(config, state, trouble, view)
        orders = wanted_quotes(config, state, view, sight, stage) if view.mode is Mode.RUNNING else []
        state, notices = tell_trouble(config, state, view, sight, trouble, stage)
        samples: Sequence[Sample] = ()
        if trouble is None and state.fair is None:
            # Known from the first quote on: without it a restart would take back what rests.
            state = state.model_copy(update={"fair": sight.fair})
        if is_due(state.sampled_at, view.now, EVERY_SECOND):
            seen = measure(config, view, sight, trouble, orders)
            state, told = tell_breach(config, state, view, seen)
            state, short = tell_reduced(config, state, view, sight, stage)
            state, samples = _sampled(state, view, sight, trouble, seen)
            notices = [*notices, *told, *short]
        return Plan(
            state,
            orders=orders,
            notices=[*fills, *notices],
            wake=_wake(config, view, sight),
            samples=samples,
            finished=_finished(view),
        )

    def preview(self, config: LiquidityConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        return make_preview(config, instrument, price, around)

    def sights(
        self,
        config: LiquidityConfig,
        instrument: Instrument,
        price: Decimal,
        prices: Mapping[Reference, Decimal | None],
    ) -> Sequence[Reference]:
        return wanted_sights(config, instrument, price, prices)

    def doing(self, state: LiquidityState) -> Doing:
        return Doing(tuple(doing(state)))

    def references(self, config: LiquidityConfig) -> Sequence[Reference]:
        """The reference market; without a symbol it is the pair of the bot."""
        patience = timedelta(seconds=config.stale_seconds)
        return (Reference(REFERENCE, config.reference_venue, config.reference_symbol, patience),)

    def scope(self, state: LiquidityState) -> str:
        return state.scope

    def carried(self, state: LiquidityState) -> Collection[str]:
        """Those of older generations whose end may not be told yet."""
        return [slot for slot in state.told if not slot.startswith(state.scope)]

    def budget(self, config: LiquidityConfig, state: LiquidityState) -> Decimal:
        return budget(config)

    def deposit(self, config: LiquidityConfig) -> Decimal:
        return config.deposit

    def started(self, state: LiquidityState) -> LiquidityState:
        """The generations, and so the slots, go on counting; what was seen before the stop is forgotten."""
        return LiquidityState(generation=state.generation + 1)

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return make_report(records, instrument, now)


def _reset(config: LiquidityConfig, state: LiquidityState, view: View) -> LiquidityState:
    """A new generation of slots, when it is time and the last one has replaced every order."""
    if state.reset_at is None:
        return state.model_copy(update={"reset_at": view.now})
    is_time = view.now - state.reset_at >= timedelta(minutes=config.reset_minutes)
    if not is_time or any(not slot.startswith(state.scope) for slot in view.orders):
        return state
    told = carried_over(view)
    return state.model_copy(update={"generation": state.generation + 1, "reset_at": view.now, "told": told})


def _sampled(
    state: LiquidityState, view: View, sight: Sight, trouble: Trouble | None, seen: Measured
) -> tuple[LiquidityState, Sequence[Sample]]:
    """The records of this second, and what to remember of it for when the price is lost."""
    remembered: dict[str, object] = {"sampled_at": view.now}
    if trouble is None:
        remembered["fair"] = sight.fair
    if sight.reference is not None and sight.reference_mid is not None:
        remembered["reference_at"] = sight.reference.at
    samples = [obligation_sample(view.now, seen)]
    if is_due(state.books_at, view.now, BOOKS_EVERY):
        remembered["books_at"] = view.now
        samples += book_samples(view)
    return state.model_copy(update=remembered), samples


def _wake(config: LiquidityConfig, view: View, sight: Sight) -> Wake:
    """Every second for the sample; sooner when a mid leaves half the tolerance, which includes every crossing."""
    half = config.price_tolerance_percent / 200
    bands: dict[str, Band] = {}
    for name, book in (("mid", sight.shown), (f"{REFERENCE}.mid", sight.reference)):
        mid = book.mid if book is not None else None
        bands[name] = Band(high=ZERO) if mid is None else Band(mid * (1 - half), mid * (1 + half))
    return Wake(at=next_second(view.now), bands=bands)


def _finished(view: View) -> str | None:
    """There is nothing to wind down: once the quotes are gone it is over, and what it holds stays with its owner."""
    return "user" if view.mode not in (Mode.RUNNING, Mode.NO_ENTRIES) and not view.orders else None
