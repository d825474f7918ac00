"""A spot venue under the contract suite: the live gateway against the venue on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

from tests.contract.driver import Driver, a_book
from tests.venues.bitget.faults import FaultKind
from tests.venues.spot.client import SYMBOL, connected
from tests.venues.spot.server import SpotVenue
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.live import LiveGateway
from trading.exchanges.venues import Credentials

_KINDS = {
    "drop_before": FaultKind.DROP_BEFORE,
    "drop_after_accept": FaultKind.DROP_AFTER_ACCEPT,
    "delay": FaultKind.DELAY_ANSWER,
    "throttle_429": FaultKind.TOO_MANY,
    "server_error_html": FaultKind.BAD_GATEWAY,
    "cut_body": FaultKind.CUT_BODY,
    "empty_200": FaultKind.EMPTY,
}
_READ_TRIES = 3


class SpotDriver:
    """``paths``: for each of the gateway's methods what the venue calls it."""

    def __init__(self, venue: SpotVenue, gateway: LiveGateway, paths: Mapping[str, str]) -> None:
        self._venue = venue
        self._paths = paths
        self.gateway = gateway
        self._market = venue.world.market_id(SYMBOL)

    @property
    def truth(self) -> SimulatedExchange:
        return self._venue.account().exchange

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def show(self, book: Book) -> None:
        self._venue.world.show(self._market, book.bids, book.asks)
        await self.wait()

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        self._venue.world.trade(self._market, side, price, amount)
        await self.wait()

    async def cut_streams(self) -> None:
        await self._venue.sockets.cut()
        await self.wait()

    async def wait(self) -> None:
        await asyncio.sleep(0.02)

    def inject(self, request: str, fault: str) -> None:
        # A read is tried three times before it gives up, a write is sent once. The HTTP client itself repeats a GET
        # or DELETE whose kept-alive connection was closed.
        repeats = 2 if fault.startswith("drop") and request != "place" else 1
        count = repeats if request in ("place", "cancel") else _READ_TRIES * repeats
        self._venue.fault(_KINDS[fault], self._paths[request], count=count, seconds=0.1)


@asynccontextmanager
async def driven(
    name: str, venue: SpotVenue, credentials: Credentials, paths: Mapping[str, str]
) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT."""
    async with venue:
        venue.account().exchange.set_balance("USDT", Decimal(10_000))
        first = a_book()
        venue.world.show(venue.world.market_id(SYMBOL), first.bids, first.asks)
        async with connected(name, venue, credentials=credentials) as gateway:
            yield SpotDriver(venue, gateway, paths)
