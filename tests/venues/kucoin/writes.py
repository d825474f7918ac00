"""KuCoin's writes: placing, batches, cancels, altering; and the table of all endpoints with the door to them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from tests.venues.kucoin import rest
from tests.venues.kucoin.rest import Call, Endpoint, Error, account_of, error_of
from tests.venues.spot.world import SpotWorld, draft
from trading.core.instrument import Side
from trading.core.orders import TimeInForce
from trading.core.simulated_orders import Refused, VenueOrder

BATCH = 5


def place(call: Call) -> Any:
    order = _place(call)
    return {"orderId": order.venue_id, "clientOid": order.client_id}


def _place(call: Call) -> VenueOrder:
    if call.need("side") not in ("buy", "sell") or call.need("type") not in ("limit", "market"):
        raise Error("400100", "validation.createOrder.typeIsInvalid")
    if call.maybe("stp") not in (None, "CN", "CO", "CB", "DC"):
        raise Error("400100", "stp is invalid")
    force = call.maybe("timeInForce") or "GTC"
    if force not in ("GTC", "IOC"):
        raise Error("400100", "timeInForce is invalid")
    is_limit = call.need("type") == "limit"
    if "price" in call.values and not is_limit:
        raise Error("400100", "price is for limit orders")
    time_in_force = TimeInForce.POST_ONLY if call.values.get("postOnly") is True else TimeInForce(force.lower())
    wanted = draft(
        call.maybe("clientOid") or f"venue{time.time_ns()}",
        call.symbol,
        Side(call.need("side")),
        call.number("size"),
        call.number("price") if is_limit else None,
        call.world.time.now(),
        time_in_force,
    )
    # Only the strategy "cancel new" is kept here; without one, own orders meet.
    return call.owner.place(wanted, prevents_self_trade=call.maybe("stp") == "CN")


def place_batch(call: Call) -> Any:
    """At most 5 limit orders of one market. A refused one is told in words, without a code.

    ccxt looks for the rows one level too deep and hands out an empty list although all were placed.
    """
    wanted = call.values.get("orderList")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= BATCH:
        raise Error("400100", "orderList size must be between 1 and 5")
    if len({one.get("symbol") for one in wanted}) != 1 or any(one.get("type") != "limit" for one in wanted):
        raise Error("400100", "only limit orders of the same symbol")
    told = []
    for one in wanted:
        try:
            order = _place(Call(call.world, call.account, one))
            told.append({"orderId": order.venue_id, "clientOid": order.client_id, "success": True})
        except (Refused, Error) as refused:
            error = error_of(refused) if isinstance(refused, Refused) else refused
            told.append({"clientOid": one.get("clientOid"), "success": False, "failMsg": error.message})
    return told


def cancel_by_client_id(call: Call) -> Any:
    """Only asks for the cancel; what is finished and what never was get the same refusal."""
    order = call.owner.find(client_id=call.named)
    _cancel(call, order)
    return {"clientOid": call.named}


def cancel_by_id(call: Call) -> Any:
    _cancel(call, call.owner.find(venue_id=call.named))
    return {"orderId": call.named}


def _cancel(call: Call, order: VenueOrder | None) -> None:
    if order is None or not order.is_open or order.symbol != call.symbol:
        raise error_of(Refused("not_found"))
    call.owner.cancel(order)


def cancel_all(call: Call) -> Any:
    for order in call.owner.exchange.open_orders(call.symbol):
        call.owner.cancel(order)
    return "success"


def alter(call: Call) -> Any:
    """Cancels and places anew: the client id stays, the order id changes. Told is the new id."""
    order = call.owner.find(client_id=call.maybe("clientOid"), venue_id=call.maybe("orderId"))
    if order is None or not order.is_open or order.price is None:
        raise error_of(Refused("not_found"))
    size = call.number("newSize") if "newSize" in call.values else order.amount
    price = call.number("newPrice") if "newPrice" in call.values else order.price
    call.owner.cancel(order)
    if size <= order.filled:
        return {"newOrderId": None, "clientOid": order.client_id}
    again = f"{order.client_id}~"
    fresh = draft(again, order.symbol, order.side, size - order.filled, price, call.world.time.now())
    placed = call.owner.place(fresh, prevents_self_trade=False)
    call.owner.renamed[str(order.client_id)] = again
    return {"newOrderId": placed.venue_id, "clientOid": str(order.client_id).rstrip("~")}


PUBLIC: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v1/timestamp"): rest.server_time,
    ("GET", "/api/v2/symbols"): rest.symbols,
    ("GET", "/api/v1/market/allTickers"): rest.tickers,
    ("GET", "/api/v1/market/orderbook/*"): rest.depth,
    ("GET", "/api/v1/market/candles"): rest.candles,
}
PRIVATE: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v3/market/orderbook/*"): rest.depth,
    ("GET", "/api/v1/accounts"): rest.accounts,
    ("GET", "/api/v1/user/api-key"): rest.api_key,
    ("GET", "/api/v1/hf/orders/active"): rest.active,
    ("GET", "/api/v1/hf/orders/done"): rest.done,
    ("GET", "/api/v1/hf/orders/client-order/*"): rest.by_client_id,
    ("GET", "/api/v1/hf/orders/*"): rest.by_id,
    ("GET", "/api/v1/order/client-order/*"): rest.old_by_client_id,
    ("GET", "/api/v1/hf/fills"): rest.fills,
    ("POST", "/api/v1/hf/orders"): place,
    ("POST", "/api/v1/hf/orders/multi"): place_batch,
    ("POST", "/api/v1/hf/orders/alter"): alter,
    ("DELETE", "/api/v1/hf/orders"): cancel_all,
    ("DELETE", "/api/v1/hf/orders/client-order/*"): cancel_by_client_id,
    ("DELETE", "/api/v1/hf/orders/*"): cancel_by_id,
}


def answer(
    world: SpotWorld, method: str, target: str, headers: Mapping[str, str], body: str, more: Mapping[Any, Endpoint]
) -> tuple[int, Any]:
    """Status and envelope. ``more`` are private endpoints that the server itself has."""
    try:
        return 200, {"code": "200000", "data": _data(world, method, target, headers, body, more)}
    except Refused as refused:
        error = error_of(refused)
    except Error as raised:
        error = raised
    return error.status, {"code": error.code, "msg": error.message}


def _data(
    world: SpotWorld, method: str, target: str, headers: Mapping[str, str], body: str, more: Mapping[Any, Endpoint]
) -> Any:
    path = target.partition("?")[0]
    parent, _, last = path.rpartition("/")
    exact, wild = (method, path), (method, f"{parent}/*")
    values = _values(method, target, body)
    for route, named in ((exact, ""), (wild, unquote(last))):
        if route in PUBLIC:
            return PUBLIC[route](Call(world, None, values, named))
        private = PRIVATE.get(route) or more.get(route)
        if private is not None:
            return private(Call(world, account_of(world, method, target, headers, body), values, named))
    raise Error("404000", "Url Not Found -- The requested resource could not be found", 404)


def _values(method: str, target: str, body: str) -> dict[str, Any]:
    if method == "POST" and body:
        try:
            values = json.loads(body)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise Error("400100", "Parameter error")
        return values
    pairs = (part.partition("=") for part in target.partition("?")[2].split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs}
