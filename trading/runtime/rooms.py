"""The accounts that are in use: a gateway, its streams and the workers on it, opened once and closed together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from trading.clock import Clock
from trading.core.telling import Notice
from trading.metering import Meter
from trading.runtime.accounts import AccountId, Connector
from trading.runtime.feeds import Feed
from trading.runtime.reach import Reach
from trading.runtime.recovery import Inquiry
from trading.runtime.station import RuntimeLimits, Station
from trading.runtime.timers import Timers
from trading.runtime.worker import Worker
from trading.storage import Storage

STATUS_CHECK_SECONDS = 2.0
"""How often orders are asked for, for the sake of strategies that do not say."""
STATUS_TICK_SECONDS = 1.0
"""How exactly a strategy's own interval is kept."""
QUIET_BOOK_SECONDS = 5.0
IMPATIENT_SECONDS = 1.0
RECOVERY_SECONDS = 60.0


@dataclass
class Room:
    """One account that is in use: its station, its streams, the tasks of its workers."""

    account: AccountId
    station: Station
    feed: Feed
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Bots start one after the other, so that none starts twice."""

    def worker(self, bot_id: int) -> Worker | None:
        return next((worker for worker in self.feed.workers if worker.bot_id == bot_id), None)


class StatusCheck:
    """Asks for the orders of one account as often as the bot that wants it most; ``clock`` is the account's."""

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed, self._clock = feed, clock
        self._looked_at: datetime | None = None

    async def look(self) -> None:
        """Ask, if it is time to; settings may have changed since the last time."""
        now = self._clock.now()
        # A tick may come a little early.
        least = self._seconds() - STATUS_TICK_SECONDS / 2
        if self._looked_at is None or (now - self._looked_at).total_seconds() >= least:
            self._looked_at = now
            await self._feed.prover.check_status()

    def _seconds(self) -> float:
        benches = [worker.bench for worker in self._feed.workers]
        wished = [bench.strategy.status_check_seconds(bench.config) for bench in benches]
        return min((STATUS_CHECK_SECONDS if each is None else each for each in wished), default=STATUS_CHECK_SECONDS)


class Rooms:
    """``clock`` is the machine's. ``tell_owner`` takes what an account's owner hears, ``on_bad_credentials`` what a
    venue says of a key that it refuses.
    """

    def __init__(
        self,
        connector: Connector,
        storage: Storage,
        timers: Timers,
        limits: RuntimeLimits,
        meter: Meter,
        clock: Clock,
        *,
        tell_owner: Callable[[AccountId, Notice], None],
        on_bad_credentials: Callable[[AccountId, str], None],
    ) -> None:
        self.connector = connector
        self._storage, self._timers, self._limits, self._meter = storage, timers, limits, meter
        self._clock = clock
        self._tell_owner, self._on_bad_credentials = tell_owner, on_bad_credentials
        self._rooms: dict[AccountId, Room] = {}
        self._opening: dict[AccountId, asyncio.Lock] = {}
        self._reaches: dict[AccountId, Reach] = {}

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms.values())

    def __bool__(self) -> bool:
        return bool(self._rooms)

    def find(self, account: AccountId) -> Room | None:
        return self._rooms.get(account)

    def of_bot(self, bot_id: int) -> Room | None:
        """Where the bot runs."""
        return next((room for room in self if bot_id in room.tasks), None)

    def workers(self) -> Iterable[Worker]:
        return [worker for room in self for worker in room.feed.workers]

    def reach(self, account: AccountId, venue: str) -> Reach:
        """Of an account that may not have been opened yet."""
        if account not in self._reaches:
            self._reaches[account] = Reach(venue, self._clock, lambda fact: self._tell_owner(account, fact))
        return self._reaches[account]

    def is_away(self, worker: Worker) -> bool:
        room = self.of_bot(worker.bot_id)
        return room is not None and self._reaches[room.account].is_away

    def venues_away(self) -> tuple[str, ...]:
        return tuple(reach.venue for reach in self._reaches.values() if reach.is_away)

    async def open(self, account: AccountId) -> Room:
        """The account's room, opened when needed. Raises VenueError, BadCredentials."""
        async with self._opening.setdefault(account, asyncio.Lock()):
            if account not in self._rooms:
                self._rooms[account] = await self._make(account)
            return self._rooms[account]

    async def _make(self, account: AccountId) -> Room:
        gateway, clock = await self.connector.connect(account)
        station = Station(
            gateway,
            clock,
            self._timers,
            self._storage,
            self._limits.at_pace_of(clock),
            lambda venue: self.connector.public(account, venue),
            Inquiry(gateway, clock),
            self._meter,
        )
        reach = self.reach(account, gateway.venue)
        reach.prices_of = gateway.capabilities.prices_of
        feed = Feed(
            station,
            reach,
            lambda detail: self._on_bad_credentials(account, detail),
        )
        self._timers.every(f"status {account.name}", clock, STATUS_TICK_SECONDS, StatusCheck(feed, clock).look)
        self._timers.every(f"books {account.name}", clock, QUIET_BOOK_SECONDS, feed.poll_quiet_books)
        self._timers.every(f"references {account.name}", clock, IMPATIENT_SECONDS, feed.poll_impatient)
        self._timers.every(f"recovery {account.name}", clock, RECOVERY_SECONDS, feed.prover.prove_all)
        return Room(account, station, feed)

    async def close(self, account: AccountId) -> None:
        """End an account's streams; its bots must have ended before."""
        self._reaches.pop(account, None)
        room = self._rooms.pop(account, None)
        if room is not None:
            await self._end(room)

    async def renew(self, account: AccountId, change: Callable[[], Awaitable[None]]) -> None:
        """End an account, whose bots must have ended, and change what is stored of it while nobody can open it."""
        async with self._opening.setdefault(account, asyncio.Lock()):
            await self.close(account)
            await change()

    async def reconnect(self, account: AccountId, change: Callable[[], Awaitable[None]]) -> None:
        """End an account's connection and its bots' work on it, and change what is stored of it while nobody can open
        it. Orders stay. Raises what ``change`` raises, and then the account is closed all the same.
        """
        async with self._opening.setdefault(account, asyncio.Lock()):
            room = self._rooms.get(account)
            if room is not None:
                async with room.starting:
                    # While they can still be found: what is wished for meanwhile is stored by them, and not over it.
                    await self._end_work(room)
                    del self._rooms[account]
                await self._end(room)
            await change()

    async def close_all(self) -> None:
        rooms, self._rooms = self._rooms, {}
        await asyncio.gather(*(self._end(room) for room in rooms.values()))

    async def _end(self, room: Room) -> None:
        for timer in ("status", "books", "references", "recovery"):
            self._timers.cancel(f"{timer} {room.account.name}")
        await self._end_work(room)
        await room.feed.close()
        await room.station.gateway.close()

    @staticmethod
    async def _end_work(room: Room) -> None:
        """Have the workers end their requests and store what they know."""
        tasks = list(room.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
