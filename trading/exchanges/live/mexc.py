"""MEXC spot: raw endpoints, for ccxt's unified answers lose status and ids.

Lists have no cursor: a full one is asked for again in halves of its time. The private stream hangs on a listen key
that lives for 60 minutes; ccxt would reuse a dead one and keep its timer beyond ``close()``, so the key is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from trading.core.orders import Fill, Order, OrderReport
from trading.exchanges.errors import OutcomeUnknown, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome, PrivateEvent
from trading.exchanges.limiter import Priority
from trading.exchanges.live import mexc_wording as wording
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.spot import SpotDialect
from trading.exchanges.live.wire import to_milliseconds

_ORDERS_PAGE, _FILLS_PAGE = 1000, 100
_ORDERS_SPAN, _FILLS_SPAN = timedelta(days=7), timedelta(days=30)
_MARGIN = timedelta(minutes=10)
_SHORTEST = timedelta(milliseconds=2)
_RESTED_AT_MOST = timedelta(days=1)
"""Orders are listed by the time they were made; those that ended since a time may be older than it by so much."""

_CHANNELS = ("spot@private.orders.v3.api.pb", "spot@private.account.v3.api.pb")
_KEY_LIFE = timedelta(minutes=60)
_KEPT_ALIVE_EVERY = timedelta(minutes=20)
_KEEPING_FAILED_PAUSE = timedelta(minutes=1)


class MexcDialect(SpotDialect):
    """Owns the listen key of the private stream."""

    history_reach = _FILLS_SPAN - _MARGIN

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._key: str | None = None
        self._key_extended: datetime | None = None
        self._key_lock = asyncio.Lock()

    # Reads

    async def account(self) -> Account:
        row = await self._ask(self.exchange.spotPrivateGetAccount, {}, dict)
        return wording.account(row, self.wire.now())

    async def order(self, order: Order) -> OrderReport | None:
        which = {"symbol": self.market_id(order.symbol), "origClientOrderId": order.client_id}
        row = await self._unless_absent(self._ask(self.exchange.spotPrivateGetOrder, which, dict, refusable=True))
        if row is None:
            return None
        if row.get("clientOrderId") != order.client_id:
            raise Unavailable("the venue answered with another order")
        return wording.report(row, order.symbol)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        reports: list[OrderReport] = []
        for symbol in symbols:
            rows = await self._ask(self.exchange.spotPrivateGetOpenOrders, {"symbol": self.market_id(symbol)}, list)
            reports += [wording.report(row, symbol) for row in rows]
        return reports

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        now = self.wire.now()
        start = max(since - _RESTED_AT_MOST, now - _ORDERS_SPAN + _MARGIN)
        which = {"symbol": self.market_id(symbol), "limit": _ORDERS_PAGE}
        rows = await self._between(start, now, self.exchange.spotPrivateGetAllOrders, which, "orderId")
        reports = [wording.report(row, symbol) for row in rows]
        return [report for report in reports if report.event.value in _FINAL_EVENTS and report.at >= since]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        return await self._fills_where({}, symbol, since)

    async def _fills_of(self, symbol: str, venue_order_id: str, since: datetime) -> list[Fill]:
        return await self._fills_where({"orderId": venue_order_id}, symbol, since)

    async def _fills_where(self, which: Mapping[str, str], symbol: str, since: datetime) -> list[Fill]:
        now = self.wire.now()
        start = max(since, now - _FILLS_SPAN + _MARGIN)
        params = {"symbol": self.market_id(symbol), "limit": _FILLS_PAGE, **which}
        rows = await self._between(start, now, self.exchange.spotPrivateGetMyTrades, params, "id")
        return sorted((wording.fill(row, symbol) for row in rows), key=lambda fill: (fill.at, fill.trade_id))

    async def _between(
        self, start: datetime, now: datetime, call: Any, params: Mapping[str, Any], key: str
    ) -> list[Mapping[str, Any]]:
        """Everything since ``start``, each entry once. A full answer may have left some out: it is split in two.

        Raises Unavailable when more than one answer holds happened in one moment.
        """
        found: dict[str, Mapping[str, Any]] = {}
        # A little into the future: the venue's clock may be ahead of ours.
        windows = [(start, now + timedelta(minutes=1))]
        while windows:
            first, last = windows.pop()
            times = {"startTime": to_milliseconds(first), "endTime": to_milliseconds(last)}
            page = await self._ask(call, {**params, **times}, list)
            if len(page) < params["limit"]:
                found |= {str(row[key]): row for row in page}
            elif last - first < _SHORTEST:
                raise Unavailable("a list that cannot be read to its end")
            else:
                middle = first + (last - first) / 2
                windows += [(first, middle), (middle, last)]
        return list(found.values())

    # Writes

    async def _place_one(self, order: NewOrder) -> Outcome:
        params = wording.order(order, self.market_id(order.symbol))
        try:
            data = await self._write(self.exchange.spotPrivatePostOrder, params, priority_of(order))
        except VenueError as refused:
            return refused
        return wording.accepted(data)

    async def _place_batch(self, batch: Sequence[NewOrder]) -> dict[str, Outcome]:
        market_id = self.market_id(batch[0].symbol)
        orders = self.exchange.json([wording.order(order, market_id) for order in batch])
        call = self.exchange.spotPrivatePostBatchOrders
        data = await self._write(call, {"batchOrders": orders}, self._priority(batch))
        return wording.of_batch(data, self.wire.profile) if isinstance(data, list) else {}

    async def _cancel_one(self, order: Order) -> Outcome:
        which = {"symbol": self.market_id(order.symbol), "origClientOrderId": order.client_id}
        data = await self._write(self.exchange.spotPrivateDeleteOrder, which, Priority.CANCEL)
        if not isinstance(data, dict) or not data.get("orderId"):
            return OutcomeUnknown("an answer without an order id")
        return Accepted(str(data["orderId"]))

    # Streams

    def book_address(self, symbol: str) -> str | None:
        return str(self.exchange.urls["api"]["ws"]["spot"])

    def private_address(self) -> str | None:
        return f"{self.exchange.urls['api']['ws']['spot']}?listenKey={self._key}" if self._key else None

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        self._forget_dead_key()
        ready = [self._with_key(source) for source in super().sources(symbols)]
        return [*ready, self._keep_alive]

    def _forget_dead_key(self) -> None:
        """A key is used again only while its connection stands and it was extended lately."""
        address = self.private_address()
        client = self.wire.connection(address) if address else None
        extended = self._key_extended or self.wire.now()
        if client is None or client.error or self.wire.now() - extended > _KEY_LIFE - _KEPT_ALIVE_EVERY:
            self._drop_key()

    def _drop_key(self) -> None:
        if address := self.private_address():
            self.wire.hang_up(address, "the listen key is given up")
        self._key = self.exchange.options["listenKey"] = None

    def _with_key(self, source: Source) -> Source:
        async def listen() -> AsyncIterator[PrivateEvent]:
            key = await self._listen_key()
            try:
                async for event in source():
                    yield event
            except VenueError:
                # Whatever ended the stream, the next one begins with a key of its own.
                if self._key == key:
                    self._drop_key()
                raise

        return listen

    async def _listen_key(self) -> str:
        async with self._key_lock:
            if self._key is None:
                call = self.exchange.spotPrivatePostUserDataStream
                told = await self._ask(call, {}, dict)
                self._key = str(told["listenKey"])
                self._key_extended = self.wire.now()
                self.exchange.options["listenKey"] = self._key
            return self._key

    async def _keep_alive(self) -> AsyncIterator[PrivateEvent]:
        """Extends the key as long as somebody listens; says nothing. Raises Unavailable when it cannot be saved."""
        pause = _KEPT_ALIVE_EVERY
        while True:
            await self.wire.clock.sleep(pause.total_seconds())
            key = self._key
            if key is None:
                continue
            try:
                await self._ask(self.exchange.spotPrivatePutUserDataStream, {"listenKey": key}, dict)
            except (Unavailable, Throttled):
                pause = _KEEPING_FAILED_PAUSE
                if self.wire.now() - (self._key_extended or self.wire.now()) > _KEY_LIFE:
                    raise
            else:
                self._key_extended, pause = self.wire.now(), _KEPT_ALIVE_EVERY
        yield

    async def _confirmed(self) -> None:
        address = self.private_address()
        if address is None:
            raise Unavailable("no listen key")
        for channel in _CHANNELS:
            await self.exchange.acknowledged(address, channel)

    def _streamed_report(self, row: Mapping[str, Any], symbol: str) -> OrderReport:
        return wording.streamed_report(row, symbol, self.wire.now())

    def _streamed_trade(self, row: Mapping[str, Any]) -> tuple[str, str, datetime]:
        return str(row["tradeId"]), str(row["orderId"]), self.wire.now()


_FINAL_EVENTS = {"filled", "canceled"}
