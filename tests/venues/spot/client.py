"""A live gateway to a local spot venue, and orders on its first market."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.venues.client import as_order, made_order, opened
from tests.venues.spot.server import SpotVenue
from trading.clock import FastClock
from trading.core.instrument import MarketKind
from trading.core.orders import Role
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway

__all__ = ["SYMBOL", "as_order", "connected", "new_order"]

SYMBOL = "CRV/USDT"


def connected(name: str, venue: SpotVenue, **options: Any) -> AbstractAsyncContextManager[LiveGateway]:
    """An open gateway, quick to lose patience."""
    limiter = Limiter(FastClock(speed=20), rate=100_000)
    defaults: dict[str, Any] = {"address": venue.address, "request_seconds": 5, "limiter": limiter}
    return opened(live_gateway(name, **{"credentials": None, **defaults, **options}, kind=MarketKind.SPOT))


def new_order(
    client_id: str, side: str = "buy", amount: str = "20", price: str | None = "0.45", **more: Any
) -> NewOrder:
    return made_order(client_id, side, amount, price, **{"symbol": SYMBOL, "role": Role.QUOTE, **more})
