"""Bitget's rows into our types and our orders into its parameters; pure. Every number is a string."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from trading.core.instrument import ZERO, Side, plain
from trading.core.ledger import Funding
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.exchanges.errors import OutcomeUnknown
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome, Position
from trading.exchanges.live.parsing import decimal, needed
from trading.exchanges.live.wire import from_milliseconds

MARGIN_MODES = {MarginMode.CROSS: "crossed", MarginMode.ISOLATED: "isolated"}
_FORCES = {TimeInForce.GTC: "gtc", TimeInForce.IOC: "ioc", TimeInForce.POST_ONLY: "post_only"}
_EVENTS = {
    "filled": OrderEvent.FILLED,
    "canceled": OrderEvent.CANCELED,
    "cancelled": OrderEvent.CANCELED,
    "cancel": OrderEvent.CANCELED,
}
_OPEN = {"live", "new", "init", "partially_filled", "partial_fill"}
_WAITING = {"live", "not_trigger"}
_FAILED = {"fail_trigger", "fail_execute"}
_BY_FORCE = ("burst_", "reduce_")
"""How the trade side of a liquidation begins (``burst_sell_single``), of a whole position and of a part of one."""
_CANCELED = {"cancelled", "canceled", "cancel"}


# Our orders in its words


def setting(order: NewOrder) -> dict[str, Any]:
    """What every order must carry: without a margin mode the venue would take ``crossed``."""
    if order.margin_mode is None:
        raise ValueError("an order for a perpetual needs its margin mode")
    return {"marginMode": MARGIN_MODES[order.margin_mode], "marginCoin": "USDT"}


def order(new: NewOrder) -> dict[str, Any]:
    target = new.target
    params = {
        "clientOid": new.client_id,
        "size": plain(target.amount),
        "side": target.side.value,
        "orderType": "limit" if target.type is OrderType.LIMIT else "market",
        "reduceOnly": "YES" if target.reduce_only else "NO",
    }
    if target.type is OrderType.LIMIT and target.price is not None:
        params |= {"price": plain(target.price), "force": _FORCES[target.time_in_force]}
    return params


def trigger(new: NewOrder) -> dict[str, Any]:
    target = new.target
    if target.trigger_price is None:
        raise ValueError("a stop order needs its trigger price")
    return {
        "planType": "normal_plan",
        "clientOid": new.client_id,
        "size": plain(target.amount),
        "side": target.side.value,
        "orderType": "market",
        "triggerPrice": plain(target.trigger_price),
        "triggerType": "mark_price",
        "reduceOnly": "YES" if target.reduce_only else "NO",
    }


def accepted(data: Any, client_id: str) -> Outcome:
    """Only an answer that names the order proves that it was taken."""
    venue_id = data.get("orderId") if isinstance(data, dict) else None
    if not venue_id or data.get("clientOid") not in (client_id, None, ""):
        return OutcomeUnknown("an answer without our order's id")
    return Accepted(str(venue_id))


# Its rows in our types


def report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """A row of REST, where ``baseVolume`` is cumulative. Raises ValueError for an unknown state."""
    return _report(row, symbol, needed(row.get("baseVolume") or "0"), str(row.get("state") or row.get("status") or ""))


def streamed_report(row: Mapping[str, Any], symbol: str) -> OrderReport:
    """A row of the stream, where ``baseVolume`` is this update's and ``accBaseVolume`` cumulative."""
    return _report(row, symbol, needed(row.get("accBaseVolume") or "0"), str(row.get("status") or ""))


def _report(row: Mapping[str, Any], symbol: str, filled: Decimal, state: str) -> OrderReport:
    if state not in _EVENTS and state not in _OPEN:
        raise ValueError(f"unknown order state {state!r}")
    event = _EVENTS.get(state) or (OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED)
    return OrderReport(
        client_id=row.get("clientOid") or row.get("clientOId") or None,
        venue_id=str(row["orderId"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=from_milliseconds(row.get("uTime") or row["cTime"]),
        side=Side(row["side"]),
        price=decimal(row.get("price")) or None,
        amount=decimal(row.get("size")),
        reduce_only=str(row.get("reduceOnly")).upper() == "YES",
        reason=str(row.get("cancelReason") or ""),
    )


def is_waiting(row: Mapping[str, Any]) -> bool:
    return _plan_status(row) in _WAITING


def execution_id(row: Mapping[str, Any]) -> str | None:
    """The order that a plan order became."""
    return str(row["executeOrderId"]) if _plan_status(row) == "executed" and row.get("executeOrderId") else None


def trigger_report(row: Mapping[str, Any], symbol: str, execution: OrderReport | None) -> OrderReport:
    """A plan order, told as one order with the order it became. Raises ValueError for an unknown state."""
    status = _plan_status(row)
    filled = execution.filled if execution else ZERO
    if status in _WAITING:
        event = OrderEvent.ACCEPTED
    elif status in _CANCELED:
        event = OrderEvent.CANCELED
    elif status in _FAILED:
        event = OrderEvent.REFUSED
    elif status in ("executed", "executing", "triggered"):
        event = execution.event if execution else OrderEvent.ACCEPTED
    else:
        raise ValueError(f"unknown plan order state {status!r}")
    return OrderReport(
        client_id=row.get("clientOid") or None,
        venue_id=str(row["orderId"]),
        symbol=symbol,
        event=event,
        filled=filled,
        at=from_milliseconds(row.get("uTime") or row["cTime"]),
        side=Side(row["side"]),
        price=None,
        amount=decimal(row.get("size")),
        reduce_only=str(row.get("reduceOnly")).upper() == "YES",
        execution_id=execution_id(row),
        reason="trigger_failed" if status in _FAILED else "",
        type=OrderType.STOP_MARKET,
    )


def _plan_status(row: Mapping[str, Any]) -> str:
    return str(row.get("planStatus") or row.get("status") or "")


def fills(rows: Sequence[Mapping[str, Any]], symbol: str, client_id: str | None = None) -> list[Fill]:
    """Oldest first."""
    return sorted((fill(row, symbol, client_id) for row in rows), key=lambda entry: (entry.at, int(entry.trade_id)))


def fill(row: Mapping[str, Any], symbol: str, client_id: str | None) -> Fill:
    """Trades carry no client id: it is the caller's, or unknown."""
    details = row.get("feeDetail") or [{}]
    scope = row.get("tradeScope")
    return Fill(
        trade_id=str(row["tradeId"]),
        venue_order_id=str(row["orderId"]),
        client_id=client_id,
        symbol=symbol,
        side=Side(row["side"]),
        price=needed(row["price"]),
        amount=needed(row["baseVolume"]),
        fee=-sum((decimal(detail.get("totalFee")) or ZERO for detail in details), ZERO),
        fee_currency=str(details[0].get("feeCoin") or ""),
        maker=None if scope is None else scope == "maker",
        at=from_milliseconds(row["cTime"]),
        liquidation=str(row.get("tradeSide") or "").startswith(_BY_FORCE),
    )


def account(
    rows: Sequence[Mapping[str, Any]], now: datetime, *, can_withdraw: bool | None, is_hedged: bool | None
) -> Account:
    """``total`` is the wallet without unrealized profit, ``free`` what an order may take for margin."""
    total, free, equity = {}, {}, None
    for row in rows:
        coin, worth = str(row["marginCoin"]), needed(row["accountEquity"])
        total[coin] = worth - (decimal(row.get("unrealizedPL")) or ZERO)
        available = decimal(row.get("crossedMaxAvailable"))
        free[coin] = needed(row["available"]) if available is None else available
        if coin == "USDT":
            equity = worth
    return Account(total, free, equity, now, can_withdraw=can_withdraw, is_hedged=is_hedged)


def can_withdraw(info: Mapping[str, Any]) -> bool | None:
    granted = info.get("authorities")
    return bool({"wwow", "withdraw"} & set(granted)) if isinstance(granted, list) and granted else None


def position(row: Mapping[str, Any], symbol: str, now: datetime) -> Position:
    amount = needed(row.get("total") or "0")
    modes = {theirs: ours for ours, theirs in MARGIN_MODES.items()}
    liquidation = decimal(row.get("liquidationPrice"))
    return Position(
        symbol=symbol,
        amount=-amount if row.get("holdSide") == "short" else amount,
        entry_price=decimal(row.get("openPriceAvg")),
        mark_price=decimal(row.get("markPrice")),
        liquidation_price=liquidation if liquidation and liquidation > 0 else None,
        leverage=decimal(row.get("leverage")),
        margin_mode=modes.get(str(row.get("marginMode"))),
        unrealized=decimal(row.get("unrealizedPL")),
        at=now,
    )


def no_position(symbol: str, now: datetime) -> Position:
    return Position(symbol, ZERO, None, None, None, None, None, None, now)


def funding(row: Mapping[str, Any], symbol: str) -> Funding:
    return Funding(str(row["billId"]), symbol, needed(row["amount"]), from_milliseconds(row["cTime"]))


def leverages(setup: Mapping[str, Any], mode: MarginMode) -> set[Decimal]:
    """The leverage an order would get, for both sides."""
    names = ("crossedMarginLeverage",) if mode is MarginMode.CROSS else ("isolatedLongLever", "isolatedShortLever")
    return {needed(setup[name]) for name in names}
