"""One set of streams for each key, shared by its workers; polling where a stream is missing or silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

from trading.core.client_ids import parse_client_id
from trading.core.notices import Notice, VenueAway, VenueBack
from trading.core.orders import Fill, Order, OrderReport, OrderStatus
from trading.exchanges.errors import BadCredentials, VenueError
from trading.exchanges.gateway import BalanceChanged, PositionChanged, PrivateEvent
from trading.runtime import recovery
from trading.runtime.events import GapOpened, Recovered
from trading.runtime.station import Station
from trading.runtime.worker import Worker

log = logging.getLogger(__name__)

RECONNECT_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LOOK_TWICE_AFTER = 3.0
AWAY_AFTER_FAILURES = 3
FUNDING_EVERY = 30
"""Every so many periodic recoveries funding is read too; at the first one always."""


class Feed:
    """The streams of one key. ``run`` owns every task; ``tell_owner`` takes what the key's owner should hear."""

    def __init__(
        self, station: Station, tell_owner: Callable[[Notice], None], on_bad_credentials: Callable[[str], None]
    ) -> None:
        self._station = station
        self._tell_owner, self._on_bad_credentials = tell_owner, on_bad_credentials
        self._workers: dict[int, Worker] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self._jobs: set[asyncio.Task[None]] = set()
        self._recovering: set[int] = set()
        self._checking = False
        self._failures = 0
        self._away_since: datetime | None = None
        self._recoveries = 0

    @property
    def is_away(self) -> bool:
        return self._away_since is not None

    @property
    def workers(self) -> Iterable[Worker]:
        return list(self._workers.values())

    # Who listens

    def join(self, worker: Worker) -> None:
        """Begin to serve a worker: its market's book, its orders, and first of all its recovery."""
        is_new_symbol = all(worker.symbol != other.symbol for other in self._workers.values())
        self._workers[worker.bot_id] = worker
        if is_new_symbol:
            self._stream(f"book {worker.symbol}", self._follow_book(worker.symbol))
            self._stream("private", self._follow_private())
        self._start(self._recover(worker))

    def leave(self, worker: Worker) -> None:
        """End what was there for this worker only."""
        self._workers.pop(worker.bot_id, None)
        if all(worker.symbol != other.symbol for other in self._workers.values()):
            self._end_stream(f"book {worker.symbol}")
        if not self._workers:
            self._end_stream("private")

    async def close(self) -> None:
        tasks = [*self._streams.values(), *self._jobs]
        self._streams.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _stream(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._end_stream(name)
        self._streams[name] = asyncio.create_task(work, name=name)

    def _end_stream(self, name: str) -> None:
        if name in self._streams:
            self._streams.pop(name).cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    # Streams

    async def _follow_private(self) -> None:
        failures = 0
        while True:
            symbols = sorted({worker.symbol for worker in self._workers.values()})
            try:
                async for event in self._station.gateway.watch_private(symbols):
                    failures = 0
                    self._route(event)
            except BadCredentials as problem:
                self._on_bad_credentials(str(problem))
            except VenueError as problem:
                log.info("%s: private stream: %s", self._station.gateway.venue, problem)
            except Exception:  # the edge of a task: a stream that dies of a defect must come back
                log.exception("%s: private stream failed", self._station.gateway.venue)
            for worker in self.workers:
                worker.tell(GapOpened())
            await self._station.clock.sleep(_wait(failures))
            failures += 1
            for worker in self.workers:
                self._start(self._recover(worker))

    async def _follow_book(self, symbol: str) -> None:
        gateway, clock = self._station.gateway, self._station.clock
        failures = 0
        while True:
            try:
                async for book in gateway.watch_book(symbol):
                    failures = 0
                    for worker in self._on(symbol):
                        worker.see_book("", book, clock.now())
            except VenueError as problem:
                log.info("%s: book of %s: %s", gateway.venue, symbol, problem)
            except Exception:  # as above
                log.exception("%s: book of %s failed", gateway.venue, symbol)
            await self._poll_book(symbol)
            await clock.sleep(_wait(failures))
            failures += 1

    async def _poll_book(self, symbol: str) -> None:
        try:
            book = await self._station.gateway.book(symbol)
        except VenueError as problem:
            log.info("%s: book of %s by request: %s", self._station.gateway.venue, symbol, problem)
            return
        for worker in self._on(symbol):
            worker.see_book("", book, self._station.clock.now())

    def _route(self, event: PrivateEvent) -> None:
        match event:
            case OrderReport(client_id=client_id, symbol=symbol) | Fill(client_id=client_id, symbol=symbol):
                for worker in self._meant(client_id, symbol):
                    worker.tell(event)
            case PositionChanged(position):
                for worker in self._on(position.symbol):
                    if worker.bench.books.ledger.position != position.amount:
                        self._start(self._look_at_position(worker))
            case BalanceChanged():
                pass  # balances are read when a plan needs them

    def _on(self, symbol: str) -> list[Worker]:
        return [worker for worker in self._workers.values() if worker.symbol == symbol]

    def _meant(self, client_id: str | None, symbol: str) -> list[Worker]:
        ours = parse_client_id(client_id) if client_id else None
        if ours is None:
            return self._on(symbol)
        worker = self._workers.get(ours.bot_id)
        return [worker] if worker else []

    # What proves

    async def poll_quiet_books(self) -> None:
        """Ask for a book that has not moved for long where a plan waits for a price: quiet is not the same as stale."""
        oldest = self._station.clock.now() - self._station.limits.stale_after / 2
        waiting = {worker.symbol for worker in self.workers if worker.waits_for_price(oldest)}
        for symbol in sorted(waiting):
            await self._poll_book(symbol)

    async def check_status(self) -> None:
        """One request for the whole key: which of the orders we hold open are still open."""
        held = [(worker, order) for worker in self.workers for order in _resting(worker)]
        if not held or self._checking:
            return
        self._checking = True
        try:
            symbols = sorted({order.symbol for _, order in held})
            reports = await self._station.gateway.open_orders(symbols)
        except VenueError as problem:
            self._note_failure(problem)
            return
        finally:
            self._checking = False
        self._note_success()
        shown = {report.client_id: report for report in reports}
        for worker, order in held:
            report = shown.get(order.client_id)
            if report is None:
                worker.check(order)
            elif report.filled > order.reported_filled:
                worker.tell(report)

    async def recover_all(self) -> None:
        """The periodic proof, for every worker of the key."""
        self._recoveries += 1
        for worker in self.workers:
            await self._recover_once(worker, with_funding=self._recoveries % FUNDING_EVERY == 1)

    async def refresh(self, bot_id: int) -> None:
        """Prove one worker's picture now; a venue that is away leaves it as it was."""
        worker = self._workers.get(bot_id)
        if worker is not None:
            await self._recover_once(worker, with_funding=True)

    async def _recover(self, worker: Worker) -> None:
        """Recover one worker, again and again until the venue has answered everything."""
        if worker.bot_id in self._recovering:
            return
        self._recovering.add(worker.bot_id)
        try:
            failures = 0
            while self._workers.get(worker.bot_id) is worker:
                if await self._recover_once(worker, with_funding=True):
                    return
                await self._station.clock.sleep(_wait(failures))
                failures += 1
        finally:
            self._recovering.discard(worker.bot_id)

    async def _recover_once(self, worker: Worker, *, with_funding: bool) -> bool:
        books = worker.bench.books
        since = worker.fills_since
        try:
            found = await recovery.recover(
                gateway=self._station.gateway,
                clock=self._station.clock,
                symbol=worker.symbol,
                live=worker.bench.books.live.values(),
                fills_since=since,
                with_funding=with_funding,
            )
        except VenueError as problem:
            self._note_failure(problem)
            return False
        except Exception:  # the edge of a task; the picture stays as it was, marked as not recovered
            log.exception("bot %s: recovery failed", worker.bot_id)
            return False
        self._note_success()
        for event in found:
            worker.tell(event)
        worker.tell(Recovered())
        seen = [event for event in found if isinstance(event, recovery.PositionSeen)]
        if seen and seen[-1].amount != books.ledger.position:
            self._start(self._look_at_position(worker))
        return True

    async def _look_at_position(self, worker: Worker) -> None:
        """Twice, because a fill may be on its way."""
        for _ in range(2):
            await self._station.clock.sleep(LOOK_TWICE_AFTER)
            try:
                seen = await recovery.see_position(self._station.gateway, self._station.clock, worker.symbol)
            except VenueError as problem:
                self._note_failure(problem)
                return
            worker.tell(seen)

    # The venue itself

    def _note_failure(self, problem: VenueError) -> None:
        if isinstance(problem, BadCredentials):
            self._on_bad_credentials(str(problem))
            return
        self._failures += 1
        log.info("%s: %s", self._station.gateway.venue, problem)
        if self._failures == AWAY_AFTER_FAILURES and self._workers:
            self._away_since = self._station.clock.now()
            self._tell_owner(VenueAway(venue=self._station.gateway.venue))

    def _note_success(self) -> None:
        self._failures = 0
        if self._away_since is not None:
            seconds = int((self._station.clock.now() - self._away_since).total_seconds())
            self._away_since = None
            self._tell_owner(VenueBack(venue=self._station.gateway.venue, seconds=seconds))


def _resting(worker: Worker) -> list[Order]:
    """Orders that the venue has confirmed and that are not final, as far as we know."""
    resting = (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED)
    return [order for order in worker.bench.books.live.values() if order.status in resting]


def _wait(failures: int) -> float:
    return RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)]
