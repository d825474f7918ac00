"""One set of streams for each key, shared by its workers; polling where a book's stream is missing or silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from trading.core.client_ids import parse_client_id
from trading.core.market import Book
from trading.core.orders import Fill, OrderReport
from trading.core.planning import Reference
from trading.exchanges.errors import BadCredentials, VenueError
from trading.exchanges.gateway import BalanceChanged, Gateway, PositionChanged, PrivateEvent
from trading.runtime.events import GapOpened
from trading.runtime.proving import Prover, wait_after
from trading.runtime.reach import Reach
from trading.runtime.station import Station
from trading.runtime.worker import Worker

log = logging.getLogger(__name__)

QUIET_PART = 3
"""A book is asked for after this part of the time after which it is stale."""


class Feed:
    """The streams of one key. It owns every task of them; ``reach`` learns whether the venue answers."""

    def __init__(self, station: Station, reach: Reach, on_bad_credentials: Callable[[str], None]) -> None:
        self._station, self._on_bad_credentials = station, on_bad_credentials
        self._workers: dict[int, Worker] = {}
        self._followed: dict[int, frozenset[Reference]] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.prover = Prover(station, lambda: self.workers, reach, on_bad_credentials)

    @property
    def workers(self) -> Iterable[Worker]:
        return list(self._workers.values())

    # Who listens

    def join(self, worker: Worker) -> None:
        """Begin to serve a worker: its market's book, its orders, and first of all its recovery."""
        others = self._on(worker.symbol)
        self._workers[worker.bot_id] = worker
        for other in others:
            if "" in other.bench.market:
                worker.see_book("", *other.bench.market[""])
        if not others:
            self._stream(f"book {worker.symbol}", self._follow_book(worker.symbol))
            # The private stream begins anew for the new symbol; for the others that is a gap like any other.
            self._open_gap()
            self._stream("private", self._follow_private())
            self._recover_all()
        self._follow_references(worker, worker.references)
        self.prover.recover(worker)

    def leave(self, worker: Worker) -> None:
        """End what was there for this worker only."""
        if self._workers.get(worker.bot_id) is worker:
            del self._workers[worker.bot_id]
        self._follow_references(worker, ())
        if not self._on(worker.symbol):
            self._end_stream(f"book {worker.symbol}")
        if not self._workers:
            self._end_stream("private")

    async def close(self) -> None:
        self._streams.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.prover.close()

    def _stream(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._end_stream(name)
        task = self._streams[name] = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end_stream(self, name: str) -> None:
        if name in self._streams:
            self._streams.pop(name).cancel()

    def _follow_references(self, worker: Worker, wanted: Iterable[Reference]) -> None:
        """Begin to follow those that are new, and end those that are no longer wanted: an edit may change them."""
        before, now = self._followed.pop(worker.bot_id, frozenset()), frozenset(wanted)
        if now:
            self._followed[worker.bot_id] = now
        for gone in before - now:
            self._end_stream(f"reference {worker.bot_id} {gone.name}")
        for new in now - before:
            self._stream(f"reference {worker.bot_id} {new.name}", self._follow_reference(worker, new))

    # Streams

    async def _follow_private(self) -> None:
        """Where the venue has no such stream, orders are asked for as often as they are where it is silent."""
        if not self._station.gateway.capabilities.has_private_stream:
            return
        failures = 0
        while True:
            symbols = sorted({worker.symbol for worker in self._workers.values()})
            is_up = False
            try:
                async for event in self._station.gateway.watch_private(symbols):
                    if not is_up and failures:
                        # What came between the last look and now was heard by nobody.
                        self._open_gap()
                        self._recover_all()
                    is_up, failures = True, 0
                    self._route(event)
            except BadCredentials as problem:
                self._on_bad_credentials(str(problem))
            except VenueError as problem:
                log.info("%s: private stream: %s", self._station.gateway.venue, problem)
            except Exception:  # the edge of a task: a stream that dies of a defect must come back
                log.exception("%s: private stream failed", self._station.gateway.venue)
            if is_up:
                self._station.meter.gaps[self._station.gateway.venue, "private"] += 1
                self._open_gap()
            # At once, by request: a position must not wait for its take-profit until the stream is back. A stream that
            # could not be had tells nothing that was missed, and must not discard the proof under way.
            self._recover_all()
            await self._station.clock.sleep(wait_after(failures))
            failures += 1
            self._recover_all()

    def _open_gap(self) -> None:
        for worker in self.workers:
            worker.gaps += 1
            worker.tell(GapOpened())

    def _recover_all(self) -> None:
        for worker in self.workers:
            self.prover.recover(worker)

    async def _follow_book(self, symbol: str) -> None:
        await self._follow(self._station.gateway, symbol, self._shower(symbol))

    async def _follow_reference(self, worker: Worker, reference: Reference) -> None:
        """Another market's book, for one worker. While its venue cannot be reached the book is stale."""
        failures = 0
        while (gateway := await self._gateway_of(reference)) is None:
            await self._station.clock.sleep(wait_after(failures))
            failures += 1
        await self._follow(gateway, reference.symbol, self._reference_shower(worker, reference))

    async def _gateway_of(self, reference: Reference) -> Gateway | None:
        """Where a reference is looked at; None while its venue cannot be reached."""
        try:
            return await self._station.public(reference.venue) if reference.venue else self._station.gateway
        except (VenueError, KeyError) as problem:
            log.info("reference %s: %s", reference.venue, problem)
            return None

    async def _follow(self, gateway: Gateway, symbol: str, show: Callable[[Book], None]) -> None:
        failures = 0
        while True:
            try:
                async for book in gateway.watch_book(symbol):
                    failures = 0
                    show(book)
            except (VenueError, KeyError) as problem:
                log.info("%s: book of %s: %r", gateway.venue, symbol, problem)
            except Exception:  # as above
                log.exception("%s: book of %s failed", gateway.venue, symbol)
            self._station.meter.gaps[gateway.venue, "book"] += 1
            await self._poll_book(gateway, symbol, show)
            await self._station.clock.sleep(wait_after(failures))
            failures += 1

    async def poll_quiet_books(self) -> None:
        """Ask for a book that has not moved for long where a plan waits for a price, or will look at one before the
        next round: quiet is not the same as stale.
        """
        now, part = self._station.clock.now(), self._station.limits.stale_after / QUIET_PART
        quiet = {worker: worker.bench.quiet_books(now - part, now + part) for worker in self.workers}
        asked = {worker.symbol for worker, names in quiet.items() if "" in names or worker.bench.waits_for_newer_book}
        for symbol in sorted(asked):
            await self._poll_book(self._station.gateway, symbol, self._shower(symbol))
        for worker, names in quiet.items():
            self._follow_references(worker, worker.references)
            for reference in worker.references:
                gateway = await self._gateway_of(reference) if reference.name in names else None
                if gateway is not None:
                    await self._poll_book(gateway, reference.symbol, self._reference_shower(worker, reference))

    async def poll_impatient(self) -> None:
        """The same for the references of strategies that mind the age of a book sooner than the house does."""
        now = self._station.clock.now()
        for worker in self.workers:
            for reference in worker.references:
                if reference.patience is None:
                    continue
                part = min(reference.patience, self._station.limits.stale_after) / QUIET_PART
                if reference.name not in worker.bench.quiet_books(now - part, now + part):
                    continue
                gateway = await self._gateway_of(reference)
                if gateway is not None:
                    await self._poll_book(gateway, reference.symbol, self._reference_shower(worker, reference))

    async def _poll_book(self, gateway: Gateway, symbol: str, show: Callable[[Book], None]) -> None:
        try:
            show(await gateway.book(symbol))
        except (VenueError, KeyError) as problem:
            log.info("%s: book of %s by request: %r", gateway.venue, symbol, problem)

    def _shower(self, symbol: str) -> Callable[[Book], None]:
        def show(book: Book) -> None:
            for worker in self._on(symbol):
                worker.see_book("", book, self._station.clock.now())

        return show

    def _reference_shower(self, worker: Worker, reference: Reference) -> Callable[[Book], None]:
        def show(book: Book) -> None:
            if reference in worker.references:
                worker.see_book(reference.name, book, self._station.clock.now())

        return show

    # Who is meant

    def _route(self, event: PrivateEvent) -> None:
        match event:
            case OrderReport(client_id=client_id, symbol=symbol) | Fill(client_id=client_id, symbol=symbol):
                for worker in self._meant(client_id, symbol):
                    worker.tell(event)
            case PositionChanged(position):
                for worker in self._on(position.symbol):
                    self.prover.doubt(worker, position.amount)
            case BalanceChanged():
                self.prover.balances_moved()

    def _on(self, symbol: str) -> list[Worker]:
        return [worker for worker in self._workers.values() if worker.symbol == symbol]

    def _meant(self, client_id: str | None, symbol: str) -> list[Worker]:
        ours = parse_client_id(client_id) if client_id else None
        if ours is None:
            return self._on(symbol)
        worker = self._workers.get(ours.bot_id)
        return [worker] if worker else []
