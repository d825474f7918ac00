"""MEXC's spot v3 REST interface: signature, codes, and the endpoints we use.

Behaviour follows the public documentation (mexc.com/api-docs/spot-v3: general info, spot account/trade, market data,
error codes); where a function reproduces a habit that surprises, its comment says so.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from tests.venues.mexc import rows
from tests.venues.spot.world import Account, SpotWorld
from trading.core.instrument import plain
from trading.core.simulated_orders import Refused, VenueOrder

DAY_MS = int(timedelta(days=1) / timedelta(milliseconds=1))


class Error(Exception):
    """An answer with a code and a message, HTTP status 400."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status


_REFUSALS = {
    "insufficient_funds": (30004, "Insufficient position"),
    "below_min_cost": (30002, "The minimum transaction volume cannot be less than:5USDT"),
    "below_min_amount": (30002, "The minimum transaction volume cannot be less than:5USDT"),
    "above_max_amount": (30003, "The maximum transaction volume cannot be greater than:2000000USDT"),
    "off_step": (400, "quantity scale is invalid"),
    "off_tick": (400, "price scale is invalid"),
    # The documentation names no code for a repeated id; this is the one of the interface it is modelled on.
    "duplicate_id": (-2010, "Duplicate order sent."),
    "invalid_order": (30014, "invalid symbol"),
    "other": (30010, "no valid trade price"),
}


def error_of(refused: Refused) -> Error:
    return Error(*_REFUSALS.get(refused.reason, (33333, refused.detail)))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate. ``account`` is None on public endpoints."""

    world: SpotWorld
    account: Account | None
    values: Mapping[str, Any]

    def need(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            raise Error(44444, f"param cannot be null: {name}")
        return str(value)

    def maybe(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(self.need(name))
        except InvalidOperation:
            raise Error(33333, f"param is error: {name}") from None

    @property
    def owner(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def market(self) -> str:
        market_id = self.need("symbol")
        if market_id not in self.world.markets:
            raise Error(-1121, "Invalid symbol.")
        return market_id

    @property
    def symbol(self) -> str:
        return self.world.instrument(self.market).symbol


Endpoint = Callable[[Call], Any]


def account_of(world: SpotWorld, target: str, headers: Mapping[str, str]) -> Account:
    """Who signed: hex of HMAC-SHA256 over the query string without the signature. Raises Error.

    A wrong key is told with a code that ccxt takes for a bad request.
    """
    if not headers.get("X-MEXC-APIKEY"):
        raise Error(400, "api key required")
    account = world.accounts.get(headers["X-MEXC-APIKEY"])
    if account is None:
        raise Error(10072, "Api key info invalid")
    query, _, signature = target.partition("?")[2].partition("&signature=")
    values = values_of(target)
    stamp, window = str(values.get("timestamp", "")), int(values.get("recvWindow", 5000))
    now = time.time() * 1000
    if window > 60_000:
        raise Error(700005, "recvWindow must less than 60000")
    if not stamp.isdigit() or not (int(stamp) < now + 1000 and now - int(stamp) <= window):
        raise Error(700003, "Timestamp for this request is outside of the recvWindow.")
    if not hmac.compare_digest(signed(account.secret, query), signature):
        raise Error(700002, "Signature for this request is not valid.")
    return account


def signed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def values_of(target: str) -> dict[str, Any]:
    pairs = (part.partition("=") for part in target.partition("?")[2].split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs}


# Public


def server_time(call: Call) -> Any:
    return {"serverTime": int(time.time() * 1000)}


def exchange_info(call: Call) -> Any:
    listed = [rows.symbol(call.world, market_id) for market_id in call.world.markets]
    return {"timezone": "CST", "serverTime": int(time.time() * 1000), "rateLimits": [], "symbols": listed}


def tickers(call: Call) -> Any:
    return [rows.ticker(call.world, market_id) for market_id in call.world.markets]


def depth(call: Call) -> Any:
    """100 levels unless ``limit`` says more, 5000 at most; ``lastUpdateId`` is the version of the last change."""
    shown, most = call.world.public[call.market], min(int(call.maybe("limit") or 100), 5000)
    sides = {
        name: [[price, amount] for price, amount in levels.items()][:most]
        for name, levels in (("bids", shown.bids), ("asks", shown.asks))
    }
    return {"lastUpdateId": shown.version, **sides, "timestamp": int(time.time() * 1000)}


_MINUTES = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "60m": 60, "4h": 240, "1d": 1440}


def candles(call: Call) -> Any:
    """Oldest first; the hour is called 60m; at most 500."""
    minutes = _MINUTES.get(call.need("interval"))
    if minutes is None:
        raise Error(-1121, "Invalid interval.")
    length, last = minutes * 60_000, call.world.last(call.market)
    start, now = int(call.maybe("startTime") or 0), int(time.time() * 1000)
    newest = min(now, int(call.maybe("endTime") or now)) // length * length
    count = min(int(call.maybe("limit") or 500), 500)
    high, low = plain(last * Decimal("1.001")), plain(last * Decimal("0.999"))
    first = -(-start // length) * length if start else newest - (count - 1) * length
    times = range(first, newest + 1, length)[:count]
    return [[at, plain(last), high, low, plain(last), "1000", at + length, plain(1000 * last)] for at in times]


# Account and orders


def account(call: Call) -> Any:
    return rows.account(call.owner)


def named(call: Call) -> VenueOrder | None:
    client_id, venue_id = call.maybe("origClientOrderId"), call.maybe("orderId")
    if client_id is None and venue_id is None:
        raise Error(700004, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
    order = call.owner.find(client_id=client_id, venue_id=venue_id)
    return order if order is not None and order.symbol == call.symbol else None


def order(call: Call) -> Any:
    found = named(call)
    if found is None:
        # A code that ccxt does not know: a plain ExchangeError.
        raise Error(-2013, "Order does not exist.")
    return rows.order(call.world, found)


def open_orders(call: Call) -> Any:
    """The market must be named."""
    return [rows.order(call.world, one) for one in call.owner.exchange.open_orders(call.symbol)]


def all_orders(call: Call) -> Any:
    """By the time they were made; the last day unless asked, 7 days at most; 500 unless asked, 1000 at most."""
    found = [rows.order(call.world, one) for one in call.owner.orders() if one.symbol == call.symbol]
    return _window(call, found, days=7, limit=500, most=1000)


def trades(call: Call) -> Any:
    """30 days at most; 100 at most."""
    found = [rows.trade(call.world, one) for one in call.owner.exchange.fills(call.symbol)]
    wanted = call.maybe("orderId")
    return _window(call, [row for row in found if wanted in (None, row["orderId"])], days=30, limit=100, most=100)


def _window(call: Call, found: list[dict[str, Any]], *, days: int, limit: int, most: int) -> list[dict[str, Any]]:
    """Newest first. There is no cursor."""
    now = int(time.time() * 1000)
    start, end = int(call.maybe("startTime") or now - DAY_MS), int(call.maybe("endTime") or now + 60_000)
    if start < now - days * DAY_MS:
        raise Error(400, f"The start time cannot be earlier than {days} days")
    wanted = [row for row in found if start <= row["time"] <= end]
    wanted.sort(key=lambda row: (row["time"], int(row.get("id") or row["orderId"])), reverse=True)
    return wanted[: min(int(call.maybe("limit") or limit), most)]
