"""MEXC's writes: placing, batches, cancels; and the table of all endpoints with the door to them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.venues.mexc import rest, rows
from tests.venues.mexc.rest import Call, Endpoint, Error, account_of, error_of, named, values_of
from tests.venues.spot.world import SpotWorld, draft
from trading.core.instrument import Side, plain
from trading.core.orders import TimeInForce
from trading.core.simulated_orders import Refused, VenueOrder

BATCH = 20
_TIMES_IN_FORCE = {
    "LIMIT": TimeInForce.GTC,
    "LIMIT_MAKER": TimeInForce.POST_ONLY,
    "IMMEDIATE_OR_CANCEL": TimeInForce.IOC,
    "MARKET": TimeInForce.GTC,
}


def place(call: Call) -> Any:
    """The answer names neither the status nor the client's id."""
    order = _place(call)
    return {
        "symbol": call.market,
        "orderId": order.venue_id,
        "orderListId": -1,
        "price": plain(order.price) if order.price else "0",
        "origQty": plain(order.amount),
        "type": rows.order_type(order),
        "side": order.side.value.upper(),
        "stpMode": call.maybe("stpMode") or "",
        "transactTime": call.world.time.told(order.created_at),
    }


def _place(call: Call) -> VenueOrder:
    kind = call.need("type")
    if kind not in _TIMES_IN_FORCE or call.need("side") not in ("BUY", "SELL"):
        raise Error(30041, "current order type can not place order")
    if call.maybe("stpMode") not in (None, "cancel_maker", "cancel_taker", "cancel_both"):
        raise Error(33333, "param is error: stpMode")
    wanted = draft(
        call.maybe("newClientOrderId") or f"venue{time.time_ns()}",
        call.symbol,
        Side(call.need("side").lower()),
        call.number("quantity"),
        None if kind == "MARKET" else call.number("price"),
        call.world.time.now(),
        _TIMES_IN_FORCE[kind],
    )
    # A strategy group is taken to exist; only the mode that cancels the taker is kept here.
    return call.owner.place(wanted, prevents_self_trade=call.maybe("stpMode") == "cancel_taker")


def place_batch(call: Call) -> Any:
    """At most 20 of one market. Accepted ones come without the client's id, refused ones with it, code and words."""
    try:
        wanted = json.loads(call.need("batchOrders"))
    except ValueError:
        wanted = None
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= BATCH or len({one.get("symbol") for one in wanted}) != 1:
        raise Error(33333, "param is error: batchOrders")
    told: list[dict[str, Any]] = []
    for one in wanted:
        try:
            order = _place(Call(call.world, call.account, one))
            told.append({"symbol": one["symbol"], "orderId": order.venue_id, "orderListId": -1})
        except (Refused, Error) as refused:
            error = error_of(refused) if isinstance(refused, Refused) else refused
            told.append({"newClientOrderId": one.get("newClientOrderId"), "msg": error.message, "code": error.code})
    return told


def cancel(call: Call) -> Any:
    """What is finished and what never was get the same refusal; the answer has no status and no client id."""
    order = named(call)
    if order is None or not order.is_open:
        raise Error(-2011, "Unknown order sent.")
    call.owner.cancel(order)
    return {
        "symbol": call.market,
        "orderId": order.venue_id,
        "price": plain(order.price) if order.price else "0",
        "origQty": plain(order.amount),
        "type": rows.order_type(order),
        "side": order.side.value.upper(),
    }


def cancel_all(call: Call) -> Any:
    """All of the named market."""
    orders = call.owner.exchange.open_orders(call.symbol)
    for order in orders:
        call.owner.cancel(order)
    return [{"symbol": call.market, "orderId": order.venue_id} for order in orders]


PUBLIC: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v3/time"): rest.server_time,
    ("GET", "/api/v3/exchangeInfo"): rest.exchange_info,
    ("GET", "/api/v3/ticker/24hr"): rest.tickers,
    ("GET", "/api/v3/depth"): rest.depth,
    ("GET", "/api/v3/klines"): rest.candles,
}
PRIVATE: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v3/account"): rest.account,
    ("POST", "/api/v3/order"): place,
    ("POST", "/api/v3/batchOrders"): place_batch,
    ("DELETE", "/api/v3/order"): cancel,
    ("DELETE", "/api/v3/openOrders"): cancel_all,
    ("GET", "/api/v3/order"): rest.order,
    ("GET", "/api/v3/openOrders"): rest.open_orders,
    ("GET", "/api/v3/allOrders"): rest.all_orders,
    ("GET", "/api/v3/myTrades"): rest.trades,
}


def answer(
    world: SpotWorld, method: str, target: str, headers: Mapping[str, str], more: Mapping[Any, Endpoint]
) -> tuple[int, Any]:
    """Status and body; there is no envelope. ``more`` are private endpoints that the server itself has."""
    route = method, target.partition("?")[0]
    values = values_of(target)
    try:
        if route in PUBLIC:
            return 200, PUBLIC[route](Call(world, None, values))
        private = PRIVATE.get(route) or more.get(route)
        if private is None:
            return 404, {"code": 404, "msg": "Not Found"}
        return 200, private(Call(world, account_of(world, target, headers), values))
    except Refused as refused:
        error = error_of(refused)
    except Error as raised:
        error = raised
    return error.status, {"code": error.code, "msg": error.message}
