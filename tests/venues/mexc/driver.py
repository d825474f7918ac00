"""MEXC under the contract suite."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from tests.contract.driver import Driver
from tests.venues.mexc.server import KEYS, MexcVenue
from tests.venues.spot.driver import driven
from trading.exchanges.venues import Credentials

KEY = Credentials(*KEYS[0])
_PATHS = {
    "book": "GET /api/v3/depth",
    "tickers": "GET /api/v3/ticker",
    "candles": "GET /api/v3/klines",
    "account": "GET /api/v3/account",
    "order": "GET /api/v3/order",
    "open_orders": "GET /api/v3/openOrders",
    "order_history": "GET /api/v3/allOrders",
    "fills": "GET /api/v3/myTrades",
    "place": "POST /api/v3/",
    "cancel": "DELETE /api/v3/order",
}
_PRIVATE = frozenset(f"spot@private.{name}.v3.api.pb" for name in ("orders", "deals", "account"))


def mexc() -> AbstractAsyncContextManager[Driver]:
    return driven("mexc", MexcVenue(), KEY, _PATHS, _PRIVATE)
