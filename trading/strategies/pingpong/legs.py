"""How one leg ends and the next begins: buy, then sell, then buy, and how a run comes to its end.

Every rule looks at the whole picture only, so that a missed, repeated or late event changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from trading.core.instrument import ZERO, Side
from trading.core.planning import CycleResult, Sample, View
from trading.core.telling import Notice
from trading.strategies.pingpong.beginning import between_legs
from trading.strategies.pingpong.ending import within_leg
from trading.strategies.pingpong.market import is_sendable, progress
from trading.strategies.pingpong.moves import Scene, Step
from trading.strategies.pingpong.state import PingPongState


def advance(scene: Scene, state: PingPongState) -> Step:
    """Move from leg to leg as far as the view allows."""
    notices: tuple[Notice, ...] = ()
    samples: tuple[Sample, ...] = ()
    cycles: tuple[CycleResult, ...] = ()
    while True:
        move: Callable[[Scene, PingPongState], Step] = within_leg if state.leg is not None else between_legs
        step = move(scene, state)
        state = step.state
        notices, samples, cycles = notices + step.notices, samples + step.samples, cycles + step.cycles
        if not step.moved:
            return Step(state, notices, samples, cycles)


def after_reduction(state: PingPongState, view: View) -> PingPongState:
    """A part of what is held was sold by hand: this leg or the next one sells what is left, and nothing else."""
    leg, held = state.leg, view.instrument.floor_amount(max(ZERO, view.ledger.position))
    if leg is None or leg.side is Side.BUY:
        # As after a restart: what is held is sold first.
        return state.model_copy(update={"leg": None, "next_side": None, "carry": ZERO})
    done = progress(state, leg, view)
    if not done.filled and not is_sendable(view.instrument, held, leg.price):
        return state.model_copy(update={"leg": None, "next_side": None, "carry": ZERO})
    return state.model_copy(update={"leg": leg.model_copy(update={"amount": done.filled + held})})
