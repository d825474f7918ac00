"""Placing, canceling and replacing, as the documentation's trading requests say."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.venues.binance import rows
from tests.venues.binance.errors import BinanceError, error, error_of, missing
from tests.venues.binance.requests import Call, wanted_order
from tests.venues.binance.world import MARKETS
from trading.core.instrument import Side
from trading.core.orders import OrderStatus, OrderType, TimeInForce
from trading.core.simulated_orders import Refused, VenueOrder

_CLIENT_ID = re.compile(r"^[a-zA-Z0-9\-_]{1,36}$")
_own_ids = itertools.count(1)

PLACE_PARAMETERS = frozenset(
    {"symbol", "side", "type", "timeInForce", "quantity", "quoteOrderQty", "price", "newClientOrderId", "stopPrice"}
    | {"icebergQty", "newOrderRespType", "selfTradePreventionMode", "trailingDelta", "strategyId", "strategyType"}
)
CANCEL_PARAMETERS = frozenset({"symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions"})
REPLACE_PARAMETERS = PLACE_PARAMETERS | {
    "cancelReplaceMode",
    "cancelOrderId",
    "cancelOrigClientOrderId",
    "cancelNewClientOrderId",
    "cancelRestrictions",
    "orderRateLimitExceededMode",
}


def place(call: Call) -> Any:
    """Each order needs what its type needs, and refuses what it does not take."""
    _count(call)
    draft = _draft(call)
    if draft.time_in_force is not TimeInForce.POST_ONLY and call.maybe("selfTradePreventionMode") == "EXPIRE_TAKER":
        placed = _place_without_meeting_ourselves(call, draft)
    else:
        placed = _place(call, draft)
    if call.maybe("newOrderRespType") == "ACK":
        return {name: placed[name] for name in ("symbol", "orderId", "orderListId", "clientOrderId", "transactTime")}
    return placed


def _draft(call: Call) -> VenueOrder:
    symbol, now = call.symbol, call.world.now()
    kind = call.choice("type", ("LIMIT", "MARKET", "LIMIT_MAKER"), -1116)
    if kind != "LIMIT" and call.maybe("timeInForce"):
        raise error(-1106, "Parameter 'timeInForce' sent when not required.")
    if kind == "MARKET" and call.maybe("price"):
        raise error(-1106, "Parameter 'price' sent when not required.")
    force = TimeInForce.POST_ONLY if kind == "LIMIT_MAKER" else TimeInForce.GTC
    if kind == "LIMIT":
        # ccxt sends PO where a client says so; the venue knows no such word.
        force = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC}[call.choice("timeInForce", ("GTC", "IOC"), -1115)]
    client_id = call.maybe("newClientOrderId") or f"x-generated{next(_own_ids)}"
    if not _CLIENT_ID.match(client_id):
        raise error(-1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is that of ids.")
    return VenueOrder(
        venue_id="",
        client_id=client_id,
        symbol=symbol,
        side=Side(call.choice("side", ("BUY", "SELL"), -1117).lower()),
        type=OrderType.MARKET if kind == "MARKET" else OrderType.LIMIT,
        amount=_precise(call, "quantity"),
        price=_precise(call, "price") if kind != "MARKET" else None,
        trigger_price=None,
        reduce_only=False,
        time_in_force=force,
        created_at=now,
        updated_at=now,
        status=OrderStatus.OPEN,
    )


def _precise(call: Call, name: str) -> Decimal:
    number = call.number(name)
    if number != round(number, 8):
        raise error(-1111, f"Parameter '{name}' has too much precision.")
    return number


def _place(call: Call, draft: VenueOrder) -> dict[str, Any]:
    owner, exchange = call.owner, call.owner.exchange
    client_id = draft.client_id or ""
    known = owner.find(client_id=client_id)
    # A client id is refused only while the order that has it is open.
    if known is not None and known.is_open:
        raise error_of(Refused("duplicate_id"))
    name = owner.name_for(client_id)
    try:
        events = exchange.place(
            client_id=name,
            symbol=draft.symbol,
            side=draft.side,
            type=draft.type,
            amount=draft.amount,
            now=call.world.now(),
            price=draft.price,
            time_in_force=draft.time_in_force,
        )
    except Refused as refused:
        raise error_of(refused) from None
    order = exchange.order(client_id=name)
    assert order is not None
    owner.hear(events)
    return rows.placed(order)


def _place_without_meeting_ourselves(call: Call, draft: VenueOrder) -> dict[str, Any]:
    """EXPIRE_TAKER: an order takes from others until it would meet the account's own; the rest expires in the match.

    Simplified: the rest expires one tick before the own order's price, others at the same price included.
    """
    owner, exchange = call.owner, call.owner.exchange
    against = [
        order.price
        for order in exchange.open_orders(draft.symbol)
        if order.side is draft.side.opposite and order.price is not None
    ]
    if not against:
        return _place(call, draft)
    nearest = min(against) if draft.side is Side.BUY else max(against)
    if draft.price is not None and (draft.price - nearest) * draft.side.sign < 0:
        return _place(call, draft)
    tick = MARKETS[call.market][0].price_tick
    short_of_it = replace(
        draft, price=nearest - draft.side.sign * tick, type=OrderType.LIMIT, time_in_force=TimeInForce.IOC
    )
    book = exchange.shown_book(draft.symbol)
    best = book.best(draft.side.opposite) if book else None
    if best is None or (best - nearest) * draft.side.sign >= 0:
        ended = replace(draft, venue_id=str(call.world.trade_numbers[call.market] + next(_own_ids)))
        call.world.prevent(owner, ended)
        return rows.placed(owner.prevented[ended.venue_id])
    told = _place(call, short_of_it)
    owner.prevented[str(told["orderId"])] = draft
    return told


def _count(call: Call) -> None:
    """Orders in ten seconds are counted apart from everything else."""
    now, placed_at = call.world.milliseconds() / 1000, call.owner.placed_at
    while placed_at and placed_at[0] <= now - 10:
        placed_at.popleft()
    if len(placed_at) >= call.world.orders_per_ten_seconds:
        raise error(-1015, data={"serverTime": int(now * 1000), "retryAfter": int((placed_at[0] + 10) * 1000)})
    placed_at.append(now)


def cancel(call: Call) -> Any:
    """The answer's clientOrderId is the cancel's own, made up where it is not given."""
    return _cancel(call, "orderId", "origClientOrderId", "newClientOrderId")


def _cancel(call: Call, order_id_name: str, client_id_name: str, own_id_name: str) -> dict[str, Any]:
    try:
        order = wanted_order(call, order_id_name, client_id_name)
    except BinanceError as unknown:
        raise error(-2011) if unknown.code == -2013 else unknown from None
    if not order.is_open:
        raise error(-2011)
    restriction = {"ONLY_NEW": OrderStatus.OPEN, "ONLY_PARTIALLY_FILLED": OrderStatus.PARTLY_FILLED}
    allowed = call.maybe("cancelRestrictions")
    if allowed is not None and restriction[allowed] is not order.status:
        raise error(-2011, "Order was not canceled due to cancel restrictions.")
    cancel_id = call.maybe(own_id_name) or f"x-cancel{next(_own_ids)}"
    call.owner.cancel_ids[order.venue_id] = cancel_id
    call.owner.hear(call.owner.exchange.cancel(now=call.world.now(), venue_id=order.venue_id))
    ended = call.owner.find(order_id=order.venue_id)
    assert ended is not None
    return rows.canceled(ended, cancel_id)


def cancel_replace(call: Call) -> Any:
    """Cancels one order and places another, for the quantity that is asked, whatever the first has filled meanwhile.

    STOP_ON_FAILURE: no new order unless the cancel succeeded (-2022). A cancel whose new order is refused is -2021.
    """
    mode = call.choice("cancelReplaceMode", ("STOP_ON_FAILURE", "ALLOW_FAILURE"), -1130)
    if call.maybe("cancelOrderId") is None and call.maybe("cancelOrigClientOrderId") is None:
        raise missing("cancelOrigClientOrderId")
    data: dict[str, Any] = {"newOrderResult": "NOT_ATTEMPTED", "newOrderResponse": None}
    try:
        told = _cancel(call, "cancelOrderId", "cancelOrigClientOrderId", "cancelNewClientOrderId")
        data |= {"cancelResult": "SUCCESS", "cancelResponse": told}
    except BinanceError as refused:
        data |= {"cancelResult": "FAILURE", "cancelResponse": refused.body()}
        if mode == "STOP_ON_FAILURE":
            raise error(-2022, data=_ordered(data)) from None
    try:
        data |= {"newOrderResponse": place(call), "newOrderResult": "SUCCESS"}
    except BinanceError as refused:
        data |= {"newOrderResponse": refused.body(), "newOrderResult": "FAILURE"}
    if data["cancelResult"] == data["newOrderResult"] == "SUCCESS":
        return _ordered(data)
    both = data["cancelResult"] == data["newOrderResult"]
    raise error(-2022 if both else -2021, data=_ordered(data))


def _ordered(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("cancelResult", "newOrderResult", "cancelResponse", "newOrderResponse")}
