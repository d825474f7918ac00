"""Follows on the bench what a bot's owner does by hand, and tells what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trading.core.by_hand import ByHand, Closed, Reduction, reducing_order, refusal_of, with_by_hand
from trading.core.instrument import MarketKind
from trading.core.notices import CanceledOrder, ClosingDelayed, OrderTakenOff, PanicReport, PositionReduced
from trading.core.orders import Order, OrderStatus
from trading.core.planning import Plan, View
from trading.runtime.bench import Bench
from trading.runtime.events import Wish


def fold_by_hand(bench: Bench, wish: Wish, now: datetime) -> None:
    """Take up what is wished for. Raises WishRefused, and then nothing was changed."""
    by_hand = bench.record.by_hand
    if wish.close_percent is not None:
        books = bench.books
        seen = bench.market.get("")
        price = seen[0].mid if seen is not None else None
        by_hand = by_hand.reducing(books.ledger.position, books.instrument, wish.close_percent, price)
    if wish.withdraw:
        order = bench.books.find(wish.withdraw)
        by_hand = by_hand.withdrawing(order)
        if order is not None and order.one_shot:
            # A strategy places again what it withdrew itself, and leaves what somebody else took off.
            bench.books.disown_cancel(order.client_id)
    if wish.mode is not None:
        by_hand = by_hand.ending_by(wish.mode, wish.cause, now)
    _keep(bench, by_hand)


def note_news(bench: Bench) -> None:
    """Count what was filled and canceled towards what is under way by hand."""
    news, by_hand = bench.books.take_news(), bench.record.by_hand
    for gain in news.gains:
        by_hand = by_hand.gained(gain)
    for order in news.ended:
        by_hand = by_hand.ended(order)
    _keep(bench, by_hand)


def settle(bench: Bench, view: View) -> None:
    """Let go of what is done, and tell it. The view's picture must be whole."""
    note_news(bench)
    for client_id in bench.record.by_hand.withdrawn:
        order = bench.books.find(client_id)
        if order is None or not order.is_live:
            _settle_withdrawn(bench, client_id, order)
    reduction = bench.record.by_hand.reduction
    if reduction is not None and reducing_order(_seen(bench, view), reduction) is None:
        bench.state = bench.strategy.reduced(bench.state, view)
        _keep(bench, replace(bench.record.by_hand, reduction=None))
        bench.tell(_reduced(bench, reduction.done, reduction, refusal_of(view, reduction)))


def beside(bench: Bench, plan: Plan, view: View) -> Plan:
    """The plan with what the owner wants beside it."""
    return with_by_hand(plan, bench.record.by_hand, _seen(bench, view))


def is_withdrawn(bench: Bench, order: Order) -> bool:
    """Its owner takes it off, and it shall not come back: the strategy must not think that it withdrew it itself."""
    return order.one_shot and order.client_id in bench.record.by_hand.withdrawn


def tell_ending(bench: Bench) -> None:
    """The bot has ended: what was canceled and closed on the way."""
    ending = bench.record.by_hand.ending
    _keep(bench, ByHand(count=bench.record.by_hand.count))
    if ending is None:
        return
    if ending.is_panic:
        done = ending.done
        bench.tell(
            PanicReport(
                symbol=bench.record.symbol,
                canceled=ending.canceled,
                closed=done.amount,
                price=done.price,
                net=done.net,
                left=bench.books.ledger.position or None,
                orders=tuple(
                    CanceledOrder(side=one.side, amount=one.amount, price=one.price) for one in ending.taken_off
                ),
            )
        )
    elif ending.done.amount:
        bench.tell(_reduced(bench, ending.done))


def delay_due(bench: Bench, after: timedelta) -> datetime | None:
    """When it is to be told that canceling and closing everything takes longer."""
    ending = bench.record.by_hand.ending
    waits = ending is not None and not ending.delay_told and bench.record.active
    return ending.began_at + after if ending is not None and waits else None


def tell_delay(bench: Bench, now: datetime, after: timedelta) -> None:
    """Canceling and closing everything takes longer than ``after``: say once what could not be done yet, and why."""
    ending, due = bench.record.by_hand.ending, delay_due(bench, after)
    if ending is None or due is None or now < due:
        return
    _keep(bench, replace(bench.record.by_hand, ending=replace(ending, delay_told=True)))
    bench.tell(
        ClosingDelayed(
            symbol=bench.record.symbol,
            orders=len(bench.books.live),
            position=bench.books.ledger.position,
            detail=_why_not_yet(bench),
        )
    )


def _why_not_yet(bench: Bench) -> str:
    """A code."""
    if not bench.is_recovered:
        return "venue_away"
    return "no_price" if bench.lacks_price else bench.record.last_error or "not_confirmed"


def _settle_withdrawn(bench: Bench, client_id: str, order: Order | None) -> None:
    by_hand = bench.record.by_hand
    _keep(bench, replace(by_hand, withdrawn=tuple(each for each in by_hand.withdrawn if each != client_id)))
    if order is not None:
        bench.tell(
            OrderTakenOff(
                symbol=bench.record.symbol,
                side=order.side,
                amount=order.remaining,
                price=order.price,
                filled=order.filled or None,
                was_filled=order.status is OrderStatus.FILLED,
                returns=not order.one_shot,
            )
        )


def _reduced(bench: Bench, done: Closed, reduction: Reduction | None = None, refusal: str = "") -> PositionReduced:
    wanted = done.amount if reduction is None else reduction.amount
    return PositionReduced(
        symbol=bench.record.symbol,
        wanted=wanted,
        closed=done.amount,
        price=done.price,
        net=done.net,
        left=bench.books.ledger.position,
        detail=refusal if done.amount < wanted else "",
    )


def _seen(bench: Bench, view: View) -> View:
    """What was just bought or sold is not in the balances yet; then the ledger alone says what there is to sell."""
    is_behind = view.instrument.kind is MarketKind.SPOT and bench.balances_are_behind
    return replace(view, balances={}) if is_behind else view


def _keep(bench: Bench, by_hand: ByHand) -> None:
    if by_hand != bench.record.by_hand:
        bench.record = replace(bench.record, by_hand=by_hand)
