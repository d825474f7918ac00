"""Bitget's REST v2 for USDT perpetuals: envelope, signature, codes, and the endpoints a client of ours uses.

Behaviour follows the public documentation (bitget.com/api-doc, sections common, contract and spot); where a function
reproduces a habit that surprises, its comment says so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from tests.venues.bitget.accounts import (
    account,
    accounts,
    bills,
    info,
    positions,
    set_leverage,
    set_margin_mode,
    set_position_mode,
)
from tests.venues.bitget.call import Call, Endpoint, Error, account_of, error_of
from tests.venues.bitget.lists import detail, fills, history, pending, plans_history, plans_pending
from tests.venues.bitget.orders import cancel, cancel_batch, cancel_plan, place, place_batch, place_plan
from tests.venues.bitget.public import candles, contracts, depth, old_candles, server_time, tickers, tiers
from tests.venues.bitget.world import World
from trading.core.simulated_orders import Refused

PUBLIC: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v2/public/time"): server_time,
    ("GET", "/api/v2/mix/market/contracts"): contracts,
    ("GET", "/api/v2/mix/market/tickers"): tickers,
    ("GET", "/api/v2/mix/market/merge-depth"): depth,
    ("GET", "/api/v2/mix/market/candles"): candles,
    ("GET", "/api/v2/mix/market/history-candles"): old_candles,
    ("GET", "/api/v2/mix/market/query-position-lever"): tiers,
}

PRIVATE: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v2/spot/account/info"): info,
    ("GET", "/api/v2/mix/account/accounts"): accounts,
    ("GET", "/api/v2/mix/account/account"): account,
    ("GET", "/api/v2/mix/account/bill"): bills,
    ("GET", "/api/v2/mix/position/all-position"): positions,
    ("POST", "/api/v2/mix/account/set-position-mode"): set_position_mode,
    ("POST", "/api/v2/mix/account/set-margin-mode"): set_margin_mode,
    ("POST", "/api/v2/mix/account/set-leverage"): set_leverage,
    ("POST", "/api/v2/mix/order/place-order"): place,
    ("POST", "/api/v2/mix/order/batch-place-order"): place_batch,
    ("POST", "/api/v2/mix/order/place-plan-order"): place_plan,
    ("POST", "/api/v2/mix/order/cancel-order"): cancel,
    ("POST", "/api/v2/mix/order/batch-cancel-orders"): cancel_batch,
    ("POST", "/api/v2/mix/order/cancel-plan-order"): cancel_plan,
    ("GET", "/api/v2/mix/order/detail"): detail,
    ("GET", "/api/v2/mix/order/orders-pending"): pending,
    ("GET", "/api/v2/mix/order/orders-history"): history,
    ("GET", "/api/v2/mix/order/orders-plan-pending"): plans_pending,
    ("GET", "/api/v2/mix/order/orders-plan-history"): plans_history,
    ("GET", "/api/v2/mix/order/fills"): fills,
}


def answer(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
    """Status and envelope."""
    try:
        data = _data(world, method, target, headers, body)
    except Refused as refused:
        return 400, _envelope(error_of(refused).code, error_of(refused).message, None)
    except Error as error:
        return error.status, _envelope(error.code, error.message, None)
    return 200, _envelope("00000", "success", data)


def _data(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> Any:
    route = method, target.partition("?")[0]
    if route in PUBLIC:
        return PUBLIC[route](Call(world, None, _values(method, target, body)))
    if route not in PRIVATE:
        raise Error("40404", "Request URL NOT FOUND", 404)
    account = account_of(world, method, target, headers, body)
    return PRIVATE[route](Call(world, account, _values(method, target, body)))


def _values(method: str, target: str, body: str) -> dict[str, Any]:
    if method == "POST":
        try:
            values = json.loads(body)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise Error("40017", "Parameter verification failed")
        return values
    query = target.partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _envelope(code: str, message: str, data: Any) -> dict[str, Any]:
    return {"code": code, "msg": message, "requestTime": int(time.time() * 1000), "data": data}
