"""A whole trading house on virtual time: real storage, real workers, the paper venue, a market that a test moves."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, TypeVar, cast

from tests.clocks import NOON, ManualClock
from tests.simulation.line import Busy, Life, Line, MortalStorage
from trading.clock import Clock
from trading.core.diff import AmendMode
from trading.core.instrument import Instrument, MarginTier, MarketKind
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.core.telling import Notice
from trading.desk.connecting import Connections, LiveTerms
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits, House
from trading.desk.paper_house import PaperTerms
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.exchanges.gateway import Gateway
from trading.exchanges.market_source import candle_starts, timeframe_length
from trading.exchanges.paper import DEFAULT_BALANCES, Faults, PaperGateway
from trading.exchanges.paper_store import MemoryStore
from trading.exchanges.paper_venue import PaperVenue
from trading.runtime.outbox import Outbox, notice_book
from trading.runtime.station import RuntimeLimits
from trading.runtime.supervisor import Supervisor
from trading.runtime.timers import Job
from trading.storage import Storage, users
from trading.storage.records import UserRecord
from trading.storage.storage import READING
from trading.strategies import STRATEGIES
from trading.vault import Vault, new_master_key

T = TypeVar("T")
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
        starts = candle_starts(timeframe_length(timeframe), limit, until)
        return [Candle(start, *flat, Decimal(1)) for start in starts]

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


class HouseClock(ManualClock):
    """Time that stands still while a thread (the database) works for the house."""

    def __init__(self, now: datetime = NOON) -> None:
        super().__init__(now)
        self.busy = Busy()

    def real_seconds(self, seconds: float) -> float:
        """The machine keeps this time too."""
        return seconds

    async def advance(self, seconds: float) -> None:
        """As ``ManualClock.advance``, in steps of its sleepers, each with all the consequences."""
        end = self.now() + timedelta(seconds=seconds)
        await self._rest()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not woken.done():
                woken.set_result(None)
                await self._rest()
        self._now = end
        await self._rest()

    async def _rest(self) -> None:
        """Let every task run that can."""
        quiet = 0
        while quiet < 12:
            await asyncio.sleep(0.0002 if self.busy.count else 0)
            quiet = 0 if self.busy.count else quiet + 1


class _Paper:
    """Stands where the composition root's paper house stands; the venue outlives the house's crashes."""

    def __init__(self, world: World, life: Life) -> None:
        self._world, self._life = world, life
        self.clock, self.terms = world.clock, PaperTerms()

    def clock_of(self, user_id: int) -> Clock:
        return self.clock

    async def open(self, user_id: int) -> Gateway:
        world = self._world
        faults = world.faults if user_id == OWNER else None
        gateway = PaperGateway(
            world.venue, world.accounts, str(user_id), balances=world.balances, faults=faults, amend=world.amend
        )
        await gateway.open()
        world.gateways[user_id] = gateway
        return cast(Gateway, Line(gateway, self._life, world.garbled if user_id == OWNER else None))

    async def prices_of(self, user_id: int) -> PaperPrices:
        return PaperPrices(PriceKind.SIMULATED)

    async def elsewhere(self, venue: str, prices: PaperPrices, clock: Clock) -> Gateway:
        gateway = PaperGateway(self._world.venue.elsewhere(venue), MemoryStore(), venue)
        await gateway.open()
        return cast(Gateway, Line(gateway, self._life, None))


@dataclass
class _Standing:
    """A house that stands, and what it is made of."""

    desk: Desk
    supervisor: Supervisor
    storage: Storage
    timers: ClockTimers
    life: Life
    connections: Connections
    earlier: frozenset[asyncio.Task[Any]]


@dataclass
class World:
    """What is outside the house (time, market, venue accounts) and what survives a crash of it (the database file)."""

    path: Path
    clock: HouseClock = field(default_factory=HouseClock)
    market: ScriptedMarket = field(default_factory=lambda: ScriptedMarket(CRV, Decimal("0.5")))
    accounts: MemoryStore = field(default_factory=MemoryStore)
    faults: Faults | None = None
    garbled: Random | None = None
    gateways: dict[int, PaperGateway] = field(default_factory=dict)
    key: str = field(default_factory=new_master_key)
    amend: AmendMode = AmendMode.IN_PLACE
    """How the venue changes a resting order."""
    balances: Mapping[str, Decimal] = field(default_factory=lambda: dict(DEFAULT_BALANCES))
    """What a new paper account holds."""

    def __post_init__(self) -> None:
        self.venue = PaperVenue(self.clock, [self.market])

    @asynccontextmanager
    async def house(
        self, limits: RuntimeLimits | None = None, strategies: Mapping[str, Any] = STRATEGIES
    ) -> AsyncIterator[tuple[Desk, Supervisor]]:
        """Start the house on what the database has; leaving ends it cleanly."""
        standing = await self.build(limits, strategies=strategies)
        try:
            yield standing.desk, standing.supervisor
        finally:
            await self.close(standing)

    async def build(
        self,
        limits: RuntimeLimits | None = None,
        dies_at: Callable[[str], bool] | None = None,
        strategies: Mapping[str, Any] = STRATEGIES,
    ) -> _Standing:
        """Start the house on what the database has."""
        earlier = frozenset(asyncio.all_tasks())
        life = Life()
        real = await Storage.open(f"sqlite+aiosqlite:///{self.path}", now=self.clock.now)
        storage = cast(Storage, MortalStorage(real, life, self.clock.busy))
        vault, timers = Vault([self.key]), ClockTimers()
        outbox = Outbox(storage, (), self.clock.now, notice_book(strategies.values()))
        connections = Connections(storage, vault, LiveTerms(), cast(Any, _Paper(self, life)))
        supervisor = Supervisor(
            storage=storage,
            connector=connections,
            strategies=strategies,
            timers=timers,
            limits=limits or RuntimeLimits(),
            outbox=outbox,
            clock=self.clock,
        )
        desk = Desk(
            House(
                storage=storage,
                vault=vault,
                supervisor=supervisor,
                connections=connections,
                outbox=outbox,
                strategies=strategies,
                admin_ids=frozenset({1}),
                limits=DeskLimits(),
                now=self.clock.now,
            )
        )
        if await real.read(lambda c: users.find_user(c, OWNER)) is None:
            owner = UserRecord(OWNER, "Owner", None, "en", "member", "active", self.clock.now())
            await real.write(lambda c: users.add_user(c, owner))
        life.dies_at = dies_at or life.dies_at
        restoring = asyncio.ensure_future(supervisor.restore())
        while not restoring.done() and not life.is_dead:  # noqa: ASYNC110  it may die of it
            await asyncio.sleep(0.0002)
        return _Standing(desk, supervisor, real, timers, life, connections, earlier)

    async def close(self, standing: _Standing) -> None:
        """End a house as SIGTERM does."""
        await standing.supervisor.close()
        await standing.connections.close()
        await standing.timers.close()
        await standing.storage.close()

    async def crash(self, standing: _Standing) -> None:
        """End a house as kill -9 does: what it still does on its way down reaches neither venue nor database."""
        standing.life.is_dead = True
        while mine := self._tasks_of(standing):
            # A connection that is being opened in a thread would be lost with who waits for it.
            await self._let_threads_end()
            for task in mine:
                task.cancel()
            await asyncio.sleep(0)
        await standing.storage.close()
        for gateway in self.gateways.values():
            await gateway.close()

    @staticmethod
    def _tasks_of(standing: _Standing) -> list[asyncio.Task[Any]]:
        """What runs since the house stands, the test itself and the venue aside."""
        others = {*standing.earlier, asyncio.current_task()}
        return [
            task
            for task in asyncio.all_tasks()
            if task not in others and task.get_name() not in ("paper venue", READING)
        ]

    async def _let_threads_end(self) -> None:
        """What was handed to a thread is done by the machine, whether the house lives or not."""
        while self.clock.busy.count:  # noqa: ASYNC110  threads have no event for it
            await asyncio.sleep(0.0002)

    async def until(self, reached: Callable[[], bool], *, seconds: float = 120, step: float = 0.5) -> None:
        """Let virtual time pass until ``reached``. Raises AssertionError when that takes longer than ``seconds``."""
        deadline = self.clock.now() + timedelta(seconds=seconds)
        while not reached():
            assert self.clock.now() < deadline, "it did not happen in time"
            await self.clock.advance(step)

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    async def act(self, standing: _Standing, work: Coroutine[Any, Any, T], *, seconds: float = 120) -> T | None:
        """Do something that needs time to pass. None when the house died of it. Raises what it raises."""
        task = asyncio.ensure_future(work)
        deadline = self.clock.now() + timedelta(seconds=seconds)
        await self.clock.advance(0)
        while not task.done() and not standing.life.is_dead:
            assert self.clock.now() < deadline, "it was not done in time"
            await self.clock.advance(0.25)
        if not task.done():
            await self._let_threads_end()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return None
        return task.result()


async def told(desk: Desk) -> list[Notice]:
    """Every notice that waits, oldest first."""
    return [stored.notice for stored in await desk.waiting_notices(1000)]
