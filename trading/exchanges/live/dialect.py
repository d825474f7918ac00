"""What is asked of a venue and told to it, in each venue's own words; in ccxt's unified calls where those will do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from trading.core.instrument import ONE, Instrument, MarketKind
from trading.core.ledger import Funding
from trading.core.market import Book
from trading.core.orders import Fill, Order, OrderReport
from trading.core.planning import MarginMode
from trading.exchanges.errors import Rejected, Unavailable
from trading.exchanges.gateway import (
    Account,
    BalanceChanged,
    NewOrder,
    Outcome,
    Position,
    PrivateEvent,
)
from trading.exchanges.limiter import Priority
from trading.exchanges.live import parsing
from trading.exchanges.live.abilities import features
from trading.exchanges.live.wire import Wire, from_milliseconds, to_milliseconds

T = TypeVar("T")

_PAGE = 100
_MOST_PAGES = 200

Source = Callable[[], AsyncIterator[PrivateEvent]]


class Dialect(ABC):
    """Every method promises what the one of that name does in ``trading.exchanges.gateway.Gateway``."""

    history_reach: timedelta | None = None
    """As in ``trading.exchanges.gateway.Capabilities``."""

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

    @abstractmethod
    async def order(self, order: Order) -> OrderReport | None: ...

    @abstractmethod
    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]: ...

    @abstractmethod
    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]: ...

    @abstractmethod
    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]: ...

    @abstractmethod
    async def order_fills(self, order: Order) -> Sequence[Fill]: ...

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        if self.exchange.has.get("fetchFundingHistory") is not True:
            return []
        told = await self._pages("fetch_funding_history", symbol, since)
        return [
            Funding(str(entry["id"]), symbol, parsing.needed(entry["amount"]), from_milliseconds(entry["timestamp"]))
            for entry in told
        ]

    async def _pages(self, method: str, symbol: str, since: datetime) -> list[Any]:
        """A list read forward to its end, by time; what repeats is counted once.

        Raises Unavailable when it cannot be read to its end: a full page brings nothing new (more happened at one
        moment than a page holds, or the venue does not begin where it is told to), or there are too many pages.
        """
        ability = re.sub("_(.)", lambda letter: letter[1].upper(), method)
        full = min(_PAGE, features(self.exchange, self.wire.profile.kind, ability).get("limit") or _PAGE)
        found: dict[str, Any] = {}
        start = to_milliseconds(since)
        for _ in range(_MOST_PAGES):
            page = await self.wire.read(partial(getattr(self.exchange, method), symbol, start, _PAGE))
            fresh = [entry for entry in page if str(entry["id"]) not in found]
            found |= {str(entry["id"]): entry for entry in page}
            if not fresh and len(page) >= full:
                raise Unavailable("a list that cannot be read to its end")
            if not fresh:
                return sorted(found.values(), key=lambda entry: entry["timestamp"])
            start = max(entry["timestamp"] for entry in page)
        raise Unavailable("a list without end")

    async def _unless_absent(self, question: Awaitable[T]) -> T | None:
        """The answer about an order; None where the venue says that there is none. Another refusal proves nothing."""
        try:
            return await question
        except Rejected as refused:
            if refused.reason == "not_found":
                return None
            raise Unavailable(str(refused)) from refused

    # Writes

    @abstractmethod
    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]: ...

    @abstractmethod
    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]: ...

    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        refused = Rejected("other", detail="this venue does not replace orders")
        return refused, refused

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        raise Rejected("margin_mode", detail="this venue's settings are not known to us")

    # Streams: addresses and what is heard there

    @abstractmethod
    def book_address(self, symbol: str) -> str | None:
        """Where the book's stream comes from, or None while that is not known."""

    def private_address(self) -> str | None:
        return None

    @abstractmethod
    def sources(self, symbols: Sequence[str]) -> list[Source]:
        """Endless iterators that together are the private stream."""

    async def hear_balance(self) -> AsyncIterator[PrivateEvent]:
        while True:
            await self.wire.hear(self.exchange.watch_balance, None)
            yield BalanceChanged(self.wire.now())


def priority_of(order: NewOrder) -> Priority:
    return Priority.EXIT if order.target.role.is_exit else Priority.WRITE
