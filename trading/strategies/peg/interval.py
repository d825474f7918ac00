"""One interval of a peg: when it begins, and what its looks at the book decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trading.core.market import Book, without
from trading.core.orders import Order, OrderStatus, Role
from trading.core.planning import View
from trading.strategies.peg.activity import decide_pair, decide_quotes
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import Activity, PegConfig, React
from trading.strategies.peg.spending import left, orders_of, reckon
from trading.strategies.peg.state import PegState, Wanted
from trading.strategies.peg.sweep import Sweep, decide


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at; ``book`` is without our own orders."""

    config: PegConfig
    view: View
    band: Band
    book: Book | None

    @classmethod
    def of(cls, config: PegConfig, view: View) -> Scene:
        return cls(config, view, Band.of(config, view.instrument), _others(view))


def _others(view: View) -> Book | None:
    """The book without our own orders; None where it is not known or crossed."""
    if view.book is None:
        return None
    own = [(order.side, order.price, order.remaining) for order in view.orders.values() if order.price is not None]
    book = without(view.book, own)
    return None if book.bid is not None and book.ask is not None and book.bid >= book.ask else book


def ends_at(config: PegConfig, state: PegState) -> datetime | None:
    return state.began_at + timedelta(seconds=config.interval_seconds) if state.began_at is not None else None


def is_due(config: PegConfig, state: PegState, view: View) -> bool:
    """Whether the next interval should begin; it does once nothing of this one is left on the venue."""
    end = ends_at(config, state)
    return end is None or view.now >= end


def note_ends(state: PegState, view: View) -> PegState:
    """Remember when the last of our orders ended."""
    ends = [order.updated_at for order in orders_of(state, view) if order.status.is_final]
    last = max([*ends, *([state.last_end] if state.last_end is not None else [])], default=None)
    return state if last == state.last_end else state.model_copy(update={"last_end": last})


def turn(config: PegConfig, state: PegState, view: View) -> PegState:
    """Begin the next interval, on the beat of the ones before it."""
    if not is_due(config, state, view) or view.orders:
        return state
    began = view.now
    if state.began_at is not None:
        length = timedelta(seconds=config.interval_seconds)
        began = state.began_at + (view.now - state.began_at) // length * length
    reckoning = reckon(state, view)
    return PegState(
        number=state.number + 1,
        began_at=began,
        opening=reckoning.openings,
        known=reckoning.known,
        swept_book_at=state.swept_book_at,
        last_end=state.last_end,
        refusal_told=state.refusal_told,
    )


def wants_look(scene: Scene, state: PegState) -> bool:
    """A look is due, be it on this book or on a newer one."""
    if is_due(scene.config, state, scene.view) or any(slot in scene.view.orders for slot in taking_slots(state)):
        return False
    return scene.config.react is React.STREAM or not state.is_looked or _is_unfinished(state, scene.view)


def is_news(state: PegState, book: Book) -> bool:
    """The book is newer than the end of what we did last, and than the one on which it was decided."""
    return all(at is None or book.at > at for at in (state.last_end, state.swept_book_at))


def taking_slots(state: PegState) -> Sequence[str]:
    return [wanted.slot for wanted in (*state.sweep, *state.pair)]


def look(scene: Scene, state: PegState) -> PegState:
    """Decide on this book: a sweep, or the interval's activity."""
    if scene.book is None or not is_news(state, scene.book) or not wants_look(scene, state):
        return state
    state = _with_openings(state, scene.view)
    budget = left(scene.config, state, scene.view)
    sweep = decide(scene.band, scene.book, budget, state.scope, state.sweep_count)
    if sweep.is_needed:
        return _swept(scene, state, sweep)
    state = state.model_copy(update={"is_looked": True, "is_cut": False})
    return state if state.is_active else _activated(scene, state, scene.book)


def _is_unfinished(state: PegState, view: View) -> bool:
    """The sweep left something to the next book, or some of its orders never left."""
    unsent = any(order.slot not in view.finals and order.slot not in view.orders for order in state.sweep)
    return (state.is_cut or unsent) and not was_refused(state, view)


def was_refused(state: PegState, view: View) -> bool:
    """The venue refused a sweep's order in this interval: the next try is the next interval's.

    A quote that is refused because it would have crossed says nothing of the money for a sweep.
    """
    orders = (order for order in orders_of(state, view) if order.role is Role.ENTRY)
    return any(order.status is OrderStatus.REJECTED and not order.filled for order in orders)


def _with_openings(state: PegState, view: View) -> PegState:
    """Balances that became known only after the interval began; nothing was sent before."""
    if {view.instrument.quote, view.instrument.base} <= state.opening.keys():
        return state
    reckoning = reckon(state, view)
    if not reckoning.openings:
        return state
    return state.model_copy(
        update={"opening": {**reckoning.openings, **state.opening}, "known": {**reckoning.known, **state.known}}
    )


def _swept(scene: Scene, state: PegState, sweep: Sweep) -> PegState:
    view = scene.view
    in_the_way = any(_meets(order, wanted) for order in view.orders.values() for wanted in sweep.orders)
    if in_the_way or was_refused(state, view):
        return state
    if not sweep.orders:
        is_known = {view.instrument.quote, view.instrument.base} <= state.opening.keys()
        changes = {"is_looked": True, "is_cut": False} if is_known else {}
        return state.model_copy(update=changes)
    assert scene.book is not None  # noqa: S101  a sweep was decided from it
    return state.model_copy(
        update={
            "sweep": sweep.orders,
            "sweep_count": state.sweep_count + len(sweep.orders),
            "swept_book_at": scene.book.at,
            "is_looked": True,
            "is_cut": sweep.is_cut,
        }
    )


def _meets(order: Order, wanted: Wanted) -> bool:
    if order.side is wanted.side or order.price is None:
        return False
    return (wanted.price - order.price) * wanted.side.sign >= 0


def _activated(scene: Scene, state: PegState, book: Book) -> PegState:
    config, view = scene.config, scene.view
    budget = left(config, state, view)
    match config.activity:
        case Activity.QUOTES:
            quotes = decide_quotes(scene.band, book, budget, state.scope, view.seed)
            return state.model_copy(update={"quotes": quotes, "is_active": True})
        case Activity.SELF_TRADE if not view.is_public:
            pair = decide_pair(scene.band, book, budget, state.scope, view.seed)
            return state.model_copy(update={"pair": pair, "is_active": True})
        case _:
            return state
