"""The two doors: REST v3 with its signature over the query, the ws-api with one over sorted parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.venues.binance import requests, trading
from tests.venues.binance.errors import BinanceError, error
from tests.venues.binance.requests import Call, Endpoint
from tests.venues.binance.world import Account, World

_GATE = frozenset({"timestamp", "recvWindow", "signature", "apiKey"})
_WINDOW = frozenset({"symbol", "startTime", "endTime", "limit"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An endpoint, the parameters it reads (any other is refused), whether it is signed."""

    work: Endpoint
    reads: frozenset[str]
    signed: bool = True


_STATUS = Entry(requests.order_status, frozenset({"symbol", "orderId", "origClientOrderId"}))
_PLACE = Entry(trading.place, trading.PLACE_PARAMETERS)
_CANCEL = Entry(trading.cancel, trading.CANCEL_PARAMETERS)
_REPLACE = Entry(trading.cancel_replace, trading.REPLACE_PARAMETERS)
_OPEN = Entry(requests.open_orders, frozenset({"symbol"}))
_ALL = Entry(requests.all_orders, _WINDOW | {"orderId"})
_TRADES = Entry(requests.my_trades, _WINDOW | {"orderId", "fromId"})
_ACCOUNT = Entry(requests.account, frozenset({"omitZeroBalances"}))
_DEPTH = Entry(requests.depth, frozenset({"symbol", "limit", "symbolStatus"}), signed=False)
_TICKERS = Entry(requests.tickers, frozenset({"symbol", "symbols", "type"}), signed=False)
_KLINES = Entry(requests.klines, _WINDOW | {"interval", "timeZone"}, signed=False)
_INFO = Entry(requests.exchange_info, frozenset({"symbol", "permissions"}), signed=False)
_TIME = Entry(requests.server_time, frozenset(), signed=False)
_PING = Entry(requests.ping, frozenset(), signed=False)

REST: dict[tuple[str, str], Entry] = {
    ("GET", "/api/v3/ping"): _PING,
    ("GET", "/api/v3/time"): _TIME,
    ("GET", "/api/v3/exchangeInfo"): _INFO,
    ("GET", "/api/v3/depth"): _DEPTH,
    ("GET", "/api/v3/ticker/24hr"): _TICKERS,
    ("GET", "/api/v3/klines"): _KLINES,
    ("GET", "/api/v3/account"): _ACCOUNT,
    ("GET", "/api/v3/order"): _STATUS,
    ("POST", "/api/v3/order"): _PLACE,
    ("DELETE", "/api/v3/order"): _CANCEL,
    ("POST", "/api/v3/order/cancelReplace"): _REPLACE,
    ("GET", "/api/v3/openOrders"): _OPEN,
    ("GET", "/api/v3/allOrders"): _ALL,
    ("GET", "/api/v3/myTrades"): _TRADES,
    ("GET", "/sapi/v1/account/apiRestrictions"): Entry(requests.restrictions, frozenset()),
}
SOCKET: dict[str, Entry] = {
    "ping": _PING,
    "time": _TIME,
    "exchangeInfo": _INFO,
    "depth": _DEPTH,
    "ticker.24hr": _TICKERS,
    "klines": _KLINES,
    "account.status": _ACCOUNT,
    "order.status": _STATUS,
    "order.place": _PLACE,
    "order.cancel": _CANCEL,
    "order.cancelReplace": _REPLACE,
    "openOrders.status": _OPEN,
    "allOrders": _ALL,
    "myTrades": _TRADES,
}


def rest(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> tuple[int, Any]:
    """Status and body of an answer."""
    path, _, query = target.partition("?")
    payload = query if method in ("GET", "DELETE") else body
    try:
        entry = REST.get((method, path))
        if entry is None:
            return 404, {"timestamp": world.milliseconds(), "error": "Not Found", "path": path}
        values = _pairs(payload)
        account = None
        if entry.signed:
            unsigned, _, signature = payload.partition("&signature=")
            account = requests.account_of(world, headers.get("X-MBX-APIKEY", ""), unsigned, signature)
            requests.checked_time(world, values)
        _check_known(entry, values)
        return 200, entry.work(Call(world, account, values))
    except BinanceError as refused:
        return refused.status, refused.body()


def socket(world: World, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Status with result or error. HMAC keys sign every request; a session cannot be logged on with one."""
    try:
        entry = SOCKET.get(method)
        if entry is None:
            raise error(-1000, f"Method '{method}' is invalid.")
        values = {name: _text(value) for name, value in parameters.items()}
        account = signer(world, values) if entry.signed else None
        _check_known(entry, values)
        return {"status": 200, "result": entry.work(Call(world, account, values))}
    except BinanceError as refused:
        return {"status": refused.status, "error": refused.body()}


def signer(world: World, values: Mapping[str, str]) -> Account:
    """Signs all parameters but the signature, sorted by name, as name=value joined by &."""
    payload = "&".join(f"{name}={values[name]}" for name in sorted(values) if name != "signature")
    account = requests.account_of(world, values.get("apiKey", ""), payload, values.get("signature", ""))
    requests.checked_time(world, values)
    return account


def _check_known(entry: Entry, values: Mapping[str, str]) -> None:
    """What an endpoint does not read it refuses: stray postOnly or clientOrderId, for one."""
    unknown = values.keys() - entry.reads - (_GATE if entry.signed else frozenset())
    if unknown:
        read = len(values) - len(unknown)
        raise error(
            -1104, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{len(values)}'."
        )


def _pairs(payload: str) -> dict[str, str]:
    parts = (part.partition("=") for part in payload.split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in parts}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
