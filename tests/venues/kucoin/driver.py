"""KuCoin under the contract suite."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from tests.contract.driver import Driver
from tests.venues.kucoin.server import KEYS, KucoinVenue
from tests.venues.spot.driver import driven
from trading.exchanges.venues import Credentials

KEY = Credentials(*KEYS[0])
_PATHS = {
    "book": "GET /api/v3/market/orderbook",
    "tickers": "GET /api/v1/market/allTickers",
    "candles": "GET /api/v1/market/candles",
    "account": "GET /api/v1/accounts",
    "order": "GET /api/v1/hf/orders/client-order",
    "open_orders": "GET /api/v1/hf/orders/active",
    "order_history": "GET /api/v1/hf/orders/done",
    "fills": "GET /api/v1/hf/fills",
    "place": "POST /api/v1/hf/orders",
    "cancel": "DELETE /api/v1/hf/orders",
}
_PRIVATE = frozenset({"/spotMarket/tradeOrders", "/account/balance"})


def kucoin() -> AbstractAsyncContextManager[Driver]:
    return driven("kucoin", KucoinVenue(), KEY, _PATHS, _PRIVATE)
