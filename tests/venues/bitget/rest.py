"""Bitget's REST v2 for USDT perpetuals: envelope, signature, codes, and the endpoints a client of ours uses.

Behaviour follows the public documentation (bitget.com/api-doc, sections common, contract and spot); where a function
reproduces a habit that surprises, its comment says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from tests.venues.bitget import rows
from tests.venues.bitget.world import MARKETS, Account, World
from trading.core.instrument import Side, plain
from trading.core.orders import OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_orders import ExchangeEvent, Refused, VenueOrder

PAGE = 100
TIMESTAMP_WINDOW_MS = 30_000


class Error(Exception):
    """An answer with a code other than 00000. HTTP status 400, as the venue does."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status


_REFUSALS = {
    "insufficient_funds": ("40762", "The order amount exceeds the balance"),
    "below_min_cost": ("45110", "less than the minimum amount 5 USDT"),
    "below_min_amount": ("45111", "less than the minimum order quantity"),
    "above_max_amount": ("45113", "Maximum order value limit triggered"),
    "off_step": ("40808", "Parameter verification exception size checkBDScale error"),
    "off_tick": ("45115", "The price you enter should be a multiple of the tick"),
    "reduce_only": ("22002", "No position to close"),
    "duplicate_id": ("40786", "Duplicate clientOid"),
    "invalid_order": ("40017", "Parameter verification failed"),
    "margin_mode": ("45117", "Currently holding positions or orders, the margin mode cannot be adjusted"),
    "leverage": ("40797", "Exceeded the maximum settable leverage, or orders are open"),
    "other": ("40917", "The order cannot be executed"),
}


def error_of(refused: Refused) -> Error:
    return Error(*_REFUSALS.get(refused.reason, ("40017", refused.detail)))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate. ``account`` is None on public endpoints."""

    world: World
    account: Account | None
    values: Mapping[str, Any]

    def need(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            raise Error("40019", f"Parameter {name} cannot be empty")
        if not isinstance(value, str):
            # Numbers are strings; a JSON number or null is refused.
            raise Error("40017", f"Parameter {name} must be a string")
        return value

    def maybe(self, name: str) -> str | None:
        return self.need(name) if self.values.get(name) not in (None, "") else None

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(self.need(name))
        except InvalidOperation:
            raise Error("40017", f"Parameter {name} is no number") from None

    @property
    def owner(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def market(self) -> str:
        market_id = self.need("symbol").upper()
        if market_id not in MARKETS:
            raise Error("40034", f"Parameter {market_id} does not exist")
        return market_id

    @property
    def symbol(self) -> str:
        return World.symbol(self.market)


Endpoint = Callable[[Call], Any]


def account_of(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> Account:
    """Who signed: base64(HMAC-SHA256(timestamp + method + path + ?query + body)). Raises Error."""
    account = world.accounts.get(headers.get("ACCESS-KEY", ""))
    if account is None:
        raise Error("40006", "Invalid ACCESS_KEY")
    stamp = headers.get("ACCESS-TIMESTAMP", "")
    if not stamp.isdigit() or abs(int(stamp) - time.time() * 1000) > TIMESTAMP_WINDOW_MS:
        raise Error("40008", "Request timestamp expired")
    if headers.get("ACCESS-PASSPHRASE") != account.passphrase:
        raise Error("40012", "apikey/password is incorrect")
    path, _, query = target.partition("?")
    text = stamp + method + path + (f"?{unquote(query)}" if query else "") + body
    if not hmac.compare_digest(signed(account.secret, text), headers.get("ACCESS-SIGN", "")):
        raise Error("40009", "sign signature error")
    return account


def signed(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


# Public


def server_time(call: Call) -> Any:
    return {"serverTime": str(int(time.time() * 1000))}


def contracts(call: Call) -> Any:
    if call.need("productType").upper() != "USDT-FUTURES":
        return []
    return [rows.contract(market_id) for market_id in MARKETS]


def tickers(call: Call) -> Any:
    return [rows.ticker(call.world, market_id) for market_id in MARKETS]


def depth(call: Call) -> Any:
    bids, asks = call.world.shown(call.market)
    sides = {
        name: [[plain(level.price), plain(level.amount)] for level in levels]
        for name, levels in (("bids", bids), ("asks", asks))
    }
    return {**sides, "ts": str(int(time.time() * 1000)), "scale": "0.1", "precision": "scale0", "isMaxPrecision": "NO"}


_MINUTES = {"1m": 1, "3m": 3, "5m": 5, "15m": 15, "30m": 30, "1H": 60, "4H": 240, "6H": 360, "12H": 720, "1D": 1440}


def candles(call: Call) -> Any:
    """Oldest first, the newest of the time asked for. A quiet market: every candle round the last price."""
    return _candles(call, 1000)


def old_candles(call: Call) -> Any:
    """The same, 200 at most."""
    return _candles(call, 200)


def _candles(call: Call, most: int) -> Any:
    minutes = _MINUTES.get(call.need("granularity"))
    if minutes is None:
        raise Error("400171", "Parameter granularity error")
    length, last = minutes * 60_000, call.world.last(call.market)
    start, end = int(call.maybe("startTime") or 0), int(call.maybe("endTime") or time.time() * 1000)
    # What began before the end, which is not in it.
    newest = (min(end, int(time.time() * 1000)) - 1) // length * length
    count = min(int(call.maybe("limit") or "100"), most)
    high, low = plain(last * Decimal("1.001")), plain(last * Decimal("0.999"))
    return [
        [str(newest - index * length), plain(last), high, low, plain(last), "1000", plain(1000 * last)]
        for index in reversed(range(count))
        if newest - index * length >= start
    ]


def tiers(call: Call) -> Any:
    return rows.tier_rows(call.market)


# Account


def info(call: Call) -> Any:
    return {"userId": "1", "inviterId": "", "ips": "", "authorities": list(call.owner.authorities), "parentId": 1}


def accounts(call: Call) -> Any:
    call.need("productType")
    return [rows.balance(call.owner)]


def account(call: Call) -> Any:
    call.need("marginCoin")
    return rows.setup(call.owner, call.market)


def positions(call: Call) -> Any:
    call.need("productType")
    return [rows.position(call.owner, held) for held in call.owner.exchange.positions()]


def set_position_mode(call: Call) -> Any:
    """Refused while the account holds positions or orders."""
    wanted = call.need("posMode") == "hedge_mode"
    exchange = call.owner.exchange
    if wanted is not call.owner.is_hedged and (exchange.positions() or exchange.open_orders()):
        raise Error("40920", "Position or order exists, the position mode cannot be switched")
    call.owner.is_hedged = wanted
    return {"posMode": call.need("posMode")}


def set_margin_mode(call: Call) -> Any:
    mode = {"crossed": MarginMode.CROSS, "isolated": MarginMode.ISOLATED}.get(call.need("marginMode"))
    if mode is None:
        raise Error("40017", "Parameter marginMode error")
    call.owner.exchange.set_margin_mode(call.symbol, mode)
    return rows.setup(call.owner, call.market)


def set_leverage(call: Call) -> Any:
    call.owner.exchange.set_leverage(call.symbol, call.number("leverage"))
    return rows.setup(call.owner, call.market)


def bills(call: Call) -> Any:
    found = [rows.bill(call.owner, payment) for payment in call.owner.exchange.funding_payments(call.symbol)]
    return _page(call, found, "bills", "billId")


# Orders


_TIMES_IN_FORCE = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "post_only": TimeInForce.POST_ONLY}
_refused_orders = itertools.count(1)


def place(call: Call) -> Any:
    return _place(call, call.values)


def place_batch(call: Call) -> Any:
    """At most 50, of one market. Each order is taken or refused by itself; the answer has two lists."""
    wanted = call.values.get("orderList")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 50:
        raise Error("40306", "Batch processing orders can only process up to 50")
    shared = {name: value for name, value in call.values.items() if name != "orderList"}
    done: dict[str, list[Any]] = {"successList": [], "failureList": []}
    for one in wanted:
        try:
            done["successList"].append(_place(call, {**shared, **one}))
        except Error as error:
            done["failureList"].append(_failure(one, error))
    return done


def place_plan(call: Call) -> Any:
    if call.need("planType") != "normal_plan" or call.need("triggerType") not in ("mark_price", "fill_price"):
        raise Error("40017", "Parameter planType error")
    return _place(call, call.values, is_plan=True)


def _place(call: Call, values: Mapping[str, Any], *, is_plan: bool = False) -> dict[str, Any]:
    order = Call(call.world, call.account, values)
    owner, exchange, now = call.owner, call.owner.exchange, call.world.time.now()
    mode = {"crossed": MarginMode.CROSS, "isolated": MarginMode.ISOLATED}.get(order.need("marginMode"))
    order.need("marginCoin")
    if owner.is_hedged:
        # An order in the words of one-way mode while the account is in hedge mode, whatever it says.
        raise Error("40774", "The order type for unilateral position must also be the unilateral position type")
    client_id = order.maybe("clientOid") or str(time.time_ns())
    if owner.knows(client_id):
        raise Error(*_REFUSALS["duplicate_id"])
    is_limit = order.need("orderType") == "limit"
    draft = VenueOrder(
        venue_id=f"refused {next(_refused_orders)}",
        client_id=client_id,
        symbol=order.symbol,
        side=Side(order.need("side")),
        type=OrderType.STOP_MARKET if is_plan else OrderType.LIMIT if is_limit else OrderType.MARKET,
        amount=order.number("size"),
        price=order.number("price") if is_limit else None,
        trigger_price=order.number("triggerPrice") if is_plan else None,
        reduce_only=(order.maybe("reduceOnly") or "NO").upper() == "YES",
        time_in_force=_TIMES_IN_FORCE[(order.maybe("force") or "gtc").lower()],
        created_at=now,
        updated_at=now,
        status=OrderStatus.OPEN,
    )
    try:
        events = exchange.place(
            client_id=client_id,
            symbol=draft.symbol,
            side=draft.side,
            type=draft.type,
            amount=draft.amount,
            now=now,
            price=draft.price,
            trigger_price=draft.trigger_price,
            reduce_only=draft.reduce_only,
            time_in_force=draft.time_in_force,
            margin_mode=mode,
        )
    except Refused as refused:
        if refused.reason != "post_only_would_take":
            raise error_of(refused) from None
        owner.refuse_later(draft)
        return {"orderId": owner.told_id(draft.venue_id), "clientOid": client_id}
    placed = exchange.order(client_id=client_id)
    assert placed is not None
    told = owner.told_id(placed.venue_id)
    owner.hear(events)
    # One-way mode: reduce-only orders beyond the position cancel the oldest, and such an answer has no id.
    return {"orderId": None if _pushed_out_others(events, placed) else told, "clientOid": client_id}


def _pushed_out_others(events: Sequence[ExchangeEvent], placed: VenueOrder) -> bool:
    return any(
        isinstance(event, OrderReport) and event.venue_id != placed.venue_id and event.reason == "reduce_only"
        for event in events
    )


def cancel(call: Call) -> Any:
    return _cancel(call, call.values)


def cancel_batch(call: Call) -> Any:
    """At most 50; the answer has two lists, and an empty request list would mean the whole market."""
    wanted = call.values.get("orderIdList")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 50:
        raise Error("40017", "Parameter orderIdList error")
    done: dict[str, list[Any]] = {"successList": [], "failureList": []}
    for one in wanted:
        try:
            done["successList"].append(_cancel(call, one))
        except Error as error:
            done["failureList"].append(_failure(one, error))
    return done


def cancel_plan(call: Call) -> Any:
    return cancel_batch(Call(call.world, call.account, {**call.values, "plan": "yes"}))


def _cancel(call: Call, which: Mapping[str, Any]) -> dict[str, Any]:
    owner = call.owner
    order = owner.find(client_id=which.get("clientOid"), told=which.get("orderId"))
    if order is None or (order.type is OrderType.STOP_MARKET) is not ("plan" in call.values):
        raise Error("40768", "Order does not exist")
    if not order.is_open:
        raise Error("22001", "No order to cancel")
    owner.hear(owner.exchange.cancel(now=call.world.time.now(), venue_id=order.venue_id))
    return {"orderId": owner.told_id(order.venue_id), "clientOid": order.client_id}


def _failure(one: Mapping[str, Any], error: Error) -> dict[str, Any]:
    return {
        "orderId": one.get("orderId") or "",
        "clientOid": one.get("clientOid") or "",
        "errorMsg": error.message,
        "errorCode": error.code,
    }


def detail(call: Call) -> Any:
    order = call.owner.find(client_id=call.maybe("clientOid"), told=call.maybe("orderId"))
    if order is None or (order.type is OrderType.STOP_MARKET and order.execution_id is None):
        raise Error("40109", "The data of the order cannot be found, please confirm the order number")
    return rows.told_order(call.owner, order)


def pending(call: Call) -> Any:
    found = [rows.told_order(call.owner, order) for order in _orders(call) if order.is_open and not _is_plan(order)]
    return _page(call, found, "entrustedList", "orderId")


def history(call: Call) -> Any:
    """Finished orders, those that plan orders became among them."""
    found = [
        rows.told_order(call.owner, order)
        for order in _orders(call)
        if not order.is_open and (not _is_plan(order) or order.execution_id)
    ]
    return _page(call, found, "entrustedList", "orderId")


def plans_pending(call: Call) -> Any:
    call.need("planType")
    found = [rows.plan_order(call.owner, order) for order in _orders(call) if order.waits_for_trigger]
    return _page(call, found, "entrustedList", "orderId")


def plans_history(call: Call) -> Any:
    call.need("planType")
    found = [
        rows.plan_order(call.owner, order) for order in _orders(call) if _is_plan(order) and not order.waits_for_trigger
    ]
    return _page(call, found, "entrustedList", "orderId")


def fills(call: Call) -> Any:
    """A time span beyond a week is refused."""
    start, end = call.maybe("startTime"), call.maybe("endTime")
    if start and end and int(end) - int(start) > timedelta(days=7, minutes=2) / timedelta(milliseconds=1):
        raise Error("40705", "The start and end time cannot exceed 7 days")
    found = [rows.fill(call.owner, fill, streamed=False) for fill in call.owner.exchange.fills(call.symbol)]
    wanted = call.maybe("orderId")
    return _page(call, [row for row in found if wanted in (None, row["orderId"])], "fillList", "tradeId")


def _orders(call: Call) -> list[VenueOrder]:
    call.need("productType")
    symbol = call.symbol if call.values.get("symbol") else None
    wanted = [order for order in call.owner.orders() if symbol in (None, order.symbol)]
    client_id, told = call.maybe("clientOid"), call.maybe("orderId")
    if told:
        return [order for order in wanted if call.owner.told_id(order.venue_id) == told]
    return [order for order in wanted if client_id in (None, order.client_id)]


def _is_plan(order: VenueOrder) -> bool:
    return order.type is OrderType.STOP_MARKET


def _page(call: Call, found: Sequence[Mapping[str, Any]], name: str, key: str) -> dict[str, Any]:
    """Newest first, at most 100, then older than ``idLessThan``; an empty list is null."""
    start, end, before = call.maybe("startTime"), call.maybe("endTime"), call.maybe("idLessThan")
    rows_in = sorted(found, key=lambda row: int(row[key]), reverse=True)
    rows_in = [
        row
        for row in rows_in
        if (start is None or int(row["cTime"]) >= int(start))
        and (end is None or int(row["cTime"]) <= int(end))
        and (before is None or int(row[key]) < int(before))
    ]
    page = rows_in[: min(PAGE, int(call.maybe("limit") or PAGE))]
    return {name: page or None, "endId": page[-1][key] if page else None}


PUBLIC: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v2/public/time"): server_time,
    ("GET", "/api/v2/mix/market/contracts"): contracts,
    ("GET", "/api/v2/mix/market/tickers"): tickers,
    ("GET", "/api/v2/mix/market/merge-depth"): depth,
    ("GET", "/api/v2/mix/market/candles"): candles,
    ("GET", "/api/v2/mix/market/history-candles"): old_candles,
    ("GET", "/api/v2/mix/market/query-position-lever"): tiers,
}
PRIVATE: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/v2/spot/account/info"): info,
    ("GET", "/api/v2/mix/account/accounts"): accounts,
    ("GET", "/api/v2/mix/account/account"): account,
    ("GET", "/api/v2/mix/account/bill"): bills,
    ("GET", "/api/v2/mix/position/all-position"): positions,
    ("POST", "/api/v2/mix/account/set-position-mode"): set_position_mode,
    ("POST", "/api/v2/mix/account/set-margin-mode"): set_margin_mode,
    ("POST", "/api/v2/mix/account/set-leverage"): set_leverage,
    ("POST", "/api/v2/mix/order/place-order"): place,
    ("POST", "/api/v2/mix/order/batch-place-order"): place_batch,
    ("POST", "/api/v2/mix/order/place-plan-order"): place_plan,
    ("POST", "/api/v2/mix/order/cancel-order"): cancel,
    ("POST", "/api/v2/mix/order/batch-cancel-orders"): cancel_batch,
    ("POST", "/api/v2/mix/order/cancel-plan-order"): cancel_plan,
    ("GET", "/api/v2/mix/order/detail"): detail,
    ("GET", "/api/v2/mix/order/orders-pending"): pending,
    ("GET", "/api/v2/mix/order/orders-history"): history,
    ("GET", "/api/v2/mix/order/orders-plan-pending"): plans_pending,
    ("GET", "/api/v2/mix/order/orders-plan-history"): plans_history,
    ("GET", "/api/v2/mix/order/fills"): fills,
}


def answer(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
    """Status and envelope."""
    try:
        data = _data(world, method, target, headers, body)
    except Refused as refused:
        return 400, _envelope(error_of(refused).code, error_of(refused).message, None)
    except Error as error:
        return error.status, _envelope(error.code, error.message, None)
    return 200, _envelope("00000", "success", data)


def _data(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> Any:
    route = method, target.partition("?")[0]
    if route in PUBLIC:
        return PUBLIC[route](Call(world, None, _values(method, target, body)))
    if route not in PRIVATE:
        raise Error("40404", "Request URL NOT FOUND", 404)
    account = account_of(world, method, target, headers, body)
    return PRIVATE[route](Call(world, account, _values(method, target, body)))


def _values(method: str, target: str, body: str) -> dict[str, Any]:
    if method == "POST":
        try:
            values = json.loads(body)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise Error("40017", "Parameter verification failed")
        return values
    query = target.partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _envelope(code: str, message: str, data: Any) -> dict[str, Any]:
    return {"code": code, "msg": message, "requestTime": int(time.time() * 1000), "data": data}
