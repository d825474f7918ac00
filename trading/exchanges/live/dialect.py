"""How things are said to any venue, in ccxt's unified calls. Venues with traps override what they must."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from trading.core.instrument import ONE, Instrument, MarketKind, plain
from trading.core.ledger import Funding
from trading.core.market import Book
from trading.core.orders import Fill, Order, OrderReport, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.exchanges.errors import OutcomeUnknown, Rejected, VenueError
from trading.exchanges.gateway import (
    Accepted,
    Account,
    BalanceChanged,
    NewOrder,
    Outcome,
    Position,
    PositionChanged,
    PrivateEvent,
)
from trading.exchanges.limiter import Priority
from trading.exchanges.live import parsing
from trading.exchanges.live.wire import Wire, from_milliseconds, to_milliseconds

_PAGE = 100
_MOST_PAGES = 200

Source = Callable[[], AsyncIterator[PrivateEvent]]


class Dialect:
    """Unified calls only. Everything here is held to be true of no venue in particular."""

    def __init__(self, wire: Wire, markets: Mapping[str, Instrument]) -> None:
        self.wire = wire
        self.exchange = wire.exchange
        self.markets = markets

    def size(self, symbol: str) -> Decimal:
        """Base units in one contract."""
        market = self.markets.get(symbol)
        return market.contract_size if market else ONE

    async def start(self) -> Mapping[str, Instrument]:
        """Once, when the market rules are known: what this account's own terms change in them."""
        return {}

    @property
    def detours(self) -> int:
        """How many requests went by REST because the socket they belong to was down."""
        return 0

    # Reads

    async def book(self, symbol: str, depth: int) -> Book:
        told = await self.wire.read(partial(self.exchange.fetch_order_book, symbol))
        return parsing.book(symbol, told, depth, self.size(symbol), self.wire.now())

    async def account(self) -> Account:
        told = await self.wire.read(self.exchange.fetch_balance)
        now = self.wire.now()
        total, free = (
            {code: amount for code, value in told[part].items() if (amount := parsing.decimal(value))}
            for part in ("total", "free")
        )
        return Account(total, free, None, now)

    async def positions(self) -> Sequence[Position]:
        if self.wire.profile.kind is MarketKind.SPOT:
            return []
        told = await self.wire.read(self.exchange.fetch_positions)
        found = [parsing.position(entry, self.size(entry["symbol"]), self.wire.now()) for entry in told]
        return [entry for entry in found if entry.amount]

    async def order(self, order: Order) -> OrderReport | None:
        params = {"clientOrderId": order.client_id}
        try:
            call = partial(self.exchange.fetch_order, order.venue_id, order.symbol, params)
            told = await self.wire.read(call, refusable=True)
        except Rejected as refused:
            if refused.reason == "not_found":
                return None
            raise
        return parsing.report(told, self.size(order.symbol), self.wire.now())

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        reports: list[OrderReport] = []
        for symbol in symbols:
            told = await self.wire.read(partial(self.exchange.fetch_open_orders, symbol))
            reports += [parsing.report(entry, self.size(symbol), self.wire.now()) for entry in told]
        return reports

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        told = await self._pages("fetch_closed_orders", symbol, since)
        if self.exchange.has.get("fetchCanceledOrders") is True:
            told += await self._pages("fetch_canceled_orders", symbol, since)
        return [parsing.report(entry, self.size(symbol), self.wire.now()) for entry in told]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        told = await self._pages("fetch_my_trades", symbol, since)
        return [parsing.fill(entry, self.size(symbol)) for entry in told]

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        ours = {order.venue_id, order.execution_id} - {None}
        since = order.created_at - timedelta(minutes=1)
        return [fill for fill in await self.fills(order.symbol, since) if fill.venue_order_id in ours]

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        if self.exchange.has.get("fetchFundingHistory") is not True:
            return []
        told = await self._pages("fetch_funding_history", symbol, since)
        return [
            Funding(str(entry["id"]), symbol, parsing.needed(entry["amount"]), from_milliseconds(entry["timestamp"]))
            for entry in told
        ]

    async def _pages(self, method: str, symbol: str, since: datetime) -> list[Any]:
        """A list read forward to its end, by time; what repeats is counted once."""
        found: dict[str, Any] = {}
        start = to_milliseconds(since)
        for _ in range(_MOST_PAGES):
            page = await self.wire.read(partial(getattr(self.exchange, method), symbol, start, _PAGE))
            fresh = [entry for entry in page if str(entry["id"]) not in found]
            found |= {str(entry["id"]): entry for entry in page}
            if not fresh:
                break
            start = max(entry["timestamp"] for entry in page)
        return sorted(found.values(), key=lambda entry: entry["timestamp"])

    # Writes

    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]:
        return [await self._place_one(order) for order in orders]

    async def _place_one(self, order: NewOrder) -> Outcome:
        target = order.target
        params: dict[str, Any] = {"clientOrderId": order.client_id}
        if target.reduce_only:
            params["reduceOnly"] = True
        if target.time_in_force is TimeInForce.POST_ONLY:
            params["postOnly"] = True
        elif target.time_in_force is TimeInForce.IOC:
            params["timeInForce"] = "IOC"
        if order.margin_mode is not None:
            params["marginMode"] = order.margin_mode.value
        if target.trigger_price is not None:
            params["triggerPrice"] = plain(target.trigger_price)
        kind = "limit" if target.type is OrderType.LIMIT else "market"
        amount = plain(target.amount / self.size(order.symbol))
        price = plain(target.price) if target.price is not None else None
        try:
            told = await self.wire.write(
                lambda: self.exchange.create_order(order.symbol, kind, target.side.value, amount, price, params),
                priority_of(order),
            )
        except VenueError as refusal:
            return refusal
        venue_id = told.get("id") if isinstance(told, dict) else None
        return Accepted(str(venue_id)) if venue_id else OutcomeUnknown("an answer without an order id")

    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]:
        return [await self._cancel_one(order) for order in orders]

    async def _cancel_one(self, order: Order) -> Outcome:
        params = {"clientOrderId": order.client_id}
        try:
            await self.wire.write(
                lambda: self.exchange.cancel_order(order.venue_id, order.symbol, params), Priority.CANCEL
            )
        except VenueError as refusal:
            return refusal
        return Accepted(order.venue_id or "")

    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        refused = Rejected("other", detail="this venue does not replace orders")
        return refused, refused

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        raise Rejected("margin_mode", detail="this venue's settings are not known to us")

    # Streams: addresses and what is heard there

    def book_address(self, symbol: str) -> str | None:
        """Where the book's stream comes from, or None while that is not known."""
        return None

    def private_address(self) -> str | None:
        return None

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        """Endless iterators that together are the private stream."""
        wanted = set(symbols)
        has = self.exchange.has
        found: list[Source] = [lambda: self.hear_orders(wanted), lambda: self.hear_fills(wanted)]
        if has.get("watchBalance") is True:
            found.append(self.hear_balance)
        if has.get("watchPositions") is True and self.wire.profile.kind is MarketKind.PERPETUAL:
            found.append(lambda: self.hear_positions(wanted))
        return found

    def hear_orders(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        return self._hear_any_orders(wanted)

    async def _hear_any_orders(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        while True:
            told = await self.wire.hear(self.exchange.watch_orders, None)
            for event in [parsing.report(entry, self.size(entry["symbol"]), self.wire.now()) for entry in told]:
                if event.symbol in wanted:
                    yield event

    async def hear_fills(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        while True:
            told = await self.wire.hear(self.exchange.watch_my_trades, None)
            for event in [parsing.fill(entry, self.size(entry["symbol"])) for entry in told]:
                if event.symbol in wanted:
                    yield event

    async def hear_balance(self) -> AsyncIterator[PrivateEvent]:
        while True:
            await self.wire.hear(self.exchange.watch_balance, None)
            yield BalanceChanged(self.wire.now())

    async def hear_positions(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        while True:
            for entry in await self.wire.hear(self.exchange.watch_positions, None):
                if entry["symbol"] in wanted:
                    yield PositionChanged(parsing.position(entry, self.size(entry["symbol"]), self.wire.now()))


def priority_of(order: NewOrder) -> Priority:
    return Priority.EXIT if order.target.role.is_exit else Priority.WRITE
