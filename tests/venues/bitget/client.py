"""A live gateway to the local Bitget, and orders on its first market."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.venues.bitget.server import BitgetVenue
from tests.venues.client import as_order, made_order, opened
from trading.clock import FastClock
from trading.core.orders import Role
from trading.core.planning import MarginMode
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.exchanges.live import LiveGateway, live_gateway
from trading.exchanges.venues import Credentials

__all__ = ["KEY", "MARKET", "SYMBOL", "as_order", "connected", "new_order"]

SYMBOL, MARKET = "CRV/USDT:USDT", "CRVUSDT"
KEY = Credentials("bg-key", "bg-secret", "bg-pass")


def connected(venue: BitgetVenue, **options: Any) -> AbstractAsyncContextManager[LiveGateway]:
    """An open gateway with the venue's default key, and quick to lose patience."""
    limiter = Limiter(FastClock(speed=20), rate=100_000)
    defaults: dict[str, Any] = {"credentials": KEY, "address": venue.address, "request_seconds": 5, "limiter": limiter}
    return opened(live_gateway("bitget", **{**defaults, **options}))


def new_order(
    client_id: str, side: str = "buy", amount: str = "20", price: str | None = "0.45", **more: Any
) -> NewOrder:
    defaults = {"symbol": SYMBOL, "role": Role.ENTRY, "margin_mode": MarginMode.CROSS}
    return made_order(client_id, side, amount, price, **{**defaults, **more})
