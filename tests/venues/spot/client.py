"""What tests of live spot gateways share: a gateway to a local venue, and orders in few words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.venues.spot.server import SpotVenue
from trading.clock import FastClock
from trading.core.instrument import MarketKind, Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import TargetOrder
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway

SYMBOL = "CRV/USDT"


@asynccontextmanager
async def connected(name: str, venue: SpotVenue, **options: Any) -> AsyncIterator[LiveGateway]:
    """An open gateway, quick to lose patience."""
    limiter = Limiter(FastClock(speed=20), rate=100_000)
    defaults: dict[str, Any] = {"address": venue.address, "request_seconds": 5, "limiter": limiter}
    gateway = live_gateway(name, **{"credentials": None, **defaults, **options}, kind=MarketKind.SPOT)
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
    time_in_force: TimeInForce = TimeInForce.GTC,
) -> NewOrder:
    target = TargetOrder(
        slot="slot",
        role=Role.QUOTE,
        side=Side(side),
        type=OrderType.LIMIT if price else OrderType.MARKET,
        amount=Decimal(amount),
        price=Decimal(price) if price else None,
        time_in_force=time_in_force,
    )
    return NewOrder(client_id, symbol, target, None)


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
        trigger_price=None,
        reduce_only=False,
        time_in_force=target.time_in_force,
        created_at=now,
        updated_at=now,
        venue_id=venue_id,
    )
