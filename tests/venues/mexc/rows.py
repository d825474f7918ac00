"""Rows as MEXC's spot v3 interface shows them, and its stream's messages; prices and amounts are strings.

Field names follow the documented answers (mexc.com/api-docs/spot-v3) that each function names.
"""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from ccxt.protobuf.mexc.PushDataV3ApiWrapper_pb2 import PushDataV3ApiWrapper

from tests.venues.spot.world import Account, BookDelta, SpotWorld
from trading.core.instrument import ZERO, decimal_places, plain
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.simulated_orders import VenueOrder

_TYPES = {TimeInForce.GTC: "LIMIT", TimeInForce.POST_ONLY: "LIMIT_MAKER", TimeInForce.IOC: "IMMEDIATE_OR_CANCEL"}
_TYPE_NUMBERS = {"LIMIT": 1, "LIMIT_MAKER": 2, "IMMEDIATE_OR_CANCEL": 3, "MARKET": 5}
_STATES = {
    OrderStatus.OPEN: "NEW",
    OrderStatus.PARTLY_FILLED: "PARTIALLY_FILLED",
    OrderStatus.FILLED: "FILLED",
}
_STATE_NUMBERS = {OrderEvent.ACCEPTED: 1, OrderEvent.FILLED: 2, OrderEvent.PARTLY_FILLED: 3}


def symbol(world: SpotWorld, market_id: str) -> dict[str, Any]:
    """GET /api/v3/exchangeInfo: steps are told as decimals, the least amount and cost under the name of precision."""
    instrument = world.instrument(market_id)
    return {
        "symbol": market_id,
        "status": "1",
        "baseAsset": instrument.base,
        "baseAssetPrecision": decimal_places(instrument.amount_step),
        "quoteAsset": instrument.quote,
        "quotePrecision": decimal_places(instrument.price_tick),
        "quoteAssetPrecision": decimal_places(instrument.price_tick),
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "MARKET", "LIMIT_MAKER"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "quoteAmountPrecision": plain(instrument.min_cost),
        "baseSizePrecision": plain(instrument.min_amount),
        "permissions": ["SPOT"],
        "filters": [],
        "maxQuoteAmount": "2000000",
        "makerCommission": plain(instrument.maker_fee),
        "takerCommission": plain(instrument.taker_fee),
        "tradeSideType": 1,
    }


def ticker(world: SpotWorld, market_id: str) -> dict[str, Any]:
    """GET /api/v3/ticker/24hr"""
    last, book = world.last(market_id), world.books[market_id]
    return {
        "symbol": market_id,
        "priceChange": "0",
        "priceChangePercent": "0",
        "prevClosePrice": plain(last),
        "lastPrice": plain(last),
        "bidPrice": plain(book.bid or ZERO),
        "bidQty": "100",
        "askPrice": plain(book.ask or ZERO),
        "askQty": "100",
        "openPrice": plain(last),
        "highPrice": plain(last),
        "lowPrice": plain(last),
        "volume": plain(Decimal(10_000_000) / last),
        "quoteVolume": "10000000",
        "openTime": 0,
        "closeTime": int(time.time() * 1000),
        "count": None,
    }


def order_type(one: VenueOrder) -> str:
    return _TYPES[one.time_in_force] if one.type is OrderType.LIMIT else "MARKET"


def order(world: SpotWorld, one: VenueOrder) -> dict[str, Any]:
    """GET /api/v3/order, openOrders, allOrders. What was filled in part and then canceled is PARTIALLY_CANCELED."""
    canceled = "PARTIALLY_CANCELED" if one.filled else "CANCELED"
    return {
        "symbol": world.id_of(one.symbol),
        "orderId": one.venue_id,
        "orderListId": -1,
        "clientOrderId": one.client_id,
        "price": plain(one.price) if one.price else "0",
        "origQty": plain(one.amount),
        "executedQty": plain(one.filled),
        "cummulativeQuoteQty": plain(one.filled_cost),
        "status": _STATES.get(one.status, canceled),
        "timeInForce": None,
        "type": order_type(one),
        "side": one.side.value.upper(),
        "stopPrice": None,
        "icebergQty": None,
        "time": world.time.told(one.created_at),
        "updateTime": world.time.told(one.updated_at),
        "isWorking": one.is_open,
        "stpMode": "",
        "cancelReason": one.refusal or None,
        "origQuoteOrderQty": plain(one.amount * (one.price or ZERO)),
    }


def trade(world: SpotWorld, one: Fill) -> dict[str, Any]:
    """GET /api/v3/myTrades"""
    return {
        "symbol": world.id_of(one.symbol),
        "id": one.trade_id,
        "orderId": one.venue_order_id,
        "orderListId": -1,
        "price": plain(one.price),
        "qty": plain(one.amount),
        "quoteQty": plain(one.price * one.amount),
        "commission": plain(one.fee),
        "commissionAsset": one.fee_currency,
        "time": world.time.told(one.at),
        "isBuyer": one.side.value == "buy",
        "isMaker": bool(one.maker),
        "isBestMatch": True,
        "isSelfTrade": False,
        "clientOrderId": one.client_id,
    }


def account(one: Account) -> dict[str, Any]:
    """GET /api/v3/account"""
    balances = [
        {
            "asset": currency,
            "free": plain(one.exchange.free(currency)),
            "locked": plain(max(ZERO, total - one.exchange.free(currency))),
            "available": plain(one.exchange.free(currency)),
        }
        for currency, total in one.exchange.balances().items()
    ]
    return {
        "makerCommission": None,
        "takerCommission": None,
        "canTrade": True,
        "canWithdraw": True,
        "canDeposit": True,
        "updateTime": None,
        "accountType": "SPOT",
        "balances": balances,
        "permissions": ["SPOT"],
    }


# Messages of the stream


def _push(channel: str, market_id: str = "") -> PushDataV3ApiWrapper:
    return PushDataV3ApiWrapper(channel=channel, symbol=market_id, sendTime=int(time.time() * 1000))


def depth_message(channel: str, delta: BookDelta) -> bytes:
    """Diff. Depth Stream: changes from version to version; a quantity of 0 takes a level away."""
    message = _push(channel, delta.market_id)
    depths = message.publicAggreDepths
    for rows_of, wanted in ((delta.asks, depths.asks), (delta.bids, depths.bids)):
        for price, amount in rows_of:
            wanted.add(price=price, quantity=amount)
    depths.eventType = channel.rpartition("@")[0]
    depths.fromVersion, depths.toVersion = str(delta.first), str(delta.last)
    encoded: bytes = message.SerializeToString()
    return encoded


def order_message(channel: str, world: SpotWorld, one: VenueOrder, report: OrderReport) -> bytes:
    """Spot Account Orders. 1 new, 2 filled, 3 filled in part, 4 canceled, 5 canceled after a part was filled.

    ``amount``, from which ccxt takes the cost, is the size.
    """
    message = _push(channel, world.id_of(one.symbol))
    row = message.privateOrders
    row.id, row.clientId = one.venue_id, one.client_id or ""
    row.price, row.quantity, row.amount = plain(one.price or ZERO), plain(one.amount), plain(one.amount)
    row.avgPrice = plain(one.average or ZERO)
    row.orderType, row.tradeType = _TYPE_NUMBERS[order_type(one)], 1 if one.side.value == "buy" else 2
    left = one.amount - report.filled
    row.remainQuantity, row.remainAmount = plain(left), plain(left * (one.price or ZERO))
    row.cumulativeQuantity = plain(report.filled)
    row.cumulativeAmount = plain(report.filled * (one.average or ZERO))
    row.status = _STATE_NUMBERS.get(report.event) or (5 if report.filled else 4)
    row.createTime = world.time.told(one.created_at)
    encoded: bytes = message.SerializeToString()
    return encoded


def deal_message(channel: str, world: SpotWorld, one: Fill) -> bytes:
    """Spot Account Deals, as documented: who was the maker is not among its fields."""
    message = _push(channel, world.id_of(one.symbol))
    row = message.privateDeals
    row.price, row.quantity, row.amount = plain(one.price), plain(one.amount), plain(one.price * one.amount)
    row.tradeType = 1 if one.side.value == "buy" else 2
    row.tradeId, row.orderId, row.clientOrderId = one.trade_id, one.venue_order_id, one.client_id or ""
    row.feeAmount, row.feeCurrency = plain(one.fee), one.fee_currency
    row.time = world.time.told(one.at)
    encoded: bytes = message.SerializeToString()
    return encoded


def account_message(channel: str, one: Account, currency: str) -> bytes:
    """Spot Account Update"""
    message = _push(channel)
    row = message.privateAccount
    free = one.exchange.free(currency)
    row.vcoinName, row.balanceAmount = currency, plain(free)
    row.frozenAmount = plain(max(ZERO, one.exchange.balances().get(currency, ZERO) - free))
    row.type, row.time = "ENTRUST", int(time.time() * 1000)
    encoded: bytes = message.SerializeToString()
    return encoded
