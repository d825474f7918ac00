"""What tests of live gateways share: an open gateway, and orders in few words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

from trading.core.instrument import Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import MarginMode, TargetOrder
from trading.exchanges.gateway import NewOrder
from trading.exchanges.live import LiveGateway


@asynccontextmanager
async def opened(gateway: LiveGateway) -> AsyncIterator[LiveGateway]:
    try:
        await gateway.open()
        yield gateway
    finally:
        await gateway.close()


def made_order(
    client_id: str,
    side: str,
    amount: str,
    price: str | None,
    *,
    symbol: str,
    role: Role,
    reduce_only: bool = False,
    time_in_force: TimeInForce = TimeInForce.GTC,
    trigger: str | None = None,
    margin_mode: MarginMode | None = None,
) -> NewOrder:
    kind = OrderType.STOP_MARKET if trigger else OrderType.LIMIT if price else OrderType.MARKET
    target = TargetOrder(
        slot="slot",
        role=role,
        side=Side(side),
        type=kind,
        amount=Decimal(amount),
        price=Decimal(price) if price and not trigger else None,
        trigger_price=Decimal(trigger) if trigger else None,
        reduce_only=reduce_only,
        time_in_force=time_in_force,
    )
    return NewOrder(client_id, symbol, target, margin_mode)


def as_order(new: NewOrder, venue_id: str | None = None) -> Order:
    """The order as our books would hold it."""
    now, target = datetime.now(UTC), new.target
    return Order(
        client_id=new.client_id,
        bot_id=1,
        slot=target.slot,
        role=target.role,
        symbol=new.symbol,
        side=target.side,
        type=target.type,
        amount=target.amount,
        price=target.price,
        trigger_price=target.trigger_price,
        reduce_only=target.reduce_only,
        time_in_force=target.time_in_force,
        created_at=now,
        updated_at=now,
        venue_id=venue_id,
    )
