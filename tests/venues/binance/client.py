"""What tests of the live gateway share: a gateway to a local venue, and orders in few words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.venues.binance.server import BinanceVenue
from trading.clock import FastClock
from trading.core.instrument import MarketKind, Side
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import TargetOrder
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway
from trading.exchanges.venues import Credentials

SYMBOL, MARKET = "BTC/USDT", "BTCUSDT"
KEY = Credentials("bn-key", "bn-secret")


@asynccontextmanager
async def connected(venue: BinanceVenue, **options: Any) -> AsyncIterator[LiveGateway]:
    """An open gateway with the venue's default key, and quick to lose patience."""
    fast = FastClock(speed=20)
    defaults: dict[str, Any] = {
        "credentials": KEY,
        "kind": MarketKind.SPOT,
        "address": venue.address,
        "request_seconds": 5,
        "limiter": Limiter(fast, rate=100_000),
        "order_limiter": Limiter(fast, rate=100_000, concurrency=20),
    }
    gateway = live_gateway("binance", **{**defaults, **options})
    try:
        await gateway.open()
        yield gateway
    finally:
        await gateway.close()


def new_order(
    client_id: str,
    side: str = "buy",
    amount: str = "0.001",
    price: str | None = "61000",
    *,
    symbol: str = SYMBOL,
    time_in_force: TimeInForce = TimeInForce.GTC,
    role: Role = Role.QUOTE,
) -> NewOrder:
    target = TargetOrder(
        slot="slot",
        role=role,
        side=Side(side),
        type=OrderType.LIMIT if price else OrderType.MARKET,
        amount=Decimal(amount),
        price=Decimal(price) if price else None,
        time_in_force=time_in_force,
    )
    return NewOrder(client_id, symbol, target)


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
        time_in_force=target.time_in_force,
        created_at=now,
        updated_at=now,
        venue_id=venue_id,
    )
