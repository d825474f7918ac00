"""Binance spot: everything over sockets, REST at start, for market lists and charts, and while the ws-api is down."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import ccxt

from trading.core.instrument import Instrument
from trading.core.ledger import Funding
from trading.core.market import Book
from trading.core.orders import Fill, Order, OrderReport
from trading.exchanges.errors import OutcomeUnknown, Rejected, Unavailable, VenueError
from trading.exchanges.gateway import Account, BalanceChanged, NewOrder, Outcome, PrivateEvent
from trading.exchanges.limiter import Priority
from trading.exchanges.live import binance_wording as wording
from trading.exchanges.live.binance_asking import PAGE, AskingDialect
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.parsing import decimal
from trading.exchanges.live.translation import refusal

log = logging.getLogger(__name__)

_NEW_ORDER_WEIGHT = 6
_ALL_MARKETS_WEIGHT, _MARKET_WEIGHT = 80, 6


class BinanceDialect(AskingDialect):
    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self.exchange.read_snapshot = self._snapshot
        self._can_withdraw: bool | None = None

    async def start(self) -> Mapping[str, Instrument]:
        """The account's own fee rates, and what its key may do."""
        if not self.exchange.apiKey:
            return {}
        try:
            told = await self._ask("account.status", {"omitZeroBalances": True}, dict, weight=20)
            await self._read_permissions()
        except VenueError as problem:
            log.warning("the account's fee rates are not known, the venue's usual ones are used: %s", problem)
            return {}
        rates = told.get("commissionRates") or {}
        maker, taker = decimal(rates.get("maker")), decimal(rates.get("taker"))
        if maker is None or taker is None:
            return {}
        return {name: replace(one, maker_fee=maker, taker_fee=taker) for name, one in self.markets.items()}

    async def _read_permissions(self) -> None:
        """``canWithdraw`` of the account says nothing about the key; the key's own are told over REST only."""
        try:
            told = await self.wire.read(self.exchange.sapiGetAccountApiRestrictions)
        except VenueError:
            return
        if isinstance(told.get("enableWithdrawals"), bool):
            self._can_withdraw = told["enableWithdrawals"]

    # Reads

    async def book(self, symbol: str, depth: int) -> Book:
        return wording.book(await self._snapshot(symbol, max(depth, 5)), symbol, depth, self.wire.now())

    async def _snapshot(self, symbol: str, depth: int) -> Mapping[str, Any]:
        weight = 5 if depth <= 100 else 25 if depth <= 500 else 50
        params = {"symbol": self._market(symbol), "limit": depth}
        told: Mapping[str, Any] = await self._ask("depth", params, dict, weight=weight)
        return told

    async def account(self) -> Account:
        told = await self._ask("account.status", {"omitZeroBalances": True}, dict, weight=20)
        return wording.account(told, self.wire.now(), can_withdraw=self._can_withdraw)

    async def order(self, order: Order) -> OrderReport | None:
        params = {"symbol": self._market(order.symbol), "origClientOrderId": order.client_id}
        row = await self._unless_absent(self._ask("order.status", params, dict, weight=4, refusable=True))
        if row is None:
            return None
        if row.get("clientOrderId") != order.client_id:
            raise Unavailable("the venue answered with another order")
        return wording.report(row, order.symbol)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        """Market by market while that weighs less than all at once."""
        wanted = sorted(set(symbols))
        if len(wanted) * _MARKET_WEIGHT < _ALL_MARKETS_WEIGHT:
            questions = [({"symbol": self._market(symbol)}, _MARKET_WEIGHT) for symbol in wanted]
        else:
            questions = [({}, _ALL_MARKETS_WEIGHT)]
        rows = [
            row
            for params, weight in questions
            for row in await self._ask("openOrders.status", params, list, weight=weight)
        ]
        reports = [wording.report(row, self._symbol(row["symbol"])) for row in rows]
        return [report for report in reports if report.symbol in wanted]

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        rows = await self._since(since, "allOrders", symbol, "orderId", "orderId")
        reports = [wording.report(row, symbol) for row in rows]
        return [report for report in reports if report.event.value in ("filled", "canceled", "expired", "refused")]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        return wording.fills(await self._since(since, "myTrades", symbol, "id", "fromId"), symbol)

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        venue_id = order.venue_id
        if venue_id is None:
            report = await self.order(order)
            venue_id = report.venue_id if report else None
        if venue_id is None:
            return []
        params = {"symbol": self._market(order.symbol), "orderId": int(venue_id), "limit": PAGE}
        rows = await self._ask("myTrades", params, list, weight=5)
        if len(rows) == PAGE:
            recent = await self._since(order.created_at - timedelta(hours=1), "myTrades", order.symbol, "id", "fromId")
            rows = [row for row in recent if str(row["orderId"]) == venue_id]
        return wording.fills(rows, order.symbol, order.client_id)

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        return []

    # Writes

    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]:
        """One request each, all under way together."""
        return list(await asyncio.gather(*(self._place_one(order) for order in orders)))

    async def _place_one(self, order: NewOrder) -> Outcome:
        if objection := self._objection(order):
            return Rejected("invalid_order", detail=objection)
        params = wording.order(order, self._market(order.symbol))
        try:
            told = await self._do("order.place", params, priority_of(order), _NEW_ORDER_WEIGHT)
        except VenueError as refused:
            return refused
        return wording.placed(told, order.client_id, order.symbol)

    def _objection(self, order: NewOrder) -> str:
        if order.symbol not in self.exchange.markets:
            return f"no market {order.symbol}"
        return wording.objection(order)

    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]:
        return list(await asyncio.gather(*(self._cancel_one(order) for order in orders)))

    async def _cancel_one(self, order: Order) -> Outcome:
        if order.symbol not in self.exchange.markets:
            return Rejected("not_found", detail=f"no market {order.symbol}")
        params = {"symbol": self._market(order.symbol), "origClientOrderId": order.client_id}
        try:
            told = await self._do("order.cancel", params, Priority.CANCEL)
        except VenueError as refused:
            return refused
        return wording.canceled(told, order.client_id, order.symbol)

    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        """Only an order of which nothing is filled is replaced, and only a canceled one gets a successor.

        The venue places the amount that is asked whatever the old order filled meanwhile, hence ONLY_NEW.
        """
        if objection := self._objection(new):
            refused = Rejected("invalid_order", detail=objection)
            return refused, refused
        params = {
            **wording.order(new, self._market(new.symbol)),
            "cancelReplaceMode": "STOP_ON_FAILURE",
            "cancelRestrictions": "ONLY_NEW",
            "cancelOrigClientOrderId": order.client_id,
        }
        try:
            told = await self._do_replace(params, priority_of(new))
        except VenueError as failed:
            return failed, failed
        if told.get("cancelResult") == "SUCCESS":
            canceled = wording.canceled(told.get("cancelResponse"), order.client_id, order.symbol)
        else:
            canceled = self._failed(told.get("cancelResponse"))
        if told.get("newOrderResult") == "SUCCESS":
            return canceled, wording.placed(told.get("newOrderResponse"), new.client_id, new.symbol)
        if told.get("newOrderResult") == "NOT_ATTEMPTED":
            return canceled, Rejected("not_attempted", "-2022")
        return canceled, self._failed(told.get("newOrderResponse"))

    async def _do_replace(self, params: Mapping[str, Any], priority: Priority) -> Mapping[str, Any]:
        """The two results, also where the venue calls it a failure and hides them in the error's data."""

        async def ask(call: Any) -> Any:
            try:
                return await call("order.cancelReplace", params)
            except ccxt.ExchangeError as exc:
                text = str(exc)
                if '"code": -2021' in text or '"code": -2022' in text or '"code":-202' in text:
                    return json.loads(text[text.index("{") :]).get("data")
                raise

        if await self._is_up("order.cancelReplace"):
            told = await self.wire.orders.write(lambda: ask(self._over_socket), priority, weight=_NEW_ORDER_WEIGHT)
        else:
            told = await self.wire.write(lambda: ask(self._over_rest), priority)
        if not isinstance(told, dict):
            raise OutcomeUnknown("an answer of another shape")
        return told

    def _failed(self, told: Any) -> VenueError:
        if not isinstance(told, dict):
            return OutcomeUnknown("an answer without a reason")
        return refusal(self.wire.profile, str(told.get("code")), str(told.get("msg") or ""), write=True)

    # Streams

    def book_address(self, symbol: str) -> str | None:
        """A connection for each market, as ccxt numbers them."""
        stream = self.exchange.stream("spot", f"multipleOrderbook::{symbol}")
        return f"{self.exchange.get_ws_url('spot', '')}/{stream}"

    def private_address(self) -> str | None:
        return str(self.exchange.api_address) if self.exchange.is_subscribed() else None

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        wanted = set(symbols)
        return [lambda: self._hear(wanted)]

    async def _hear(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        """The user's events one by one, until their connection breaks."""
        heard: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        self.exchange.ears.append(heard.put_nowait)
        try:
            client = await self.wire.orders.read(lambda: self.exchange.subscribe(self.wire.request_seconds * 0.9))
            client.future("broken").add_done_callback(lambda broken: _tell_end(broken, heard))
            yield BalanceChanged(self.wire.now())
            while (event := await heard.get()) is not None:
                for told in self._events(event):
                    if isinstance(told, BalanceChanged) or told.symbol in wanted:
                        yield told
            raise Unavailable("the connection broke")
        finally:
            self.exchange.ears.remove(heard.put_nowait)

    def _events(self, event: Mapping[str, Any]) -> list[OrderReport | Fill | BalanceChanged]:
        match event.get("e"):
            case "executionReport":
                symbol = self._symbol(event["s"])
                fill = wording.streamed_fill(event, symbol)
                return [*([fill] if fill else []), wording.streamed_report(event, symbol)]
            case "outboundAccountPosition" | "balanceUpdate" | "externalLockUpdate":
                return [BalanceChanged(self.wire.now())]
            case "eventStreamTerminated" | "serverShutdown":
                raise Unavailable("the venue ended the stream")
            case _:
                return []


def _tell_end(broken: asyncio.Future[Any], heard: asyncio.Queue[Mapping[str, Any] | None]) -> None:
    if not broken.cancelled():
        broken.exception()
    heard.put_nowait(None)
