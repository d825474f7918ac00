"""What can be asked of the venue, whichever door it comes through: REST and the ws-api are two names of one thing.

Behaviour follows the public documentation (developers.binance.com/docs/binance-spot-api-docs: rest-api, websocket-api,
filters, errors, self-trade prevention); where a function reproduces a habit that surprises, its comment says so.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.venues.binance import rows
from tests.venues.binance.errors import error, missing
from tests.venues.binance.world import MARKETS, Account, World
from trading.core.simulated_orders import VenueOrder

DAY_MS = 24 * 3600 * 1000
LONGEST_WINDOW_MS = 60_000
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate; every value is text. ``account`` is None on public endpoints."""

    world: World
    account: Account | None
    values: Mapping[str, str]

    def need(self, name: str) -> str:
        value = self.values.get(name, "")
        if value == "":
            raise missing(name)
        return value

    def maybe(self, name: str) -> str | None:
        return self.values.get(name) or None

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(self.need(name))
        except InvalidOperation:
            raise error(-1100, f"Illegal characters found in parameter '{name}'; legal range is numbers.") from None

    def whole(self, name: str) -> int | None:
        text = self.maybe(name)
        if text is not None and not text.isdigit():
            raise error(-1100, f"Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'.")
        return int(text) if text is not None else None

    def choice(self, name: str, allowed: Sequence[str], code: int) -> str:
        value = self.need(name)
        if value not in allowed:
            raise error(code, f"Invalid {name}.")
        return value

    @property
    def owner(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def market(self) -> str:
        market_id = self.need("symbol")
        if market_id not in MARKETS:
            raise error(-1121)
        return market_id

    @property
    def symbol(self) -> str:
        return MARKETS[self.market][0].symbol


Endpoint = Callable[[Call], Any]


def checked_time(world: World, values: Mapping[str, str]) -> None:
    """A request is good from a second before its time until recvWindow (5 s unless said) after it."""
    stamp = values.get("timestamp", "")
    if not stamp.isdigit():
        raise missing("timestamp")
    window = int(values.get("recvWindow") or 5_000)
    if window > LONGEST_WINDOW_MS:
        raise error(-1131, "recvWindow must be less than 60000.")
    now = world.milliseconds()
    if int(stamp) >= now + 1_000:
        raise error(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now - int(stamp) > window:
        raise error(-1021)


def account_of(world: World, key: str, payload: str, signature: str) -> Account:
    """Who signed ``payload``: hex(HMAC-SHA256). Raises BinanceError."""
    if not key:
        raise error(-2014)
    account = world.accounts.get(key)
    if account is None:
        raise error(-2015)
    if not hmac.compare_digest(signed(account.secret, payload), signature):
        raise error(-1022)
    return account


def signed(secret: str, payload: str) -> str:
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


# Public


def ping(call: Call) -> Any:
    return {}


def server_time(call: Call) -> Any:
    return {"serverTime": call.world.milliseconds()}


def exchange_info(call: Call) -> Any:
    limits = [("REQUEST_WEIGHT", "MINUTE", 1, 6000), ("ORDERS", "SECOND", 10, 100), ("ORDERS", "DAY", 1, 200_000)]
    return {
        "timezone": "UTC",
        "serverTime": call.world.milliseconds(),
        "rateLimits": [
            {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
            for kind, interval, number, limit in limits
        ],
        "exchangeFilters": [],
        "symbols": [rows.market(market_id) for market_id in MARKETS],
    }


def depth(call: Call) -> Any:
    most = min(call.whole("limit") or 100, 5000)
    bids, asks = call.world.shown(call.market)
    return {
        "lastUpdateId": call.world.update_ids[call.market],
        "bids": rows.levels(bids[:most]),
        "asks": rows.levels(asks[:most]),
    }


def tickers(call: Call) -> Any:
    if call.maybe("symbol"):
        return rows.ticker(call.world, call.market)
    return [rows.ticker(call.world, market_id) for market_id in MARKETS]


_MINUTES = {"1m": 1, "3m": 3, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "2h": 120, "4h": 240, "1d": 1440}


def klines(call: Call) -> Any:
    """Oldest first. A quiet market: every candle round the last price."""
    minutes = _MINUTES.get(call.need("interval"))
    if minutes is None:
        raise error(-1120, "Invalid interval.")
    length, last = minutes * 60_000, call.world.last(call.market)
    now, count = int(time.time() * 1000), min(call.whole("limit") or 500, 1000)
    newest = min(now, call.whole("endTime") or now) // length * length
    begin = call.whole("startTime")
    first = -(-begin // length) * length if begin else newest - (count - 1) * length
    high, low, price = (rows.eight(last * Decimal(factor)) for factor in ("1.001", "0.999", "1"))
    return [
        [start, price, high, low, price, "1000.0", start + length - 1, "1000.0", 10, "1.0", "1.0", "0"]
        for start in range(first, newest + 1, length)[:count]
    ]


# The account, its orders and trades


def account(call: Call) -> Any:
    told = rows.account(call.owner, call.world.milliseconds())
    if call.maybe("omitZeroBalances") == "true":
        told["balances"] = [row for row in told["balances"] if Decimal(row["free"]) or Decimal(row["locked"])]
    return told


def restrictions(call: Call) -> Any:
    """GET /sapi/v1/account/apiRestrictions: what this very key may do."""
    return {
        "ipRestrict": False,
        "createTime": 1_723_000_000_000,
        "enableReading": True,
        "enableWithdrawals": call.owner.can_withdraw_by_key,
        "enableSpotAndMarginTrading": True,
        "enableFutures": False,
    }


def wanted_order(call: Call, order_id_name: str = "orderId", client_id_name: str = "origClientOrderId") -> VenueOrder:
    """By either id; both must fit where both are said. Raises -2013."""
    order_id, client_id = call.maybe(order_id_name), call.maybe(client_id_name)
    if order_id is None and client_id is None:
        raise missing(client_id_name)
    found = call.owner.find(client_id=client_id, order_id=order_id)
    if found is None or found.symbol != call.symbol:
        raise error(-2013)
    return found


def order_status(call: Call) -> Any:
    return rows.order(wanted_order(call))


def open_orders(call: Call) -> Any:
    """One market's, or all of them for much more weight."""
    wanted = call.symbol if call.maybe("symbol") else None
    return [rows.order(order) for order in call.owner.orders() if order.is_open and wanted in (None, order.symbol)]


def all_orders(call: Call) -> Any:
    """From ``orderId`` on, else in a window of a day, else the newest; oldest first, at most 1000."""
    found = [rows.order(order) for order in call.owner.orders() if order.symbol == call.symbol]
    first = call.whole("orderId")
    if first is not None:
        return [row for row in found if row["orderId"] >= first][: _most(call)]
    return _window(call, found)


def my_trades(call: Call) -> Any:
    """Of one order, from ``fromId`` on, or in a window of a day; oldest first, at most 1000."""
    found = [rows.fill(fill) for fill in call.owner.exchange.fills(call.symbol)]
    order_id, first = call.whole("orderId"), call.whole("fromId")
    if order_id is not None:
        found = [row for row in found if row["orderId"] == order_id]
    if first is not None:
        return [row for row in found if row["id"] >= first][: _most(call)]
    return _window(call, found)


def _window(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    start, end = call.whole("startTime"), call.whole("endTime")
    if start is not None and end is not None and end - start > DAY_MS:
        raise error(-1127, "More than 24 hours between startTime and endTime.")
    inside = [row for row in found if (start or 0) <= row["time"] and (end is None or row["time"] <= end)]
    return inside[: _most(call)] if start is not None else inside[-_most(call) :]


def _most(call: Call) -> int:
    return min(call.whole("limit") or 500, MOST_ROWS)
