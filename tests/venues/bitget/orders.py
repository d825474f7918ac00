"""Orders placed and canceled, one or many."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.venues.bitget.call import REFUSALS, Call, Error, error_of
from trading.core.instrument import Side
from trading.core.orders import OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_orders import ExchangeEvent, Refused, VenueOrder

_TIMES_IN_FORCE = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "post_only": TimeInForce.POST_ONLY}

_refused_orders = itertools.count(1)


def place(call: Call) -> Any:
    return _place(call, call.values)


def place_batch(call: Call) -> Any:
    """At most 50, of one market. Each order is taken or refused by itself; the answer has two lists."""
    wanted = call.values.get("orderList")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 50:
        raise Error("40306", "Batch processing orders can only process up to 50")
    shared = {name: value for name, value in call.values.items() if name != "orderList"}
    done: dict[str, list[Any]] = {"successList": [], "failureList": []}
    for one in wanted:
        try:
            done["successList"].append(_place(call, {**shared, **one}))
        except Error as error:
            done["failureList"].append(_failure(one, error))
    return done


def place_plan(call: Call) -> Any:
    if call.need("planType") != "normal_plan" or call.need("triggerType") not in ("mark_price", "fill_price"):
        raise Error("40017", "Parameter planType error")
    return _place(call, call.values, is_plan=True)


def _place(call: Call, values: Mapping[str, Any], *, is_plan: bool = False) -> dict[str, Any]:
    order = Call(call.world, call.account, values)
    owner, exchange, now = call.owner, call.owner.exchange, call.world.time.now()
    mode = {"crossed": MarginMode.CROSS, "isolated": MarginMode.ISOLATED}.get(order.need("marginMode"))
    order.need("marginCoin")
    if owner.is_hedged:
        # An order in the words of one-way mode while the account is in hedge mode, whatever it says.
        raise Error("40774", "The order type for unilateral position must also be the unilateral position type")
    client_id = order.maybe("clientOid") or str(time.time_ns())
    if owner.knows(client_id):
        raise Error(*REFUSALS["duplicate_id"])
    is_limit = order.need("orderType") == "limit"
    draft = VenueOrder(
        venue_id=f"refused {next(_refused_orders)}",
        client_id=client_id,
        symbol=order.symbol,
        side=Side(order.need("side")),
        type=OrderType.STOP_MARKET if is_plan else OrderType.LIMIT if is_limit else OrderType.MARKET,
        amount=order.number("size"),
        price=order.number("price") if is_limit else None,
        trigger_price=order.number("triggerPrice") if is_plan else None,
        reduce_only=(order.maybe("reduceOnly") or "NO").upper() == "YES",
        time_in_force=_TIMES_IN_FORCE[(order.maybe("force") or "gtc").lower()],
        created_at=now,
        updated_at=now,
        status=OrderStatus.OPEN,
    )
    try:
        events = exchange.place(
            client_id=client_id,
            symbol=draft.symbol,
            side=draft.side,
            type=draft.type,
            amount=draft.amount,
            now=now,
            price=draft.price,
            trigger_price=draft.trigger_price,
            reduce_only=draft.reduce_only,
            time_in_force=draft.time_in_force,
            margin_mode=mode,
        )
    except Refused as refused:
        if refused.reason != "post_only_would_take":
            raise error_of(refused) from None
        owner.refuse_later(draft)
        return {"orderId": owner.told_id(draft.venue_id), "clientOid": client_id}
    placed = exchange.order(client_id=client_id)
    assert placed is not None
    told = owner.told_id(placed.venue_id)
    owner.hear(events)
    # One-way mode: reduce-only orders beyond the position cancel the oldest, and such an answer has no id.
    return {"orderId": None if _pushed_out_others(events, placed) else told, "clientOid": client_id}


def _pushed_out_others(events: Sequence[ExchangeEvent], placed: VenueOrder) -> bool:
    return any(
        isinstance(event, OrderReport) and event.venue_id != placed.venue_id and event.reason == "reduce_only"
        for event in events
    )


def cancel(call: Call) -> Any:
    return _cancel(call, call.values)


def cancel_batch(call: Call) -> Any:
    """At most 50; the answer has two lists, and an empty request list would mean the whole market."""
    wanted = call.values.get("orderIdList")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 50:
        raise Error("40017", "Parameter orderIdList error")
    done: dict[str, list[Any]] = {"successList": [], "failureList": []}
    for one in wanted:
        try:
            done["successList"].append(_cancel(call, one))
        except Error as error:
            done["failureList"].append(_failure(one, error))
    return done


def cancel_plan(call: Call) -> Any:
    return cancel_batch(Call(call.world, call.account, {**call.values, "plan": "yes"}))


def _cancel(call: Call, which: Mapping[str, Any]) -> dict[str, Any]:
    owner = call.owner
    order = owner.find(client_id=which.get("clientOid"), told=which.get("orderId"))
    if order is None or (order.type is OrderType.STOP_MARKET) is not ("plan" in call.values):
        raise Error("40768", "Order does not exist")
    if not order.is_open:
        raise Error("22001", "No order to cancel")
    owner.hear(owner.exchange.cancel(now=call.world.time.now(), venue_id=order.venue_id))
    return {"orderId": owner.told_id(order.venue_id), "clientOid": order.client_id}


def _failure(one: Mapping[str, Any], error: Error) -> dict[str, Any]:
    return {
        "orderId": one.get("orderId") or "",
        "clientOid": one.get("clientOid") or "",
        "errorMsg": error.message,
        "errorCode": error.code,
    }
