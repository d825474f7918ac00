"""The paper venue of this process: one market, one fast clock, an account for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from trading.clock import FastClock, SystemClock
from trading.core.instrument import Instrument
from trading.exchanges.gateway import Gateway
from trading.exchanges.market_source import MarketSource
from trading.exchanges.paper import MemoryStore, PaperGateway
from trading.exchanges.paper_venue import PaperVenue
from trading.exchanges.recorded_market import recorded_market
from trading.exchanges.simulated_market import SimulatedMarket
from trading.metering import Meter
from trading.storage import Connection, Storage, meta, paper

_TIME, _ORIGIN = "paper_time", "paper_origin"


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """``speed``: how many times as fast as the machine's time paper lives. ``prices``: recordings by symbol."""

    speed: float = 10.0
    seed: int = 7
    prices: Mapping[str, Path] = field(default_factory=dict)


class PaperHouse:
    """Opens paper accounts. Its time goes on where it stopped, so that no stored time lies in its future."""

    def __init__(self, storage: Storage, venue: PaperVenue, clock: FastClock, meter: Meter | None = None) -> None:
        self._storage, self._venue, self.clock, self._meter = storage, venue, clock, meter

    @classmethod
    async def build(cls, storage: Storage, terms: PaperTerms, meter: Meter | None = None) -> PaperHouse:
        """Raises ValueError for a recording that cannot be read or a symbol that the paper venue does not have."""
        now = SystemClock().now()
        stored = await storage.read(lambda c: (meta.get(c, _TIME), meta.get(c, _ORIGIN)))
        last, origin = (datetime.fromisoformat(text) if text else now for text in stored)
        clock = FastClock(terms.speed, max(now, last))
        if stored[1] is None:
            origin = clock.now()
            await storage.write(lambda c: meta.put(c, _ORIGIN, origin.isoformat()))
        simulated = SimulatedMarket(terms.seed)
        sources: list[MarketSource] = [
            recorded_market(path, _instrument(simulated, symbol), origin) for symbol, path in terms.prices.items()
        ]
        return cls(storage, PaperVenue(clock, [*sources, simulated]), clock, meter)

    async def open(self, user_id: int) -> Gateway:
        """A gateway to the user's paper account; the supervisor keeps one for each."""
        gateway = PaperGateway(self._venue, _Store(self._storage, self.clock), str(user_id), meter=self._meter)
        await gateway.open()
        return gateway

    async def elsewhere(self, venue: str) -> Gateway:
        """A gateway that only looks: these markets as a venue of that name shows them, for what follows a reference."""
        gateway = PaperGateway(self._venue.elsewhere(venue), MemoryStore(), venue)
        await gateway.open()
        return gateway


class _Store:
    """Paper accounts in the database, with the venue's time beside them."""

    def __init__(self, storage: Storage, clock: FastClock) -> None:
        self._storage, self._clock = storage, clock

    async def load(self, account: str) -> str | None:
        return await self._storage.read(lambda c: paper.load_paper(c, account))

    async def save(self, account: str, snapshot: str) -> None:
        at = self._clock.now()

        def store(connection: Connection) -> None:
            paper.save_paper(connection, account, snapshot, at)
            meta.put(connection, _TIME, at.isoformat())

        await self._storage.write(store)


def _instrument(simulated: SimulatedMarket, symbol: str) -> Instrument:
    known = simulated.instruments()
    if symbol not in known:
        raise ValueError(f"PAPER_PRICES: the paper venue has no {symbol}; it has {', '.join(sorted(known))}")
    return known[symbol]
