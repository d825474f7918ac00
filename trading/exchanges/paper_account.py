"""A paper account: a simulated exchange that moves with the market and is saved before anything is told.

Whatever is acknowledged or published has been saved before, so a kill at any moment leaves account and answers
consistent. While the process is down the market goes on; opening plays it up to now, in at most CATCH_UP_STEPS steps.
A change that could not be saved never happened: the account goes back to what was saved.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO
from trading.core.market import Book
from trading.core.orders import Fill, OrderReport
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent, HeldPosition, PositionMoved
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import BalanceChanged, Position, PositionChanged, PrivateEvent
from trading.exchanges.paper_store import PaperSnapshot, PaperStore
from trading.exchanges.paper_streams import Listeners
from trading.exchanges.paper_venue import PaperVenue

_LOG = logging.getLogger(__name__)

DEFAULT_BALANCES: Mapping[str, Decimal] = {
    "USDT": Decimal(10_000),
    "BTC": Decimal("0.05"),
    "ETH": Decimal(1),
    "CRV": Decimal(4_000),
}
"""Of every coin that has a spot market: what quotes both sides needs some to sell."""

CATCH_UP_STEPS = 2000
_TICKS_BETWEEN_SAVES = 20
_STEPS_BETWEEN_TURNS = 50
_REMEMBERED = timedelta(days=3)
_REMEMBERED_ORDERS = 500


class StoreError(Exception):
    """The store failed; the account is as it was saved last."""


class PaperAccount:
    """``name`` is the account's in the store; ``balances`` are what a new one starts with."""

    def __init__(
        self,
        venue: PaperVenue,
        store: PaperStore,
        name: str,
        balances: Mapping[str, Decimal],
        funding_rate: Decimal,
    ) -> None:
        self.venue = venue
        self.is_open = False
        self.books: dict[str, Listeners[Book]] = {}
        self.private: Listeners[PrivateEvent] = Listeners()
        self._store = store
        self._name = name
        self._starting_balances = dict(balances)
        self._funding_rate = funding_rate
        self._lock = asyncio.Lock()
        self._saved = ""
        self._unsaved_ticks = 0
        self._begin(self._new_exchange(balances), venue.moment())

    def _begin(self, exchange: SimulatedExchange, at: datetime) -> None:
        self.exchange = exchange
        self.at = at
        self._shown: dict[str, datetime] = {}
        self._published: dict[str, Book] = {}
        self._books_told_at: datetime | None = None

    # Lifetime

    async def open(self) -> None:
        """Load the account, or begin one, and play the market up to now.

        Raises StoreError where the store fails, and ValueError for a snapshot that cannot be read.
        """
        async with self._lock:
            if self.is_open:
                return
            try:
                snapshot = await self._store.load(self._name)
            except Exception as error:  # whatever a store may raise, it means one thing here
                raise StoreError(f"the paper account could not be loaded: {error}") from error
            if snapshot is None:
                self._begin(self._new_exchange(self._starting_balances), self.venue.moment())
                await self._save()
            else:
                self._saved = snapshot
                self._restore()
                await self.commit(await self.play(), must_save=True)
            self.is_open = True
            self.venue.join(self)

    async def close(self) -> None:
        async with self._lock:
            if not self.is_open:
                return
            self.is_open = False
            try:
                await self._save()
            except StoreError:
                # Everything that was told is stored; what is lost is played again at the next opening.
                _LOG.warning("the paper account %s was closed without saving", self._name, exc_info=True)
        await self.venue.leave(self)
        self.cut_streams("the paper account was closed")

    def restart(self, balances: Mapping[str, Decimal] | None) -> list[ExchangeEvent]:
        """Begin again: no orders, no positions, no history. Leverage and margin modes stay; ids go on, so that none
        comes twice."""
        fresh = self._new_exchange(self._starting_balances if balances is None else balances)
        old = self.exchange.state()
        fresh.restore(replace(fresh.state(), numbers=old.numbers, leverages=old.leverages, modes=old.modes))
        self._begin(fresh, self.at)
        return [BalancesMoved(self.at)]

    def cut_streams(self, why: str) -> None:
        self.private.cut(why)
        for listeners in self.books.values():
            listeners.cut(why)

    async def tick(self) -> None:
        """Play the market up to now. Called by the venue."""
        async with self.turn():
            if self.is_open:
                if trouble := self.venue.trouble(self.watched()):
                    # As when a venue goes away: who listens hears of it, and reads are refused until it is back.
                    self.cut_streams(trouble)
                await self.commit(await self.play())

    # Changes

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One change at a time; one that does not come to its end, for whatever reason, never happened."""
        async with self._lock:
            try:
                yield
            except BaseException:  # also when canceled: what was not saved never happened
                self._restore()
                raise

    # Time and storage

    async def play(self, symbols: Iterable[str] = ()) -> list[ExchangeEvent]:
        """Let the market go on to now, in ticks or in CATCH_UP_STEPS longer steps, and look at ``symbols`` too."""
        tick, start = self.venue.tick, self.at
        ticks = max(0, (self.venue.moment() - start) // tick)
        steps = min(ticks, CATCH_UP_STEPS) if self.watched() and self.venue.has_past else min(ticks, 1)
        events: list[ExchangeEvent] = []
        for step in range(1, steps + 1):
            since, self.at = self.at, start + ticks * step // steps * tick
            for symbol in self.watched():
                events += self._step(symbol, since)
            events += self.exchange.on_time(self.at)
            if step % _STEPS_BETWEEN_TURNS == 0:
                await asyncio.sleep(0)
        self._unsaved_ticks += steps
        for symbol in {*symbols, *self.watched()} & self.venue.instruments().keys():
            if self._shown.get(symbol) != self.at:
                events += self._step(symbol, self.at)
        return events

    def _step(self, symbol: str, since: datetime) -> list[ExchangeEvent]:
        events: list[ExchangeEvent] = []
        for trade in self.venue.trades(symbol, since, self.at):
            events += self.exchange.on_trade(trade)
        self._shown[symbol] = self.at
        try:
            book = self.venue.book(symbol, self.at)
        except Unavailable:
            # No prices, no fills.
            return events
        return events + self.exchange.on_book(book)

    def watched(self) -> list[str]:
        """Symbols that matter to this account: orders, positions, listeners."""
        symbols = {order.symbol for order in self.exchange.open_orders()}
        symbols |= {held.symbol for held in self.exchange.positions()}
        return sorted(symbols | {symbol for symbol, listeners in self.books.items() if listeners})

    async def commit(self, events: Sequence[ExchangeEvent], *, must_save: bool = False) -> None:
        """Save, then tell. Without events a save may wait: the same market would lead to the same account again."""
        is_due = self._unsaved_ticks >= _TICKS_BETWEEN_SAVES and bool(self.exchange.open_orders())
        if events or must_save or is_due:
            await self._save()
        self.private.publish(told for event in events for told in self._told(event))
        if events or self._books_told_at != self.at:
            self._books_told_at = self.at
            for symbol, listeners in self.books.items():
                if listeners:
                    self._publish_book(symbol, listeners)

    async def _save(self) -> None:
        self.exchange.prune(self.at - _REMEMBERED, _REMEMBERED_ORDERS)
        snapshot = PaperSnapshot(self.at, self.exchange.state()).to_json()
        try:
            await self._store.save(self._name, snapshot)
        except Exception as error:  # whatever a store may raise, it means one thing here
            raise StoreError(f"the paper account could not be saved: {error}") from error
        self._saved = snapshot
        self._unsaved_ticks = 0

    def _restore(self) -> None:
        """Go back to what was saved last."""
        if not self._saved:
            return
        snapshot = PaperSnapshot.from_json(self._saved)
        exchange = self._new_exchange({})
        exchange.restore(snapshot.exchange)
        self._begin(exchange, snapshot.at)

    def _new_exchange(self, balances: Mapping[str, Decimal]) -> SimulatedExchange:
        return SimulatedExchange(self.venue.instruments().values(), balances, funding_rate=self._funding_rate)

    # What is told

    def _told(self, event: ExchangeEvent) -> list[PrivateEvent]:
        match event:
            case OrderReport() | Fill():
                return [event]
            case PositionMoved(symbol=symbol, at=at):
                held = self.exchange.position(symbol)
                flat = Position(symbol, ZERO, None, self.exchange.mark(symbol), None, None, None, None, at)
                return [PositionChanged(self.position(held) if held else flat)]
            case BalancesMoved(at=at):
                return [BalanceChanged(at)]
            case _:
                # Funding and liquidations move a balance or a position, and those are told.
                return []

    def _publish_book(self, symbol: str, listeners: Listeners[Book]) -> None:
        book = self.exchange.shown_book(symbol)
        known = self._published.get(symbol)
        if book is not None and (known is None or (known.bids, known.asks) != (book.bids, book.asks)):
            self._published[symbol] = book
            listeners.publish([book])

    def position(self, held: HeldPosition) -> Position:
        mark = self.exchange.mark(held.symbol)
        return Position(
            symbol=held.symbol,
            amount=held.amount,
            entry_price=held.average,
            mark_price=mark,
            liquidation_price=self.exchange.liquidation_price(held.symbol),
            leverage=held.leverage,
            margin_mode=held.margin_mode,
            unrealized=held.unrealized(mark) if mark is not None else None,
            at=self.at,
        )
