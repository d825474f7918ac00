"""Bitget under the contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from tests.contract.driver import LEVERAGE, MARGIN_MODE, Driver, a_book
from tests.venues.bitget.client import MARKET, SYMBOL, connected
from tests.venues.bitget.server import BitgetVenue
from tests.venues.driver import VenueDriver
from trading.exchanges.live.profiles import Profile

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
_POSTED = frozenset({"place", "cancel"})
_PRIVATE = frozenset({"orders", "orders-algo", "fill", "positions", "account"})
_PRIVATE_OF_UNPROVEN = frozenset({"orders", "account"})


@asynccontextmanager
async def bitget(*, profile: Profile | None = None) -> AsyncIterator[Driver]:
    """One venue, one account of 10,000 USDT, prepared as the suite wants it."""
    async with BitgetVenue() as venue:
        venue.account().exchange.set_balance("USDT", Decimal(10_000))
        first = a_book()
        venue.world.show(MARKET, first.bids, first.asks)
        async with connected(venue, profile=profile) as gateway:
            await gateway.prepare(SYMBOL, LEVERAGE, MARGIN_MODE)
            private = _PRIVATE if gateway.capabilities.is_proven else _PRIVATE_OF_UNPROVEN
            yield VenueDriver(venue, gateway, MARKET, _PATHS, _PATHS.keys() - _POSTED, private)
