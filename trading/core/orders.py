"""Orders, fills, and the life of an order as a transition table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from trading.core.instrument import ZERO, Side


class OrderType(StrEnum):
    LIMIT = "limit"
    MARKET = "market"
    STOP_MARKET = "stop_market"
    """Rests on the venue as a trigger and becomes a market order at ``trigger_price``."""


class TimeInForce(StrEnum):
    GTC = "gtc"
    IOC = "ioc"
    POST_ONLY = "post_only"


class Role(StrEnum):
    """What an order is for. The order of the members is the priority in which they are sent."""

    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    CLOSE = "close"
    ENTRY = "entry"
    QUOTE = "quote"

    @property
    def is_exit(self) -> bool:
        return self in (Role.STOP_LOSS, Role.TAKE_PROFIT, Role.CLOSE)

    @property
    def priority(self) -> int:
        return list(Role).index(self)


class OrderStatus(StrEnum):
    INTENDED = "intended"
    SENT = "sent"
    UNKNOWN = "unknown"
    OPEN = "open"
    PARTLY_FILLED = "partly_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        return self in _FINAL

    @property
    def is_in_flight(self) -> bool:
        """The venue has not yet said what became of it."""
        return self in (OrderStatus.INTENDED, OrderStatus.SENT, OrderStatus.UNKNOWN)


_FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})


class OrderEvent(StrEnum):
    """What can happen to an order, in the past tense."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    LOST = "lost"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ABSENT = "absent"
    PARTLY_FILLED = "partly_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"


_S, _E = OrderStatus, OrderEvent

_VENUE_SPEAKS: dict[OrderEvent, OrderStatus] = {
    _E.ACCEPTED: _S.OPEN,
    _E.PARTLY_FILLED: _S.PARTLY_FILLED,
    _E.FILLED: _S.FILLED,
    _E.CANCELED: _S.CANCELED,
    _E.EXPIRED: _S.EXPIRED,
    _E.REFUSED: _S.REJECTED,
}

TRANSITIONS: dict[tuple[OrderStatus, OrderEvent], OrderStatus] = {
    (_S.INTENDED, _E.SENT): _S.SENT,
    # After a crash an intent may or may not have left the machine: both rows below are asked for, never assumed.
    (_S.INTENDED, _E.LOST): _S.UNKNOWN,
    (_S.INTENDED, _E.ABSENT): _S.REJECTED,
    # Denied by our own risk checks, or recovery heard of it before we knew that it was sent.
    **{(_S.INTENDED, event): status for event, status in _VENUE_SPEAKS.items()},
    **{(_S.SENT, event): status for event, status in _VENUE_SPEAKS.items()},
    (_S.SENT, _E.LOST): _S.UNKNOWN,
    # Only NotSent may go back: nothing left this machine, so the same id may be used again.
    (_S.SENT, _E.NOT_SENT): _S.INTENDED,
    **{(_S.UNKNOWN, event): status for event, status in _VENUE_SPEAKS.items()},
    (_S.UNKNOWN, _E.ABSENT): _S.REJECTED,
    (_S.OPEN, _E.PARTLY_FILLED): _S.PARTLY_FILLED,
    (_S.OPEN, _E.FILLED): _S.FILLED,
    (_S.OPEN, _E.CANCELED): _S.CANCELED,
    (_S.OPEN, _E.EXPIRED): _S.EXPIRED,
    # A venue may accept first and refuse in a later message (post-only that would cross).
    (_S.OPEN, _E.REFUSED): _S.REJECTED,
    (_S.PARTLY_FILLED, _E.FILLED): _S.FILLED,
    (_S.PARTLY_FILLED, _E.CANCELED): _S.CANCELED,
    (_S.PARTLY_FILLED, _E.EXPIRED): _S.EXPIRED,
}

REPEATS: frozenset[tuple[OrderStatus, OrderEvent]] = frozenset(
    {
        (_S.OPEN, _E.ACCEPTED),
        (_S.PARTLY_FILLED, _E.PARTLY_FILLED),
        # The answer to the request may arrive behind the stream's messages about the same order.
        (_S.OPEN, _E.SENT),
        (_S.PARTLY_FILLED, _E.SENT),
        (_S.PARTLY_FILLED, _E.ACCEPTED),
        (_S.INTENDED, _E.NOT_SENT),
        (_S.OPEN, _E.LOST),
        (_S.PARTLY_FILLED, _E.LOST),
        (_S.UNKNOWN, _E.LOST),
        *((final, event) for final in _FINAL for event in OrderEvent),
    }
)
"""Late and repeated messages: normal on every venue, and without effect."""


class ImpossibleTransition(Exception):
    """An event that the table does not know; a defect of ours or a new habit of a venue."""

    def __init__(self, order: Order, event: OrderEvent) -> None:
        super().__init__(f"order {order.client_id} is {order.status} and cannot become {event}")
        self.order, self.event = order, event


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of one order of ours. ``fee`` is positive when paid, in ``fee_currency``.

    ``client_id`` is None where the venue's trade message does not carry it; then ``venue_order_id`` joins it.
    ``maker`` is None where the venue does not say. ``liquidation``: the venue closed our position by force.
    """

    trade_id: str
    venue_order_id: str
    client_id: str | None
    symbol: str
    side: Side
    price: Decimal
    amount: Decimal
    fee: Decimal
    fee_currency: str
    maker: bool | None
    at: datetime
    liquidation: bool = False


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What a venue says about one order. ``filled`` is cumulative, base units.

    ``execution_id`` is the order that a triggered stop became, where the venue gives it an id of its own;
    fills then come under that id. ``type`` is None where it is not told which kind of order it is.
    """

    client_id: str | None
    venue_id: str
    symbol: str
    event: OrderEvent
    filled: Decimal
    at: datetime
    side: Side | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    reduce_only: bool = False
    execution_id: str | None = None
    reason: str = ""
    type: OrderType | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order of ours, as we know it. Amounts are base units, prices quote currency.

    ``filled`` and ``filled_cost`` are folded from fills; ``reported_filled`` is the venue's cumulative word. While the
    two differ the order is not settled, and an order that is not settled keeps its slot.
    """

    client_id: str
    bot_id: int
    slot: str
    role: Role
    symbol: str
    side: Side
    type: OrderType
    amount: Decimal
    price: Decimal | None
    created_at: datetime
    updated_at: datetime
    trigger_price: Decimal | None = None
    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    one_shot: bool = False
    status: OrderStatus = OrderStatus.INTENDED
    filled: Decimal = ZERO
    filled_cost: Decimal = ZERO
    reported_filled: Decimal = ZERO
    venue_id: str | None = None
    execution_id: str | None = None
    cancel_requested: bool = False
    refusal: str = ""

    @property
    def remaining(self) -> Decimal:
        return max(ZERO, self.amount - max(self.filled, self.reported_filled))

    @property
    def average(self) -> Decimal | None:
        """Mean price of what was filled (quote), None before the first fill."""
        return self.filled_cost / self.filled if self.filled else None

    @property
    def is_settled(self) -> bool:
        """Every unit that the venue says was filled is backed by a fill we hold."""
        return self.filled >= self.reported_filled and (self.status is not OrderStatus.FILLED or self.filled > 0)

    @property
    def is_live(self) -> bool:
        """It holds its slot: not final, or final with fills still to be fetched."""
        return not (self.status.is_final and self.is_settled)


def resting_at(orders: Iterable[Order]) -> list[tuple[Side, Decimal, Decimal]]:
    """Side, price and remaining amount of the limit orders that the venue shows in its book."""
    shown = (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED)
    return [
        (order.side, order.price, order.remaining)
        for order in orders
        if order.price is not None and order.type is OrderType.LIMIT and order.status in shown
    ]


def apply_event(order: Order, event: OrderEvent, at: datetime) -> Order:
    """The order after ``event``. A late or repeated event changes nothing.

    Raises ImpossibleTransition for a pair that neither TRANSITIONS nor REPEATS knows.
    """
    key = (order.status, event)
    if key in TRANSITIONS:
        return replace(order, status=TRANSITIONS[key], updated_at=at)
    if key in REPEATS:
        return order
    raise ImpossibleTransition(order, event)


def apply_report(order: Order, report: OrderReport) -> Order:
    """The order after the venue's word about it. The cumulative amount never goes back.

    Raises ImpossibleTransition as apply_event does.
    """
    moved = apply_event(order, report.event, report.at)
    return replace(
        moved,
        venue_id=moved.venue_id or report.venue_id or None,
        execution_id=moved.execution_id or report.execution_id,
        reported_filled=max(moved.reported_filled, report.filled),
        refusal=report.reason or moved.refusal,
    )


def apply_fill(order: Order, fill: Fill) -> Order:
    """The order with one more execution counted; the caller has made sure that it is counted once."""
    filled = order.filled + fill.amount
    status = order.status
    if not status.is_final:
        # A fill proves that the order arrived, whatever we knew of it before.
        status = OrderStatus.FILLED if filled >= order.amount else OrderStatus.PARTLY_FILLED
    return replace(
        order,
        filled=filled,
        filled_cost=order.filled_cost + fill.amount * fill.price,
        reported_filled=max(order.reported_filled, filled),
        status=status,
        venue_id=order.venue_id or (None if order.type is OrderType.STOP_MARKET else fill.venue_order_id),
        updated_at=max(order.updated_at, fill.at),
    )
