"""Rows as KuCoin's spot interface shows them; prices and amounts are strings.

Field names follow the documented answers (kucoin.com/docs-new and the high-frequency documentation) of the endpoints
and topics that each function names.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.venues.spot.world import Account, SpotWorld
from trading.core.instrument import ZERO, plain
from trading.core.orders import Fill, OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.simulated_orders import VenueOrder


def symbol(world: SpotWorld, market_id: str) -> dict[str, Any]:
    """GET /api/v2/symbols"""
    instrument = world.instrument(market_id)
    return {
        "symbol": market_id,
        "name": market_id,
        "baseCurrency": instrument.base,
        "quoteCurrency": instrument.quote,
        "feeCurrency": instrument.quote,
        "market": "USDS",
        "baseMinSize": plain(instrument.min_amount),
        "quoteMinSize": plain(instrument.min_cost),
        "baseMaxSize": "10000000000",
        "quoteMaxSize": "99999999",
        "baseIncrement": plain(instrument.amount_step),
        "quoteIncrement": "0.000001",
        "priceIncrement": plain(instrument.price_tick),
        "priceLimitRate": "0.1",
        "minFunds": plain(instrument.min_cost),
        "isMarginEnabled": False,
        "enableTrading": True,
        "feeCategory": 1,
        "makerFeeCoefficient": "1.00",
        "takerFeeCoefficient": "1.00",
        "st": False,
    }


def ticker(world: SpotWorld, market_id: str) -> dict[str, Any]:
    """GET /api/v1/market/allTickers"""
    instrument, last, book = world.instrument(market_id), world.last(market_id), world.books[market_id]
    return {
        "symbol": market_id,
        "symbolName": market_id,
        "buy": plain(book.bid or ZERO),
        "bestBidSize": "100",
        "sell": plain(book.ask or ZERO),
        "bestAskSize": "100",
        "changeRate": "0",
        "changePrice": "0",
        "high": plain(last),
        "low": plain(last),
        "vol": plain(Decimal(10_000_000) / last),
        "volValue": "10000000",
        "last": plain(last),
        "averagePrice": plain(last),
        "takerFeeRate": plain(instrument.taker_fee),
        "makerFeeRate": plain(instrument.maker_fee),
        "takerCoefficient": "1",
        "makerCoefficient": "1",
    }


def order(world: SpotWorld, account: Account, one: VenueOrder) -> dict[str, Any]:
    """GET /api/v1/hf/orders/...: ``active`` until it is done; ``cancelExist`` where any part of it was canceled."""
    fee = sum((fill.fee for fill in account.exchange.order_fills(one)), ZERO)
    return {
        "id": one.venue_id,
        "clientOid": str(one.client_id).rstrip("~"),
        "symbol": world.id_of(one.symbol),
        "opType": "DEAL",
        "type": "limit" if one.type is OrderType.LIMIT else "market",
        "side": one.side.value,
        "price": plain(one.price) if one.price else "0",
        "size": plain(one.amount),
        "funds": "0",
        "dealSize": plain(one.filled),
        "dealFunds": plain(one.filled_cost),
        "remainSize": plain(one.remaining) if one.is_open else "0",
        "cancelledSize": "0" if one.is_open else plain(one.remaining),
        "fee": plain(fee),
        "feeCurrency": "USDT",
        "stp": None,
        "timeInForce": "IOC" if one.time_in_force is TimeInForce.IOC else "GTC",
        "postOnly": one.time_in_force is TimeInForce.POST_ONLY,
        "hidden": False,
        "iceberg": False,
        "visibleSize": "0",
        "cancelAfter": 0,
        "channel": "API",
        "remark": None,
        "tags": None,
        "cancelExist": not one.is_open and one.status is not OrderStatus.FILLED,
        "tradeType": "TRADE",
        "inOrderBook": one.is_open and one.type is OrderType.LIMIT,
        "active": one.is_open,
        "createdAt": world.time.told(one.created_at),
        "lastUpdatedAt": world.time.told(one.updated_at),
    }


def fill(world: SpotWorld, one: Fill) -> dict[str, Any]:
    """GET /api/v1/hf/fills: no client order id; the fee in the quote currency."""
    return {
        "id": int(one.trade_id),
        "symbol": world.id_of(one.symbol),
        "tradeId": int(one.trade_id),
        "orderId": one.venue_order_id,
        "counterOrderId": "6306cf4027ecbe0001e1df4d",
        "side": one.side.value,
        "liquidity": "maker" if one.maker else "taker",
        "forceTaker": False,
        "price": plain(one.price),
        "size": plain(one.amount),
        "funds": plain(one.price * one.amount),
        "fee": plain(one.fee),
        "feeRate": "0.0002" if one.maker else "0.0006",
        "feeCurrency": one.fee_currency,
        "stop": "",
        "tradeType": "TRADE",
        "type": "limit",
        "createdAt": world.time.told(one.at),
    }


def balance(account: Account, currency: str) -> dict[str, Any]:
    """GET /api/v1/accounts: a high-frequency account of its own."""
    total, free = account.exchange.balances().get(currency, ZERO), account.exchange.free(currency)
    return {
        "id": f"256004710{sum(map(ord, currency))}",
        "currency": currency,
        "type": "trade_hf",
        "balance": plain(total),
        "available": plain(free),
        "holds": plain(max(ZERO, total - free)),
    }


def streamed_order(world: SpotWorld, one: VenueOrder, report: OrderReport, kind: str) -> dict[str, Any]:
    """Topic /spotMarket/tradeOrders: ``open``, ``match``, ``filled`` or ``canceled``; times in nanoseconds."""
    ended = kind in ("filled", "canceled")
    return {
        "symbol": world.id_of(one.symbol),
        "orderType": "limit" if one.type is OrderType.LIMIT else "market",
        "side": one.side.value,
        "orderId": one.venue_id,
        "type": kind,
        "orderTime": world.time.told(one.created_at),
        "size": plain(one.amount),
        "originSize": plain(one.amount),
        "filledSize": plain(report.filled),
        "price": plain(one.price) if one.price else "0",
        "clientOid": str(one.client_id).rstrip("~"),
        "remainSize": "0" if ended else plain(one.amount - report.filled),
        "canceledSize": plain(one.amount - report.filled) if kind == "canceled" else "0",
        "status": "done" if ended else "match" if kind == "match" else "open",
        "ts": world.time.told(report.at) * 1_000_000,
    }


def matched(row: dict[str, Any], one: Fill) -> dict[str, Any]:
    """The same with one execution: price, size, id and role of the trade, and no fee."""
    return {
        **row,
        "liquidity": "maker" if one.maker else "taker",
        "feeType": "makerFee" if one.maker else "takerFee",
        "matchPrice": plain(one.price),
        "matchSize": plain(one.amount),
        "tradeId": one.trade_id,
    }
