"""What is wrong with a bot for a while, and is told once: it cannot trade, waits for a price, or loses its deposit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.notices import BookFresh, BookStale, Drawdown, TradingGoesOn, TradingStalled
from trading.core.telling import Notice, Topic
from trading.runtime.worker import Worker
from trading.storage import Storage, samples

OVER_AGAIN_PART = Decimal("0.75")
"""A drawdown that has shrunk to this part of the limit is over, and the next one is told again."""
_CENT = Decimal("0.01")

Told = tuple[Worker, Notice]


class StallAlarm:
    """Bots that could not trade for ``after``, whatever keeps them from it."""

    def __init__(self, after: timedelta) -> None:
        self._after = after
        self._since: dict[int, datetime] = {}
        self._told: set[int] = set()

    def look(self, workers: Iterable[Worker]) -> list[Told]:
        """What is to be told now of these workers, which are all that there are."""
        here = {worker.bot_id: worker for worker in workers}
        found = [fact for worker in here.values() if (fact := self._look_at(worker, worker.clock.now()))]
        self._since = {bot_id: since for bot_id, since in self._since.items() if bot_id in here}
        self._told &= here.keys()
        return found

    def _look_at(self, worker: Worker, now: datetime) -> Told | None:
        bot_id = worker.bot_id
        if worker.can_trade():
            since = self._since.pop(bot_id, now)
            if bot_id not in self._told:
                return None
            self._told.discard(bot_id)
            return worker, TradingGoesOn(symbol=worker.symbol, seconds=_seconds(since, now))
        lasted = now - self._since.setdefault(bot_id, now)
        if bot_id in self._told or lasted < self._after:
            return None
        self._told.add(bot_id)
        return worker, TradingStalled(symbol=worker.symbol, minutes=int(lasted.total_seconds() // 60))


class StaleAlarm:
    """Books of bots' own markets. What a strategy looks at besides, it tells of itself.

    While the venue does not answer at all, that is told, and not every bot's book.
    """

    def __init__(self, is_away: Callable[[Worker], bool]) -> None:
        self._is_away = is_away
        self._since: dict[int, datetime] = {}
        self._told: set[int] = set()

    def look(self, workers: Iterable[Worker]) -> list[Told]:
        """What is to be told now of these workers, which are all that there are."""
        found: list[Told] = []
        here: set[int] = set()
        for worker in workers:
            here.add(worker.bot_id)
            found += self._look_at(worker, worker.clock.now())
        self._since = {bot_id: since for bot_id, since in self._since.items() if bot_id in here}
        self._told &= here
        return found

    def _look_at(self, worker: Worker, now: datetime) -> list[Told]:
        bot_id, limits = worker.bot_id, worker.limits
        if "" not in worker.bench.quiet_books(now - limits.stale_after):
            since = self._since.pop(bot_id, None)
            if bot_id not in self._told or since is None:
                return []
            self._told.discard(bot_id)
            return [(worker, BookFresh(symbol=worker.symbol, seconds=_seconds(since, now)))]
        book = worker.bench.market.get("")
        since = self._since.setdefault(bot_id, book[1] if book else now)
        if bot_id in self._told or self._is_away(worker) or now - since < limits.stale_told_after:
            return []
        self._told.add(bot_id)
        return [(worker, BookStale(symbol=worker.symbol, seconds=_seconds(since, now)))]


class DrawdownAlarm:
    """How far a bot's worth (realized and open profit) fell from its highest since it was started.

    Bots whose strategy tells of drawdown by its own rules are left to it.
    """

    def __init__(self, limit_percent: Decimal, storage: Storage) -> None:
        self._limit, self._storage = limit_percent, storage
        self._peaks: dict[tuple[int, datetime], Decimal] = {}
        self._told: set[int] = set()

    async def look(self, workers: Iterable[Worker]) -> list[Told]:
        found: list[Told] = []
        peaks: dict[tuple[int, datetime], Decimal] = {}
        for worker in workers:
            worth, record = _worth(worker), worker.bench.record
            if _tells_itself(worker) or not record.deposit:
                continue
            run = (worker.bot_id, record.started_at or record.created_at)
            if worth is None:
                peaks |= {run: self._peaks[run]} if run in self._peaks else {}
                continue
            peak = self._peaks[run] if run in self._peaks else await self._highest(*run, worth)
            peaks[run] = max(peak, worth)
            found += self._look_at(worker, peaks[run] - worth)
        self._peaks = peaks
        self._told &= {bot_id for bot_id, _ in peaks}
        return found

    def _look_at(self, worker: Worker, loss: Decimal) -> list[Told]:
        percent = loss * 100 / worker.bench.record.deposit
        if worker.bot_id in self._told:
            if percent < self._limit * OVER_AGAIN_PART:
                self._told.discard(worker.bot_id)
            return []
        if percent <= self._limit:
            return []
        self._told.add(worker.bot_id)
        alert = Drawdown(symbol=worker.symbol, loss=loss, percent_of_deposit=percent.quantize(_CENT))
        return [(worker, alert)]

    async def _highest(self, bot_id: int, since: datetime, now: Decimal) -> Decimal:
        """What the bot was worth at its best, by the samples that are kept; ``now`` where there are none."""
        taken = await self._storage.read(lambda c: samples.samples_of(c, bot_id, "equity", since))
        worths = [Decimal(str(each.body["net"])) + Decimal(str(each.body["unrealized"])) for each in taken]
        return max(worths, default=now)


def _worth(worker: Worker) -> Decimal | None:
    """None while no price is known that can be trusted."""
    found = worker.bench.market.get("")
    if found is None or found[0].mid is None or worker.clock.now() - found[1] > worker.limits.stale_after:
        return None
    ledger = worker.bench.books.ledger
    return ledger.net + ledger.unrealized(found[0].mid)


def _tells_itself(worker: Worker) -> bool:
    return any(kind.topic == Topic.DRAWDOWN for kind in worker.bench.strategy.notices)


def _seconds(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds())
