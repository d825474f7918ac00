"""A live gateway to the local Binance, and orders on its first market."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.venues.binance.server import BinanceVenue
from tests.venues.client import as_order, made_order, opened
from trading.clock import FastClock
from trading.core.instrument import MarketKind
from trading.core.orders import Role
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway
from trading.exchanges.venues import Credentials

__all__ = ["KEY", "MARKET", "SYMBOL", "as_order", "connected", "new_order", "take_down"]

SYMBOL, MARKET = "BTC/USDT", "BTCUSDT"
KEY = Credentials("bn-key", "bn-secret")


def connected(venue: BinanceVenue, **options: Any) -> AbstractAsyncContextManager[LiveGateway]:
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
    return opened(live_gateway("binance", **{**defaults, **options}))


async def take_down(venue: BinanceVenue, gateway: LiveGateway) -> None:
    """No more order socket, and the gateway has noticed."""
    venue.sockets.refuse.add("api")
    socket = gateway._wire.connection(gateway._wire.exchange.api_address)
    await venue.sockets.cut("api")
    async with asyncio.timeout(10):
        while socket is not None and not socket.closed():  # noqa: ASYNC110  it has no event for it
            await asyncio.sleep(0.01)


def new_order(
    client_id: str, side: str = "buy", amount: str = "0.001", price: str | None = "61000", **more: Any
) -> NewOrder:
    return made_order(client_id, side, amount, price, **{"symbol": SYMBOL, "role": Role.QUOTE, **more})
