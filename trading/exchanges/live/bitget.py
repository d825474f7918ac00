"""Bitget USDT perpetuals: raw endpoints wherever ccxt's unified calls lose something.

Amounts are base units (one contract is one unit). One-way position mode only: side and reduce-only say everything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from trading.core.orders import Order, OrderReport, OrderType
from trading.core.planning import MarginMode
from trading.exchanges.errors import OutcomeUnknown, Rejected, VenueError
from trading.exchanges.gateway import Accepted, NewOrder, Outcome, PositionChanged, PrivateEvent
from trading.exchanges.limiter import Priority
from trading.exchanges.live import bitget_wording as wording
from trading.exchanges.live.bitget_lists import PRODUCT
from trading.exchanges.live.bitget_reading import ReadingDialect
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.translation import refusal


class BitgetDialect(ReadingDialect):
    """Writes, settings and streams, beside what ``ReadingDialect`` asks."""

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
        return [
            lambda: self.hear_orders(wanted),
            lambda: self.hear_fills(wanted),
            self.hear_balance,
            lambda: self.hear_positions(wanted),
            lambda: self._hear_triggers(wanted),
        ]

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
