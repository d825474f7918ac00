"""Orders and fills as lists, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.venues.bitget import rows
from tests.venues.bitget.call import Call, Error
from trading.core.orders import OrderType
from trading.core.simulated_orders import VenueOrder

PAGE = 100


def detail(call: Call) -> Any:
    order = call.owner.find(client_id=call.maybe("clientOid"), told=call.maybe("orderId"))
    if order is None or (order.type is OrderType.STOP_MARKET and order.execution_id is None):
        raise Error("40109", "The data of the order cannot be found, please confirm the order number")
    return rows.told_order(call.owner, order)


def pending(call: Call) -> Any:
    found = [rows.told_order(call.owner, order) for order in _orders(call) if order.is_open and not _is_plan(order)]
    return page(call, found, "entrustedList", "orderId")


def history(call: Call) -> Any:
    """Finished orders, those that plan orders became among them."""
    found = [
        rows.told_order(call.owner, order)
        for order in _orders(call)
        if not order.is_open and (not _is_plan(order) or order.execution_id)
    ]
    return page(call, found, "entrustedList", "orderId")


def plans_pending(call: Call) -> Any:
    call.need("planType")
    found = [rows.plan_order(call.owner, order) for order in _orders(call) if order.waits_for_trigger]
    return page(call, found, "entrustedList", "orderId")


def plans_history(call: Call) -> Any:
    call.need("planType")
    found = [
        rows.plan_order(call.owner, order) for order in _orders(call) if _is_plan(order) and not order.waits_for_trigger
    ]
    return page(call, found, "entrustedList", "orderId")


def fills(call: Call) -> Any:
    """A time span beyond a week is refused."""
    start, end = call.maybe("startTime"), call.maybe("endTime")
    if start and end and int(end) - int(start) > timedelta(days=7, minutes=2) / timedelta(milliseconds=1):
        raise Error("40705", "The start and end time cannot exceed 7 days")
    found = [rows.fill(call.owner, fill, streamed=False) for fill in call.owner.exchange.fills(call.symbol)]
    wanted = call.maybe("orderId")
    return page(call, [row for row in found if wanted in (None, row["orderId"])], "fillList", "tradeId")


def _orders(call: Call) -> list[VenueOrder]:
    call.need("productType")
    symbol = call.symbol if call.values.get("symbol") else None
    wanted = [order for order in call.owner.orders() if symbol in (None, order.symbol)]
    client_id, told = call.maybe("clientOid"), call.maybe("orderId")
    if told:
        return [order for order in wanted if call.owner.told_id(order.venue_id) == told]
    return [order for order in wanted if client_id in (None, order.client_id)]


def _is_plan(order: VenueOrder) -> bool:
    return order.type is OrderType.STOP_MARKET


def page(call: Call, found: Sequence[Mapping[str, Any]], name: str, key: str) -> dict[str, Any]:
    """Newest first, at most 100, then older than ``idLessThan``; an empty list is null."""
    start, end, before = call.maybe("startTime"), call.maybe("endTime"), call.maybe("idLessThan")
    rows_in = sorted(found, key=lambda row: int(row[key]), reverse=True)
    rows_in = [
        row
        for row in rows_in
        if (start is None or int(row["cTime"]) >= int(start))
        and (end is None or int(row["cTime"]) <= int(end))
        and (before is None or int(row[key]) < int(before))
    ]
    shown = rows_in[: min(PAGE, int(call.maybe("limit") or PAGE))]
    return {name: shown or None, "endId": shown[-1][key] if shown else None}
