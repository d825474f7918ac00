"""The peg: push a price back into its band, and keep the market alive inside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import Instrument, MarketKind
from trading.core.orders import Order, OrderStatus, OrderType, Role, TimeInForce
from trading.core.planning import Band as SignalBand
from trading.core.planning import (
    Doing,
    Mode,
    Plan,
    Preview,
    Strategy,
    Surroundings,
    TargetOrder,
    View,
    Wake,
)
from trading.core.reporting import Records, StrategyReport
from trading.core.telling import Notice
from trading.strategies.peg.config import Activity, PegConfig, React
from trading.strategies.peg.doing import doing
from trading.strategies.peg.interval import Scene, ends_at, is_due, is_news, look, note_ends, turn, wants_look
from trading.strategies.peg.notices import PEG_NOTICES, SelfTradeRefused
from trading.strategies.peg.offers import make_preview
from trading.strategies.peg.presets import PRESETS
from trading.strategies.peg.report import make_report
from trading.strategies.peg.spending import left
from trading.strategies.peg.state import PegState, Wanted
from trading.strategies.peg.telling import tell_fills

LOOK_AGAIN = timedelta(seconds=1)
"""A newer book need not have another best price, so it is also waited for by time."""
_ENDING = (Mode.WIND_DOWN, Mode.CANCEL, Mode.CLOSE)
_RESTING = (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED)


class PegStrategy(Strategy):
    """What each part promises is said in ``trading.core.planning.Strategy``."""

    name = "peg"
    config_model = PegConfig
    state_model = PegState
    market_kinds = frozenset({MarketKind.SPOT.value})
    tables = ("sweeps",)
    candles_lack = "book"
    """It buys and sells what others have resting outside of its band."""
    notices = PEG_NOTICES
    presets = PRESETS

    def plan(self, config: PegConfig, state: PegState, view: View) -> Plan:
        state, fills = tell_fills(config, note_ends(state, view), view)
        if view.mode in _ENDING:
            return Plan(state, notices=fills, finished="user")
        state, refusals = _tell_refusal(config, state, view)
        notices = (*fills, *refusals)
        if view.mode is not Mode.RUNNING:
            return Plan(state, notices=notices)
        scene = Scene.of(config, view)
        state = look(scene, turn(config, state, view))
        orders = () if is_due(config, state, view) else tuple(_wanted(scene, state))
        return Plan(state, orders=orders, notices=notices, wake=_wake(scene, state))

    def preview(self, config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        return make_preview(config, instrument, price, around)

    def doing(self, state: PegState) -> Doing:
        return Doing((doing(state),))

    def scope(self, state: PegState) -> str:
        return state.scope

    def budget(self, config: PegConfig, state: PegState) -> Decimal:
        """None: the limits are per interval and the minimum balances bound the whole; see ``spending``."""
        return Decimal("Infinity")

    def deposit(self, config: PegConfig) -> Decimal:
        return config.quote_order_limit

    def started(self, state: PegState) -> PegState:
        """Interval numbers, and so the slots, go on; so does what was done on the last book, and told of it."""
        return PegState(
            number=state.number, swept_book_at=state.swept_book_at, last_end=state.last_end, told=state.told
        )

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return make_report(records, instrument)


def _tell_refusal(config: PegConfig, state: PegState, view: View) -> tuple[PegState, tuple[Notice, ...]]:
    is_refused = config.activity is Activity.SELF_TRADE and view.is_public
    if is_refused == state.refusal_told:
        return state, ()
    told = SelfTradeRefused(symbol=view.instrument.symbol)
    return state.model_copy(update={"refusal_told": is_refused}), (told,) if is_refused else ()


# What is wanted


def _wanted(scene: Scene, state: PegState) -> Iterator[TargetOrder]:
    yield from _wanted_sweep(scene, state)
    yield from _wanted_quotes(scene, state)
    if state.pair and scene.config.activity is Activity.SELF_TRADE and not scene.view.is_public:
        yield from _wanted_pair(scene, state)


def _wanted_sweep(scene: Scene, state: PegState) -> Iterator[TargetOrder]:
    """What was decided from this very book; once the book is newer, only what is under way."""
    view = scene.view
    is_current = view.book is not None and view.book.at == state.swept_book_at
    for order in state.sweep:
        live = view.orders.get(order.slot)
        is_beyond = (scene.band.edge(order.side) - order.price) * order.side.sign >= 0
        if live is not None:
            yield _as_it_is(order, live, Role.ENTRY, TimeInForce.IOC)
        elif is_current and is_beyond and order.slot not in view.finals:
            yield _target(order, Role.ENTRY, TimeInForce.IOC)


def _wanted_quotes(scene: Scene, state: PegState) -> Iterator[TargetOrder]:
    if scene.config.activity is not Activity.QUOTES:
        return
    low, high = scene.band.inside
    for quote in state.quotes:
        live = scene.view.orders.get(quote.slot)
        if not low <= quote.price <= high:
            continue
        if live is not None:
            yield _as_it_is(quote, live, Role.QUOTE, TimeInForce.POST_ONLY)
        elif quote.slot not in scene.view.finals and _may_rest(scene, state, quote):
            yield _target(quote, Role.QUOTE, TimeInForce.POST_ONLY)


def _may_rest(scene: Scene, state: PegState, quote: Wanted) -> bool:
    """It takes nothing, and there is still money for it."""
    against = scene.book.best(quote.side.opposite) if scene.book is not None else None
    is_maker = against is None or (quote.price - against) * quote.side.sign < 0
    return is_maker and quote.amount <= left(scene.config, state, scene.view).amount(quote.side, quote.price)


def _wanted_pair(scene: Scene, state: PegState) -> Iterator[TargetOrder]:
    """The maker first; once it rests, the taker, unless the market has come to a better price than the maker's by then:
    the taker would meet somebody else. What the taker left of the maker is taken off.
    """
    view, (maker, taker) = scene.view, state.pair
    resting, taking = view.orders.get(maker.slot), view.orders.get(taker.slot)
    if taking is not None:
        yield _as_it_is(taker, taking, Role.QUOTE, TimeInForce.IOC)
    if taker.slot in view.finals or (resting is not None and taking is None and not _is_best(scene, maker)):
        return
    if resting is not None:
        yield _as_it_is(maker, resting, Role.QUOTE, TimeInForce.POST_ONLY)
        is_ready = resting.status in _RESTING and not resting.cancel_requested
        if taking is None and is_ready and scene.band.objection(taker.price, resting.remaining) is None:
            part = taker.model_copy(update={"amount": resting.remaining})
            yield _target(part, Role.QUOTE, TimeInForce.IOC, may_meet_own=True)
    elif maker.slot not in view.finals and _may_rest(scene, state, maker) and _may_rest(scene, state, taker):
        yield _target(maker, Role.QUOTE, TimeInForce.POST_ONLY)


def _is_best(scene: Scene, order: Wanted) -> bool:
    """Whoever comes next meets this order before all others."""
    if scene.book is None:
        return False
    others = scene.book.best(order.side)
    return others is None or (order.price - others) * order.side.sign > 0


def _target(order: Wanted, role: Role, time_in_force: TimeInForce, *, may_meet_own: bool = False) -> TargetOrder:
    return TargetOrder(
        slot=order.slot,
        role=role,
        side=order.side,
        type=OrderType.LIMIT,
        amount=order.amount,
        price=order.price,
        time_in_force=time_in_force,
        one_shot=True,
        may_meet_own=may_meet_own,
    )


def _as_it_is(order: Wanted, live: Order, role: Role, time_in_force: TimeInForce) -> TargetOrder:
    kept = order.model_copy(update={"price": live.price or order.price, "amount": live.amount})
    return _target(kept, role, time_in_force)


# What would change its mind


def _wake(scene: Scene, state: PegState) -> Wake:
    """The end of the interval, and what may come before it: a newer book, or a price that leaves its band."""
    config, view = scene.config, scene.view
    if is_due(config, state, view):
        return Wake()  # our own orders' ends wake us
    end = ends_at(config, state)
    if scene.book is None:
        return Wake(end, Wake.any_price(view.book).bands)
    if wants_look(scene, state) and not is_news(state, scene.book):
        soon = view.now + LOOK_AGAIN
        return Wake(
            min(end, soon) if end is not None else soon, Wake.any_price(view.book).bands, newer_than=scene.book.at
        )
    if config.react is React.INTERVAL:
        return Wake(end)
    tick = view.instrument.price_tick
    low, high = scene.band.low, scene.band.high
    ask, bid = scene.book.ask, scene.book.bid
    if (ask is not None and ask <= low) or (bid is not None and bid >= high):
        # It is out of its band, and nothing more can be done before the next interval.
        return Wake(end)
    return Wake(end, {"ask": SignalBand(low=low + tick), "bid": SignalBand(high=high - tick)})
