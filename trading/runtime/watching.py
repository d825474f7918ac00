"""Looks at the workers from time to time: who cannot trade, and what everybody's position is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from trading.runtime.alarms import DrawdownAlarm, StaleAlarm, StallAlarm
from trading.runtime.outbox import Outbox
from trading.runtime.station import RuntimeLimits
from trading.runtime.worker import Worker
from trading.storage import Connection, Storage, samples
from trading.storage.bots import find_bot
from trading.storage.records import SampleRecord

WATCHDOG_SECONDS = 30.0
SAMPLE_SECONDS = 60.0


class Watch:
    """Watches the workers that ``workers`` names, each by its own clock; ``is_away``: its venue does not answer."""

    def __init__(
        self,
        workers: Callable[[], Iterable[Worker]],
        is_away: Callable[[Worker], bool],
        storage: Storage,
        outbox: Outbox,
        limits: RuntimeLimits,
    ) -> None:
        self._workers, self._storage, self._outbox = workers, storage, outbox
        self._stalls = StallAlarm(limits.stalled_after)
        self._stale = StaleAlarm(is_away)
        self._falls = DrawdownAlarm(limits.drawdown_percent, storage)
        self._at_work: Mapping[int, Worker] = {}
        """Those that the last sample was of."""

    async def watchdog(self) -> None:
        """Tell, once each, about bots that cannot trade, wait for a price, or have lost much of their deposit."""
        workers = list(self._workers())
        found = (*self._stalls.look(workers), *self._stale.look(workers), *await self._falls.look(workers))
        for worker, fact in found:
            await self._outbox.tell(worker.bench.record.user_id, [fact], worker.bot_id)

    async def sample(self) -> None:
        """Store each bot's equity, for drawdown and pictures; once more after its end, when its last trade is in it."""
        workers = {worker.bot_id: worker for worker in self._workers()}
        ended = [worker for bot_id, worker in self._at_work.items() if bot_id not in workers]
        taken = [sample for worker in workers.values() if (sample := _equity(worker))]
        last = [sample for worker in ended if (sample := _equity(worker))]

        def store(connection: Connection) -> None:
            # Whoever has ended may be deleted by now.
            there = [sample for sample in last if find_bot(connection, sample.bot_id, sample.user_id) is not None]
            samples.add_samples(connection, [*taken, *there])

        if taken or last:
            await self._storage.write(store)
        self._at_work = workers


def _equity(worker: Worker) -> SampleRecord | None:
    """None where no price is known."""
    book = worker.bench.market.get("")
    mid = book[0].mid if book else None
    if mid is None:
        return None
    ledger, record = worker.bench.books.ledger, worker.bench.record
    body = {"net": str(ledger.net), "unrealized": str(ledger.unrealized(mid)), "price": str(mid)}
    return SampleRecord(record.id, record.user_id, samples.EQUITY, worker.clock.now(), body)
