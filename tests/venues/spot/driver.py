"""A spot venue under the contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Set
from contextlib import asynccontextmanager
from decimal import Decimal

from tests.contract.driver import Driver, a_book
from tests.venues.driver import VenueDriver
from tests.venues.spot.client import SYMBOL, connected
from tests.venues.spot.server import SpotVenue
from trading.exchanges.venues import Credentials


@asynccontextmanager
async def driven(
    name: str, venue: SpotVenue, credentials: Credentials, paths: Mapping[str, str], private: Set[str]
) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT."""
    async with venue:
        venue.account().exchange.set_balance("USDT", Decimal(10_000))
        first, market = a_book(), venue.world.id_of(SYMBOL)
        venue.world.show(market, first.bids, first.asks)
        async with connected(name, venue, credentials=credentials) as gateway:
            yield VenueDriver(venue, gateway, market, paths, paths.keys() - {"place"}, private)
