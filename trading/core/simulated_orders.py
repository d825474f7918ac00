"""What a simulated venue keeps and tells about orders: the order itself, refusals and events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.ledger import Funding
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode


class Refused(Exception):
    """The simulated venue refuses a request; nothing has changed.

    ``reason``: insufficient_funds, below_min_amount, above_max_amount, below_min_cost, off_step, off_tick,
    post_only_would_take, reduce_only, duplicate_id, not_found, invalid_order, leverage, margin_mode, other.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class VenueOrder:
    """An order as the venue keeps it. Amounts in base units, prices in quote currency.

    ``client_id`` is None for the orders of a liquidation. ``filled_cost`` is quote currency before fees. A triggered
    stop has an ``execution_id``; its fills come under that id. ``refusal`` says why a final order ended early.
    """

    venue_id: str
    client_id: str | None
    symbol: str
    side: Side
    type: OrderType
    amount: Decimal
    price: Decimal | None
    trigger_price: Decimal | None
    reduce_only: bool
    time_in_force: TimeInForce
    created_at: datetime
    updated_at: datetime
    status: OrderStatus = OrderStatus.OPEN
    filled: Decimal = ZERO
    filled_cost: Decimal = ZERO
    execution_id: str | None = None
    refusal: str = ""

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.filled

    @property
    def average(self) -> Decimal | None:
        return self.filled_cost / self.filled if self.filled else None

    @property
    def is_open(self) -> bool:
        return not self.status.is_final

    @property
    def waits_for_trigger(self) -> bool:
        return self.is_open and self.type is OrderType.STOP_MARKET and self.execution_id is None

    @property
    def sequence(self) -> int:
        """Its age: venue ids are numbers in the order of acceptance."""
        return int(self.venue_id)

    def ended(self, status: OrderStatus, now: datetime, reason: str = "") -> VenueOrder:
        return replace(self, status=status, updated_at=now, refusal=reason)

    def report(self) -> OrderReport:
        """What the venue says about it now."""
        return OrderReport(
            client_id=self.client_id,
            venue_id=self.venue_id,
            symbol=self.symbol,
            event=_EVENTS[self.status],
            filled=self.filled,
            at=self.updated_at,
            side=self.side,
            price=self.price,
            amount=self.amount,
            reduce_only=self.reduce_only,
            execution_id=self.execution_id,
            reason=self.refusal,
            type=self.type,
        )


_EVENTS = {
    OrderStatus.OPEN: OrderEvent.ACCEPTED,
    OrderStatus.PARTLY_FILLED: OrderEvent.PARTLY_FILLED,
    OrderStatus.FILLED: OrderEvent.FILLED,
    OrderStatus.CANCELED: OrderEvent.CANCELED,
    OrderStatus.EXPIRED: OrderEvent.EXPIRED,
    OrderStatus.REJECTED: OrderEvent.REFUSED,
}


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A position of a linear perpetual. ``amount`` is signed base units, ``cost`` is amount * average, of that sign.

    ``margin`` (quote) is the money set aside for it when isolated, zero when cross.
    """

    symbol: str
    amount: Decimal
    cost: Decimal
    margin_mode: MarginMode
    leverage: Decimal
    margin: Decimal = ZERO

    @property
    def average(self) -> Decimal:
        return self.cost / self.amount

    def unrealized(self, mark: Decimal) -> Decimal:
        """Profit (quote) at ``mark``, before fees."""
        return self.amount * mark - self.cost


@dataclass(frozen=True, slots=True)
class BalancesMoved:
    """Wallet or locked money changed."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PositionMoved:
    """A position was opened, changed or closed; ``amount`` (base, signed) is what there is now."""

    symbol: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Liquidated:
    """The venue took a position over: ``amount`` (base, signed) closed at ``price`` with ``fee`` (quote)."""

    symbol: str
    amount: Decimal
    price: Decimal
    fee: Decimal
    at: datetime


ExchangeEvent = OrderReport | Fill | Funding | BalancesMoved | PositionMoved | Liquidated
