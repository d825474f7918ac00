"""Rows as Binance's spot interface shows them; prices and amounts are strings of eight decimals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.venues.binance.world import MARKETS, Account, World, market_id_of, told_client_id
from trading.core.instrument import ZERO
from trading.core.market import BookLevel
from trading.core.orders import Fill, OrderStatus, OrderType, TimeInForce
from trading.core.simulated_orders import VenueOrder

STATUSES = {
    OrderStatus.OPEN: "NEW",
    OrderStatus.PARTLY_FILLED: "PARTIALLY_FILLED",
    OrderStatus.FILLED: "FILLED",
    OrderStatus.CANCELED: "CANCELED",
    OrderStatus.EXPIRED: "EXPIRED",
    OrderStatus.REJECTED: "REJECTED",
}


def eight(number: Decimal) -> str:
    return f"{number:.8f}"


def stamp(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def status_of(order: VenueOrder) -> str:
    return "EXPIRED_IN_MATCH" if order.refusal == "self_trade" else STATUSES[order.status]


def type_of(order: VenueOrder) -> str:
    if order.time_in_force is TimeInForce.POST_ONLY:
        return "LIMIT_MAKER"
    return "LIMIT" if order.type is OrderType.LIMIT else "MARKET"


def force_of(order: VenueOrder) -> str:
    return "IOC" if order.time_in_force is TimeInForce.IOC else "GTC"


def market(market_id: str) -> dict[str, Any]:
    """GET /api/v3/exchangeInfo, one of ``symbols``."""
    rules, _ = MARKETS[market_id]
    return {
        "symbol": market_id,
        "status": "TRADING",
        "baseAsset": rules.base,
        "baseAssetPrecision": 8,
        "quoteAsset": rules.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "amendAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": eight(rules.price_tick),
                "maxPrice": "1000000.00000000",
                "tickSize": eight(rules.price_tick),
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": eight(rules.min_amount),
                "maxQty": eight(rules.max_amount or ZERO),
                "stepSize": eight(rules.amount_step),
            },
            {
                "filterType": "NOTIONAL",
                "minNotional": eight(rules.min_cost),
                "applyMinToMarket": True,
                "maxNotional": "9000000.00000000",
                "applyMaxToMarket": False,
                "avgPriceMins": 5,
            },
            {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
        ],
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE"],
    }


def levels(side: list[BookLevel]) -> list[list[str]]:
    return [[eight(level.price), eight(level.amount)] for level in side]


def ticker(world: World, market_id: str) -> dict[str, Any]:
    """GET /api/v3/ticker/24hr"""
    bids, asks = world.shown(market_id)
    last, now = world.last(market_id), world.milliseconds()
    return {
        "symbol": market_id,
        "priceChange": "0.00000000",
        "priceChangePercent": "0.000",
        "weightedAvgPrice": eight(last),
        "prevClosePrice": eight(last),
        "lastPrice": eight(last),
        "lastQty": "1.00000000",
        "bidPrice": eight(bids[0].price if bids else ZERO),
        "bidQty": eight(bids[0].amount if bids else ZERO),
        "askPrice": eight(asks[0].price if asks else ZERO),
        "askQty": eight(asks[0].amount if asks else ZERO),
        "openPrice": eight(last),
        "highPrice": eight(last),
        "lowPrice": eight(last),
        "volume": "1000.00000000",
        "quoteVolume": eight(1000 * last),
        "openTime": now - 86_400_000,
        "closeTime": now,
        "firstId": 1,
        "lastId": 2,
        "count": 2,
    }


def placed(order: VenueOrder) -> dict[str, Any]:
    """The answer to a new order with newOrderRespType RESULT."""
    return {
        "symbol": market_id_of(order.symbol),
        "orderId": int(order.venue_id),
        "orderListId": -1,
        "clientOrderId": told_client_id(order),
        "transactTime": stamp(order.updated_at),
        "price": eight(order.price or ZERO),
        "origQty": eight(order.amount),
        "executedQty": eight(order.filled),
        "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": eight(order.filled_cost),
        "status": status_of(order),
        "timeInForce": force_of(order),
        "type": type_of(order),
        "side": order.side.upper(),
        "workingTime": stamp(order.created_at),
        "selfTradePreventionMode": "EXPIRE_TAKER",
    }


def canceled(order: VenueOrder, cancel_id: str) -> dict[str, Any]:
    """The answer to a cancel: ``clientOrderId`` is the cancel's own, the order's is ``origClientOrderId``."""
    return {**placed(order), "origClientOrderId": told_client_id(order), "clientOrderId": cancel_id}


def order(order: VenueOrder) -> dict[str, Any]:
    """GET /api/v3/order, openOrders, allOrders; order.status and its kin."""
    return {
        **{name: value for name, value in placed(order).items() if name != "transactTime"},
        "stopPrice": "0.00000000",
        "icebergQty": "0.00000000",
        "time": stamp(order.created_at),
        "updateTime": stamp(order.updated_at),
        "isWorking": True,
    }


def fill(fill: Fill) -> dict[str, Any]:
    """GET /api/v3/myTrades, myTrades; no client order id in it."""
    return {
        "symbol": market_id_of(fill.symbol),
        "id": int(fill.trade_id),
        "orderId": int(fill.venue_order_id),
        "orderListId": -1,
        "price": eight(fill.price),
        "qty": eight(fill.amount),
        "quoteQty": eight(fill.price * fill.amount),
        "commission": eight(fill.fee),
        "commissionAsset": fill.fee_currency,
        "time": stamp(fill.at),
        "isBuyer": fill.side == "buy",
        "isMaker": bool(fill.maker),
        "isBestMatch": True,
    }


def balances(account: Account) -> list[tuple[str, Decimal, Decimal]]:
    """Asset, free, locked."""
    wallet, exchange = account.exchange.balances(), account.exchange
    return [(asset, exchange.free(asset), total - exchange.free(asset)) for asset, total in sorted(wallet.items())]


def account(account: Account, now: int) -> dict[str, Any]:
    """GET /api/v3/account, account.status."""
    rules, _ = MARKETS["CRVUSDT"]
    return {
        "makerCommission": int(rules.maker_fee * 10_000),
        "takerCommission": int(rules.taker_fee * 10_000),
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {
            "maker": eight(rules.maker_fee),
            "taker": eight(rules.taker_fee),
            "buyer": "0.00000000",
            "seller": "0.00000000",
        },
        "canTrade": True,
        # The account's, whatever this key may do.
        "canWithdraw": True,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": now,
        "accountType": "SPOT",
        "balances": [
            {"asset": asset, "free": eight(free), "locked": eight(locked)} for asset, free, locked in balances(account)
        ],
        "permissions": ["SPOT"],
        "uid": 354937868,
    }


def execution(
    order: VenueOrder, kind: str, now: int, *, fill: Fill | None = None, cancel_id: str | None = None
) -> dict[str, Any]:
    """The event executionReport. Of a cancel ``c`` is the cancel's own id and ``C`` the order's."""
    return {
        "e": "executionReport",
        "E": now,
        "s": market_id_of(order.symbol),
        "c": cancel_id or told_client_id(order),
        "S": order.side.upper(),
        "o": type_of(order),
        "f": force_of(order),
        "q": eight(order.amount),
        "p": eight(order.price or ZERO),
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": told_client_id(order) if cancel_id else "",
        "x": kind,
        "X": status_of(order),
        "r": "NONE",
        "i": int(order.venue_id),
        "l": eight(fill.amount if fill else ZERO),
        "z": eight(order.filled),
        "L": eight(fill.price if fill else ZERO),
        "n": eight(fill.fee) if fill else "0",
        "N": fill.fee_currency if fill else None,
        "T": stamp(order.updated_at),
        "t": int(fill.trade_id) if fill else -1,
        "I": int(order.venue_id) * 2,
        "w": STATUSES[order.status] in ("NEW", "PARTIALLY_FILLED"),
        "m": bool(fill and fill.maker),
        "M": bool(fill),
        "O": stamp(order.created_at),
        "Z": eight(order.filled_cost),
        "Y": eight(fill.amount * fill.price if fill else ZERO),
        "Q": "0.00000000",
        "W": stamp(order.created_at),
        "V": "EXPIRE_TAKER",
    }


def position(account: Account, now: int) -> dict[str, Any]:
    """The event outboundAccountPosition."""
    told = [{"a": asset, "f": eight(free), "l": eight(locked)} for asset, free, locked in balances(account)]
    return {"e": "outboundAccountPosition", "E": now, "u": now, "B": told}
