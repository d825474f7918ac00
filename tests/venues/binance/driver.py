"""Binance under the contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.contract.driver import Driver, a_book
from tests.venues.binance.client import connected
from tests.venues.binance.server import BinanceVenue
from tests.venues.driver import VenueDriver
from trading.exchanges.live.profiles import Profile

_MARKET = "CRVUSDT"
_PATHS = {
    "book": "depth",
    "tickers": "GET /api/v3/ticker",
    "candles": "GET /api/v3/klines",
    "account": "account.status",
    "order": "order.status",
    "open_orders": "openOrders.status",
    "order_history": "allOrders",
    "fills": "myTrades",
    "place": "order.place",
    "cancel": "order.cancel",
    "replace": "order.cancelReplace",
}
_OVER_REST = {
    "book": "GET /api/v3/depth",
    "tickers": "GET /api/v3/ticker",
    "candles": "GET /api/v3/klines",
    "account": "GET /api/v3/account",
    "order": "GET /api/v3/order",
    "open_orders": "GET /api/v3/openOrders",
    "order_history": "GET /api/v3/allOrders",
    "fills": "GET /api/v3/myTrades",
    "place": "POST /api/v3/order",
    "cancel": "DELETE /api/v3/order",
}
"""Where an unproven venue is asked, and a proven one for what its socket does not have."""


@asynccontextmanager
async def binance(*, profile: Profile | None = None) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT."""
    async with BinanceVenue() as venue:
        first = a_book()
        venue.world.show(_MARKET, first.bids, first.asks)
        async with connected(venue, profile=profile) as gateway:
            paths = _PATHS if gateway.capabilities.is_proven else _OVER_REST
            repeated = {request for request, path in paths.items() if path.startswith(("GET", "DELETE"))}
            yield VenueDriver(venue, gateway, _MARKET, paths, frozenset(repeated), frozenset({"account"}))
