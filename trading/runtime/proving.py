"""Asks the venue what is true of the workers of one key: what streams told is only believed for so long."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trading.core.instrument import MarketKind
from trading.core.orders import Order, OrderStatus
from trading.exchanges.errors import BadCredentials, VenueError
from trading.runtime import recovery
from trading.runtime.events import Recovered
from trading.runtime.reach import Reach
from trading.runtime.station import Station
from trading.runtime.worker import Worker

log = logging.getLogger(__name__)

AGAIN_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before what failed is tried again; the last one for ever after."""

LOOK_AGAIN_AFTER = 3.0
BALANCES_AFTER = 0.2
FUNDING_TOLD_AFTER = timedelta(seconds=30)
"""Venues settle funding on full hours, and list it some seconds later."""


@dataclass(slots=True)
class _Proofs:
    """One worker's, one after the other: two that are read at one time would bear witness for one another.

    ``begun`` counts them. The last one ended so: ``is_whole``; when it began, the worker had so many ``gaps``.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    begun: int = 0
    with_funding: bool = False
    is_whole: bool = False
    gaps: int = 0


class Prover:
    """Proofs for the workers that ``workers`` names. It owns the tasks in which they run."""

    def __init__(
        self,
        station: Station,
        workers: Callable[[], Iterable[Worker]],
        reach: Reach,
        on_bad_credentials: Callable[[str], None],
    ) -> None:
        self._station, self._workers = station, workers
        self._reach, self._on_bad_credentials = reach, on_bad_credentials
        self._jobs: set[asyncio.Task[None]] = set()
        self._recovering: set[Worker] = set()
        self._proofs: weakref.WeakKeyDictionary[Worker, _Proofs] = weakref.WeakKeyDictionary()
        self._doubted: dict[Worker, Decimal] = {}
        self._checking = False
        self._reads_balances = False

    async def close(self) -> None:
        tasks = list(self._jobs)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    # Orders

    async def check_status(self) -> None:
        """One request for the whole key: which of the orders we hold open are still open, and which lost ones rest."""
        held = [(worker, order) for worker in self._workers() for order in _resting(worker)]
        lost = [(worker, order) for worker in self._workers() for order in worker.bench.books.in_flight]
        if not [*held, *lost] or self._checking:
            return
        self._checking = True
        try:
            reports = await self._station.gateway.open_orders(sorted({order.symbol for _, order in [*held, *lost]}))
        except VenueError as problem:
            self.note_failure(problem)
            return
        finally:
            self._checking = False
        self.note_success()
        shown = {report.client_id: report for report in reports}
        has_moved = False
        for worker, order in held:
            report = shown.get(order.client_id)
            if report is None:
                worker.check(order)
            elif report.filled > order.reported_filled:
                worker.tell(report)
            has_moved |= report is None or report.filled > order.reported_filled
        for worker, order in lost:
            if order.client_id in shown:
                worker.tell(shown[order.client_id])
        if has_moved and not self._station.gateway.capabilities.has_private_stream:
            # No stream will say so.
            self.balances_moved()

    # The whole picture

    async def prove_all(self) -> None:
        """The periodic proof, for every worker of the key."""
        settled = (self._station.clock.now() - FUNDING_TOLD_AFTER).replace(minute=0, second=0, microsecond=0)
        for worker in list(self._workers()):
            funded = worker.bench.funded_until
            await self.prove(worker, with_funding=funded is None or funded < settled + FUNDING_TOLD_AFTER)

    def recover(self, worker: Worker) -> None:
        """Prove one worker's picture, again and again until the venue has answered everything."""
        if worker not in self._recovering:
            self._recovering.add(worker)
            self._start(self._recover(worker))

    async def _recover(self, worker: Worker) -> None:
        try:
            failures = 0
            while worker in self._workers():
                gaps = worker.gaps
                if await self.prove(worker, with_funding=True):
                    return
                # A stream that broke meanwhile is no fault of the venue's answers: they are read again soon.
                failures = failures if worker.gaps == gaps else 0
                await self._station.clock.sleep(wait_after(failures))
                failures += 1
        finally:
            self._recovering.discard(worker)

    async def prove(self, worker: Worker, *, with_funding: bool) -> bool:
        """Read one worker's whole picture. False when the venue did not answer, or a stream broke meanwhile.

        Whoever comes while it is being read waits for the next time, and all who wait share that one.
        """
        proofs = self._proofs.setdefault(worker, _Proofs())
        before = proofs.begun
        async with proofs.turn:
            has_enough = proofs.begun > before and proofs.gaps == worker.gaps
            if not has_enough or (with_funding and not proofs.with_funding):
                proofs.begun += 1
                proofs.with_funding, proofs.gaps, proofs.is_whole = with_funding, worker.gaps, False
                proofs.is_whole = await self._prove(worker, with_funding=with_funding)
            return proofs.is_whole

    async def _prove(self, worker: Worker, *, with_funding: bool) -> bool:
        gaps, began_at = worker.gaps, self._station.clock.now()
        is_spot = worker.bench.books.instrument.kind is MarketKind.SPOT
        try:
            found = await recovery.recover(
                inquiry=self._station.inquiry,
                gateway=self._station.gateway,
                clock=self._station.clock,
                symbol=worker.symbol,
                live=worker.bench.books.every_live,
                fills_since=worker.fills_since,
                funding_since=worker.funding_since if with_funding else None,
                with_position=not is_spot,
            )
        except VenueError as problem:
            self.note_failure(problem)
            return False
        except Exception:  # the edge of a task; the picture stays as it was, marked as not recovered
            log.exception("bot %s: recovery failed", worker.bot_id)
            return False
        self.note_success()
        if is_spot and not await self.read_balances():
            return False
        for event in found:
            worker.tell(event)
        if worker.gaps != gaps:
            return False
        worker.tell(Recovered(began_at, with_funding))
        for event in found:
            if isinstance(event, recovery.PositionSeen):
                self.doubt(worker, event.amount)
        return True

    # Balances

    def balances_moved(self) -> None:
        """The venue says so; read them soon, once for all that moves together."""
        if not self._reads_balances:
            self._reads_balances = True
            self._start(self._read_balances_soon())

    async def _read_balances_soon(self) -> None:
        await self._station.clock.sleep(BALANCES_AFTER)
        self._reads_balances = False
        await self.read_balances()

    async def read_balances(self) -> bool:
        """Show the account's balances to the key's spot bots. False when the venue did not answer."""
        spot = [worker for worker in self._workers() if worker.bench.books.instrument.kind is MarketKind.SPOT]
        if not spot:
            return True
        asked_at = self._station.clock.now()
        try:
            account = await self._station.gateway.account()
        except VenueError as problem:
            self.note_failure(problem)
            return False
        for worker in spot:
            worker.see_balances(account.total, asked_at)
        return True

    # The position

    def doubt(self, worker: Worker, position: Decimal) -> None:
        """The venue shows ``position``. Unless that is what our fills give, look again: a fill may be on its way."""
        if worker in self._doubted:
            self._doubted[worker] = position
        elif worker.bench.books.ledger.position != position:
            self._doubted[worker] = position
            self._start(self._look_again(worker))

    async def _look_again(self, worker: Worker) -> None:
        """Prove the whole picture twice: only orders, fills and position together say whose work it was."""
        try:
            seen, rounds = None, 0
            while rounds < 2:
                await self._station.clock.sleep(LOOK_AGAIN_AFTER)
                position = self._doubted[worker]
                if worker.bench.books.ledger.position == position:
                    return
                seen, rounds = position, rounds + 1 if position == seen else 1
                await self.prove(worker, with_funding=False)
        finally:
            del self._doubted[worker]

    # The venue itself

    def note_failure(self, problem: VenueError) -> None:
        if isinstance(problem, BadCredentials):
            self._on_bad_credentials(str(problem))
            return
        log.info("%s: %s", self._station.gateway.venue, problem)
        if list(self._workers()):
            self._reach.failed(problem)

    def note_success(self) -> None:
        self._reach.answered()


def _resting(worker: Worker) -> list[Order]:
    """Orders that the venue has confirmed and that are not final, as far as we know."""
    resting = (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED)
    return [order for order in worker.bench.books.every_live if order.status in resting]


def wait_after(failures: int) -> float:
    return AGAIN_AFTER[min(failures, len(AGAIN_AFTER) - 1)]
