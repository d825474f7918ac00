"""How each event changes the bench. No I/O: what follows from an event is left to the next plan."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from trading.core.client_ids import parse_client_id
from trading.core.instrument import ZERO
from trading.core.ledger import Funding
from trading.core.notices import InsufficientFunds, OrderRefused, SetupRefused, UnknownOrders
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus
from trading.core.planning import Mode, Setup
from trading.core.telling import Notice
from trading.exchanges.errors import BadCredentials, NotSent, OutcomeUnknown, Rejected, Throttled, VenueError
from trading.exchanges.gateway import Accepted, Outcome
from trading.runtime.bench import Bench
from trading.runtime.by_hand import fold_by_hand, note_news
from trading.runtime.elsewhere import fold_position
from trading.runtime.events import (
    AmendAnswered,
    Asked,
    CancelAnswered,
    GapOpened,
    PlaceAnswered,
    Recovered,
    ReplaceAnswered,
    SetupAnswered,
    Wish,
    WorkerEvent,
)
from trading.runtime.recovery import OrderAbsent, PositionSeen, StrayOrder

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(seconds=1)
SETUP_RETRY_AFTER = timedelta(seconds=30)
_OVERTAKEN = frozenset({"not_found", "post_only_would_take"})
"""Refusals of a change that only say that the market was quicker: every day's work for a maker, and nobody's error."""


def fold(bench: Bench, event: WorkerEvent, now: datetime) -> None:  # noqa: PLR0912  one arm for each kind of event
    """Change the bench by one event."""
    match event:
        case OrderReport():
            _fold_report(bench, event, now)
        case Fill():
            _fold_fill(bench, event, now)
        case Funding():
            bench.books.fold_funding(event)
        case PlaceAnswered(order, outcome):
            _fold_placed(bench, order, outcome, now)
        case CancelAnswered(order, outcome):
            _fold_cancel_answer(bench, order, outcome, now)
        case AmendAnswered():
            _fold_amended(bench, event, now)
        case ReplaceAnswered(order, canceled, successor, placed):
            _fold_cancel_answer(bench, order, canceled, now)
            _fold_succeeded(bench, successor, placed, now)
        case SetupAnswered(setup, error):
            _fold_setup(bench, setup, error, now)
        case OrderAbsent(client_id, at):
            _fold_absent(bench, client_id, at)
        case PositionSeen():
            fold_position(bench, event, now)
        case StrayOrder(report):
            _fold_stray(bench, report)
        case Asked(client_id):
            # Still open after its cancel was taken: then it is canceled again.
            bench.air.canceling.discard(client_id)
            bench.air.amending.discard(client_id)
        case Recovered(at, with_funding):
            bench.is_recovered = True
            bench.whole_until = at
            bench.funded_until = at if with_funding else bench.funded_until
        case GapOpened():
            bench.is_recovered = False
        case Wish():
            _fold_wish(bench, event, now)
    for defect in bench.books.defects:
        log.warning("bot %s: %s", bench.record.id, defect)
    bench.books.defects.clear()
    note_news(bench)


def _fold_report(bench: Bench, report: OrderReport, now: datetime) -> None:
    before = bench.books.find(report.client_id, report.venue_id)
    order = bench.books.fold_report(report)
    if before is None or order is None or not order.status.is_final:
        return
    bench.air.forget(order.client_id)
    if order.status is OrderStatus.REJECTED and not before.status.is_final:
        _refuse(bench, order, "other", report.reason, now)


def _fold_absent(bench: Bench, client_id: str, at: datetime) -> None:
    """It never arrived; or the venue took it once and has nothing of it any more, and then it has ended."""
    order = bench.books.find(client_id)
    if order is None:
        return
    is_in_flight = order.status.is_in_flight
    bench.books.note(client_id, OrderEvent.ABSENT if is_in_flight else OrderEvent.EXPIRED, at, "never_arrived")
    if is_in_flight and (told := bench.air.said_no.get(client_id)):
        # The venue said no in words that alone prove nothing; that it has no such order proves them.
        _refuse(bench, order, "unproven_refusal", told, at)
    bench.air.forget(client_id)


def _fold_fill(bench: Bench, fill: Fill, now: datetime) -> None:
    ours = parse_client_id(fill.client_id) if fill.client_id else None
    if ours is not None and ours.bot_id != bench.record.id:
        return
    if bench.books.fold_fill(fill):
        note_fill(bench, fill, now)


def note_fill(bench: Bench, fill: Fill, now: datetime) -> None:
    """What follows from a fill that was just counted."""
    bench.positions.moved(now)
    bench.was_liquidated = False
    bench.last_fill_at = max(bench.last_fill_at or fill.at, fill.at)
    bench.succeeded()
    bench.fills_caught_up += not bench.is_recovered


def _fold_placed(bench: Bench, order: Order, outcome: Outcome, now: datetime) -> None:
    books = bench.books
    match outcome:
        case Accepted(venue_id, report):
            taken = OrderReport(order.client_id, venue_id, order.symbol, OrderEvent.ACCEPTED, ZERO, now)
            books.fold_report(taken)
            bench.backoffs.clear(order.slot)
            bench.lacks_funds = False
            bench.succeeded()
            if report is not None:
                _fold_report(bench, report, now)
        case NotSent():
            books.note(order.client_id, OrderEvent.NOT_SENT, now)
            bench.air.unsent[order.client_id] = now + RESEND_AFTER
        case Throttled(retry_after=seconds):
            # Refused for rate before it was looked at: as if it had not been sent.
            books.note(order.client_id, OrderEvent.NOT_SENT, now)
            bench.air.unsent[order.client_id] = now + timedelta(seconds=seconds)
        case Rejected(reason="duplicate_id"):
            # It proves the contrary of a refusal: the venue has this order already.
            books.note(order.client_id, OrderEvent.LOST, now)
        case Rejected(reason=reason, detail=detail):
            books.note(order.client_id, OrderEvent.REFUSED, now, reason)
            _refuse(bench, order, reason, detail, now)
        case BadCredentials():
            books.note(order.client_id, OrderEvent.REFUSED, now, "bad_credentials")
            bench.backoffs.refuse(order.slot, "bad_credentials", now)
        case _:
            books.note(order.client_id, OrderEvent.LOST, now)
            if isinstance(outcome, OutcomeUnknown) and outcome.refusal:
                # Counted as an error once it is proven that the order is not there.
                bench.air.said_no[order.client_id] = outcome.refusal
            else:
                bench.failed(str(outcome), now)


def _refuse(bench: Bench, order: Order, reason: str, detail: str, now: datetime) -> None:
    symbol = bench.record.symbol
    if reason == "post_only_would_take":
        # The book moved between the look and the order: every day's work for a maker, and nobody's error.
        bench.backoffs.pause(order.slot, reason, now)
        return
    if reason == "insufficient_funds":
        # One purse: what it lacks for one order it lacks for the others too, and those of a next cycle.
        is_news = not bench.lacks_funds and not bench.backoffs.knows(reason)
        bench.lacks_funds = True
        told: Notice = InsufficientFunds(symbol=symbol, detail=detail)
    else:
        is_news = True
        told = OrderRefused(
            symbol=symbol,
            slot=order.slot,
            side=order.side,
            amount=order.amount,
            price=order.price,
            reason=reason,
            detail=detail,
        )
    if bench.backoffs.refuse(order.slot, reason, now) and is_news:
        bench.tell(told)
    bench.failed(reason, now)


def _fold_cancel_answer(bench: Bench, order: Order, outcome: Outcome, now: datetime) -> None:
    """Whatever went wrong, asking tells: it may be filled, canceled or still open, and then it is canceled again."""
    match outcome:
        case Accepted(report=report):
            if report is not None:
                _fold_report(bench, report, now)
        case NotSent() | Throttled():
            bench.air.canceling.discard(order.client_id)
            bench.air.later[order.client_id] = now + _wait_for(outcome)
        case _:
            log.info("bot %s: cancel of %s: %s", bench.record.id, order.client_id, outcome)


def _fold_amended(bench: Bench, answer: AmendAnswered, now: datetime) -> None:
    client_id, target = answer.order.client_id, answer.target
    match answer.outcome:
        case Accepted(report=report):
            bench.air.amending.discard(client_id)
            filled = max(answer.order.filled, answer.order.reported_filled)
            bench.books.amended(client_id, target.price, target.amount, target.trigger_price, filled=filled)
            if report is not None:
                _fold_report(bench, report, now)
        case NotSent() | Throttled():
            bench.air.amending.discard(client_id)
            bench.air.amended.pop(client_id, None)
            bench.air.later[client_id] = now + _wait_for(answer.outcome)
        case Rejected(reason=reason):
            bench.air.rigid.add(client_id)
            if reason not in _OVERTAKEN:
                bench.failed(str(answer.outcome), now)
        case _:
            bench.failed(str(answer.outcome), now)


def _fold_succeeded(bench: Bench, successor: Order, placed: Outcome, now: datetime) -> None:
    """As any placing, but what was not tried is forgotten: by itself it would be a second order in its slot."""
    match placed:
        case NotSent() | Throttled() | Rejected(reason="not_attempted"):
            bench.books.note(successor.client_id, OrderEvent.REFUSED, now, "not_attempted")
        case _:
            _fold_placed(bench, successor, placed, now)


def _wait_for(outcome: NotSent | Throttled) -> timedelta:
    return timedelta(seconds=outcome.retry_after) if isinstance(outcome, Throttled) else RESEND_AFTER


def _fold_setup(bench: Bench, setup: Setup, error: VenueError | None, now: datetime) -> None:
    bench.air.setup_asked = None
    if error is None:
        bench.air.setup_done, bench.air.setup_retry_at = setup, None
        return
    bench.air.setup_retry_at = now + SETUP_RETRY_AFTER
    if isinstance(error, Rejected):
        if bench.record.last_error != error.reason:
            bench.tell(SetupRefused(symbol=bench.record.symbol, reason=error.reason, detail=error.detail))
        bench.failed(error.reason, now)


def _fold_stray(bench: Bench, report: OrderReport) -> None:
    """An order of ours rests that should not: cancel it, each time it is seen, and say so once."""
    ours = parse_client_id(report.client_id) if report.client_id else None
    known = bench.books.find(report.client_id) if report.client_id else None
    if report.client_id is None or ours is None or (known is not None and not known.status.is_final):
        return
    is_of_this_epoch = ours.epoch == bench.epoch
    if is_of_this_epoch and ours.bot_id != bench.record.id:
        return
    if is_of_this_epoch:
        bench.strays[report.client_id] = report
    if known is None and report.client_id not in bench.strays_told:
        bench.strays_told.add(report.client_id)
        outcome = "canceled" if is_of_this_epoch else "foreign_epoch"
        bench.tell(UnknownOrders(symbol=report.symbol, outcome=outcome, client_ids=(report.client_id,)))


def _fold_wish(bench: Bench, wish: Wish, now: datetime) -> None:
    if not wish.suits(bench.record):
        return
    if wish.config is not None:
        changed = bench.strategy.config_model.model_validate_json(wish.config)
        for other in set(bench.references) - set(bench.references_of(changed)):
            # Its price is no longer meant, and must not be taken for that of the market that comes instead.
            bench.market.pop(other.name, None)
        bench.config = changed
        bench.record = replace(bench.record, config=wish.config, deposit=bench.strategy.deposit(changed))
    if bench.record.active:
        fold_by_hand(bench, wish, now)
    if wish.mode is not None and bench.record.active:
        bench.set_mode(wish.mode, wish.cause)
        if wish.mode is Mode.RUNNING:
            bench.errors_in_a_row = 0
            bench.record = replace(bench.record, last_error="")
    bench.tell(*wish.notices)
