"""The phases of a grid's cycle: what makes one end and the next begin.

waiting -> running -> closing -> cooldown -> waiting, and finished. Every rule looks at the whole picture only, so that
a missed, repeated or late event changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trading.core.instrument import ZERO, total
from trading.core.ledger import Ledger, coins_text
from trading.core.notices import OrderRefused
from trading.core.planning import Band, CycleResult, Mode, View
from trading.core.telling import Notice
from trading.strategies.grid.config import GridConfig
from trading.strategies.grid.entries import Progress, has_entered, level_slot, progress
from trading.strategies.grid.exits import exit_cause, exit_orders, was_filled
from trading.strategies.grid.ladder import Level, build_ladder, ladder_objection, level_objection
from trading.strategies.grid.notices import CycleFinished, CycleStarted
from trading.strategies.grid.state import GridState, Phase

ENDING = (Mode.WIND_DOWN, Mode.CANCEL, Mode.CLOSE)
LIQUIDATED_SHARE = Decimal("0.5")
"""A position that vanished with this share of the deposit was not closed by hand; the bot does not begin again."""

VOID_PAUSE_SECONDS, LONGEST_VOID_PAUSE_SECONDS = 5, 600
"""After a cycle that bought nothing, because nobody sold or the market ran away, the next one waits for at least this
long, and twice as long each time: else it would be tried as fast as the venue answers.
"""

_PERCENT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Step:
    """The state after one move, and what came of it."""

    state: GridState
    notices: tuple[Notice, ...] = ()
    cycles: tuple[CycleResult, ...] = ()


def advance(config: GridConfig, state: GridState, view: View) -> Step:
    """Move through the phases as far as the view allows."""
    notices: list[Notice] = []
    cycles: list[CycleResult] = []
    while True:
        step = _MOVES[state.phase](config, state, view)
        notices.extend(step.notices)
        cycles.extend(step.cycles)
        if step.state.phase is state.phase:
            return Step(step.state, tuple(notices), tuple(cycles))
        state = step.state


def unfilled_band(state: GridState) -> Band:
    """Where the first price of a grid may go before the grid, still without a fill, is given up for a new one."""
    first = state.ladder[0].price
    room = abs(first - state.ladder[1].price) if len(state.ladder) > 1 else first / 100
    is_long = state.terms is not None and state.terms.entry.sign > 0
    return Band(high=first + room) if is_long else Band(low=first - room)


def is_unfilled(levels: Sequence[Progress], view: View) -> bool:
    """Nothing was filled, and the market order of level 0 is not under way."""
    return not has_entered(levels) and not view.ledger.position and (not levels or levels[0].live is None)


def _waiting(config: GridConfig, state: GridState, view: View) -> Step:
    if view.ledger.position and view.mode not in (Mode.CANCEL, Mode.CLOSE):
        # A fill that came after its cycle was closed: it gets its take-profit as a cycle of its own, without a grid.
        average = view.ledger.average or ZERO
        return Step(_begun(config, state, view, ()), (_started(view, state.number + 1, average, 0),))
    if view.orders:
        return Step(state)
    if view.mode in ENDING:
        return Step(_finished(state, "user"))
    price = _first_price(config, view)
    if view.mode is not Mode.RUNNING or price is None:
        return Step(state)
    levels = build_ladder(config, view.instrument, price).levels
    why = ladder_objection(levels, view.instrument)
    if why is not None:
        return _not_begun(config, state, view, levels, why)
    return Step(_begun(config, state, view, levels), (_started(view, state.number + 1, price, len(levels)),))


def _running(config: GridConfig, state: GridState, view: View) -> Step:
    exits = exit_orders(state, view)
    # A filled exit ends the cycle whatever is left: what filled between it and now must not depend on who spoke first.
    is_over = any(was_filled(order) for order in exits)
    if not view.ledger.position:
        levels = progress(state, view)
        is_over = is_over or has_entered(levels) or any(order.filled for order in exits)
        is_over = is_over or (is_unfilled(levels, view) and _is_void(state, view, levels))
    return Step(state.model_copy(update={"phase": Phase.CLOSING}) if is_over else state)


def _closing(config: GridConfig, state: GridState, view: View) -> Step:
    if view.ledger.position or view.orders:
        return Step(state)
    entered = total([level.filled for level in progress(state, view)])
    exits = exit_orders(state, view)
    if not entered and not any(order.filled for order in exits) and _is_unmoved(state, view):
        if view.mode in ENDING:
            return Step(_finished(state, "user"))
        # A grid that its owner paused before it bought anything is no try that failed.
        voids = state.voids + (view.mode is Mode.RUNNING)
        return Step(_rested(config, state.model_copy(update={"voids": voids}), view))
    return _ended(config, state, view, exit_cause(exits, entered) or _cause_elsewhere(view))


def _cooldown(config: GridConfig, state: GridState, view: View) -> Step:
    until = _cooldown_until(config, state)
    if view.ledger.position or view.mode in ENDING or until is None or view.now >= until:
        return Step(state.model_copy(update={"phase": Phase.WAITING, "cooldown_until": None}))
    return Step(state if until == state.cooldown_until else state.model_copy(update={"cooldown_until": until}))


def _stay(config: GridConfig, state: GridState, view: View) -> Step:
    return Step(state)


_MOVES: Mapping[Phase, Callable[[GridConfig, GridState, View], Step]] = {
    Phase.WAITING: _waiting,
    Phase.RUNNING: _running,
    Phase.CLOSING: _closing,
    Phase.COOLDOWN: _cooldown,
    Phase.FINISHED: _stay,
}


# Beginning


def _first_price(config: GridConfig, view: View) -> Decimal | None:
    """Where a market entry would be filled: the ask for a long, the bid for a short."""
    return view.book.best(config.entry.opposite) if view.book else None


def _begun(config: GridConfig, state: GridState, view: View, levels: tuple[Level, ...]) -> GridState:
    return GridState(
        number=state.number + 1,
        phase=Phase.RUNNING,
        terms=config.terms(),
        ladder=levels,
        start=state.start or view.ledger,
        started_at=view.now,
        completed=state.completed,
        voids=state.voids,
    )


def _started(view: View, number: int, price: Decimal, orders: int) -> CycleStarted:
    return CycleStarted(symbol=view.instrument.symbol, number=number, price=price, orders=orders)


def _not_begun(config: GridConfig, state: GridState, view: View, levels: Sequence[Level], why: str) -> Step:
    """The venue would refuse a level at this price: say so once and wait for another price or other settings."""
    if state.refusal_told == why:
        return Step(state)
    refused = next((level for level in levels if level_objection(level, view.instrument)), levels[0])
    notice = OrderRefused(
        symbol=view.instrument.symbol,
        slot=level_slot(state.model_copy(update={"number": state.number + 1}), levels.index(refused)),
        side=config.entry,
        amount=refused.amount,
        price=refused.price,
        reason=why,
    )
    return Step(state.model_copy(update={"refusal_told": why}), (notice,))


# Ending


def _is_void(state: GridState, view: View, levels: Sequence[Progress]) -> bool:
    """A grid in which nothing was bought and nothing will be at its prices."""
    if not levels or levels[0].is_done or view.mode is not Mode.RUNNING:
        return True
    price = view.book.best(state.terms.entry.opposite) if view.book and state.terms else None
    return price is not None and not unfilled_band(state).holds(price)


def _is_unmoved(state: GridState, view: View) -> bool:
    books = view.ledger.since(state.start or view.ledger)
    return not books.volume and not books.realized


def _cause_elsewhere(view: View) -> str:
    if view.was_liquidated:
        return "liquidated"
    return "closed_by_user" if view.mode is Mode.CLOSE else "closed_elsewhere"


def _ended(config: GridConfig, state: GridState, view: View, cause: str) -> Step:
    """The books of a cycle are closed: its result, and what comes next."""
    result = _result(state, view, cause)
    other_fees = coins_text(view.ledger.since(state.start or Ledger()).other_fees)
    state = state.model_copy(update={"completed": state.completed + 1, "voids": 0, "start": view.ledger})
    finished = _finish_cause(config, state, view, result)
    after = _rested(config, state, view) if finished is None else _finished(state, finished)
    told = _cycle_finished(config, state, view, result, other_fees, goes_on=finished is None)
    return Step(after, (told,), (result,))


def _result(state: GridState, view: View, cause: str) -> CycleResult:
    books = view.ledger.since(state.start or Ledger())
    return CycleResult(
        number=state.number,
        started_at=state.started_at or view.now,
        ended_at=view.now,
        cause=cause,
        gross=books.realized,
        fees=books.fees,
        funding=books.funding,
        volume=books.volume,
    )


def _finish_cause(config: GridConfig, state: GridState, view: View, result: CycleResult) -> str | None:
    if view.mode in ENDING:
        return "user"
    if result.cause == "stop_loss":
        # It is the person who decides to enter a falling market again.
        return "stop_loss"
    if result.cause == "liquidated":
        return "liquidated"
    if result.cause == "closed_elsewhere" and -result.net >= _deposit(state) * LIQUIDATED_SHARE:
        # Where the venue does not say that it was its own doing, the loss does.
        return "liquidated"
    if config.max_cycles is not None and state.completed >= config.max_cycles:
        return "max_cycles"
    return None


def _cycle_finished(
    config: GridConfig, state: GridState, view: View, result: CycleResult, other_fees: str, *, goes_on: bool
) -> CycleFinished:
    entered = total([level.cost for level in progress(state, view)])
    return CycleFinished(
        symbol=view.instrument.symbol,
        number=result.number,
        cause=result.cause,
        gross=result.gross,
        fees=result.fees,
        funding=result.funding,
        net=result.net,
        percent_of_position=_percent(result.net, entered),
        percent_of_deposit=_percent(result.net, _deposit(state)),
        other_fees=other_fees,
        cooldown_seconds=config.cooldown_seconds if goes_on else None,
    )


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(_PERCENT) if whole else ZERO


def _deposit(state: GridState) -> Decimal:
    return state.terms.deposit if state.terms else ZERO


def _rested(config: GridConfig, state: GridState, view: View) -> GridState:
    rested: dict[str, Any] = {"phase": Phase.COOLDOWN, "ended_at": view.now}
    state = state.model_copy(update=rested)
    return state.model_copy(update={"cooldown_until": _cooldown_until(config, state)})


def _finished(state: GridState, cause: str) -> GridState:
    return state.model_copy(update={"phase": Phase.FINISHED, "finished": cause, "cooldown_until": None})


def _cooldown_until(config: GridConfig, state: GridState) -> Any:
    """By the settings of now, so that an edit acts at once."""
    return state.ended_at + timedelta(seconds=_pause_seconds(config, state)) if state.ended_at else None


def _pause_seconds(config: GridConfig, state: GridState) -> int:
    if not state.voids:
        return config.cooldown_seconds
    doubled: int = VOID_PAUSE_SECONDS * 2 ** min(state.voids - 1, 10)
    return max(config.cooldown_seconds, min(doubled, LONGEST_VOID_PAUSE_SECONDS))
