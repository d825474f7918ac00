"""Binance spot's rows into our types and our orders into its parameters; pure. Every number is a string."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trading.core.instrument import ZERO, Side, plain
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderType, TimeInForce
from trading.exchanges.errors import OutcomeUnknown
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome
from trading.exchanges.live.parsing import decimal, needed
from trading.exchanges.live.wire import from_milliseconds

_EVENTS = {
    "NEW": OrderEvent.ACCEPTED,
    "PENDING_NEW": OrderEvent.ACCEPTED,
    "PENDING_CANCEL": OrderEvent.ACCEPTED,
    "PARTIALLY_FILLED": OrderEvent.PARTLY_FILLED,
    "FILLED": OrderEvent.FILLED,
    "CANCELED": OrderEvent.CANCELED,
    "REJECTED": OrderEvent.REFUSED,
    "EXPIRED": OrderEvent.EXPIRED,
    "EXPIRED_IN_MATCH": OrderEvent.EXPIRED,
}
_REASONS = {"EXPIRED_IN_MATCH": "self_trade"}


# Our orders in its words


def objection(order: NewOrder) -> str:
    """Why an order cannot be put into words here; nothing is sent then."""
    target = order.target
    if target.type is OrderType.STOP_MARKET or target.trigger_price is not None:
        return "no stop orders on spot"
    if target.reduce_only:
        return "nothing to reduce on spot"
    if target.type is OrderType.LIMIT and target.price is None:
        return "a limit order needs its price"
    return ""


def order(new: NewOrder, market_id: str) -> dict[str, str]:
    """Post-only is a type of its own. An order that would meet one of ours expires instead."""
    target = new.target
    params = {
        "symbol": market_id,
        "side": target.side.upper(),
        "quantity": plain(target.amount),
        "newClientOrderId": new.client_id,
        "newOrderRespType": "RESULT",
        "selfTradePreventionMode": "EXPIRE_TAKER",
    }
    if target.type is OrderType.MARKET or target.price is None:
        return {**params, "type": "MARKET"}
    params["price"] = plain(target.price)
    if target.time_in_force is TimeInForce.POST_ONLY:
        return {**params, "type": "LIMIT_MAKER"}
    return {**params, "type": "LIMIT", "timeInForce": "IOC" if target.time_in_force is TimeInForce.IOC else "GTC"}


def placed(told: Any, client_id: str, symbol: str) -> Outcome:
    """Only an answer that names the order proves that it was taken."""
    if not isinstance(told, dict) or not told.get("orderId") or told.get("clientOrderId") != client_id:
        return OutcomeUnknown("an answer without our order's id")
    return Accepted(str(told["orderId"]), _told(told, client_id, symbol))


def canceled(told: Any, client_id: str, symbol: str) -> Outcome:
    """The answer's ``clientOrderId`` is the cancel's own; the order's is ``origClientOrderId``."""
    if not isinstance(told, dict) or not told.get("orderId") or told.get("origClientOrderId") != client_id:
        return OutcomeUnknown("an answer without our order's id")
    return Accepted(str(told["orderId"]), _told(told, client_id, symbol))


def _told(row: Mapping[str, Any], client_id: str, symbol: str) -> OrderReport | None:
    """What an answer tells besides the id; a status that we do not know tells nothing."""
    if row.get("status") not in _EVENTS or row.get("executedQty") is None:
        return None
    return _report(row, client_id, symbol, row.get("transactTime") or row.get("updateTime") or row.get("time"))


# Its rows in our types


def report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """A row of order.status, openOrders.status, allOrders. Raises ValueError for an unknown state."""
    if row.get("status") not in _EVENTS:
        raise ValueError(f"unknown order state {row.get('status')!r}")
    return _report(row, str(row["clientOrderId"]), symbol, row.get("updateTime") or row["time"])


def _report(row: Mapping[str, Any], client_id: str, symbol: str, at: Any) -> OrderReport:
    return OrderReport(
        client_id=client_id,
        venue_id=str(row["orderId"]),
        symbol=symbol,
        event=_EVENTS[row["status"]],
        filled=needed(row["executedQty"]),
        at=from_milliseconds(at),
        side=Side(str(row["side"]).lower()),
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("origQty")),
        reason=_REASONS.get(row["status"], ""),
    )


def streamed_report(event: Mapping[str, Any], symbol: str) -> OrderReport:
    """An executionReport. Of a cancel ``c`` is the cancel's own id and ``C`` the order's."""
    if event.get("X") not in _EVENTS:
        raise ValueError(f"unknown order state {event.get('X')!r}")
    return OrderReport(
        client_id=_client_id(event),
        venue_id=str(event["i"]),
        symbol=symbol,
        event=_EVENTS[event["X"]],
        filled=needed(event["z"]),
        at=from_milliseconds(event["T"]),
        side=Side(str(event["S"]).lower()),
        price=decimal(event.get("p")) or None,
        amount=decimal(event.get("q")),
        reason=_REASONS.get(event["X"], ""),
    )


def streamed_fill(event: Mapping[str, Any], symbol: str) -> Fill | None:
    """The execution that an executionReport tells of, if it is one."""
    if event.get("x") != "TRADE":
        return None
    return Fill(
        trade_id=str(event["t"]),
        venue_order_id=str(event["i"]),
        client_id=_client_id(event),
        symbol=symbol,
        side=Side(str(event["S"]).lower()),
        price=needed(event["L"]),
        amount=needed(event["l"]),
        fee=decimal(event.get("n")) or ZERO,
        fee_currency=str(event.get("N") or ""),
        maker=bool(event["m"]),
        at=from_milliseconds(event["T"]),
    )


def _client_id(event: Mapping[str, Any]) -> str:
    return str(event.get("C") or event["c"])


def fills(rows: Sequence[Mapping[str, Any]], symbol: str, client_id: str | None = None) -> list[Fill]:
    """Oldest first. Trades carry no client id: it is the caller's, or unknown."""
    return sorted((_fill(row, symbol, client_id) for row in rows), key=lambda fill: (fill.at, int(fill.trade_id)))


def _fill(row: Mapping[str, Any], symbol: str, client_id: str | None) -> Fill:
    return Fill(
        trade_id=str(row["id"]),
        venue_order_id=str(row["orderId"]),
        client_id=client_id,
        symbol=symbol,
        side=Side.BUY if row["isBuyer"] else Side.SELL,
        price=needed(row["price"]),
        amount=needed(row["qty"]),
        fee=needed(row["commission"]),
        fee_currency=str(row["commissionAsset"]),
        maker=bool(row["isMaker"]),
        at=from_milliseconds(row["time"]),
    )


def account(told: Mapping[str, Any], now: datetime, *, can_withdraw: bool | None) -> Account:
    """Coins without any are left out."""
    free = {row["asset"]: needed(row["free"]) for row in told["balances"]}
    total = {row["asset"]: free[row["asset"]] + needed(row["locked"]) for row in told["balances"]}
    total = {asset: amount for asset, amount in total.items() if amount}
    return Account(total, {asset: free[asset] for asset in total}, None, now, can_withdraw=can_withdraw)


def book(told: Mapping[str, Any], symbol: str, depth: int, now: datetime) -> Book:
    bids, asks = (
        tuple(BookLevel(needed(price), needed(amount)) for price, amount in told[side][:depth])
        for side in ("bids", "asks")
    )
    return Book(symbol, bids, asks, now)
