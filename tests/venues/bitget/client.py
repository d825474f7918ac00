"""What tests of the live gateway share: a gateway to a local venue, and orders in few words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.venues.bitget.server import BitgetVenue
from trading.clock import FastClock
from trading.core.instrument import Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import MarginMode, TargetOrder
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway
from trading.exchanges.venues import Credentials

SYMBOL = "CRV/USDT:USDT"
MARKET = "CRVUSDT"
KEY = Credentials("bg-key", "bg-secret", "bg-pass")


@asynccontextmanager
async def connected(venue: BitgetVenue, **options: Any) -> AsyncIterator[LiveGateway]:
    """An open gateway with the venue's default key, and quick to lose patience."""
    limiter = Limiter(FastClock(speed=20), rate=100_000)
    defaults: dict[str, Any] = {"credentials": KEY, "address": venue.address, "request_seconds": 5, "limiter": limiter}
    gateway = live_gateway("bitget", **{**defaults, **options})
    try:
        await gateway.open()
        yield gateway
    finally:
        await gateway.close()


def new_order(
    client_id: str,
    side: str = "buy",
    amount: str = "20",
    price: str | None = "0.45",
    *,
    symbol: str = SYMBOL,
    reduce_only: bool = False,
    time_in_force: TimeInForce = TimeInForce.GTC,
    trigger: str | None = None,
    role: Role = Role.ENTRY,
    margin_mode: MarginMode = MarginMode.CROSS,
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
    now = datetime.now(UTC)
    target = new.target
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
