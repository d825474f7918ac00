"""MEXC's rows into our types and our orders into its parameters; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trading.core.instrument import ZERO, Side, plain
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderType, TimeInForce
from trading.exchanges.errors import OutcomeUnknown, VenueError
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome
from trading.exchanges.live.parsing import decimal, needed
from trading.exchanges.live.profiles import Profile
from trading.exchanges.live.translation import refusal
from trading.exchanges.live.wire import from_milliseconds

SELF_TRADE_PREVENTION = "cancel_taker"
"""What rests keeps its place. It works for keys whose owner has made a strategy group; otherwise it does no harm."""

_TYPES = {
    TimeInForce.GTC: "LIMIT",
    TimeInForce.POST_ONLY: "LIMIT_MAKER",
    TimeInForce.IOC: "IMMEDIATE_OR_CANCEL",
}
_ENDED = {
    "FILLED": OrderEvent.FILLED,
    "CANCELED": OrderEvent.CANCELED,
    "PARTIALLY_CANCELED": OrderEvent.CANCELED,
}
_OPEN = {"NEW", "PARTIALLY_FILLED"}
_STREAMED_ENDED = {2: OrderEvent.FILLED, 4: OrderEvent.CANCELED, 5: OrderEvent.CANCELED}
_STREAMED_OPEN = {1, 3}
_SIDES = {1: Side.BUY, 2: Side.SELL}


def order(new: NewOrder, market_id: str) -> dict[str, Any]:
    target = new.target
    params = {
        "symbol": market_id,
        "side": target.side.value.upper(),
        "type": _TYPES[target.time_in_force] if target.type is OrderType.LIMIT else "MARKET",
        "quantity": plain(target.amount),
        "newClientOrderId": new.client_id,
        "stpMode": SELF_TRADE_PREVENTION,
    }
    if target.type is OrderType.LIMIT and target.price is not None:
        params["price"] = plain(target.price)
    return params


def accepted(data: Any) -> Outcome:
    """The answer names the venue's id only: no status, no client id."""
    venue_id = data.get("orderId") if isinstance(data, dict) else None
    return Accepted(str(venue_id)) if venue_id else OutcomeUnknown("an answer without an order id")


def of_batch(rows: Sequence[Any], profile: Profile) -> dict[str, Outcome]:
    """Outcomes by client id, of those rows that carry one: refusals always do, acceptances not always."""
    outcomes: dict[str, Outcome] = {}
    for row in rows:
        client_id = row.get("newClientOrderId") if isinstance(row, dict) else None
        if client_id and row.get("orderId"):
            outcomes[str(client_id)] = Accepted(str(row["orderId"]))
        elif client_id and row.get("code") is not None:
            refused: VenueError = refusal(profile, str(row["code"]), str(row.get("msg") or ""), write=True)
            outcomes[str(client_id)] = refused
    return outcomes


def report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """Raises ValueError for an unknown status."""
    filled, status = needed(row.get("executedQty") or "0"), str(row["status"])
    if status not in _ENDED and status not in _OPEN:
        raise ValueError(f"unknown order status {status!r}")
    event = _ENDED.get(status) or (OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED)
    return OrderReport(
        client_id=row.get("clientOrderId") or None,
        venue_id=str(row["orderId"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=from_milliseconds(row.get("updateTime") or row["time"]),
        side=Side(str(row["side"]).lower()),
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("origQty")),
        reason=str(row.get("cancelReason") or ""),
    )


def streamed_report(row: Mapping[str, Any], symbol: str, now: datetime) -> OrderReport:
    """A protobuf row; fields that are zero are left out. Status 5 is a partly filled order's cancel.

    Raises ValueError for an unknown status.
    """
    filled, status = decimal(row.get("cumulativeQuantity")) or ZERO, int(row.get("status") or 0)
    if status not in _STREAMED_ENDED and status not in _STREAMED_OPEN:
        raise ValueError(f"unknown order status {status!r}")
    event = _STREAMED_ENDED.get(status) or (OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED)
    return OrderReport(
        client_id=row.get("clientId") or None,
        venue_id=str(row["id"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=now,
        side=_SIDES[int(row["tradeType"])],
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("quantity")),
    )


def fill(row: Mapping[str, Any], symbol: str) -> Fill:
    """A row of myTrades."""
    maker = row.get("isMaker")
    return Fill(
        trade_id=str(row["id"]),
        venue_order_id=str(row["orderId"]),
        client_id=row.get("clientOrderId") or None,
        symbol=symbol,
        side=Side.BUY if row["isBuyer"] else Side.SELL,
        price=needed(row["price"]),
        amount=needed(row["qty"]),
        fee=needed(row["commission"]),
        fee_currency=str(row["commissionAsset"]),
        maker=maker if isinstance(maker, bool) else None,
        at=from_milliseconds(row["time"]),
    )


def account(row: Mapping[str, Any], now: datetime) -> Account:
    """``canWithdraw`` speaks of the account and not of the key, so that nothing is said of it."""
    free = {str(entry["asset"]): needed(entry["free"]) for entry in row["balances"]}
    total = {str(entry["asset"]): needed(entry["free"]) + needed(entry["locked"]) for entry in row["balances"]}
    return Account(total, free, None, now)
