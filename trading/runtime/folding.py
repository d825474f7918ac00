"""How each event changes the bench. No I/O: what follows from an event is left to the next plan."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.client_ids import parse_client_id
from trading.core.instrument import ZERO, Side
from trading.core.ledger import Funding
from trading.core.notices import (
    InsufficientFunds,
    OrderRefused,
    PositionGone,
    SetupRefused,
    UnknownOrders,
)
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus
from trading.core.planning import Mode, Setup
from trading.exchanges.errors import BadCredentials, NotSent, Rejected, Throttled, VenueError
from trading.exchanges.gateway import Accepted, Outcome
from trading.runtime.bench import Bench
from trading.runtime.events import (
    AmendAnswered,
    Asked,
    CancelAnswered,
    GapOpened,
    PlaceAnswered,
    Recovered,
    SetupAnswered,
    Wish,
    WorkerEvent,
)
from trading.runtime.recovery import OrderAbsent, PositionSeen, StrayOrder

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(seconds=1)
SETUP_RETRY_AFTER = timedelta(seconds=30)


def fold(bench: Bench, event: WorkerEvent, now: datetime) -> None:  # noqa: PLR0912  one arm for each kind of event
    """Change the bench by one event."""
    match event:
        case OrderReport():
            _fold_report(bench, event)
        case Fill():
            _fold_fill(bench, event, now)
        case Funding():
            bench.books.fold_funding(event)
        case PlaceAnswered(order, outcome):
            _fold_placed(bench, order, outcome, now)
        case CancelAnswered(order, outcome):
            _fold_cancel_answer(bench, order, outcome)
        case AmendAnswered():
            _fold_amended(bench, event)
        case SetupAnswered(setup, error):
            _fold_setup(bench, setup, error, now)
        case OrderAbsent(client_id, at):
            bench.books.note(client_id, OrderEvent.ABSENT, at, "never_arrived")
        case PositionSeen():
            _fold_position(bench, event, now)
        case StrayOrder(report):
            _fold_stray(bench, report)
        case Asked(client_id):
            bench.air.asking.discard(client_id)
            # Still open after its cancel was taken: then it is canceled again.
            bench.air.canceling.discard(client_id)
        case Recovered():
            bench.is_recovered = True
        case GapOpened():
            bench.is_recovered = False
        case Wish():
            _fold_wish(bench, event)
    for defect in bench.books.defects:
        log.warning("bot %s: %s", bench.record.id, defect)
    bench.books.defects.clear()


def _fold_report(bench: Bench, report: OrderReport) -> None:
    before = bench.books.find(report.client_id, report.venue_id)
    order = bench.books.fold_report(report)
    if before is None or order is None or not order.status.is_final:
        return
    bench.air.canceling.discard(order.client_id)
    bench.air.unsent.pop(order.client_id, None)
    if order.status is OrderStatus.REJECTED and not before.status.is_final:
        _refuse(bench, order, "other", report.reason, report.at)


def _fold_fill(bench: Bench, fill: Fill, now: datetime) -> None:
    if bench.books.fold_fill(fill):
        bench.positions.moved(now)
        bench.last_fill_at = max(bench.last_fill_at or fill.at, fill.at)
        bench.succeeded()
        bench.fills_caught_up += not bench.is_recovered


def _fold_placed(bench: Bench, order: Order, outcome: Outcome, now: datetime) -> None:
    books = bench.books
    match outcome:
        case Accepted(venue_id, report):
            taken = OrderReport(order.client_id, venue_id, order.symbol, OrderEvent.ACCEPTED, ZERO, now)
            books.fold_report(taken)
            if report is not None:
                books.fold_report(report)
            bench.backoffs.clear(order.slot)
            bench.succeeded()
        case NotSent():
            books.note(order.client_id, OrderEvent.NOT_SENT, now)
            bench.air.unsent[order.client_id] = now + RESEND_AFTER
        case Throttled(retry_after=seconds):
            # Refused for rate before it was looked at: as if it had not been sent.
            books.note(order.client_id, OrderEvent.NOT_SENT, now)
            bench.air.unsent[order.client_id] = now + timedelta(seconds=seconds)
        case Rejected(reason=reason, detail=detail):
            books.note(order.client_id, OrderEvent.REFUSED, now, reason)
            _refuse(bench, order, reason, detail, now)
        case BadCredentials():
            books.note(order.client_id, OrderEvent.REFUSED, now, "bad_credentials")
            bench.backoffs.refuse(order.slot, "bad_credentials", now)
        case _:
            books.note(order.client_id, OrderEvent.LOST, now)
            bench.failed(str(outcome))


def _refuse(bench: Bench, order: Order, reason: str, detail: str, now: datetime) -> None:
    symbol = bench.record.symbol
    if bench.backoffs.refuse(order.slot, reason, now):
        if reason == "insufficient_funds":
            bench.tell(InsufficientFunds(symbol=symbol, detail=detail))
        else:
            bench.tell(
                OrderRefused(
                    symbol=symbol,
                    slot=order.slot,
                    side=order.side,
                    amount=order.amount,
                    price=order.price,
                    reason=reason,
                    detail=detail,
                )
            )
    bench.failed(reason)


def _fold_cancel_answer(bench: Bench, order: Order, outcome: Outcome) -> None:
    if isinstance(outcome, Accepted) and outcome.report is not None:
        _fold_report(bench, outcome.report)
    elif not isinstance(outcome, Accepted):
        # Whatever went wrong, asking tells: it may be filled, canceled or still open, and then it is canceled again.
        log.info("bot %s: cancel of %s: %s", bench.record.id, order.client_id, outcome)
        bench.air.canceling.discard(order.client_id)


def _fold_amended(bench: Bench, answer: AmendAnswered) -> None:
    bench.air.amending.discard(answer.order.client_id)
    if isinstance(answer.outcome, Accepted):
        target = answer.target
        bench.books.amended(answer.order.client_id, target.price, target.amount, target.trigger_price)
        if answer.outcome.report is not None:
            _fold_report(bench, answer.outcome.report)
    else:
        bench.failed(str(answer.outcome))


def _fold_setup(bench: Bench, setup: Setup, error: VenueError | None, now: datetime) -> None:
    bench.air.setup_asked = None
    if error is None:
        bench.air.setup_done, bench.air.setup_retry_at = setup, None
        return
    bench.air.setup_retry_at = now + SETUP_RETRY_AFTER
    if isinstance(error, Rejected):
        if bench.record.last_error != error.reason:
            bench.tell(SetupRefused(symbol=bench.record.symbol, reason=error.reason, detail=error.detail))
        bench.failed(error.reason)


def _fold_position(bench: Bench, seen: PositionSeen, now: datetime) -> None:
    books = bench.books
    if books.in_flight or books.unsettled or bench.air.canceling:
        return
    difference = bench.positions.compare(books.ledger.position, seen.amount, seen.asked_at)
    if difference is None:
        return
    if not difference.is_reduction:
        log.warning("bot %s: position is %s, ours is %s", bench.record.id, difference.found, difference.expected)
        return
    price = _fold_elsewhere(bench, difference.expected - difference.found, seen.price, now)
    bench.positions.moved(now)
    bench.tell(
        PositionGone(symbol=bench.record.symbol, expected=difference.expected, found=difference.found, price=price)
    )


def _fold_elsewhere(bench: Bench, gone: Decimal, mark: Decimal | None, now: datetime) -> Decimal:
    """Book what left our position by another hand: at the venue's own fills where they explain it, else at the mark."""
    side = Side.SELL if gone > 0 else Side.BUY
    foreign = [fill for fill in bench.books.foreign_fills() if fill.side is side]
    if sum((fill.amount for fill in foreign), ZERO) != abs(gone):
        price = mark or _last_mid(bench) or bench.books.ledger.average or ZERO
        foreign = [_estimated_fill(bench, side, abs(gone), price, now)]
    for fill in foreign:
        bench.books.fold_elsewhere(fill)
    cost = sum((fill.amount * fill.price for fill in foreign), ZERO)
    return bench.books.instrument.nearest_price(cost / abs(gone))


def _estimated_fill(bench: Bench, side: Side, amount: Decimal, price: Decimal, now: datetime) -> Fill:
    return Fill(
        trade_id=f"elsewhere-{now.timestamp():.6f}",
        venue_order_id="",
        client_id=None,
        symbol=bench.record.symbol,
        side=side,
        price=price,
        amount=amount,
        fee=ZERO,
        fee_currency=bench.books.instrument.quote,
        maker=None,
        at=now,
    )


def _last_mid(bench: Bench) -> Decimal | None:
    return bench.market[""][0].mid if "" in bench.market else None


def _fold_stray(bench: Bench, report: OrderReport) -> None:
    if report.client_id is None or bench.books.find(report.client_id) or report.client_id in bench.strays_told:
        return
    bench.strays_told.add(report.client_id)
    ours = parse_client_id(report.client_id)
    if ours is None or (ours.bot_id != bench.record.id and ours.epoch == bench.epoch):
        return
    is_of_this_epoch = ours.epoch == bench.epoch
    if is_of_this_epoch:
        bench.strays[report.client_id] = report
    outcome = "canceled" if is_of_this_epoch else "foreign_epoch"
    bench.tell(UnknownOrders(symbol=report.symbol, outcome=outcome, client_ids=(report.client_id,)))


def _fold_wish(bench: Bench, wish: Wish) -> None:
    if wish.config is not None:
        changed = bench.strategy.config_model.model_validate_json(wish.config)
        bench.config = changed
        bench.record = replace(bench.record, config=wish.config, deposit=bench.strategy.deposit(changed))
    if wish.mode is not None and bench.record.active:
        bench.set_mode(wish.mode, wish.cause)
        if wish.mode is Mode.RUNNING:
            bench.errors_in_a_row = 0
            bench.record = replace(bench.record, last_error="")
    bench.tell(*wish.notices)
