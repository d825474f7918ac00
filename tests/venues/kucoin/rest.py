"""KuCoin's REST interface for high-frequency spot accounts: envelope, signature, codes, and the endpoints we use.

Behaviour follows the public documentation (kucoin.com/docs-new, spot trading; github.com/Kucoin/kucoin-api-docs-hf);
where a function reproduces a habit that surprises, its comment says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from tests.venues.kucoin import rows
from tests.venues.spot.world import Account, SpotWorld
from trading.core.instrument import plain
from trading.core.simulated_orders import Refused, VenueOrder

TIMESTAMP_WINDOW_MS = 5_000
PAGE, MOST = 20, 100


class Error(Exception):
    """An answer with a code other than 200000. Refusals of the business come with HTTP status 200."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status


_REFUSALS = {
    "insufficient_funds": ("200004", "Balance insufficient!"),
    "below_min_cost": ("600101", "The order funds should more then 5 USDT."),
    "below_min_amount": ("400100", "Order size below the minimum requirement."),
    "above_max_amount": ("400100", "Order size above the maximum requirement."),
    # One code for what is off its increment and for funds that are too small: ccxt takes both for the latter.
    "off_step": ("600100", "Order size increment invalid."),
    "off_tick": ("600100", "Price increment invalid."),
    "duplicate_id": ("400100", "validation.createOrder.clientOidDuplicated"),
    "invalid_order": ("400600", "validation.createOrder.symbolNotAvailable"),
    "not_found": ("400100", "order_not_exist_or_not_allow_to_cancel"),
    "other": ("400200", "Forbidden to place an order"),
}


def error_of(refused: Refused) -> Error:
    return Error(*_REFUSALS.get(refused.reason, ("400100", refused.detail)))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate. ``account`` is None on public endpoints, ``named`` what stands in the path."""

    world: SpotWorld
    account: Account | None
    values: Mapping[str, Any]
    named: str = ""

    def need(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            raise Error("400100", f"validation.{name}IsRequired")
        return str(value)

    def maybe(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def number(self, name: str) -> Decimal:
        if not isinstance(self.values.get(name), str):
            raise Error("400100", f"{name} must be a string")
        try:
            return Decimal(self.need(name))
        except InvalidOperation:
            raise Error("400100", f"{name} is no number") from None

    @property
    def owner(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def market(self) -> str:
        market_id = self.need("symbol")
        if market_id not in self.world.markets:
            raise Error("900001", "symbol not exists")
        return market_id

    @property
    def symbol(self) -> str:
        return self.world.instrument(self.market).symbol


Endpoint = Callable[[Call], Any]


def account_of(world: SpotWorld, method: str, target: str, headers: Mapping[str, str], body: str) -> Account:
    """Who signed: base64(HMAC-SHA256(timestamp + method + path with query + body)), passphrase signed too (version 2).

    Raises Error with HTTP status 401.
    """
    names = ("KC-API-KEY", "KC-API-SIGN", "KC-API-TIMESTAMP", "KC-API-PASSPHRASE")
    if any(not headers.get(name) for name in names):
        raise Error("400001", "Please check the header of your request for KC-API-KEY, KC-API-SIGN", 401)
    account = world.accounts.get(headers["KC-API-KEY"])
    if account is None:
        raise Error("400003", "KC-API-KEY not exists", 401)
    stamp = headers["KC-API-TIMESTAMP"]
    if not stamp.isdigit() or abs(int(stamp) - time.time() * 1000) > TIMESTAMP_WINDOW_MS:
        raise Error("400002", "KC-API-TIMESTAMP Invalid", 401)
    if headers.get("KC-API-KEY-VERSION") != "2" or headers["KC-API-PASSPHRASE"] != signed(
        account.secret, account.passphrase
    ):
        raise Error("400004", "KC-API-PASSPHRASE error", 401)
    if not hmac.compare_digest(signed(account.secret, stamp + method + unquote(target) + body), headers["KC-API-SIGN"]):
        raise Error("400005", "Signature error", 401)
    return account


def signed(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


# Public


def server_time(call: Call) -> Any:
    return int(time.time() * 1000)


def symbols(call: Call) -> Any:
    return [rows.symbol(call.world, market_id) for market_id in call.world.markets]


def tickers(call: Call) -> Any:
    listed = [rows.ticker(call.world, market_id) for market_id in call.world.markets]
    return {"time": int(time.time() * 1000), "ticker": listed}


def depth(call: Call) -> Any:
    """level2_20, level2_100, or the whole book where it was signed for; with the number of its last change."""
    most = {"level2_20": 20, "level2_100": 100}.get(call.named)
    shown = call.world.public[call.market]
    sides = {
        name: [[price, amount] for price, amount in levels.items()][:most]
        for name, levels in (("bids", shown.bids), ("asks", shown.asks))
    }
    return {"time": int(time.time() * 1000), "sequence": str(shown.version), **sides}


_MINUTES = {"1min": 1, "3min": 3, "5min": 5, "15min": 15, "30min": 30, "1hour": 60, "4hour": 240, "1day": 1440}


def candles(call: Call) -> Any:
    """Newest first: time in seconds, open, close, high, low, volume, turnover; at most 1500."""
    minutes = _MINUTES.get(call.need("type"))
    if minutes is None:
        raise Error("400100", "This type is not supported")
    length, last = minutes * 60, call.world.last(call.market)
    start, end = int(call.maybe("startAt") or 0), min(int(call.maybe("endAt") or time.time()), int(time.time()))
    high, low = plain(last * Decimal("1.001")), plain(last * Decimal("0.999"))
    times = [at for at in (end // length * length - index * length for index in range(1500)) if at >= start]
    return [[str(at), plain(last), plain(last), high, low, "1000", plain(1000 * last)] for at in times]


# Account


def accounts(call: Call) -> Any:
    return [rows.balance(call.owner, currency) for currency in call.owner.exchange.balances()]


def api_key(call: Call) -> Any:
    """GET /api/v1/user/api-key"""
    return {"remark": "test", "apiKey": call.owner.key, "apiVersion": 3, "permission": call.owner.permissions}


# Orders


def active(call: Call) -> Any:
    """All of one market, newest change first; the market must be named."""
    found = [rows.order(call.world, call.owner, order) for order in call.owner.exchange.open_orders(call.symbol)]
    return sorted(found, key=lambda row: (row["lastUpdatedAt"], row["id"]), reverse=True)


def done(call: Call) -> Any:
    """Finished ones by the time they ended. Canceled ones are told for three days, filled ones for seven."""
    now = call.world.time.now()

    def is_kept(order: VenueOrder) -> bool:
        return now - order.updated_at < timedelta(days=7 if order.remaining == 0 else 3)

    finished = [order for order in call.owner.orders() if not order.is_open and order.symbol == call.symbol]
    found = [rows.order(call.world, call.owner, order) for order in finished if is_kept(order)]
    return _page(call, found, "lastUpdatedAt")


def fills(call: Call) -> Any:
    """With ``orderId`` the other conditions do not count."""
    found = [rows.fill(call.world, fill) for fill in call.owner.exchange.fills(call.symbol)]
    wanted = call.maybe("orderId")
    if wanted is not None:
        return _page(call, [row for row in found if row["orderId"] == wanted], None)
    return _page(call, found, "createdAt")


def _page(call: Call, found: list[dict[str, Any]], time_key: str | None) -> dict[str, Any]:
    """Newest first, 20 unless ``limit`` says more (100 at most), older than ``lastId``; a span beyond 7 days is cut."""
    if time_key is not None:
        end = int(call.maybe("endAt") or time.time() * 1000 + 60_000)
        start = max(int(call.maybe("startAt") or 0), end - 7 * 24 * 3600 * 1000)
        found = [row for row in found if start <= row[time_key] <= end]
    before = call.maybe("lastId")
    listed = sorted(found, key=lambda row: int(row["id"]), reverse=True)
    listed = [row for row in listed if before is None or int(row["id"]) < int(before)]
    page = listed[: min(int(call.maybe("limit") or PAGE), MOST)]
    return {"items": page, "lastId": int(page[-1]["id"]) if page else 0}


def by_client_id(call: Call) -> Any:
    call.need("symbol")
    return _told(call, call.owner.find(client_id=call.named))


def by_id(call: Call) -> Any:
    call.need("symbol")
    return _told(call, call.owner.find(venue_id=call.named))


def _told(call: Call, order: VenueOrder | None) -> Any:
    if order is None or order.symbol != call.symbol:
        raise Error("400100", "order not exist.")
    return rows.order(call.world, call.owner, order)


def old_by_client_id(call: Call) -> Any:
    """GET /api/v1/order/client-order/{clientOid}, of the older interface: it knows active orders only."""
    order = call.owner.find(client_id=call.named)
    if order is None or not order.is_open:
        raise Error("400100", "order not exist.")
    return rows.order(call.world, call.owner, order)
