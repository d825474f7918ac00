"""How an unproven venue is spoken to: unified calls, nothing believed that can be asked.

Orders are looked up by the venue's id once that is known, before that by ours, or where the venue cannot be asked by
ours in its lists. Streams only wake: whatever they say of fills and endings is read again by request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import ccxt

from trading.core.client_ids import parse_client_id
from trading.core.instrument import MarketKind, Side, plain
from trading.core.ledger import Funding
from trading.core.market import Book
from trading.core.orders import Fill, Order, OrderReport, OrderType, TimeInForce
from trading.exchanges.errors import OutcomeUnknown, Rejected, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome, Position, PrivateEvent
from trading.exchanges.limiter import Priority
from trading.exchanges.live import parsing
from trading.exchanges.live.abilities import abilities, can, features, reads
from trading.exchanges.live.cautious_setup import SetupDialect
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.parsing import FINAL_EVENTS, UNREADABLE

T = TypeVar("T")

_LOOK_BACK = timedelta(minutes=5)
_OUR_LENGTH = 18


class CautiousDialect(SetupDialect):
    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._kind: MarketKind = wire.profile.kind
        self._able = abilities(self.exchange, self._kind)
        self._order_features = features(self.exchange, self._kind, "createOrder")
        self._cancels_by_our_id = reads(self.exchange, "cancel_order", "clientOrderId")

    # Reads

    async def book(self, symbol: str, depth: int) -> Book:
        return await _readable(super().book(symbol, depth))

    async def account(self) -> Account:
        return await _readable(super().account())

    async def positions(self) -> Sequence[Position]:
        return await _readable(super().positions())

    async def order(self, order: Order) -> OrderReport | None:
        def might_be(report: OrderReport) -> bool:
            is_same_price = order.price is None or report.price == order.price
            is_late = report.at >= order.created_at - _LOOK_BACK
            return report.side is order.side and report.amount == order.amount and is_same_price and is_late

        return await self._look(order.symbol, order.client_id, order.venue_id, order.created_at, might_be)

    async def _look(
        self,
        symbol: str,
        client_id: str,
        venue_id: str | None,
        since: datetime,
        might_be: Callable[[OrderReport], bool] = lambda report: True,
    ) -> OrderReport | None:
        """``might_be``: whether an order that the venue lists without our id could be this one; then nothing is proven,
        because taking it for absent would place a second one.
        """
        if can(self.exchange, "fetchOrder") and (venue_id or self._able["order_by_client_id"]):
            params = {} if venue_id else {"clientOrderId": client_id}
            call = partial(self.exchange.fetch_order, venue_id, symbol, params)
            told = await self._unless_absent(self.wire.read(call, refusable=True))
            if told is None:
                return None
            report = self._report(told)
            if client_id != report.client_id and (report.client_id or venue_id != report.venue_id):
                raise Unavailable("the venue answered with another order")
            return replace(report, client_id=client_id)
        listed = [*await self.open_orders([symbol]), *await self.order_history(symbol, since - _LOOK_BACK)]
        for report in reversed(listed):
            if report.client_id == client_id or (venue_id and report.venue_id == venue_id):
                return replace(report, client_id=client_id)
        if any(report.client_id is None and might_be(report) for report in listed):
            raise Unavailable("an order without our id could be this one")
        return None

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        found: list[OrderReport] = []
        for symbol in symbols:
            found += self._reports(await self._pages_or_all("fetch_open_orders", "fetchOpenOrders", symbol))
        return [report for report in found if report.event not in FINAL_EVENTS]

    async def _pages_or_all(self, method: str, name: str, symbol: str) -> list[Any]:
        """Open orders as one list; where the venue cuts it, with the longest page that ccxt knows of."""
        limit = features(self.exchange, self._kind, name).get("limit")
        told = await self.wire.read(partial(getattr(self.exchange, method), symbol, None, limit))
        if limit and len(told) >= limit:
            raise Unavailable(f"more than {limit} open orders cannot be told apart here")
        return list(told)

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        has = self.exchange.has
        if has.get("fetchCanceledAndClosedOrders") is True:
            rows = await self._pages("fetch_canceled_and_closed_orders", symbol, since)
        elif has.get("fetchOrders") is True:
            rows = await self._pages("fetch_orders", symbol, since)
        elif has.get("fetchClosedOrders") is True:
            rows = await self._pages("fetch_closed_orders", symbol, since)
            if has.get("fetchCanceledOrders") is True:
                rows += await self._pages("fetch_canceled_orders", symbol, since)
        else:
            return []
        return [report for report in self._reports(rows) if report.event in FINAL_EVENTS]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        rows = await self._pages("fetch_my_trades", symbol, since)
        return [self._believed(partial(parsing.fill, row, self.size(symbol))) for row in rows]

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        return [] if self._kind is MarketKind.SPOT else await _readable(super().funding(symbol, since))

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        venue_id = order.venue_id
        if venue_id is None:
            report = await self.order(order)
            venue_id = report.venue_id if report else None
        ours = {venue_id, order.execution_id} - {None}
        if not ours:
            return []
        found = await self.fills(order.symbol, order.created_at - timedelta(minutes=1))
        return [replace(fill, client_id=order.client_id) for fill in found if fill.venue_order_id in ours]

    def _reports(self, rows: Sequence[Any]) -> list[OrderReport]:
        return [self._report(row) for row in rows]

    def _report(self, row: Any) -> OrderReport:
        """Raises Unavailable for what does not say which order it is and how it stands."""
        report = self._believed(lambda: parsing.report(row, self.size(row["symbol"]), self.wire.now()))
        return replace(report, client_id=_ours(report.client_id))

    @staticmethod
    def _believed(read: Callable[[], T]) -> T:
        try:
            return read()
        except UNREADABLE as exc:
            raise Unavailable(f"an answer of another shape ({exc!r})") from exc

    # Writes

    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]:
        return [await self._place_one(order) for order in orders]

    async def _place_one(self, order: NewOrder) -> Outcome:
        if objection := self._objection(order):
            return Rejected("invalid_order", detail=objection)
        target = order.target
        kind = "limit" if target.type is OrderType.LIMIT else "market"
        amount = plain(target.amount / self.size(order.symbol))
        price = plain(target.price) if target.price is not None else None
        params = self._order_params(order)
        try:
            told = await self.wire.write(
                lambda: self.exchange.create_order(order.symbol, kind, target.side.value, amount, price, params),
                priority_of(order),
            )
        except VenueError as refused:
            return refused
        venue_id = told.get("id") if isinstance(told, dict) else None
        return Accepted(str(venue_id)) if venue_id else OutcomeUnknown("an answer without an order id")

    def _order_params(self, order: NewOrder) -> dict[str, Any]:
        """Only what ccxt says that the venue takes: another may ignore a word, or refuse the order for it."""
        target = order.target
        params: dict[str, Any] = {"clientOrderId": order.client_id}
        if target.reduce_only:
            params["reduceOnly"] = True
        if target.time_in_force is TimeInForce.POST_ONLY:
            params["postOnly"] = True
        elif target.time_in_force is TimeInForce.IOC and target.type is OrderType.LIMIT:
            params["timeInForce"] = "IOC"
        if order.margin_mode is not None and self._order_features.get("marginMode") is True:
            params["marginMode"] = order.margin_mode.value
        return params

    def _objection(self, order: NewOrder) -> str:  # noqa: PLR0911  a list of reasons
        """Why an order cannot be put into this venue's words. Nothing is sent then, so that it is a proven refusal."""
        target = order.target
        if order.symbol not in self.exchange.markets:
            return f"no market {order.symbol}"
        if target.type is OrderType.STOP_MARKET:
            return "stop orders are not proven on this exchange"
        if target.reduce_only and self._kind is MarketKind.SPOT:
            return "nothing to reduce on a spot market"
        if target.time_in_force is TimeInForce.POST_ONLY and not self._able["post_only"]:
            return "this exchange has no post-only orders"
        if target.time_in_force is TimeInForce.IOC and not self._able["immediate_or_cancel"]:
            return "this exchange has no immediate-or-cancel orders"
        if target.type is OrderType.MARKET and target.side is Side.BUY and not self._able["market_orders"]:
            return "this exchange takes market buys by cost only, not by amount"
        return ""

    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]:
        return [await self._cancel_one(order) for order in orders]

    async def _cancel_one(self, order: Order) -> Outcome:
        """By the venue's id. An order whose id is not known is looked for first, unless ours will do."""
        try:
            venue_id = order.venue_id
            if venue_id is None and not self._cancels_by_our_id:
                report = await self.order(order)
                if report is None or report.event in FINAL_EVENTS:
                    return Rejected("not_found", detail="there is nothing to cancel")
                venue_id = report.venue_id
            params = {} if venue_id else {"clientOrderId": order.client_id}
            await self.wire.write(lambda: self.exchange.cancel_order(venue_id, order.symbol, params), Priority.CANCEL)
        except OutcomeUnknown as unknown:
            if isinstance(unknown.__cause__, ccxt.OrderNotFound):
                # Whoever hears this asks what became of the order, so that the class of an error is proof enough.
                return Rejected("not_found", detail=unknown.refusal)
            return unknown
        except VenueError as refused:
            # A look that failed has canceled nothing, but neither has it told anything.
            return OutcomeUnknown(str(refused)) if isinstance(refused, Unavailable) else refused
        return Accepted(venue_id or "")

    # Streams

    def book_address(self, symbol: str) -> str | None:
        """The connection that carries the book, once there is one; ccxt has no table of these."""
        market_id = str(self.exchange.market(symbol)["id"])
        for address, client in (self.exchange.clients or {}).items():
            topics = [str(topic) for topic in (*client.subscriptions, *client.futures)]
            if any(symbol in topic or market_id.casefold() in topic.casefold() for topic in topics):
                return str(address)
        return None

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        wanted = set(symbols)
        found: list[Source] = [lambda: self.hear_orders(wanted)]
        if self.exchange.has.get("watchBalance") is True:
            found.append(self.hear_balance)
        return found

    async def hear_orders(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        told_fills: dict[str, None] = {}
        while True:
            told = await self.wire.hear(self.exchange.watch_orders, None)
            # The cache's dicts change under us: all are read before the next await.
            rows = [dict(row) for row in told if row.get("symbol") in wanted]
            for event in [event for row in rows for event in await self._proven(row)]:
                if isinstance(event, Fill):
                    if event.trade_id in told_fills:
                        continue
                    told_fills[event.trade_id] = None
                yield event

    async def _proven(self, row: Mapping[str, Any]) -> Sequence[PrivateEvent]:
        """What the venue answers about an order that moved; nothing where it cannot be asked now: others will ask."""
        try:
            heard = self._report(row)
            if heard.client_id is None:
                # Somebody else's, or the stream keeps our id to itself: the lists will tell.
                return []
            since = self.wire.now() - _LOOK_BACK
            report = await self._look(heard.symbol, heard.client_id, heard.venue_id, since)
            if report is None or not report.filled:
                return [report] if report else []
            fills = [fill for fill in await self.fills(heard.symbol, since) if fill.venue_order_id == report.venue_id]
        except VenueError:
            return []
        return [*(replace(fill, client_id=report.client_id) for fill in fills), report]


async def _readable(answer: Awaitable[T]) -> T:
    """An answer of another shape than ccxt promises is no answer."""
    try:
        return await answer
    except UNREADABLE as exc:
        raise Unavailable(f"an answer of another shape ({exc!r})") from exc


def _ours(client_id: str | None) -> str | None:
    """An id of ours as we made it: some venues want a prefix of their own before it, which ccxt adds and leaves."""
    tail = (client_id or "")[-_OUR_LENGTH:]
    return tail if parse_client_id(tail) is not None else client_id
