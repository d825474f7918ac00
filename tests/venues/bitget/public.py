"""What anybody may ask: time, contracts, prices, candles, margin tiers."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from tests.venues.bitget import rows
from tests.venues.bitget.call import Call, Error
from tests.venues.bitget.world import MARKETS
from trading.core.instrument import plain


def server_time(call: Call) -> Any:
    return {"serverTime": str(int(time.time() * 1000))}


def contracts(call: Call) -> Any:
    if call.need("productType").upper() != "USDT-FUTURES":
        return []
    return [rows.contract(market_id) for market_id in MARKETS]


def tickers(call: Call) -> Any:
    return [rows.ticker(call.world, market_id) for market_id in MARKETS]


def depth(call: Call) -> Any:
    bids, asks = call.world.shown(call.market)
    sides = {
        name: [[plain(level.price), plain(level.amount)] for level in levels]
        for name, levels in (("bids", bids), ("asks", asks))
    }
    return {**sides, "ts": str(int(time.time() * 1000)), "scale": "0.1", "precision": "scale0", "isMaxPrecision": "NO"}


_MINUTES = {"1m": 1, "3m": 3, "5m": 5, "15m": 15, "30m": 30, "1H": 60, "4H": 240, "6H": 360, "12H": 720, "1D": 1440}


def candles(call: Call) -> Any:
    """Oldest first, the newest of the time asked for. A quiet market: every candle round the last price."""
    return _candles(call, 1000)


def old_candles(call: Call) -> Any:
    """The same, 200 at most."""
    return _candles(call, 200)


def _candles(call: Call, most: int) -> Any:
    minutes = _MINUTES.get(call.need("granularity"))
    if minutes is None:
        raise Error("400171", "Parameter granularity error")
    length, last = minutes * 60_000, call.world.last(call.market)
    start, end = int(call.maybe("startTime") or 0), int(call.maybe("endTime") or time.time() * 1000)
    # What began before the end, which is not in it.
    newest = (min(end, int(time.time() * 1000)) - 1) // length * length
    count = min(int(call.maybe("limit") or "100"), most)
    high, low = plain(last * Decimal("1.001")), plain(last * Decimal("0.999"))
    return [
        [str(newest - index * length), plain(last), high, low, plain(last), "1000", plain(1000 * last)]
        for index in reversed(range(count))
        if newest - index * length >= start
    ]


def tiers(call: Call) -> Any:
    return rows.tier_rows(call.market)
