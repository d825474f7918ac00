"""The grid: a martingale ladder of entries with one take-profit, as a pure function from what is known to orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.core.orders import OrderStatus, OrderType
from trading.core.planning import (
    Band,
    Doing,
    Mode,
    Plan,
    Preview,
    Setup,
    Strategy,
    Surroundings,
    TargetOrder,
    View,
    Wake,
)
from trading.core.reporting import Records, StrategyReport
from trading.core.telling import Notice
from trading.strategies.grid.config import GridConfig, GridTerms
from trading.strategies.grid.cycle import advance, is_unfilled, unfilled_band
from trading.strategies.grid.entries import Progress, progress, wanted_entries
from trading.strategies.grid.exits import (
    drawdown_price,
    exit_price_now,
    is_being_closed,
    is_market_beyond_take_profit,
    is_worse,
    stop_price,
    stop_slot,
    take_profit_slot,
    wanted_exits,
)
from trading.strategies.grid.notices import GRID_NOTICES, DrawdownAlert, EntryFilled, TakeProfitPlaced
from trading.strategies.grid.presets import PRESETS
from trading.strategies.grid.preview import make_preview
from trading.strategies.grid.report import make_report
from trading.strategies.grid.state import GridState, Phase, ToldExit, ToldFill


class GridStrategy(Strategy):
    """What each part promises is said in ``trading.core.planning.Strategy``."""

    name = "grid"
    config_model = GridConfig
    state_model = GridState
    market_kinds = frozenset({MarketKind.PERPETUAL.value})
    keeps_exits = True
    tables = ("cycles",)
    candles_lack = ""
    """An entry or a take-profit is filled when the price goes through it, and candles tell that."""
    notices = GRID_NOTICES
    presets = PRESETS

    def plan(self, config: GridConfig, state: GridState, view: View) -> Plan:
        state, fills = _tell_fills(state, view)
        step = advance(config, state, view)
        state = step.state
        if state.phase is Phase.FINISHED:
            return Plan(state, notices=(*fills, *step.notices), cycles=step.cycles, finished=state.finished)
        if view.mode in (Mode.CANCEL, Mode.CLOSE) or not state.in_cycle:
            return Plan(state, (), (*fills, *step.notices), _idle_wake(state, view), cycles=step.cycles)
        exits = wanted_exits(config, state, view)
        levels = progress(state, view)
        is_closing = is_being_closed(state, view) or any(target.type is OrderType.MARKET for target in exits)
        entries = [] if is_closing else wanted_entries(config, state, view, levels, exits)
        state, exit_notices = _tell_exit(state, view, exits)
        state, alerts = _tell_drawdown(state, view)
        return Plan(
            state,
            orders=(*exits, *entries),
            notices=(*fills, *step.notices, *exit_notices, *alerts),
            wake=_wake(config, state, view, levels),
            setup=_setup(state),
            cycles=step.cycles,
        )

    def preview(self, config: GridConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        return make_preview(config, instrument, price, around.balances.get(instrument.quote))

    def doing(self, state: GridState) -> Doing:
        return Doing(resting_until=state.cooldown_until if state.phase is Phase.COOLDOWN else None)

    def scope(self, state: GridState) -> str:
        return state.scope

    def budget(self, config: GridConfig, state: GridState) -> Decimal:
        return _terms(config, state).available

    def deposit(self, config: GridConfig) -> Decimal:
        return config.deposit

    def frozen_deposit(self, state: GridState) -> Decimal:
        return state.terms.deposit if state.in_cycle and state.terms is not None else ZERO

    def status_check_seconds(self, config: GridConfig) -> float:
        return config.tracking_seconds

    def deferred_fields(self, config: GridConfig, changed: GridConfig, state: GridState) -> tuple[str, ...]:
        """By the terms that the cycle runs under, so that an edit that was deferred before is still named."""
        if not state.in_cycle:
            return ()
        terms = _terms(config, state)
        return tuple(name for name in GridTerms.model_fields if getattr(terms, name) != getattr(changed, name))

    def started(self, state: GridState) -> GridState:
        """The state with which a stopped or finished bot begins again: its cycle numbers, and so its slots, go on."""
        return GridState(number=state.number)

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return make_report(records, instrument)


def _terms(config: GridConfig, state: GridState) -> GridTerms:
    return state.terms if state.in_cycle and state.terms else config


def _setup(state: GridState) -> Setup | None:
    return Setup(state.terms.leverage, state.terms.margin_mode) if state.terms else None


# What a person hears, once


def _tell_fills(state: GridState, view: View) -> tuple[GridState, Sequence[Notice]]:
    """Fills of entries that were not told yet; several of one order are told together."""
    notices: list[Notice] = []
    told = dict(state.told_fills)
    for level in progress(state, view):
        before = told.get(_name(level), ToldFill(amount=Decimal(0), cost=Decimal(0)))
        if level.filled <= before.amount:
            continue
        told[_name(level)] = ToldFill(amount=level.filled, cost=level.cost)
        notices.append(_entry_filled(state, view, level, before))
    return (state.model_copy(update={"told_fills": told}) if notices else state), notices


def _name(level: Progress) -> str:
    return f"level{level.index}"


def _entry_filled(state: GridState, view: View, level: Progress, before: ToldFill) -> EntryFilled:
    amount = level.filled - before.amount
    price = (level.cost - before.cost) / amount
    return EntryFilled(
        symbol=view.instrument.symbol,
        side=_terms_of(state).entry,
        slot=f"{state.scope}{_name(level)}",
        amount=amount,
        price=price,
        position=view.ledger.position,
        average=view.ledger.average or price,
    )


def _terms_of(state: GridState) -> GridTerms:
    if state.terms is None:
        raise ValueError("a grid has fills only within a cycle")
    return state.terms


def _tell_exit(state: GridState, view: View, exits: Sequence[TargetOrder]) -> tuple[GridState, Sequence[Notice]]:
    """The take-profit, once it rests on the venue as it is wanted; what it fills itself is not a move."""
    wanted = next((target for target in exits if target.slot == take_profit_slot(state)), None)
    live = view.orders.get(take_profit_slot(state))
    if wanted is None or wanted.price is None or live is None:
        return state, ()
    rests = live.status in (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED)
    if not rests or (live.price, live.remaining) != (wanted.price, wanted.amount):
        return state, ()
    told = ToldExit(price=wanted.price, amount=wanted.amount)
    if told == state.told_exit:
        return state, ()
    before = state.told_exit
    state = state.model_copy(update={"told_exit": told})
    if before is not None and before.price == told.price and told.amount < before.amount:
        return state, ()
    notice = TakeProfitPlaced(
        symbol=view.instrument.symbol,
        amount=wanted.amount,
        price=wanted.price,
        average=view.ledger.average or wanted.price,
        moved=before is not None,
    )
    return state, (notice,)


def _tell_drawdown(state: GridState, view: View) -> tuple[GridState, Sequence[Notice]]:
    market, limit = exit_price_now(view), drawdown_price(state, view)
    if state.drawdown_told or market is None or limit is None or not is_worse(view, market, limit):
        return state, ()
    if state.terms is None or state.start is None:
        return state, ()
    loss = -(view.ledger.since(state.start).net + view.ledger.unrealized(market))
    percent = (loss * 100 / state.terms.deposit).quantize(Decimal("0.01"))
    alert = DrawdownAlert(symbol=view.instrument.symbol, loss=loss, percent_of_deposit=percent)
    return state.model_copy(update={"drawdown_told": True}), (alert,)


# What would change its mind


def _idle_wake(state: GridState, view: View) -> Wake:
    if state.phase is Phase.COOLDOWN:
        return Wake(at=state.cooldown_until)
    if state.phase is Phase.WAITING and view.mode is Mode.RUNNING and not view.orders:
        return Wake.any_price(view.book)
    return Wake()


def _wake(config: GridConfig, state: GridState, view: View, levels: Sequence[Progress]) -> Wake:
    if not view.ledger.position:
        return Wake(bands=_unfilled_bands(state, view, levels))
    if is_market_beyond_take_profit(config, view):
        return Wake.any_price(view.book)
    watched = [None if state.drawdown_told else drawdown_price(state, view)]
    if stop_slot(state) not in view.orders:
        watched.append(stop_price(config, state, view))
    limits = [price for price in watched if price is not None]
    if not limits:
        return Wake()
    is_long = view.ledger.position > 0
    return Wake(bands={"bid": Band(low=max(limits))} if is_long else {"ask": Band(high=min(limits))})


def _unfilled_bands(state: GridState, view: View, levels: Sequence[Progress]) -> Mapping[str, Band]:
    if state.phase is not Phase.RUNNING or not state.ladder or not is_unfilled(levels, view):
        return {}
    return {"ask" if _terms_of(state).entry.sign > 0 else "bid": unfilled_band(state)}
