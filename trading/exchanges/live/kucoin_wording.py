"""KuCoin's rows into our types and our orders into its parameters; pure. Every number is a string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from trading.core.instrument import ZERO, Side, plain
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderType, TimeInForce
from trading.exchanges.errors import OutcomeUnknown, Rejected
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome
from trading.exchanges.live.parsing import decimal, needed
from trading.exchanges.live.wire import from_milliseconds

SELF_TRADE_PREVENTION = "CN"
"""Cancel the new one: what rests keeps its place."""

_BATCH_REFUSALS = (
    ("balance insufficient", "insufficient_funds"),
    ("below the minimum", "below_min_cost"),
    ("order funds should", "below_min_cost"),
    ("increment", "invalid_order"),
    ("clientoid", "duplicate_id"),
)
"""A refused order of a batch is told in words only. Words that are not here prove nothing."""


def order(new: NewOrder, market_id: str) -> dict[str, Any]:
    target = new.target
    params: dict[str, Any] = {
        "clientOid": new.client_id,
        "symbol": market_id,
        "side": target.side.value,
        "type": "limit" if target.type is OrderType.LIMIT else "market",
        "size": plain(target.amount),
        "stp": SELF_TRADE_PREVENTION,
    }
    if target.type is OrderType.LIMIT and target.price is not None:
        params["price"] = plain(target.price)
        params["timeInForce"] = "IOC" if target.time_in_force is TimeInForce.IOC else "GTC"
        if target.time_in_force is TimeInForce.POST_ONLY:
            params["postOnly"] = True
    return params


def accepted(data: Any, client_id: str) -> Outcome:
    """Only an answer that names the order proves that it was taken."""
    venue_id = data.get("orderId") if isinstance(data, dict) else None
    if not venue_id or data.get("clientOid") not in (client_id, None, ""):
        return OutcomeUnknown("an answer without our order's id")
    return Accepted(str(venue_id))


def of_batch(rows: Iterable[Mapping[str, Any]]) -> dict[str, Outcome]:
    """Outcomes by client id, of those rows that name an order of ours and say clearly what became of it.

    Two generations of this answer are documented: ``id`` with ``status``, and ``orderId`` with ``success``.
    """
    outcomes: dict[str, Outcome] = {}
    for row in rows:
        client_id, venue_id = row.get("clientOid"), row.get("orderId") or row.get("id")
        failed = row.get("success") is False or row.get("status") == "fail"
        said = str(row.get("failMsg") or "")
        reason = next((reason for part, reason in _BATCH_REFUSALS if part in said.lower()), None)
        if client_id and venue_id and not failed:
            outcomes[str(client_id)] = Accepted(str(venue_id))
        elif client_id and failed and reason:
            outcomes[str(client_id)] = Rejected(reason, detail=said[:160])
    return outcomes


def report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """A row of hf/orders. A finished order was filled unless a part of it was canceled."""
    filled = needed(row.get("dealSize") or "0")
    if row["active"]:
        event = OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED
    else:
        event = OrderEvent.CANCELED if row.get("cancelExist") else OrderEvent.FILLED
    return OrderReport(
        client_id=row.get("clientOid") or None,
        venue_id=str(row["id"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=from_milliseconds(row.get("lastUpdatedAt") or row["createdAt"]),
        side=Side(row["side"]),
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("size")),
    )


_STREAMED = {"filled": OrderEvent.FILLED, "canceled": OrderEvent.CANCELED}


def streamed_report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """A message of /spotMarket/tradeOrders. The last match is not the end: ``filled`` or ``canceled`` follows."""
    filled = decimal(row.get("filledSize")) or ZERO
    event = _STREAMED.get(row["type"]) or (OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED)
    return OrderReport(
        client_id=row.get("clientOid") or None,
        venue_id=str(row["orderId"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=from_nanoseconds(row["ts"]),
        side=Side(row["side"]),
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("size")),
    )


def fill(row: Mapping[str, Any], symbol: str) -> Fill:
    """A row of hf/fills; it carries no client id. The fee is quote currency."""
    return Fill(
        trade_id=str(row["tradeId"]),
        venue_order_id=str(row["orderId"]),
        client_id=None,
        symbol=symbol,
        side=Side(row["side"]),
        price=needed(row["price"]),
        amount=needed(row["size"]),
        fee=needed(row["fee"]),
        fee_currency=str(row["feeCurrency"]),
        maker=row["liquidity"] == "maker" if row.get("liquidity") else None,
        at=from_milliseconds(row["createdAt"]),
    )


def account(rows: Iterable[Mapping[str, Any]], now: datetime, *, can_withdraw: bool | None) -> Account:
    """The trading account: ``trade_hf`` where the key's owner has one apart, else ``trade``."""
    listed = list(rows)
    kind = "trade_hf" if any(row["type"] == "trade_hf" for row in listed) else "trade"
    ours = [row for row in listed if row["type"] == kind]
    total = {str(row["currency"]): needed(row["balance"]) for row in ours}
    free = {str(row["currency"]): needed(row["available"]) for row in ours}
    return Account(total, free, None, now, can_withdraw=can_withdraw)


def can_withdraw(info: Mapping[str, Any]) -> bool | None:
    granted = info.get("permission")
    return "withdraw" in granted.lower() if isinstance(granted, str) and granted else None


def from_nanoseconds(value: Any) -> datetime:
    return from_milliseconds(int(value) // 1_000_000)
