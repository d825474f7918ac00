"""Where the leg's order rests: with the best of the others, behind them, never taking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.market import Book
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import Band, Mode, TargetOrder, Wake
from trading.core.telling import Notice
from trading.strategies.pingpong.market import USD, Progress, buy_cost, is_sendable, progress
from trading.strategies.pingpong.moves import Scene, ending_cause, refused
from trading.strategies.pingpong.notices import BalanceShort
from trading.strategies.pingpong.state import Leg, PingPongState

LOOK_AGAIN = timedelta(seconds=1)
"""Where our order stands alone at the best price, others leaving it is not a change of that price."""
SHORT_GRACE = timedelta(seconds=5)
"""Balances follow the fills by a moment; only a lack that lasts is told."""


@dataclass(frozen=True, slots=True)
class Quote:
    state: PingPongState
    target: TargetOrder | None = None
    notices: tuple[Notice, ...] = ()
    due: datetime | None = None
    """When a re-quote that must wait may be made."""


def quote(scene: Scene, state: PingPongState) -> Quote:
    """The one order that is wanted now, if any."""
    leg = state.leg
    if leg is None or not _is_wanted(scene, state, leg):
        return Quote(state)
    done = progress(state, leg, scene.view)
    return _resting(scene, state, leg, done.live) if done.live is not None else _absent(scene, state, leg, done)


def quote_wake(scene: Scene, state: PingPongState, made: Quote) -> Wake:
    """What would move the quote: the best prices of the others, or time."""
    view, leg = scene.view, state.leg
    if state.finished is not None or (leg is None and view.mode is Mode.NO_ENTRIES):
        return Wake()
    if leg is not None and not _is_wanted(scene, state, leg):
        return Wake()
    if scene.rate is None:
        return Wake(bands={f"{USD}.mid": Band(high=ZERO)})
    if scene.book is None:
        return Wake(view.now + LOOK_AGAIN, Wake.any_price(view.book).bands)
    short_told_at = state.short_since + SHORT_GRACE if state.short_since and not state.short_told else None
    moments = [made.due, short_told_at, view.now + LOOK_AGAIN if leg is not None else None]
    at = min((moment for moment in moments if moment is not None), default=None)
    bid, ask = scene.book.bid, scene.book.ask
    return Wake(at, {"bid": Band(bid, bid), "ask": Band(ask, ask)})


def _is_wanted(scene: Scene, state: PingPongState, leg: Leg) -> bool:
    """Sells go on whatever the mode: they bring back what was bought. Buys only while the bot runs."""
    if leg.side is Side.SELL:
        return True
    return scene.view.mode is Mode.RUNNING and ending_cause(state, scene.view) is None


def _resting(scene: Scene, state: PingPongState, leg: Leg, live: Order) -> Quote:
    """An order rests: leave it, or move what is left of it to where the best price is now."""
    kept = Quote(state, _target(state, leg, live.price or leg.price, live.remaining))
    if live.status.is_in_flight or live.cancel_requested or live.remaining <= 0 or scene.book is None:
        return kept
    price, seen_at = scene.price(leg.side), scene.book.at
    if price is None or not is_sendable(scene.rules, live.remaining, price):
        return kept
    if price == leg.price or seen_at <= leg.seen_at:
        return _moved(scene, state, leg, live, None)
    due = max(leg.quoted_at, live.created_at) + timedelta(milliseconds=scene.config.requote_ms)
    if scene.view.now < due:
        return _moved(scene, state, leg, live, due)
    if _lack(scene, leg, live.remaining, price) is not None:
        return kept
    changes = {
        "price": price,
        "quoted_at": scene.view.now,
        "seen_at": seen_at,
        "former": live.price,
        "requotes": leg.requotes + 1,
    }
    leg = leg.model_copy(update=changes)
    return _moved(scene, state.model_copy(update={"leg": leg}), leg, live, None)


def _moved(scene: Scene, state: PingPongState, leg: Leg, live: Order, due: datetime | None) -> Quote:
    """At the price that was decided last, unless the market has come so far meanwhile that it would take there."""
    is_safe = scene.book is not None and not _takes(leg.side, leg.price, scene.book)
    price = leg.price if is_safe and is_sendable(scene.rules, live.remaining, leg.price) else live.price or leg.price
    return Quote(state, _target(state, leg, price, live.remaining), due=due)


def _absent(scene: Scene, state: PingPongState, leg: Leg, done: Progress) -> Quote:
    """Nothing rests: not placed yet, taken off, or on its way from one price to another."""
    price, view = scene.price(leg.side), scene.view
    if price is None or scene.book is None or done.remaining <= 0:
        return Quote(state)
    why = scene.rules.objection(price=price, amount=done.remaining)
    if why is not None:
        step = refused(view, state, leg.side, done.remaining, price, why)
        return Quote(step.state, notices=step.notices)
    state, notices = _watch_balance(scene, state, _lack(scene, leg, done.remaining, price))
    if state.short_since is not None:
        return Quote(state, notices=notices)
    last = max((order.created_at for order in view.finals.get(state.slot, ())), default=None)
    due = last + timedelta(milliseconds=scene.config.requote_ms) if last is not None else None
    if due is not None and view.now < due:
        return Quote(state, notices=notices, due=due)
    if price != leg.price:
        leg = leg.model_copy(update={"price": price, "former": None, "quoted_at": view.now, "seen_at": scene.book.at})
        state = state.model_copy(update={"leg": leg})
    return Quote(state, _target(state, leg, price, done.remaining), notices)


def _takes(side: Side, price: Decimal, book: Book) -> bool:
    against = book.best(side.opposite)
    return against is not None and (price - against) * side.sign >= 0


def _target(state: PingPongState, leg: Leg, price: Decimal, amount: Decimal) -> TargetOrder:
    return TargetOrder(
        slot=state.slot,
        role=Role.QUOTE if leg.side is Side.BUY else Role.CLOSE,
        side=leg.side,
        type=OrderType.LIMIT,
        amount=amount,
        price=price,
        time_in_force=TimeInForce.POST_ONLY,
    )


# Balances


def _lack(scene: Scene, leg: Leg, amount: Decimal, price: Decimal) -> BalanceShort | None:
    """What the account lacks for this order; None when it has enough or what it has is not known."""
    rules = scene.rules
    is_buy = leg.side is Side.BUY
    currency = rules.quote if is_buy else rules.base
    needed = buy_cost(rules, amount, price) if is_buy else amount
    held = scene.view.balances.get(currency)
    if held is None or held >= needed:
        return None
    return BalanceShort(symbol=rules.symbol, side=leg.side, currency=currency, needed=needed, held=held)


def _watch_balance(
    scene: Scene, state: PingPongState, lack: BalanceShort | None
) -> tuple[PingPongState, tuple[Notice, ...]]:
    if lack is None:
        is_new = state.short_since is not None or state.short_told
        return (state.model_copy(update={"short_since": None, "short_told": False}) if is_new else state), ()
    since = state.short_since or scene.view.now
    is_due = not state.short_told and scene.view.now >= since + SHORT_GRACE
    changes = {"short_since": since, "short_told": state.short_told or is_due}
    return state.model_copy(update=changes), (lack,) if is_due else ()
