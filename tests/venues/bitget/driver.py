"""Bitget under the contract suite: the live gateway against the venue on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

from tests.contract.driver import LEVERAGE, MARGIN_MODE, Driver, a_book
from tests.venues.bitget.client import MARKET, SYMBOL, connected
from tests.venues.bitget.faults import FaultKind
from tests.venues.bitget.server import BitgetVenue
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.live import LiveGateway
from trading.exchanges.live.profiles import Profile

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
    "book": "merge-depth",
    "tickers": "tickers",
    "candles": "candles",
    "account": "account/accounts",
    "positions": "all-position",
    "order": "order/detail",
    "open_orders": "orders-pending",
    "order_history": "orders-history",
    "fills": "order/fills",
    "funding": "account/bill",
    "place": "place",
    "cancel": "cancel",
}
_READ_TRIES = 3


class BitgetDriver:
    def __init__(self, venue: BitgetVenue, gateway: LiveGateway) -> None:
        self._venue = venue
        self.gateway = gateway

    @property
    def truth(self) -> SimulatedExchange:
        return self._venue.world.accounts["bg-key"].exchange

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def show(self, book: Book) -> None:
        self._venue.world.show(MARKET, book.bids, book.asks)
        await self.wait()

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        self._venue.world.trade(MARKET, side, price, amount)
        await self.wait()

    async def cut_streams(self) -> None:
        await self._venue.sockets.cut()
        await self.wait()

    async def wait(self) -> None:
        await asyncio.sleep(0.02)

    def inject(self, request: str, fault: str) -> None:
        # A read is tried three times before it gives up, a write is sent once. The HTTP client itself repeats a GET
        # whose kept-alive connection was closed.
        repeats = 2 if fault.startswith("drop") else 1
        count = 1 if request in ("place", "cancel") else _READ_TRIES * repeats
        self._venue.fault(_KINDS[fault], _PATHS[request], count=count, seconds=0.1)


@asynccontextmanager
async def bitget(*, profile: Profile | None = None) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT, prepared as the suite wants it."""
    async with BitgetVenue() as venue:
        venue.world.accounts["bg-key"].exchange.set_balance("USDT", Decimal(10_000))
        first = a_book()
        venue.world.show(MARKET, first.bids, first.asks)
        async with connected(venue, profile=profile) as gateway:
            await gateway.prepare(SYMBOL, LEVERAGE, MARGIN_MODE)
            yield BitgetDriver(venue, gateway)
