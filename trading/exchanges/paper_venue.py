"""The paper venue: markets and time, shared by the paper accounts of one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from trading.clock import Clock
from trading.core.instrument import Instrument
from trading.core.market import Book, Candle, Ticker, Trade
from trading.exchanges.echoed_market import EchoedMarket
from trading.exchanges.market_source import MarketSource, timeframe_length

_LOG = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 256


class Ticking(Protocol):
    """An account that moves with the market."""

    async def tick(self) -> None: ...


class PaperVenue:
    """Markets out of one or several sources (the first that has a symbol wins), moving every ``tick_seconds``.

    The venue's time moves in whole ticks: between two of them a market stands still, so that nothing visible can be
    taken twice. Time is the clock's; accounts are ticked while at least one of them is open.
    """

    has_past = True
    """Whether the market of a moment that is over can still be played."""
    prices_of = ""
    """The live venue whose market this is, where it is one's."""

    def __init__(self, clock: Clock, sources: Sequence[MarketSource], *, tick_seconds: float = 0.5) -> None:
        self.clock = clock
        self.tick = timedelta(seconds=tick_seconds)
        self._given = tuple(sources)
        self._sources: dict[str, MarketSource] = {}
        self._instruments: dict[str, Instrument] = {}
        for source in sources:
            for symbol, instrument in source.instruments().items():
                self._sources.setdefault(symbol, source)
                self._instruments.setdefault(symbol, instrument)
        self._accounts: list[Ticking] = []
        self._ticking: asyncio.Task[None] | None = None
        # Accounts look at the same moments one after another.
        self.book = lru_cache(maxsize=_REMEMBERED)(self._book)
        self.trades = lru_cache(maxsize=_REMEMBERED)(self._trades)

    def elsewhere(self, venue: str) -> PaperVenue:
        """The same markets as a venue of that name shows them, by the same clock."""
        echoes = [EchoedMarket(source, venue) for source in self._given]
        return PaperVenue(self.clock, echoes, tick_seconds=self.tick.total_seconds())

    def instruments(self) -> Mapping[str, Instrument]:
        return self._instruments

    def moment(self) -> datetime:
        """The newest tick."""
        return _EPOCH + (self.clock.now() - _EPOCH) // self.tick * self.tick

    # Markets

    def _book(self, symbol: str, at: datetime) -> Book:
        return self._sources[symbol].book(symbol, at)

    def _trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return self._sources[symbol].trades(symbol, since, until)

    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Sequence[Candle]:
        """Raises ValueError for a timeframe that there is not."""
        source, until = self._sources[symbol], self.clock.now()
        if since is not None:
            length = timeframe_length(timeframe)
            limit = max(0, min(limit, (until - since) // length + 1))
            until = min(until, since + length * limit - timedelta(microseconds=1))
        found = await asyncio.to_thread(source.candles, symbol, timeframe, limit, until) if limit else []
        return [candle for candle in found if since is None or candle.at >= since]

    async def ready(self, symbols: Iterable[str]) -> None:
        """Return when these markets can be looked at. Raises Unavailable when they cannot; made up ones always can."""

    def trouble(self, symbols: Iterable[str]) -> str:
        """Why there are no prices of one of these now; nothing where there are."""
        return ""

    async def tickers(self) -> Sequence[Ticker]:
        at = self.moment()
        return [self._ticker(symbol, at) for symbol in self._sources]

    async def learn_prices(self) -> None:
        """Before ``price`` is asked of many: where prices have to be fetched, fetch what can be had."""

    def price(self, symbol: str) -> Decimal | None:
        """The mid now (quote); None for a symbol without a market."""
        return self.book(symbol, self.moment()).mid if symbol in self._sources else None

    def has_ended(self, symbol: str) -> bool:
        """Whether a recorded market is over and stands still."""
        return self._sources[symbol].has_ended(symbol, self.clock.now())

    def _ticker(self, symbol: str, at: datetime) -> Ticker:
        hours = self._sources[symbol].candles(symbol, "1d", 2, at)
        volume = max((candle.volume * candle.close for candle in hours), default=None)
        return Ticker(symbol, self.book(symbol, at).mid, volume)

    # Time

    def join(self, account: Ticking) -> None:
        """Tick this account from now on."""
        self._accounts.append(account)
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._run(), name="paper venue")

    async def leave(self, account: Ticking) -> None:
        """Tick it no longer; the last one out stops the clockwork."""
        if account in self._accounts:
            self._accounts.remove(account)
        if not self._accounts and self._ticking is not None:
            ticking, self._ticking = self._ticking, None
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self.clock.sleep(self.tick.total_seconds())
            async with asyncio.TaskGroup() as accounts:
                for account in list(self._accounts):
                    accounts.create_task(self._move(account))
                    await asyncio.sleep(0)  # hundreds in one go would keep everybody else waiting

    async def _move(self, account: Ticking) -> None:
        try:
            await account.tick()
        except Exception:  # one account's trouble is not the others'
            _LOG.exception("a paper account could not be moved")
