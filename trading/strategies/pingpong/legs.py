"""How one leg ends and the next begins: buy, then sell, then buy, and how a run comes to its end.

Every rule looks at the whole picture only, so that a missed, repeated or late event changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, Side
from trading.core.ledger import Ledger
from trading.core.market import Book
from trading.core.notices import OrderRefused
from trading.core.planning import CycleResult, Mode, Sample, View
from trading.core.telling import Notice
from trading.strategies.pingpong.config import PingPongConfig, SizeCurrency
from trading.strategies.pingpong.market import (
    Progress,
    buy_cost,
    exposure,
    is_sendable,
    others,
    picture,
    progress,
    quote_price,
    sellable,
    usd_per_quote,
)
from trading.strategies.pingpong.notices import LegExecuted
from trading.strategies.pingpong.records import detail, execution, seconds_to_fill
from trading.strategies.pingpong.state import Leg, PingPongState

STOPPING = (Mode.CANCEL, Mode.CLOSE)
_MILLISECOND = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Step:
    """The state after one move, and what came of it. ``moved``: the next move should be looked for."""

    state: PingPongState
    notices: tuple[Notice, ...] = ()
    samples: tuple[Sample, ...] = ()
    cycles: tuple[CycleResult, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What the moves look at."""

    config: PingPongConfig
    view: View
    book: Book | None
    rate: Decimal | None

    @classmethod
    def of(cls, config: PingPongConfig, state: PingPongState, view: View) -> Scene:
        return cls(config, view, others(view, state.leg), usd_per_quote(config, view))

    @property
    def rules(self) -> Instrument:
        return self.view.instrument

    def price(self, side: Side) -> Decimal | None:
        return quote_price(self.rules, side, self.book) if self.book is not None else None


def advance(scene: Scene, state: PingPongState) -> Step:
    """Move from leg to leg as far as the view allows."""
    notices: tuple[Notice, ...] = ()
    samples: tuple[Sample, ...] = ()
    cycles: tuple[CycleResult, ...] = ()
    while True:
        move: Callable[[Scene, PingPongState], Step] = _within_leg if state.leg is not None else _between_legs
        step = move(scene, state)
        state = step.state
        notices, samples, cycles = notices + step.notices, samples + step.samples, cycles + step.cycles
        if not step.moved:
            return Step(state, notices, samples, cycles)


def ending_cause(state: PingPongState, view: View) -> str | None:
    """Why the run is being brought to its end by selling what it holds; None while it goes on."""
    return state.ending or ("user" if view.mode is Mode.WIND_DOWN else None)


def sized(config: PingPongConfig, rules: Instrument, price: Decimal) -> Decimal:
    """The order size in base units, rounded down to the venue's step."""
    size = config.order_size if config.size_currency is SizeCurrency.BASE else config.order_size / price
    return rules.floor_amount(size)


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


# Within a leg


def _within_leg(scene: Scene, state: PingPongState) -> Step:
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


# Between legs


def _between_legs(scene: Scene, state: PingPongState) -> Step:
    view = scene.view
    if state.finished is not None or view.mode in STOPPING or view.orders:
        return Step(state)
    ending = ending_cause(state, view)
    if ending is not None:
        return _ending(scene, state, ending)
    reached = _limit_reached(scene.config, state)
    if reached is not None:
        return Step(_finished(state, reached))
    if view.mode is not Mode.RUNNING or scene.book is None or scene.rate is None:
        return Step(state)
    side = state.next_side or (Side.SELL if _held(scene) else Side.BUY)
    return _begin_buy(scene, state) if side is Side.BUY else _begin_sell(scene, state)


def _limit_reached(config: PingPongConfig, state: PingPongState) -> str | None:
    if config.max_legs is not None and state.completed >= config.max_legs:
        return "max_legs"
    if config.max_spread_sum_usd is not None and state.spread_sum_usd > config.max_spread_sum_usd:
        return "max_spread_sum"
    return None


def _ending(scene: Scene, state: PingPongState, cause: str) -> Step:
    if scene.rules.floor_amount(scene.view.ledger.position) > 0 and scene.price(Side.SELL) is None:
        return Step(state)
    held = _held(scene)
    return _begun(scene, state, Side.SELL, held) if held else Step(_finished(state, cause))


def _held(scene: Scene) -> Decimal:
    price = scene.price(Side.SELL)
    return sellable(scene.view, price) if price is not None else ZERO


def _begin_buy(scene: Scene, state: PingPongState) -> Step:
    price = scene.price(Side.BUY)
    if price is None or scene.rate is None:
        return Step(state)
    size = sized(scene.config, scene.rules, price)
    why = scene.rules.objection(price=price, amount=size)
    if why is not None:
        return refused(scene.view, state, Side.BUY, size, price, why)
    amount = size - state.carry if is_sendable(scene.rules, size - state.carry, price) else size
    if exposure(scene.view) + buy_cost(scene.rules, amount, price) > scene.config.budget / scene.rate:
        # The next buy would hold more than is left of the budget.
        return Step(state.model_copy(update={"ending": "budget"}), moved=True)
    return _begun(scene, state.model_copy(update={"size": size}), Side.BUY, amount)


def _begin_sell(scene: Scene, state: PingPongState) -> Step:
    """The same amount as was bought; after a restart what is held from before."""
    if state.next_side is None:
        return _begun(scene, state, Side.SELL, _held(scene))
    price, netted = scene.price(Side.SELL), state.size - state.carry
    is_enough = price is None or is_sendable(scene.rules, netted, price)
    # What is left of a small size after a large remainder may be too little to be sent: then the reserve lends it.
    return _begun(scene, state, Side.SELL, netted if is_enough or netted == state.size else state.size)


def _begun(scene: Scene, state: PingPongState, side: Side, amount: Decimal) -> Step:
    price = scene.price(side)
    if price is None or scene.book is None:
        return Step(state)
    now = scene.view.now
    leg = Leg(
        side=side,
        amount=amount,
        decided_at=now,
        picture=picture(scene.book),
        price=price,
        quoted_at=now,
        seen_at=scene.book.at,
    )
    began = state.model_copy(
        update={
            "number": state.number + 1,
            "leg": leg,
            "carry": ZERO,
            "refusal_told": "",
            "round_began_at": state.round_began_at or now,
            "start": state.start or scene.view.ledger,
            "usd_rate": scene.rate or state.usd_rate,
        }
    )
    return Step(began)


def refused(view: View, state: PingPongState, side: Side, amount: Decimal, price: Decimal, why: str) -> Step:
    """The venue would refuse this order: say so once, and wait for another price or other settings."""
    if state.refusal_told == why:
        return Step(state)
    notice = OrderRefused(
        symbol=view.instrument.symbol, slot=state.slot, side=side, amount=amount, price=price, reason=why
    )
    return Step(state.model_copy(update={"refusal_told": why}), (notice,))


def _finished(state: PingPongState, cause: str) -> PingPongState:
    return state.model_copy(update={"finished": cause, "leg": None, "short_since": None})
