"""What a venue can do, as far as ccxt's own tables and code say so. Nothing here asks the venue."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import ccxt

from trading.core.instrument import MarketKind

_TAKES_CLIENT_ID = re.compile(r"\bparams\w*,\s*\[?[^)]*'clientOrderId'")
"""ccxt has no table of who takes a client order id; its code reads it from the parameters or does not."""


def can(exchange: Any, method: str) -> bool:
    """Whether ccxt has a method, also where it makes it of others."""
    return exchange.has.get(method) in (True, "emulated")


def features(exchange: Any, kind: MarketKind, method: str) -> Mapping[str, Any]:
    """What ccxt tells of one method on one kind of market; empty where it tells nothing."""
    every = exchange.features or {}
    of_kind = every.get("spot") if kind is MarketKind.SPOT else (every.get("swap") or {}).get("linear")
    return (of_kind or {}).get(method) or {}


def reads(exchange: Any, method: str, parameter: str) -> bool:
    """Whether ccxt's own code of ``method`` knows ``parameter``; strict venues refuse what they do not know."""
    found: object = getattr(type(exchange), method)
    return f"'{parameter}'" in _source(found)


def abilities(exchange: Any, kind: MarketKind) -> dict[str, bool]:
    """By code, in the order in which a person should hear of them."""
    order = features(exchange, kind, "createOrder")
    in_force = order.get("timeInForce") or {}
    found = {
        "order_stream": can(exchange, "watchOrders"),
        "book_stream": can(exchange, "watchOrderBook"),
        "post_only": in_force.get("PO") is True,
        "immediate_or_cancel": in_force.get("IOC") is True,
        "market_orders": not (kind is MarketKind.SPOT and order.get("marketBuyRequiresPrice") is True),
        "client_id": _takes_client_id(exchange.__class__),
        "order_by_client_id": can(exchange, "fetchOrder") and reads(exchange, "fetch_order", "clientOrderId"),
        "order_history": has_history(exchange),
        "open_orders_at_once": features(exchange, kind, "fetchOpenOrders").get("symbolRequired") is False,
        "batch": can(exchange, "createOrders"),
        "candles": can(exchange, "fetchOHLCV"),
        "test_network": bool(exchange.urls.get("test")),
    }
    if kind is MarketKind.PERPETUAL:
        found["leverage"] = can(exchange, "setLeverage")
        found["margin_mode"] = can(exchange, "setMarginMode") or order.get("marginMode") is True
        found["position_mode"] = can(exchange, "setPositionMode") or can(exchange, "fetchPositionMode")
    return found


def has_history(exchange: Any) -> bool:
    """Whether finished orders can be listed, the canceled ones too."""
    return any(
        exchange.has.get(name) is True for name in ("fetchCanceledAndClosedOrders", "fetchOrders", "fetchClosedOrders")
    )


def objection(exchange: Any, kind: MarketKind) -> str:
    """A code for what makes trading there impossible, or nothing."""
    able = abilities(exchange, kind)
    checks = {
        "no_orders": can(exchange, "createOrder") and can(exchange, "cancelOrder"),
        "no_book": can(exchange, "fetchOrderBook"),
        "no_balance": can(exchange, "fetchBalance"),
        "no_client_id": able["client_id"],
        "no_open_orders": can(exchange, "fetchOpenOrders"),
        "no_order_lookup": able["order_by_client_id"] or able["order_history"],
        "no_own_trades": can(exchange, "fetchMyTrades"),
        "no_positions": kind is MarketKind.SPOT or can(exchange, "fetchPositions"),
        "no_leverage": kind is MarketKind.SPOT or able["leverage"],
    }
    return next((code for code, is_met in checks.items() if not is_met), "")


def kinds(exchange: Any) -> tuple[MarketKind, ...]:
    """The kinds of markets that a bot could trade there: spot, and swaps that are settled in their quote currency."""
    if exchange.precisionMode not in (ccxt.TICK_SIZE, ccxt.DECIMAL_PLACES):
        # Prices with a fixed number of digits have no tick, and everything here is reckoned in ticks.
        return ()
    found = []
    if exchange.has.get("spot") is True:
        found.append(MarketKind.SPOT)
    if exchange.has.get("swap") is True and _has_linear(exchange):
        found.append(MarketKind.PERPETUAL)
    return tuple(found)


def _has_linear(exchange: Any) -> bool:
    if exchange.options.get("defaultSubType") == "inverse":
        return False
    swap = (exchange.features or {}).get("swap")
    return not swap or swap.get("linear") is not None


@cache
def _takes_client_id(made_of: type) -> bool:
    """Asked of the whole modules: the parameter is often read in a method of another name."""
    rooms = {base.__module__ for base in made_of.__mro__ if base.__module__.startswith("ccxt.")}
    theirs = [sys.modules[room] for room in sorted(rooms) if ".base." not in room]
    return any(_TAKES_CLIENT_ID.search(_source(module)) for module in theirs)


@cache
def _source(of: Any) -> str:
    try:
        return inspect.getsource(of)
    except (OSError, TypeError):
        return ""
