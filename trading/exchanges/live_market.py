"""A real venue's public market for the paper account: its order books as they change, and nothing else of it.

The common Gateway has no public trades, so resting orders fill only when the book crosses them; a queue ahead of ours
is then taken as passed. A book that neither the stream nor a request confirms any more is gone after ``STALE_AFTER``:
then there are no prices, and so no fills, until the venue shows one again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from trading.clock import Clock
from trading.core.instrument import Instrument
from trading.core.market import Book, Candle, Ticker, Trade
from trading.exchanges.errors import Unavailable, VenueError
from trading.exchanges.gateway import Gateway
from trading.exchanges.paper_instruments import VENUE
from trading.exchanges.paper_venue import PaperVenue

_LOG = logging.getLogger(__name__)

STALE_AFTER = 12.0
CONFIRM_AFTER = 4.0
"""Seconds without news after which a quiet book is asked for."""
FORGET_AFTER = 600.0
"""Seconds after which a book that nobody looks at is followed no longer."""
FIRST_BOOK_SECONDS = 8.0
_TICKERS_FOR = 15.0
_AGAIN_AFTER = 1.0


class LiveMarket:
    """One venue, shared by everybody who trades on its prices. The gateway belongs to who made it.

    Implements MarketSource for now only: what was before cannot be asked for. ``monotonic`` answers seconds.
    """

    def __init__(self, gateway: Gateway, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gateway, self._monotonic = gateway, monotonic
        self._books: dict[str, Book] = {}
        self._seen_at: dict[str, float] = {}
        self._wanted_at: dict[str, float] = {}
        self._following: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._lost: set[str] = set()
        """Books that neither stream nor request brings: waiting for them would be in vain."""
        self._tickers: tuple[float, Sequence[Ticker]] | None = None
        self._instruments = {symbol: replace(rules, venue=VENUE) for symbol, rules in gateway.instruments().items()}

    @property
    def venue(self) -> str:
        return self._gateway.venue

    # MarketSource

    def instruments(self) -> Mapping[str, Instrument]:
        return self._instruments

    def book(self, symbol: str, at: datetime) -> Book:
        """What is shown now, told as of ``at``. Raises Unavailable where nothing fresh is known."""
        self.want([symbol])
        if not self.is_fresh(symbol):
            raise Unavailable(f"{self._gateway.venue} shows no book of {symbol} now")
        return replace(self._books[symbol], at=at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return ()

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        return ()

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return False

    # What takes time

    def want(self, symbols: Iterable[str]) -> None:
        """Follow these books from now on. Symbols that there are not are left out."""
        for symbol in symbols:
            if symbol not in self._instruments:
                continue
            self._wanted_at[symbol] = self._monotonic()
            if symbol not in self._following:
                self._following[symbol] = asyncio.create_task(self._follow(symbol), name=f"live book {symbol}")

    def is_fresh(self, symbol: str) -> bool:
        seen = self._seen_at.get(symbol)
        return seen is not None and self._monotonic() - seen < STALE_AFTER

    async def ready(self, symbols: Iterable[str]) -> None:
        """Return when these books are there. Raises Unavailable when they do not come."""
        known = [symbol for symbol in symbols if symbol in self._instruments]
        self.want(known)
        for symbol in known:
            try:
                async with asyncio.timeout(0 if symbol in self._lost else FIRST_BOOK_SECONDS):
                    while not self.is_fresh(symbol):
                        await self._news.setdefault(symbol, asyncio.Event()).wait()
            except TimeoutError as late:
                raise Unavailable(f"{self._gateway.venue} shows no book of {symbol} now") from late

    async def recent_candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None) -> Sequence[Candle]:
        """See Gateway.candles. Raises VenueError."""
        return await self._gateway.candles(symbol, timeframe, limit, since)

    async def tickers(self) -> Sequence[Ticker]:
        """Raises VenueError."""
        now = self._monotonic()
        if self._tickers is None or now - self._tickers[0] > _TICKERS_FOR:
            self._tickers = now, await self._gateway.tickers()
        return self._tickers[1]

    def last(self, symbol: str) -> Decimal | None:
        """The mid, or the last price that the venue's list told; None where neither is known."""
        if self.is_fresh(symbol):
            return self._books[symbol].mid
        known = self._tickers[1] if self._tickers else ()
        return next((ticker.last for ticker in known if ticker.symbol == symbol), None)

    async def close(self) -> None:
        following, self._following = list(self._following.values()), {}
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)

    # Following a book

    async def _follow(self, symbol: str) -> None:
        confirming = asyncio.create_task(self._confirm(symbol), name=f"live book {symbol} confirmed")
        try:
            while self._is_wanted(symbol):
                await self._listen(symbol)
                await self._ask(symbol)
                await asyncio.sleep(_AGAIN_AFTER)
        finally:
            confirming.cancel()
            await asyncio.gather(confirming, return_exceptions=True)
            if self._following.get(symbol) is asyncio.current_task():
                del self._following[symbol]

    async def _listen(self, symbol: str) -> None:
        """Show what the stream tells, until it breaks or nobody wants it."""
        try:
            async for book in self._gateway.watch_book(symbol):
                self._show(symbol, book)
                if not self._is_wanted(symbol):
                    return
        except VenueError as problem:
            _LOG.info("%s: live book of %s: %s", self._gateway.venue, symbol, problem)
        except Exception:  # the edge of a task: a stream that dies of a defect must come back
            _LOG.exception("%s: live book of %s failed", self._gateway.venue, symbol)

    async def _confirm(self, symbol: str) -> None:
        """Quiet is not the same as stale: a book without news is asked for."""
        while True:
            await asyncio.sleep(CONFIRM_AFTER / 2)
            if self._monotonic() - self._seen_at.get(symbol, 0.0) > CONFIRM_AFTER:
                await self._ask(symbol, keep=True)

    async def _ask(self, symbol: str, *, keep: bool = False) -> None:
        """The book by request; where that fails too, the venue is away. ``keep``: what is known goes on aging."""
        try:
            self._show(symbol, await self._gateway.book(symbol, 50))
        except VenueError as problem:
            _LOG.info("%s: book of %s by request: %s", self._gateway.venue, symbol, problem)
            if not keep:
                self._seen_at.pop(symbol, None)
                self._lost.add(symbol)
        except Exception:  # the edge of a task, as above
            _LOG.exception("%s: book of %s by request failed", self._gateway.venue, symbol)

    def _show(self, symbol: str, book: Book) -> None:
        self._books[symbol], self._seen_at[symbol] = book, self._monotonic()
        self._lost.discard(symbol)
        if news := self._news.pop(symbol, None):
            news.set()

    def _is_wanted(self, symbol: str) -> bool:
        return self._monotonic() - self._wanted_at.get(symbol, 0.0) < FORGET_AFTER


class LiveVenue(PaperVenue):
    """A paper venue whose market is a real one. Its clock runs at the machine's pace, maybe ahead of it."""

    has_past = False

    def __init__(self, clock: Clock, market: LiveMarket, *, tick_seconds: float = 0.5) -> None:
        super().__init__(clock, [market], tick_seconds=tick_seconds)
        self._market, self.prices_of = market, market.venue

    async def ready(self, symbols: Iterable[str]) -> None:
        await self._market.ready(symbols)

    def trouble(self, symbols: Iterable[str]) -> str:
        wanted = list(symbols)
        self._market.want(wanted)
        gone = [symbol for symbol in wanted if not self._market.is_fresh(symbol)]
        return f"no live prices of {', '.join(gone)}" if gone else ""

    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Sequence[Candle]:
        """By this venue's clock, as fills and everything else are."""
        ahead = self.clock.now() - datetime.now(UTC)
        told = await self._market.recent_candles(symbol, timeframe, limit, since and since - ahead)
        return [replace(candle, at=candle.at + ahead) for candle in told]

    async def tickers(self) -> Sequence[Ticker]:
        return await self._market.tickers()

    async def learn_prices(self) -> None:
        with contextlib.suppress(VenueError):
            await self._market.tickers()

    def price(self, symbol: str) -> Decimal | None:
        return self._market.last(symbol)
