"""Rows as Bitget's v2 contract interface shows them; every number is a string.

Field names follow the documented answers of the endpoints and channels that each function names.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.venues.bitget.world import MARKETS, Account, World, mode_told
from trading.core.instrument import ZERO, decimal_places, plain
from trading.core.ledger import Funding
from trading.core.orders import Fill, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_orders import HeldPosition, VenueOrder

_STATES = {
    OrderStatus.OPEN: "live",
    OrderStatus.PARTLY_FILLED: "partially_filled",
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELED: "canceled",
    # What an immediate-or-cancel order leaves is canceled; the venue has no word for expired.
    OrderStatus.EXPIRED: "canceled",
    OrderStatus.REJECTED: "canceled",
}
_FORCES = {TimeInForce.GTC: "gtc", TimeInForce.IOC: "ioc", TimeInForce.POST_ONLY: "post_only"}


def contract(market_id: str) -> dict[str, Any]:
    """GET /api/v2/mix/market/contracts"""
    instrument, _ = MARKETS[market_id]
    places = decimal_places(instrument.price_tick)
    return {
        "symbol": market_id,
        "baseCoin": instrument.base,
        "quoteCoin": "USDT",
        "buyLimitPriceRatio": "0.05",
        "sellLimitPriceRatio": "0.05",
        "feeRateUpRatio": "0.005",
        "makerFeeRate": plain(instrument.maker_fee),
        "takerFeeRate": plain(instrument.taker_fee),
        "openCostUpRatio": "0.01",
        "supportMarginCoins": ["USDT"],
        "minTradeNum": plain(instrument.min_amount),
        # The tick is priceEndStep units of the last of pricePlace decimals.
        "priceEndStep": plain(instrument.price_tick.scaleb(places)),
        "volumePlace": str(decimal_places(instrument.amount_step)),
        "pricePlace": str(places),
        "sizeMultiplier": plain(instrument.amount_step),
        "symbolType": "perpetual",
        "minTradeUSDT": plain(instrument.min_cost),
        "maxSymbolOrderNum": "200",
        "maxProductOrderNum": "1000",
        "maxPositionNum": "150",
        "symbolStatus": "normal",
        "offTime": "-1",
        "limitOpenTime": "-1",
        "deliveryTime": "",
        "deliveryStartTime": "",
        "deliveryPeriod": "",
        "launchTime": "",
        "fundInterval": "8",
        "minLever": "1",
        "maxLever": plain(instrument.max_leverage),
        "posLimit": "0.05",
        "maintainTime": "",
    }


def tier_rows(market_id: str) -> list[dict[str, Any]]:
    """GET /api/v2/mix/market/query-position-lever"""
    rows, start = [], ZERO
    for level, tier in enumerate(MARKETS[market_id][0].tiers, start=1):
        rows.append(
            {
                "symbol": market_id,
                "level": str(level),
                "startUnit": plain(start),
                "endUnit": plain(tier.max_notional or ZERO),
                "leverage": plain(tier.max_leverage),
                "keepMarginRate": plain(tier.maintenance_rate),
            }
        )
        start = tier.max_notional or ZERO
    return rows


def ticker(world: World, market_id: str) -> dict[str, Any]:
    """GET /api/v2/mix/market/tickers"""
    book, last = world.books[market_id], world.last(market_id)
    return {
        "symbol": market_id,
        "lastPr": plain(last),
        "askPr": plain(book.ask or ZERO),
        "bidPr": plain(book.bid or ZERO),
        "bidSz": "100",
        "askSz": "100",
        "high24h": plain(last),
        "low24h": plain(last),
        "ts": str(world.time.told(world.time.now())),
        "change24h": "0",
        "baseVolume": plain(Decimal(10_000_000) / last),
        "quoteVolume": "10000000",
        "usdtVolume": "10000000",
        "openUtc": plain(last),
        "changeUtc24h": "0",
        "indexPrice": plain(last),
        "fundingRate": "0.0001",
        "holdingAmount": "1",
        "open24h": plain(last),
        "markPrice": plain(last),
    }


def told_order(account: Account, order: VenueOrder) -> dict[str, Any]:
    """GET order/detail (``state``), orders-pending and orders-history (``status``); baseVolume is cumulative."""
    executed = order.execution_id is not None
    state = _STATES[order.status]
    fee = sum((fill.fee for fill in account.exchange.order_fills(order)), ZERO)
    return {
        "symbol": World.market_id(order.symbol),
        "size": plain(order.amount),
        "orderId": account.told_id(order.execution_id or order.venue_id),
        # The order that a plan order became carries an id of the venue's own making.
        "clientOid": _client_id(account, order, executed),
        "baseVolume": plain(order.filled),
        "fee": plain(-fee),
        "price": plain(order.price) if order.price else "",
        "priceAvg": plain(order.average) if order.average else "",
        "state": state,
        "status": state,
        "side": order.side.value,
        "force": _FORCES[order.time_in_force],
        "totalProfits": "0",
        "posSide": "net",
        "marginCoin": "USDT",
        "quoteVolume": plain(order.filled_cost),
        "leverage": plain(account.exchange.account.leverage(order.symbol)),
        "marginMode": mode_told(account.exchange.account.mode(order.symbol)),
        "enterPointSource": "API",
        "tradeSide": f"{order.side.value}_single",
        "posMode": "one_way_mode",
        "orderType": "limit" if order.type is OrderType.LIMIT else "market",
        "orderSource": "normal",
        "presetStopSurplusPrice": "",
        "presetStopLossPrice": "",
        "reduceOnly": "YES" if order.reduce_only else "NO",
        "cTime": str(account.time.told(order.created_at)),
        "uTime": str(account.time.told(order.updated_at)),
    }


def streamed_order(account: Account, order: VenueOrder, update: Decimal) -> dict[str, Any]:
    """Channel ``orders``: baseVolume is the size of this update, accBaseVolume the cumulative amount."""
    row = told_order(account, order)
    return {
        **{name: row[name] for name in ("orderId", "clientOid", "size", "price", "side", "force", "leverage")},
        **{name: row[name] for name in ("marginCoin", "marginMode", "posMode", "posSide", "tradeSide", "orderType")},
        "instId": row["symbol"],
        "status": row["status"],
        "accBaseVolume": plain(order.filled),
        "baseVolume": plain(update),
        "priceAvg": row["priceAvg"] or "0",
        "fillPrice": row["priceAvg"] or "0",
        "fillNotionalUsd": row["quoteVolume"],
        "notionalUsd": plain(order.amount * (order.price or ZERO)),
        "feeDetail": [{"feeCoin": "USDT", "fee": row["fee"]}],
        "reduceOnly": row["reduceOnly"].lower(),
        "cancelReason": order.refusal,
        "enterPointSource": "API",
        "totalProfits": "0",
        "cTime": row["cTime"],
        "uTime": row["uTime"],
    }


def plan_order(account: Account, order: VenueOrder) -> dict[str, Any]:
    """GET orders-plan-pending and orders-plan-history (with executeOrderId), channel ``orders-algo``."""
    if order.execution_id is not None:
        status = "executed"
    elif order.is_open:
        status = "live"
    else:
        status = "fail_execute" if order.refusal not in ("", "liquidation") else "cancelled"
    return {
        "planType": "normal_plan",
        "symbol": World.market_id(order.symbol),
        "size": plain(order.amount),
        "orderId": account.told_id(order.venue_id),
        "executeOrderId": account.told_id(order.execution_id) if order.execution_id else "",
        "clientOid": order.client_id,
        "planStatus": status,
        "price": "",
        "executePrice": "0",
        "priceAvg": plain(order.average) if order.average else "",
        "baseVolume": plain(order.filled),
        "callbackRatio": "",
        "triggerPrice": plain(order.trigger_price or ZERO),
        "triggerType": "mark_price",
        "side": order.side.value,
        "posSide": "net",
        "marginCoin": "USDT",
        "marginMode": mode_told(account.exchange.account.mode(order.symbol)),
        "enterPointSource": "API",
        "tradeSide": f"{order.side.value}_single",
        "posMode": "one_way_mode",
        "orderType": "market",
        "reduceOnly": "YES" if order.reduce_only else "NO",
        "cTime": str(account.time.told(order.created_at)),
        "uTime": str(account.time.told(order.updated_at)),
    }


_NOT_STREAMED = {"symbol", "planStatus", "executeOrderId", "baseVolume", "priceAvg", "callbackRatio"}


def streamed_plan(account: Account, order: VenueOrder) -> dict[str, Any]:
    """Channel ``orders-algo`` says ``status`` and ``instId``, and does not name the order it became."""
    row = plan_order(account, order)
    return {
        **{name: value for name, value in row.items() if name not in _NOT_STREAMED},
        "instId": row["symbol"],
        "status": row["planStatus"],
        "actualSize": row["baseVolume"],
        "planType": "pl",
    }


def fill(account: Account, fill: Fill, *, streamed: bool) -> dict[str, Any]:
    """GET order/fills and channel ``fill``; neither carries a client order id."""
    row = {
        "tradeId": account.told_id(f"trade {fill.trade_id}"),
        "symbol": World.market_id(fill.symbol),
        "orderId": account.told_id(fill.venue_order_id),
        "price": plain(fill.price),
        "baseVolume": plain(fill.amount),
        "quoteVolume": plain(fill.price * fill.amount),
        "feeDetail": [{"deduction": "no", "feeCoin": "USDT", "totalDeductionFee": "0", "totalFee": plain(-fill.fee)}],
        "side": fill.side.value,
        "profit": "0",
        "tradeSide": f"{'burst_' if fill.liquidation else ''}{fill.side.value}_single",
        "posMode": "one_way_mode",
        "tradeScope": "maker" if fill.maker else "taker",
        "cTime": str(account.time.told(fill.at)),
        "uTime": str(account.time.told(fill.at)),
    }
    return {**row, "orderType": "limit"} if streamed else {**row, "enterPointSource": "api"}


def position(account: Account, held: HeldPosition) -> dict[str, Any]:
    """GET position/all-position and channel ``positions``."""
    exchange = account.exchange
    mark = exchange.mark(held.symbol) or held.average
    liquidation = exchange.liquidation_price(held.symbol)
    market_id = World.market_id(held.symbol)
    return {
        "marginCoin": "USDT",
        "symbol": market_id,
        "instId": market_id,
        "posId": str(abs(hash(market_id))),
        "holdSide": "long" if held.amount > 0 else "short",
        "openDelegateSize": "0",
        "marginSize": plain(held.margin or abs(held.cost) / held.leverage),
        "available": plain(abs(held.amount)),
        "locked": "0",
        "frozen": "0",
        "total": plain(abs(held.amount)),
        "leverage": plain(held.leverage),
        "achievedProfits": "0",
        "openPriceAvg": plain(held.average),
        "marginMode": mode_told(held.margin_mode),
        "posMode": "one_way_mode",
        "unrealizedPL": plain(held.unrealized(mark)),
        "liquidationPrice": plain(liquidation) if liquidation else "0",
        "keepMarginRate": "0.01",
        "markPrice": plain(mark),
        "marginRatio": "0.1",
        "cTime": str(account.time.told(account.time.now())),
        "uTime": str(account.time.told(account.time.now())),
    }


def balance(account: Account) -> dict[str, Any]:
    """GET account/accounts; channel ``account`` says ``equity`` for ``accountEquity``."""
    exchange = account.exchange
    equity, free = exchange.equity("USDT"), exchange.free("USDT")
    wallet = exchange.balances().get("USDT", ZERO)
    return {
        "marginCoin": "USDT",
        "locked": plain(max(ZERO, wallet - free)),
        "frozen": plain(max(ZERO, wallet - free)),
        "available": plain(wallet),
        "crossedMaxAvailable": plain(free),
        "isolatedMaxAvailable": plain(free),
        "maxTransferOut": plain(free),
        "maxOpenPosAvailable": plain(free),
        "accountEquity": plain(equity),
        "equity": plain(equity),
        "usdtEquity": plain(equity),
        "btcEquity": "0",
        "crossedRiskRate": "0",
        "unrealizedPL": plain(equity - wallet),
        "coupon": "0",
        "crossedUnrealizedPL": "",
        "isolatedUnrealizedPL": "",
    }


def setup(account: Account, market_id: str) -> dict[str, Any]:
    """GET account/account: one market's modes and leverages."""
    symbol = World.symbol(market_id)
    leverage = plain(account.exchange.account.leverage(symbol))
    mode = account.exchange.account.mode(symbol)
    return {
        **balance(account),
        "crossedMarginLeverage": int(leverage) if mode is MarginMode.CROSS else 20,
        "isolatedLongLever": int(leverage) if mode is MarginMode.ISOLATED else 20,
        "isolatedShortLever": int(leverage) if mode is MarginMode.ISOLATED else 20,
        "marginMode": mode_told(mode),
        "posMode": "hedge_mode" if account.is_hedged else "one_way_mode",
    }


def bill(account: Account, payment: Funding) -> dict[str, Any]:
    """GET account/bill with businessType contract_settle_fee."""
    return {
        "billId": account.told_id(f"bill {payment.funding_id}"),
        "symbol": World.market_id(payment.symbol),
        "amount": plain(payment.amount),
        "fee": "0",
        "feeByCoupon": "",
        "businessType": "contract_settle_fee",
        "coin": "USDT",
        "balance": "0",
        "cTime": str(account.time.told(payment.at)),
    }


def _client_id(account: Account, order: VenueOrder, executed: bool) -> str:
    if order.client_id is None or executed:
        return account.told_id(f"client {order.venue_id}")
    return order.client_id
