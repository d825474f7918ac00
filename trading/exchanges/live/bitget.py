"""Bitget USDT perpetuals: raw endpoints wherever ccxt's unified calls lose something.

Amounts are base units (one contract is one unit). One-way position mode only: side and reduce-only say everything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from trading.core.ledger import Funding
from trading.core.orders import Fill, Order, OrderReport, OrderType
from trading.core.planning import MarginMode
from trading.exchanges.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome, Position, PositionChanged, PrivateEvent
from trading.exchanges.limiter import Priority
from trading.exchanges.live import bitget_wording as wording
from trading.exchanges.live.bitget_lists import BILLS, FILLS, ORDERS, PRODUCT, AskingDialect
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.translation import refusal


class BitgetDialect(AskingDialect):
    """Remembers two things of the account: whether triggers are in use, and a key's permissions."""

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._triggers: bool | None = None
        self._can_withdraw: bool | None = None
        self._is_hedged: bool | None = None
        self._permissions_read = False

    def market_id(self, symbol: str) -> str:
        if symbol not in self.exchange.markets:
            raise Unavailable(f"no market {symbol}")
        return str(self.exchange.market(symbol)["id"])

    def symbol_of(self, market_id: str) -> str:
        return str(self.exchange.safe_symbol(market_id, None, None, "swap"))

    # Reads

    async def account(self) -> Account:
        rows = await self._ask(self.exchange.privateMixGetV2MixAccountAccounts, PRODUCT, list)
        if not self._permissions_read:
            await self._read_permissions()
        return wording.account(rows, self.wire.now(), can_withdraw=self._can_withdraw, is_hedged=self._is_hedged)

    async def _read_permissions(self) -> None:
        """Once for a key: what it may do, and which position mode the account is in."""
        try:
            told = await self._ask(self.exchange.privateSpotGetV2SpotAccountInfo, {}, dict, refusable=True)
            self._can_withdraw = wording.can_withdraw(told)
        except (Rejected, BadCredentials):
            # A key without the right to read this; the account itself has just been read with it.
            self._can_withdraw = None
        except (Unavailable, Throttled):
            return
        if self.markets:
            setup = await self._setup(next(iter(self.markets)))
            self._is_hedged = setup.get("posMode") == "hedge_mode"
        self._permissions_read = True

    async def positions(self) -> Sequence[Position]:
        call = self.exchange.privateMixGetV2MixPositionAllPosition
        rows = await self._ask(call, {**PRODUCT, "marginCoin": "USDT"}, list)
        found = [wording.position(row, self.symbol_of(row["symbol"]), self.wire.now()) for row in rows]
        return [position for position in found if position.amount]

    async def order(self, order: Order) -> OrderReport | None:
        if order.type is OrderType.STOP_MARKET:
            self._triggers = True
            return await self._trigger(order.symbol, {"clientOid": order.client_id})
        return await self._detail(order.symbol, {"clientOid": order.client_id})

    async def _detail(self, symbol: str, which: Mapping[str, str]) -> OrderReport | None:
        params = {**PRODUCT, "symbol": self.market_id(symbol), **which}
        try:
            row = await self._ask(self.exchange.privateMixGetV2MixOrderDetail, params, dict, refusable=True)
        except Rejected as refused:
            if refused.reason == "not_found":
                return None
            raise Unavailable(str(refused)) from refused
        report = wording.report(row, symbol)
        if which not in ({"clientOid": report.client_id}, {"orderId": report.venue_id}):
            raise Unavailable("the venue answered with another order")
        return report

    async def _trigger(self, symbol: str, which: Mapping[str, str]) -> OrderReport | None:
        """A plan order by its id: pending, or finished, and then what the order it became has done."""
        params = {**PRODUCT, "symbol": self.market_id(symbol), "planType": "normal_plan", **which}
        ((key, value),) = which.items()
        for call in (
            self.exchange.privateMixGetV2MixOrderOrdersPlanPending,
            self.exchange.privateMixGetV2MixOrderOrdersPlanHistory,
        ):
            rows = await self._list(ORDERS, call, params)
            for row in rows:
                if str(row.get(key)) == value:
                    return await self._with_execution(row, symbol)
        return None

    async def _with_execution(self, row: Mapping[str, Any], symbol: str) -> OrderReport:
        execution_id = wording.execution_id(row)
        execution = await self._detail(symbol, {"orderId": execution_id}) if execution_id else None
        return wording.trigger_report(row, symbol, execution)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        """One request for all symbols, a second one only while triggers are in use."""
        rows = await self._list(ORDERS, self.exchange.privateMixGetV2MixOrderOrdersPending, PRODUCT)
        reports = [wording.report(row, self.symbol_of(row["symbol"])) for row in rows]
        if self._triggers is not False:
            call = self.exchange.privateMixGetV2MixOrderOrdersPlanPending
            plans = await self._list(ORDERS, call, {**PRODUCT, "planType": "normal_plan"})
            # Set by the first look after a start; placing one sets it again.
            self._triggers = bool(plans) or self._triggers is True
            reports += [wording.trigger_report(row, self.symbol_of(row["symbol"]), None) for row in plans]
        wanted = set(symbols)
        return [report for report in reports if report.symbol in wanted]

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        market = {**PRODUCT, "symbol": self.market_id(symbol)}
        rows = await self._since(since, ORDERS, self.exchange.privateMixGetV2MixOrderOrdersHistory, market)
        call = self.exchange.privateMixGetV2MixOrderOrdersPlanHistory
        plans = await self._since(since, ORDERS, call, {**market, "planType": "normal_plan"})
        reports = [wording.report(row, symbol) for row in rows]
        return reports + [await self._with_execution(row, symbol) for row in plans]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        market = {**PRODUCT, "symbol": self.market_id(symbol)}
        rows = await self._since(since, FILLS, self.exchange.privateMixGetV2MixOrderFills, market)
        return wording.fills(rows, symbol)

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        venue_id = order.execution_id if order.type is OrderType.STOP_MARKET else order.venue_id
        if venue_id is None:
            report = await self.order(order)
            venue_id = (report.execution_id or report.venue_id) if report else None
        if venue_id is None:
            return []
        which = {**PRODUCT, "symbol": self.market_id(order.symbol), "orderId": venue_id}
        rows = await self._list(FILLS, self.exchange.privateMixGetV2MixOrderFills, which)
        return wording.fills(rows, order.symbol, order.client_id)

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        which = {**PRODUCT, "symbol": self.market_id(symbol), "businessType": "contract_settle_fee"}
        rows = await self._since(since, BILLS, self.exchange.privateMixGetV2MixAccountBill, which)
        payments = [wording.funding(row, symbol) for row in rows]
        return sorted(payments, key=lambda payment: payment.at)

    # Writes

    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]:
        outcomes: dict[str, Outcome] = {
            order.client_id: Rejected("invalid_order", detail=objection)
            for order in orders
            if (objection := self._objection(order))
        }
        sendable = [order for order in orders if order.client_id not in outcomes]
        for order in (order for order in sendable if order.target.type is OrderType.STOP_MARKET):
            self._triggers = True
            outcomes[order.client_id] = await self._place_one(order)
        plain_orders = [order for order in sendable if order.target.type is not OrderType.STOP_MARKET]
        for batch in _batches(plain_orders, lambda order: (order.symbol, order.margin_mode), self._place_most):
            if len(batch) == 1:
                outcomes[batch[0].client_id] = await self._place_one(batch[0])
            else:
                outcomes |= await self._place_batch(batch)
        return [outcomes[order.client_id] for order in orders]

    def _objection(self, order: NewOrder) -> str:
        """Why an order cannot even be put into words; nothing is sent then."""
        if order.symbol not in self.exchange.markets:
            return f"no market {order.symbol}"
        if order.margin_mode is None:
            return "an order for a perpetual needs its margin mode"
        if order.target.type is OrderType.STOP_MARKET and order.target.trigger_price is None:
            return "a stop order needs its trigger price"
        return ""

    @property
    def _place_most(self) -> int:
        return self.wire.profile.place_batch

    async def _place_one(self, order: NewOrder) -> Outcome:
        if order.target.type is OrderType.STOP_MARKET:
            call, params = self.exchange.privateMixPostV2MixOrderPlacePlanOrder, wording.trigger(order)
        else:
            call, params = self.exchange.privateMixPostV2MixOrderPlaceOrder, wording.order(order)
        params = {**PRODUCT, **wording.setting(order), "symbol": self.market_id(order.symbol), **params}
        try:
            told = await self.wire.write(lambda: call(params), priority_of(order))
        except VenueError as refused:
            return refused
        return wording.accepted(told.get("data"), order.client_id)

    async def _place_batch(self, batch: Sequence[NewOrder]) -> dict[str, Outcome]:
        first = batch[0]
        params = {
            **PRODUCT,
            **wording.setting(first),
            "symbol": self.market_id(first.symbol),
            "orderList": [wording.order(order) for order in batch],
        }
        call = self.exchange.privateMixPostV2MixOrderBatchPlaceOrder
        priority = min(priority_of(order) for order in batch)
        return await self._batch([order.client_id for order in batch], lambda: call(params), priority, "clientOid")

    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]:
        outcomes: dict[str, Outcome] = {
            order.client_id: Rejected("not_found", detail=f"no market {order.symbol}")
            for order in orders
            if order.symbol not in self.exchange.markets
        }

        def same_request(order: Order) -> tuple[str, bool]:
            return order.symbol, order.type is OrderType.STOP_MARKET

        sendable = [order for order in orders if order.client_id not in outcomes]
        for batch in _batches(sendable, same_request, self.wire.profile.cancel_batch):
            outcomes |= await self._cancel_batch(batch)
        return [outcomes[order.client_id] for order in orders]

    async def _cancel_batch(self, batch: Sequence[Order]) -> dict[str, Outcome]:
        first = batch[0]
        ids = [order.client_id for order in batch]
        params: dict[str, Any] = {**PRODUCT, "marginCoin": "USDT", "symbol": self.market_id(first.symbol)}
        if first.type is OrderType.STOP_MARKET:
            call = self.exchange.privateMixPostV2MixOrderCancelPlanOrder
            params["planType"] = "normal_plan"
        elif len(batch) == 1:
            params["clientOid"] = ids[0]
            try:
                single = self.exchange.privateMixPostV2MixOrderCancelOrder
                told = await self.wire.write(lambda: single(params), Priority.CANCEL)
            except VenueError as refused:
                return {ids[0]: refused}
            return {ids[0]: wording.accepted(told.get("data"), ids[0])}
        else:
            call = self.exchange.privateMixPostV2MixOrderBatchCancelOrders
        params["orderIdList"] = [{"clientOid": client_id} for client_id in ids]
        return await self._batch(ids, lambda: call(params), Priority.CANCEL, "clientOid")

    async def _batch(
        self, ids: Sequence[str], call: Callable[[], Awaitable[Any]], priority: Priority, key: str
    ) -> dict[str, Outcome]:
        """One request for many orders. Who is in neither of the answer's lists has an unknown outcome."""
        try:
            told = await self.wire.write(call, priority)
        except VenueError as refused:
            return dict.fromkeys(ids, refused)
        data = told.get("data")
        lists = data if isinstance(data, dict) else {}
        outcomes: dict[str, Outcome] = dict.fromkeys(ids, OutcomeUnknown("not mentioned in the answer to a batch"))
        for row in lists.get("successList") or []:
            if row.get(key) in outcomes and row.get("orderId"):
                outcomes[row[key]] = Accepted(str(row["orderId"]))
        for row in lists.get("failureList") or []:
            if row.get(key) in outcomes:
                code, message = str(row.get("errorCode") or ""), str(row.get("errorMsg") or "")
                outcomes[row[key]] = refusal(self.wire.profile, code, message, write=True)
        return outcomes

    # Settings

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        wanted = {"marginMode": wording.MARGIN_MODES[margin_mode]}
        market = {**PRODUCT, "symbol": self.market_id(symbol), "marginCoin": "USDT"}
        now = await self._setup(symbol)
        if now.get("posMode") != "one_way_mode":
            await self._set(
                self.exchange.privateMixPostV2MixAccountSetPositionMode,
                {**PRODUCT, "posMode": "one_way_mode"},
                "position_mode",
            )
        if now.get("marginMode") != wanted["marginMode"]:
            await self._set(self.exchange.privateMixPostV2MixAccountSetMarginMode, {**market, **wanted}, "margin_mode")
            now = await self._setup(symbol)
        if wording.leverages(now, margin_mode) != {Decimal(leverage)}:
            await self._set(
                self.exchange.privateMixPostV2MixAccountSetLeverage,
                {**market, "leverage": str(leverage)},
                "leverage",
            )
        self._is_hedged = False

    async def _setup(self, symbol: str) -> Mapping[str, Any]:
        params = {**PRODUCT, "symbol": self.market_id(symbol), "marginCoin": "USDT"}
        told: Mapping[str, Any] = await self._ask(self.exchange.privateMixGetV2MixAccountAccount, params, dict)
        if "posMode" not in told or "marginMode" not in told:
            raise Unavailable("the account does not tell its modes")
        return told

    async def _set(self, call: Any, params: Mapping[str, Any], reason: str) -> None:
        try:
            await self.wire.set(lambda: call(dict(params)))
        except Rejected as refused:
            raise Rejected(reason, refused.code, refused.detail) from refused

    # Streams

    def book_address(self, symbol: str) -> str | None:
        return str(self.exchange.urls["api"]["ws"]["public"])

    def private_address(self) -> str | None:
        return str(self.exchange.urls["api"]["ws"]["private"])

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        wanted = set(symbols)
        return [*super().sources(symbols), lambda: self._hear_triggers(wanted)]

    def hear_orders(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        return self._hear(wanted, PRODUCT)

    def _hear_triggers(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        """ccxt hands the rows of this channel to whoever listens to plain orders; listening here subscribes."""
        return self._hear(wanted, {**PRODUCT, "trigger": True})

    async def _hear(self, wanted: set[str], params: Mapping[str, Any]) -> AsyncIterator[PrivateEvent]:
        while True:
            told = await self.wire.hear(lambda: self.exchange.watch_orders(None, None, None, dict(params)), None)
            # The cache's dicts change under us: all are copied before the next await.
            for row, symbol in [(dict(entry["info"]), entry["symbol"]) for entry in told]:
                if symbol in wanted:
                    is_plan = "planType" in row
                    yield await self._trigger_event(row, symbol) if is_plan else wording.streamed_report(row, symbol)

    async def _trigger_event(self, row: Mapping[str, Any], symbol: str) -> OrderReport:
        self._triggers = True
        if wording.is_waiting(row):
            return wording.trigger_report(row, symbol, None)
        # The stream does not name the order it became: ask.
        report = await self._trigger(symbol, {"orderId": str(row["orderId"])})
        return report or wording.trigger_report(row, symbol, None)

    async def hear_fills(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        while True:
            told = await self.wire.hear(lambda: self.exchange.watch_my_trades(None, None, None, dict(PRODUCT)), None)
            for event in [wording.fill(entry["info"], entry["symbol"], None) for entry in told]:
                if event.symbol in wanted:
                    yield event

    async def hear_positions(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        open_now: set[str] = set()
        while True:
            told = await self.wire.hear(self.exchange.watch_positions, None)
            now = self.wire.now()
            found = [wording.position(entry["info"], entry["symbol"], now) for entry in told]
            held = {position.symbol for position in found if position.amount}
            # Every message is the whole list: who is missing has been closed.
            found += [wording.no_position(symbol, now) for symbol in sorted(open_now - held)]
            open_now = held
            for position in found:
                if position.symbol in wanted:
                    yield PositionChanged(position)


def _batches(items: Sequence[Any], same: Callable[[Any], Any], most: int) -> list[list[Any]]:
    """Neighbours that may share a request, in their order, at most ``most`` together."""
    batches = []
    for _, group in groupby(items, key=same):
        members = list(group)
        batches += [members[start : start + most] for start in range(0, len(members), most)]
    return batches
