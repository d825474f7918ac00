"""ccxt's structures into our types. Numbers become Decimals by way of their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ccxt

from trading.core.instrument import ONE, ZERO, Instrument, MarginTier, MarketKind, Side
from trading.core.market import Book, BookLevel, Candle, Ticker
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.core.planning import MarginMode
from trading.exchanges.gateway import Position
from trading.exchanges.live.wire import from_milliseconds

_EVENTS = {
    "closed": OrderEvent.FILLED,
    "canceled": OrderEvent.CANCELED,
    "canceling": OrderEvent.ACCEPTED,
    "expired": OrderEvent.EXPIRED,
    "rejected": OrderEvent.REFUSED,
}
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What reading a structure raises that is not what ccxt promises."""
FINAL_EVENTS = frozenset({OrderEvent.FILLED, OrderEvent.CANCELED, OrderEvent.EXPIRED, OrderEvent.REFUSED})


def decimal(value: Any) -> Decimal | None:
    """None for what is not there. Raises ValueError for what is no number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError as exc:
        raise ValueError(f"not a number: {value!r}") from exc
    if not number.is_finite():
        raise ValueError(f"not a number: {value!r}")
    return number


def needed(value: Any) -> Decimal:
    number = decimal(value)
    if number is None:
        raise ValueError("a number is missing")
    return number


def instruments(venue: str, exchange: Any, kind: MarketKind) -> dict[str, Instrument]:
    """The markets a bot can trade: active, and for perpetuals linear, settled in the quote currency."""
    found = {}
    for symbol, market in exchange.markets.items():
        if market.get("active") is False or not _is_of(kind, market):
            continue
        instrument = _instrument(venue, exchange, kind, market)
        if instrument is not None:
            found[symbol] = instrument
    return found


def _is_of(kind: MarketKind, market: Mapping[str, Any]) -> bool:
    """Whatever ccxt marks as something else besides (options, dated futures, inverse, quanto) is left out."""
    if market.get("type") not in (None, "spot" if kind is MarketKind.SPOT else "swap"):
        return False
    if any(market.get(name) for name in ("option", "future", "inverse", "quanto", "expiry", "strike")):
        return False
    if kind is MarketKind.SPOT:
        return bool(market.get("spot")) and not market.get("contract")
    return bool(market.get("swap") and market.get("linear") and market.get("settle") == market.get("quote"))


def _instrument(venue: str, exchange: Any, kind: MarketKind, market: Mapping[str, Any]) -> Instrument | None:
    tick, step = (_step(exchange, market["precision"].get(name)) for name in ("price", "amount"))
    if not tick or not step:
        return None
    limits = market.get("limits") or {}
    amount, cost = limits.get("amount") or {}, limits.get("cost") or {}
    size = decimal(market.get("contractSize")) or ONE
    highest = decimal(amount.get("max"))
    return Instrument(
        venue=venue,
        symbol=market["symbol"],
        kind=kind,
        base=market["base"],
        quote=market["quote"],
        price_tick=tick,
        amount_step=step * size,
        min_amount=(decimal(amount.get("min")) or ZERO) * size,
        min_cost=decimal(cost.get("min")) or ZERO,
        max_amount=highest * size if highest else None,
        maker_fee=_fee(market, "maker"),
        taker_fee=_fee(market, "taker"),
        max_leverage=decimal((limits.get("leverage") or {}).get("max")) or ONE,
        contract_size=size,
    )


def _step(exchange: Any, precision: Any) -> Decimal | None:
    number = decimal(precision)
    if number is None:
        return None
    if exchange.precisionMode == ccxt.DECIMAL_PLACES:
        return ONE.scaleb(-int(number))
    return number if exchange.precisionMode == ccxt.TICK_SIZE else None


def _fee(market: Mapping[str, Any], side: str) -> Decimal:
    fee = decimal(market.get(side))
    return Decimal("0.001") if fee is None else fee


def tiers(structures: Sequence[Mapping[str, Any]]) -> tuple[MarginTier, ...]:
    return tuple(
        MarginTier(decimal(tier["maxNotional"]), needed(tier["maintenanceMarginRate"]), needed(tier["maxLeverage"]))
        for tier in structures
    )


def book(symbol: str, structure: Mapping[str, Any], depth: int, size: Decimal, now: datetime) -> Book:
    at = structure.get("timestamp")
    bids, asks = (
        tuple(BookLevel(needed(level[0]), needed(level[1]) * size) for level in list(structure[side])[:depth])
        for side in ("bids", "asks")
    )
    return Book(symbol, bids, asks, from_milliseconds(at) if at else now)


def ticker(structure: Mapping[str, Any]) -> Ticker:
    return Ticker(structure["symbol"], decimal(structure.get("last")), decimal(structure.get("quoteVolume")))


def candle(row: Sequence[Any]) -> Candle:
    at, first, high, low, last, volume = row[:6]
    return Candle(from_milliseconds(at), needed(first), needed(high), needed(low), needed(last), needed(volume))


def report(structure: Mapping[str, Any], size: Decimal, now: datetime) -> OrderReport:
    """Raises ValueError for a structure that does not say which order it means and how it stands."""
    venue_id, status = structure.get("id"), structure.get("status")
    filled = (decimal(structure.get("filled")) or ZERO) * size
    if not venue_id or not status:
        raise ValueError("an order without id or status")
    amount = decimal(structure.get("amount"))
    at = structure.get("lastUpdateTimestamp") or structure.get("lastTradeTimestamp") or structure.get("timestamp")
    side = structure.get("side")
    return OrderReport(
        client_id=structure.get("clientOrderId") or None,
        venue_id=str(venue_id),
        symbol=structure["symbol"],
        event=event_of(status, filled),
        filled=filled,
        at=from_milliseconds(at) if at else now,
        side=Side(side) if side else None,
        price=decimal(structure.get("price")) or None,
        amount=amount * size if amount is not None else None,
        reduce_only=bool(structure.get("reduceOnly")),
    )


def event_of(status: str, filled: Decimal) -> OrderEvent:
    if status in _EVENTS:
        return _EVENTS[status]
    return OrderEvent.PARTLY_FILLED if filled else OrderEvent.ACCEPTED


def fill(structure: Mapping[str, Any], size: Decimal) -> Fill:
    fee: Mapping[str, Any] = structure.get("fee") or next(iter(structure.get("fees") or ()), {})
    maker = structure.get("takerOrMaker")
    return Fill(
        trade_id=str(structure["id"]),
        venue_order_id=str(structure["order"]),
        client_id=structure.get("clientOrderId") or None,
        symbol=structure["symbol"],
        side=Side(structure["side"]),
        price=needed(structure["price"]),
        amount=needed(structure["amount"]) * size,
        fee=decimal(fee.get("cost")) or ZERO,
        fee_currency=fee.get("currency") or "",
        maker=None if maker is None else maker == "maker",
        at=from_milliseconds(structure["timestamp"]),
    )


def position(structure: Mapping[str, Any], size: Decimal, now: datetime) -> Position:
    contracts = (decimal(structure.get("contracts")) or ZERO) * size
    mode = structure.get("marginMode")
    return Position(
        symbol=structure["symbol"],
        amount=-contracts if structure.get("side") == "short" else contracts,
        entry_price=decimal(structure.get("entryPrice")),
        mark_price=decimal(structure.get("markPrice")),
        liquidation_price=decimal(structure.get("liquidationPrice")),
        leverage=decimal(structure.get("leverage")),
        margin_mode=MarginMode(mode) if mode in set(MarginMode) else None,
        unrealized=decimal(structure.get("unrealizedPnl")),
        at=now,
    )
