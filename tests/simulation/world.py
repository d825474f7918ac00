"""A whole trading house on virtual time: real storage, real workers, the paper venue, a market that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.clocks import ManualClock
from trading.clock import Clock
from trading.core.instrument import Instrument, MarginTier, MarketKind
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.core.notices import Notice
from trading.desk.connecting import Connections, LiveTerms
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits, House
from trading.exchanges.gateway import Gateway
from trading.exchanges.paper import Faults, PaperGateway
from trading.exchanges.paper_store import MemoryStore
from trading.exchanges.paper_venue import PaperVenue
from trading.runtime.outbox import Outbox
from trading.runtime.station import RuntimeLimits
from trading.runtime.supervisor import Supervisor
from trading.runtime.timers import Job
from trading.storage import Storage, notices, users
from trading.storage.records import UserRecord
from trading.strategies import STRATEGIES
from trading.vault import Vault, new_master_key

SYMBOL = "CRV/USDT:USDT"
OWNER = 11
CRV = Instrument(
    venue="paper",
    symbol=SYMBOL,
    kind=MarketKind.PERPETUAL,
    base="CRV",
    quote="USDT",
    price_tick=Decimal("0.0001"),
    amount_step=Decimal("0.1"),
    min_amount=Decimal("0.1"),
    min_cost=Decimal(5),
    max_leverage=Decimal(50),
    tiers=(MarginTier(None, Decimal("0.01"), Decimal(50)),),
)


class ScriptedMarket:
    """A market that stands where the test puts it; deep, one tick wide."""

    def __init__(self, instrument: Instrument, price: Decimal) -> None:
        self._instrument, self.price = instrument, price

    def instruments(self) -> Mapping[str, Instrument]:
        return {self._instrument.symbol: self._instrument}

    def book(self, symbol: str, at: datetime) -> Book:
        tick, depth = self._instrument.price_tick, Decimal(100_000)
        bids = tuple(BookLevel(self.price - tick * n, depth) for n in range(1, 6))
        asks = tuple(BookLevel(self.price + tick * n, depth) for n in range(5))
        return Book(symbol, bids, asks, at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return ()

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        flat = (self.price,) * 4
        return [Candle(until - timedelta(minutes=15 * n), *flat, Decimal(1)) for n in range(limit, 0, -1)]

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return False


class ClockTimers:
    """Timers that keep a test's clock."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def at(self, name: str, clock: Clock, when: datetime, job: Job) -> None:
        self._start(name, self._once(clock, (when - clock.now()).total_seconds(), job))

    def every(self, name: str, clock: Clock, seconds: float, job: Job) -> None:
        self._start(name, self._again(clock, seconds, job))

    def cancel(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, name: str, work: Awaitable[None]) -> None:
        self.cancel(name)
        self._tasks[name] = asyncio.ensure_future(work)

    @staticmethod
    async def _once(clock: Clock, seconds: float, job: Job) -> None:
        await clock.sleep(max(0.0, seconds))
        await job()

    @staticmethod
    async def _again(clock: Clock, seconds: float, job: Job) -> None:
        while True:
            await clock.sleep(seconds)
            await job()


class _Paper:
    """Stands where the composition root's paper house stands; the venue outlives the house's crashes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.clock = world.clock

    async def open(self, user_id: int) -> Gateway:
        gateway = PaperGateway(self._world.venue, self._world.accounts, str(user_id), faults=self._world.faults)
        await gateway.open()
        self._world.gateways[user_id] = gateway
        return gateway


@dataclass
class World:
    """What is outside the house (time, market, venue accounts) and what survives a crash of it (the database file)."""

    path: Path
    clock: ManualClock = field(default_factory=ManualClock)
    market: ScriptedMarket = field(default_factory=lambda: ScriptedMarket(CRV, Decimal("0.5")))
    accounts: MemoryStore = field(default_factory=MemoryStore)
    faults: Faults | None = None
    gateways: dict[int, PaperGateway] = field(default_factory=dict)
    key: str = field(default_factory=new_master_key)

    def __post_init__(self) -> None:
        self.venue = PaperVenue(self.clock, [self.market])

    @asynccontextmanager
    async def house(self, limits: RuntimeLimits | None = None) -> AsyncIterator[tuple[Desk, Supervisor]]:
        """Start the house on what the database has; leaving ends it cleanly."""
        storage = await Storage.open(f"sqlite+aiosqlite:///{self.path}", now=self.clock.now)
        vault, timers = Vault([self.key]), ClockTimers()
        outbox = Outbox(storage, (), self.clock.now)
        connections = Connections(storage, vault, LiveTerms(), _Paper(self))
        supervisor = Supervisor(
            storage=storage,
            connector=connections,
            strategies=STRATEGIES,
            timers=timers,
            limits=limits or RuntimeLimits(),
            outbox=outbox,
        )
        desk = Desk(
            House(
                storage=storage,
                vault=vault,
                supervisor=supervisor,
                connections=connections,
                outbox=outbox,
                strategies=STRATEGIES,
                admin_ids=frozenset({1}),
                limits=DeskLimits(),
                now=self.clock.now,
            )
        )
        try:
            if await storage.read(lambda c: users.find_user(c, OWNER)) is None:
                owner = UserRecord(OWNER, "Owner", None, "en", "member", "active", self.clock.now())
                await storage.write(lambda c: users.add_user(c, owner))
            await supervisor.restore()
            yield desk, supervisor
        finally:
            await supervisor.close()
            await timers.close()
            await storage.close()

    async def until(self, reached: Callable[[], bool], *, seconds: float = 120, step: float = 0.5) -> None:
        """Let virtual time pass until ``reached``. Raises AssertionError when that takes longer than ``seconds``."""
        deadline = self.clock.now() + timedelta(seconds=seconds)
        while not reached():
            assert self.clock.now() < deadline, "it did not happen in time"
            await self.pass_time(step, step)

    async def pass_time(self, seconds: float, step: float = 0.5) -> None:
        """Virtual time, in steps between which threads (the database) get real time to answer."""
        passed = 0.0
        while passed < seconds:
            await self.clock.advance(step)
            await asyncio.sleep(0.003)
            passed += step


async def told(desk: Desk) -> list[Notice]:
    """Every notice that waits, oldest first."""
    return [stored.notice for stored in await desk.waiting_notices(1000)]
