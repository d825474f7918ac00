"""Binance under the contract suite: the live gateway against the venue on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

from tests.contract.driver import Driver, a_book
from tests.venues.binance.client import connected
from tests.venues.binance.faults import FaultKind
from tests.venues.binance.server import BinanceVenue
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.live import LiveGateway
from trading.exchanges.live.profiles import Profile

_MARKET = "CRVUSDT"
_KINDS = {
    "drop_before": FaultKind.DROP_BEFORE,
    "drop_after_accept": FaultKind.DROP_AFTER_ACCEPT,
    "delay": FaultKind.DELAY_ANSWER,
    "throttle_429": FaultKind.TOO_MANY,
    "server_error_html": FaultKind.BAD_GATEWAY,
    "cut_body": FaultKind.CUT_BODY,
    "empty_200": FaultKind.EMPTY,
}
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
_READ_TRIES = 3


class BinanceDriver:
    def __init__(self, venue: BinanceVenue, gateway: LiveGateway) -> None:
        self._venue = venue
        self.gateway = gateway

    @property
    def truth(self) -> SimulatedExchange:
        return self._venue.world.accounts["bn-key"].exchange

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def show(self, book: Book) -> None:
        self._venue.world.show(_MARKET, book.bids, book.asks)
        await self.wait()

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        self._venue.world.trade(_MARKET, side, price, amount)
        await self.wait()

    async def cut_streams(self) -> None:
        await self._venue.sockets.cut()
        await self.wait()

    async def wait(self) -> None:
        await asyncio.sleep(0.02)

    def inject(self, request: str, fault: str) -> None:
        # A read is tried three times before it gives up, a write is sent once. The HTTP client itself repeats a GET
        # or DELETE whose kept-alive connection was closed.
        path = _PATHS[request] if self.gateway.capabilities.is_proven else _OVER_REST[request]
        repeats = 2 if fault.startswith("drop") and path.startswith(("GET", "DELETE")) else 1
        count = repeats if request in ("place", "cancel", "replace") else _READ_TRIES * repeats
        self._venue.fault(_KINDS[fault], path, count=count, seconds=0.1)


@asynccontextmanager
async def binance(*, profile: Profile | None = None) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT."""
    async with BinanceVenue() as venue:
        first = a_book()
        venue.world.show(_MARKET, first.bids, first.asks)
        async with connected(venue, profile=profile) as gateway:
            yield BinanceDriver(venue, gateway)
