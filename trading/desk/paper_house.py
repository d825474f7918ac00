"""The paper venues of this process: an account for everybody, on the prices that they have chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from trading.clock import Clock, FastClock, SystemClock
from trading.core.instrument import Instrument
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.desk.paper_runs import PaperRun, PaperRuns
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import Gateway
from trading.exchanges.live_market import LiveMarket, LiveVenue
from trading.exchanges.market_source import MarketSource
from trading.exchanges.paper import MemoryStore, PaperGateway, last_time
from trading.exchanges.paper_venue import PaperVenue
from trading.exchanges.recorded_market import recorded_market
from trading.exchanges.simulated_market import SimulatedMarket
from trading.metering import Meter
from trading.storage import Connection, Storage, meta, paper

_TIME, _ORIGIN, _RUNS = "paper_time", "paper_origin", "paper_runs"

LookAt = Callable[[str], Awaitable[Gateway]]
"""A public gateway to a live venue, shared by all. Raises VenueError."""


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """``speed``: how many times as fast as the machine's time paper lives. ``prices``: recordings by symbol.

    ``uploads`` is the folder of the recordings that people bring.
    """

    speed: float = 10.0
    seed: int = 7
    prices: Mapping[str, Path] = field(default_factory=dict)
    uploads: Path = Path("data/paper")


class PaperHouse:
    """Opens paper accounts. Its time goes on where it stopped, so that no stored time lies in its future.

    Made up and recorded markets run by ``clock``; on live prices each account has a clock at the machine's pace, which
    begins where the account's time is.
    """

    def __init__(
        self,
        storage: Storage,
        terms: PaperTerms,
        clock: FastClock,
        origin: datetime,
        recordings: Mapping[str, MarketSource],
        runs: PaperRuns,
        meter: Meter | None = None,
    ) -> None:
        self._storage, self.terms, self.clock, self._meter = storage, terms, clock, meter
        self._origin, self._recordings, self._runs = origin, recordings, runs
        self._venues: dict[PaperPrices, PaperVenue] = {}
        self._live: dict[str, LiveMarket] = {}
        self._opening = asyncio.Lock()
        self._clocks: dict[int, Clock] = {}
        self.look_at: LookAt | None = None
        """How live venues are looked at; without it there are no live prices."""

    @classmethod
    async def build(cls, storage: Storage, terms: PaperTerms, meter: Meter | None = None) -> PaperHouse:
        """Raises ValueError for a recording that cannot be read or a symbol that the paper venue does not have."""
        now = SystemClock().now()
        *stored, lives = await storage.read(lambda c: (meta.get(c, _TIME), meta.get(c, _ORIGIN), meta.get(c, _RUNS)))
        last, origin = (datetime.fromisoformat(text) if text else now for text in stored)
        clock = FastClock(terms.speed, max(now, last))
        runs = PaperRuns.load(lives).and_then(PaperRun(now, max(now, last), terms.speed))
        await storage.write(lambda c: meta.put(c, _RUNS, runs.dump()))
        if stored[1] is None:
            origin = clock.now()
            await storage.write(lambda c: meta.put(c, _ORIGIN, origin.isoformat()))
        rules = SimulatedMarket(terms.seed).instruments()
        recordings = {
            symbol: recorded_market(path, _instrument(rules, symbol), origin) for symbol, path in terms.prices.items()
        }
        return cls(storage, terms, clock, origin, recordings, runs, meter)

    # Prices

    @property
    def usual(self) -> PaperPrices:
        """What somebody has who chose nothing."""
        return PaperPrices(PriceKind.OPERATOR) if self.terms.prices else PaperPrices(PriceKind.SIMULATED)

    async def prices_of(self, user_id: int) -> PaperPrices:
        stored = await self._storage.read(lambda c: paper.load_prices(c, user_id))
        return PaperPrices.from_json(stored) if stored else self.usual

    def markets(self) -> Mapping[str, Instrument]:
        """What can be played from a file: the markets of the made up venue."""
        return SimulatedMarket(self.terms.seed).instruments()

    async def check(self, prices: PaperPrices) -> None:
        """Raises ValueError for a recording that cannot be read, VenueError for a venue that is away."""
        await self._venue_for(prices, self.clock)

    async def _venue_for(self, prices: PaperPrices, clock: Clock) -> PaperVenue:
        async with self._opening:
            if prices.kind is PriceKind.LIVE:
                return LiveVenue(clock, await self._market_of(prices.venue))
            if prices not in self._venues:
                sources = await asyncio.to_thread(self._sources, prices)
                self._venues[prices] = PaperVenue(self.clock, sources)
            return self._venues[prices]

    def _sources(self, prices: PaperPrices) -> list[MarketSource]:
        """A recording plays its own market; the others are made up."""
        seed = self.terms.seed if prices.seed is None else prices.seed
        simulated = SimulatedMarket(seed)
        if prices.kind is PriceKind.OPERATOR:
            return [*self._recordings.values(), simulated]
        if prices.kind is PriceKind.UPLOADED:
            rules = _instrument(simulated.instruments(), prices.symbol)
            played = recorded_market(self.terms.uploads / prices.file, rules, prices.since or self._origin)
            return [played, simulated]
        return [simulated]

    async def _market_of(self, venue: str) -> LiveMarket:
        if venue not in self._live:
            if self.look_at is None:
                raise Unavailable("live prices cannot be had here")
            self._live[venue] = LiveMarket(await self.look_at(venue))
        return self._live[venue]

    # Accounts

    async def open(self, user_id: int) -> Gateway:
        """A gateway to the user's paper account; the supervisor keeps one for each. Raises VenueError."""
        prices = await self.prices_of(user_id)
        clock = await self._clock_for(user_id, prices)
        try:
            venue = await self._venue_for(prices, clock)
        except ValueError as unreadable:
            raise Unavailable(f"the recorded prices cannot be read: {unreadable}") from unreadable
        self._clocks[user_id] = clock
        gateway = PaperGateway(venue, _Store(self._storage, clock), str(user_id), meter=self._meter)
        await gateway.open()
        return gateway

    def clock_of(self, user_id: int) -> Clock:
        """The clock by which this person's paper bots live."""
        return self._clocks.get(user_id, self.clock)

    async def time_at(self, user_id: int, moment: datetime) -> datetime:
        """Which time it was on this person's paper account at a moment of the machine's that has been."""
        prices = await self.prices_of(user_id)
        if prices.kind is not PriceKind.LIVE:
            return self._runs.at(moment)
        clock = self._clocks.get(user_id) or await self._clock_for(user_id, prices)
        return clock.now() - (SystemClock().now() - moment)

    async def _clock_for(self, user_id: int, prices: PaperPrices) -> Clock:
        if prices.kind is not PriceKind.LIVE:
            return self.clock
        stored = await self._storage.read(lambda c: paper.load_paper(c, str(user_id)))
        return FastClock(1.0, last_time(stored) if stored else None)

    async def elsewhere(self, venue: str, prices: PaperPrices, clock: Clock) -> Gateway:
        """A gateway that only looks, for what follows a reference, by the ``clock`` of who follows: a live venue where
        prices are live, else the made up or recorded markets as a venue of that name shows them. Raises VenueError.
        """
        if prices.kind is PriceKind.LIVE:
            shown: PaperVenue = LiveVenue(clock, await self._market_of(venue))
        else:
            shown = (await self._venue_for(prices, clock)).elsewhere(venue)
        gateway = PaperGateway(shown, MemoryStore(), venue)
        await gateway.open()
        return gateway

    async def forget(self, prices: PaperPrices) -> None:
        """A recording that somebody brought is not theirs any more."""
        self._venues.pop(prices, None)
        if prices.file:
            await asyncio.to_thread((self.terms.uploads / prices.file).unlink, missing_ok=True)

    async def close(self) -> None:
        """End the live books; the gateways that bring them belong to who made them."""
        for market in self._live.values():
            await market.close()
        self._live.clear()


class _Store:
    """Paper accounts in the database, with the newest time of any of them beside them."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage, self._clock = storage, clock

    async def load(self, account: str) -> str | None:
        return await self._storage.read(lambda c: paper.load_paper(c, account))

    async def save(self, account: str, snapshot: str) -> None:
        at = self._clock.now()

        def store(connection: Connection) -> None:
            paper.save_paper(connection, account, snapshot, at)
            stored = meta.get(connection, _TIME)
            if stored is None or datetime.fromisoformat(stored) < at:
                meta.put(connection, _TIME, at.isoformat())

        await self._storage.write(store)


def _instrument(known: Mapping[str, Instrument], symbol: str) -> Instrument:
    if symbol not in known:
        raise ValueError(f"PAPER_PRICES: the paper venue has no {symbol}; it has {', '.join(sorted(known))}")
    return known[symbol]
