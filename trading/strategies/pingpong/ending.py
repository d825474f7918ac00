"""How one leg ends: executed, given up, or over the budget."""

from __future__ import annotations

from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.ledger import Ledger
from trading.core.planning import CycleResult, View
from trading.strategies.pingpong.market import Progress, buy_cost, exposure, is_sendable, picture, progress, sellable
from trading.strategies.pingpong.moves import STOPPING, Scene, Step, ending_cause
from trading.strategies.pingpong.notices import LegExecuted
from trading.strategies.pingpong.records import detail, execution, seconds_to_fill
from trading.strategies.pingpong.state import Leg, PingPongState

_MILLISECOND = Decimal("0.001")


def within_leg(scene: Scene, state: PingPongState) -> Step:
    leg = state.leg
    assert leg is not None  # noqa: S101  the caller has looked
    done = progress(state, leg, scene.view)
    if done.live is None and _is_executed(scene, leg, done):
        is_seen = scene.book is not None and scene.rate is not None
        return _executed(scene, state, leg, done) if is_seen or scene.view.mode in STOPPING else Step(state)
    if done.live is None and _is_pointless(scene, state, leg, done):
        return Step(state.model_copy(update={"leg": None, "placed": state.placed + done.orders}), moved=True)
    if leg.side is Side.BUY and state.ending is None and _is_over_budget(scene, leg, done):
        return Step(state.model_copy(update={"ending": "budget"}), moved=True)
    return Step(state)


def _is_executed(scene: Scene, leg: Leg, done: Progress) -> bool:
    """Filled in full, or all but a remainder that the venue would not take again: that joins the next leg."""
    if done.remaining <= 0:
        return True
    price = scene.price(leg.side) or leg.price
    return done.remaining < leg.amount and not is_sendable(scene.rules, done.remaining, price)


def _is_pointless(scene: Scene, state: PingPongState, leg: Leg, done: Progress) -> bool:
    """A leg without an order that should be given up: at the run's end, or because its size must be found anew."""
    price = scene.price(leg.side)
    is_sent = price is not None and is_sendable(scene.rules, done.remaining, price)
    if ending_cause(state, scene.view) is None:
        return leg.side is Side.BUY and price is not None and not is_sent
    if leg.side is Side.BUY:
        return True
    held = scene.view.balances.get(scene.rules.base)
    is_short = held is not None and held < done.remaining
    return price is not None and (not is_sent or is_short) and leg.amount != sellable(scene.view, price)


def _is_over_budget(scene: Scene, leg: Leg, done: Progress) -> bool:
    """Whether what is left to buy at the price it would rest at takes more than the budget (all in quote)."""
    price = scene.price(leg.side)
    if price is None or scene.rate is None or done.remaining <= 0:
        return False
    wanted = buy_cost(scene.rules, done.remaining, price)
    return exposure(scene.view) + wanted > scene.config.budget / scene.rate


def _executed(scene: Scene, state: PingPongState, leg: Leg, done: Progress) -> Step:
    """The books of a leg are closed: its record, and whose turn it is now."""
    view, seen = scene.view, picture(scene.book) if scene.book is not None else None
    done_at, placed = done.last_at, state.placed + done.orders
    samples = (
        execution(scene.rules, leg, done_at, seen, placed),
        detail(state.number, leg, done, done_at, seen, scene.rate),
    )
    is_round = leg.side is Side.SELL
    spread = seen.spread * scene.rate if seen is not None and scene.rate is not None else ZERO
    after = state.model_copy(
        update={
            "leg": None,
            "next_side": leg.side.opposite,
            "carry": max(ZERO, done.remaining),
            "completed": state.completed + 1,
            "placed": placed,
            "spread_sum_usd": state.spread_sum_usd + spread,
            "usd_rate": scene.rate or state.usd_rate,
            **({"rounds": state.rounds + 1, "start": view.ledger, "round_began_at": None} if is_round else {}),
        }
    )
    told = LegExecuted(
        symbol=scene.rules.symbol,
        number=after.completed,
        side=leg.side,
        amount=done.filled,
        price=done.average,
        seconds=seconds_to_fill(leg, done_at).quantize(_MILLISECOND),
        orders=done.orders,
    )
    return Step(after, (told,), samples, (_round(state, leg, done, view),) if is_round else (), moved=True)


def _round(state: PingPongState, leg: Leg, done: Progress, view: View) -> CycleResult:
    books = view.ledger.since(state.start or Ledger())
    return CycleResult(
        number=state.rounds + 1,
        started_at=state.round_began_at or leg.decided_at,
        ended_at=done.last_at,
        cause="round",
        gross=books.realized,
        fees=books.fees,
        funding=books.funding,
        volume=books.volume,
    )
