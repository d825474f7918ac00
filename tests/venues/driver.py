"""A local venue under the contract suite: the live gateway against the venue on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from decimal import Decimal

from tests.venues.faults import FaultKind
from tests.venues.server import LocalVenue
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.live import LiveGateway

_KINDS = {
    "drop_before": FaultKind.DROP_BEFORE,
    "drop_after_accept": FaultKind.DROP_AFTER_ACCEPT,
    "delay": FaultKind.DELAY_ANSWER,
    "throttle_429": FaultKind.TOO_MANY,
    "server_error_html": FaultKind.BAD_GATEWAY,
    "cut_body": FaultKind.CUT_BODY,
    "empty_200": FaultKind.EMPTY,
}
_WRITES = ("place", "cancel", "replace")
_READ_TRIES = 3


class VenueDriver:
    """``market`` is the venue's id of the suite's market. ``paths``: for each of the gateway's methods what the venue
    calls it; ``repeated`` are those that go as GET or DELETE. ``private``: what the account's stream subscribes to.
    """

    def __init__(
        self,
        venue: LocalVenue,
        gateway: LiveGateway,
        market: str,
        paths: Mapping[str, str],
        repeated: Set[str],
        private: Set[str],
    ) -> None:
        self._venue, self._market, self._paths, self._repeated = venue, market, paths, repeated
        self._private = private
        self.gateway = gateway

    @property
    def truth(self) -> SimulatedExchange:
        exchange: SimulatedExchange = self._venue.account().exchange
        return exchange

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def show(self, book: Book) -> None:
        self._venue.world.show(self._market, book.bids, book.asks)
        await self.wait()

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        self._venue.world.trade(self._market, side, price, amount)
        await self.wait()

    def is_told(self) -> bool:
        return self._private <= self._venue.sockets.subscribed(self._venue.account())

    async def cut_streams(self) -> None:
        await self._venue.sockets.cut()
        await self.wait()

    async def wait(self) -> None:
        await asyncio.sleep(0.02)

    def inject(self, request: str, fault: str) -> None:
        # A read is tried three times before it gives up, a write is sent once. The HTTP client itself repeats a GET
        # or DELETE whose kept-alive connection was closed.
        repeats = 2 if fault.startswith("drop") and request in self._repeated else 1
        count = repeats if request in _WRITES else _READ_TRIES * repeats
        self._venue.fault(_KINDS[fault], self._paths[request], count=count, seconds=0.1)
