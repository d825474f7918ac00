"""Starts, stops, restores and watches workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from trading.core.bookkeeping import Books
from trading.core.notices import (
    BotPaused,
    KeyInvalid,
    Restored,
    SystemTrouble,
    TradingStalled,
    VenueAway,
)
from trading.core.planning import Mode, Strategy
from trading.exchanges.errors import BadCredentials, VenueError
from trading.runtime.accounts import AccountId, Connector
from trading.runtime.backoffs import Backoffs
from trading.runtime.bench import Bench
from trading.runtime.events import Wish
from trading.runtime.feeds import Feed
from trading.runtime.outbox import Outbox
from trading.runtime.station import RuntimeLimits, Station
from trading.runtime.timers import Timers
from trading.runtime.worker import Worker
from trading.storage import Storage, bots, fills, keys, orders, samples
from trading.storage.records import BotRecord, SampleRecord

log = logging.getLogger(__name__)

STATUS_CHECK_SECONDS = 2.0
QUIET_BOOK_SECONDS = 5.0
RECOVERY_SECONDS = 60.0
WATCHDOG_SECONDS = 30.0
SAMPLE_SECONDS = 60.0
CONNECT_AGAIN_SECONDS = 5.0
WITHDRAW_WITHIN_SECONDS = 4.0
RESTORED_WITHIN_SECONDS = 60.0
"""The summary after a restart waits so long for venues that are away."""


@dataclass
class _Room:
    """One account that is in use: its station, its streams, the tasks of its workers."""

    station: Station
    feed: Feed
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)


class Supervisor:
    """Owner of every worker and every feed of this process."""

    def __init__(
        self,
        *,
        storage: Storage,
        connector: Connector,
        strategies: Mapping[str, Strategy],
        timers: Timers,
        limits: RuntimeLimits,
        outbox: Outbox,
    ) -> None:
        self._storage, self._connector, self._strategies = storage, connector, strategies
        self._timers, self._limits, self._outbox = timers, limits, outbox
        self._rooms: dict[AccountId, _Room] = {}
        self._opening: dict[AccountId, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._storage_failed = False
        self._stalled_since: dict[int, datetime] = {}
        self._stall_told: set[int] = set()
        self._is_closing = False

    # Starting

    async def restore(self) -> None:
        """Take up every bot that was active. Returns at once; venues are reached in the background."""
        active = await self._storage.read(bots.active_bots)
        by_account: dict[AccountId, list[BotRecord]] = {}
        for record in active:
            by_account.setdefault(AccountId.of(record), []).append(record)
        for account, records in by_account.items():
            self._start(self._restore_account(account, records))

    async def _restore_account(self, account: AccountId, records: list[BotRecord]) -> None:
        await self._tell_restored(account, len(records), await self._take_up(account, records))

    async def _take_up(self, account: AccountId, records: list[BotRecord]) -> list[Worker]:
        """Run stored bots, however long their venue is away. None when their key is refused."""
        away = False
        while True:
            try:
                room = await self._room(account)
                return [await self._start_worker(room, record) for record in records]
            except BadCredentials as problem:
                await self._refuse_key(account, records, str(problem))
                return []
            except VenueError as problem:
                log.warning("account %s: %s", account.name, problem)
                if not away:
                    away = True
                    await self._outbox.tell(account.user_id, [VenueAway(venue=records[0].venue)])
                await asyncio.sleep(CONNECT_AGAIN_SECONDS)

    async def _tell_restored(self, account: AccountId, expected: int, workers: list[Worker]) -> None:
        deadline = asyncio.get_running_loop().time() + RESTORED_WITHIN_SECONDS
        for worker in workers:
            remaining = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(worker.recovered.wait(), max(0.0, remaining))
            except TimeoutError:
                continue
        back = [worker for worker in workers if worker.recovered.is_set()]
        fact = Restored(
            bots=len(back),
            orders=sum(len(worker.bench.books.live) for worker in back),
            fills=sum(worker.bench.fills_caught_up for worker in back),
            lost=expected - len(back),
        )
        await self._outbox.tell(account.user_id, [fact])

    async def launch(self, record: BotRecord) -> None:
        """Run a bot that is stored as active. Raises VenueError when its venue cannot be reached."""
        room = await self._room(AccountId.of(record))
        await self._start_worker(room, record)

    def launch_later(self, record: BotRecord, problem: VenueError | None = None) -> None:
        """Run a bot that is stored as active as soon as its venue answers."""
        if problem is not None:
            log.warning("bot %s waits for its venue: %s", record.id, problem)
        self._start(self._take_up(AccountId.of(record), [record]))

    async def station(self, account: AccountId) -> Station:
        """The account's gateway with what belongs to it, opened when needed. Raises VenueError."""
        return (await self._room(account)).station

    async def _room(self, account: AccountId) -> _Room:
        async with self._opening.setdefault(account, asyncio.Lock()):
            if account not in self._rooms:
                gateway, clock = await self._connector.connect(account)
                station = Station(gateway, clock, self._timers, self._storage, self._limits)
                feed = Feed(
                    station,
                    lambda fact: self._start(self._outbox.tell(account.user_id, [fact])),
                    lambda detail: self._start(self._credentials_failed(account, detail)),
                )
                self._rooms[account] = _Room(station, feed)
                self._timers.every(f"status {account.name}", clock, STATUS_CHECK_SECONDS, feed.check_status)
                self._timers.every(f"books {account.name}", clock, QUIET_BOOK_SECONDS, feed.poll_quiet_books)
                self._timers.every(f"recovery {account.name}", clock, RECOVERY_SECONDS, feed.recover_all)
            return self._rooms[account]

    async def _start_worker(self, room: _Room, record: BotRecord) -> Worker:
        instrument = await room.station.gateway.instrument(record.symbol)
        strategy = self._strategies[record.strategy]
        state = strategy.state_model.model_validate_json(record.state)
        scope = strategy.scope(state)
        live, finals, trades, payments, backoffs, last = await self._storage.read(
            lambda c: (
                orders.live_orders(c, record.id),
                orders.finals_in_scope(c, record.id, scope),
                fills.known_trade_ids(c, record.id),
                fills.funding_of(c, record.id),
                bots.load_backoffs(c, record.id),
                fills.last_fill_at(c, record.id),
            )
        )
        books = Books.restore(instrument, record.ledger, live, finals, trades, {paid.funding_id for paid in payments})
        bench = Bench.restore(
            record,
            strategy,
            books,
            Backoffs(record.id, backoffs),
            epoch=self._storage.epoch,
            errors_before_pause=self._limits.errors_before_pause,
        )
        bench.last_fill_at = last
        account = AccountId.of(record)
        worker = Worker(
            bench,
            room.station,
            on_bad_credentials=lambda detail: self._start(self._credentials_failed(account, detail)),
            on_storage=self._note_storage,
        )
        task = asyncio.create_task(self._watch(room, worker), name=f"bot {record.id}")
        room.tasks[record.id] = task
        room.feed.join(worker)
        return worker

    async def _watch(self, room: _Room, worker: Worker) -> None:
        """Run a worker to its end. A crash stops only this bot, with an alarm and its orders kept."""
        try:
            await worker.run()
        except asyncio.CancelledError:
            raise
        except Exception as crash:  # the edge of a bot: its defect must not reach another
            log.exception("bot %s crashed", worker.bot_id)
            await self._note_crash(worker, type(crash).__name__)
        finally:
            room.feed.leave(worker)
            if room.tasks.get(worker.bot_id) is asyncio.current_task():
                del room.tasks[worker.bot_id]
            self._outbox.wake()

    async def _note_crash(self, worker: Worker, detail: str) -> None:
        fact = BotPaused(symbol=worker.symbol, cause="crash", detail=detail)

        record = await self._storage.read(lambda connection: bots.find_bot(connection, worker.bot_id))
        if record is None:
            return
        crashed = replace(record, mode=Mode.NO_ENTRIES, cause="crash", last_error=detail)
        await self._update_bot(crashed)
        await self._outbox.tell(worker.bench.record.user_id, [fact], worker.bot_id)

    # Steering

    def worker(self, bot_id: int) -> Worker | None:
        """The running worker of a bot, None when it does not run here."""
        for room in self._rooms.values():
            if bot_id in room.tasks:
                return next((worker for worker in room.feed.workers if worker.bot_id == bot_id), None)
        return None

    def workers(self) -> Iterable[Worker]:
        return [worker for room in self._rooms.values() for worker in room.feed.workers]

    def venues_away(self) -> tuple[str, ...]:
        return tuple(room.station.gateway.venue for room in self._rooms.values() if room.feed.is_away)

    async def refresh(self, bot_id: int) -> None:
        """Ask the venue what is true of one bot now. Raises nothing: a venue that is away leaves the old picture."""
        for room in self._rooms.values():
            if bot_id in room.tasks:
                await room.feed.refresh(bot_id)

    async def close_account(self, account: AccountId) -> None:
        """End an account's streams; its bots must have ended before."""
        room = self._rooms.pop(account, None)
        if room is not None:
            await self._close_room(account, room)

    async def close(self, *, cancel_entries: bool = False) -> None:
        """Stop cleanly: intents flushed, streams closed. Orders stay; entries are canceled first if told so."""
        if cancel_entries and self._rooms:
            withdrawing = [worker.withdraw_entries() for worker in self.workers()]
            try:
                await asyncio.wait_for(asyncio.gather(*withdrawing), WITHDRAW_WITHIN_SECONDS)
            except TimeoutError:
                log.warning("some entries could not be canceled in time; they stay on the venue")
        self._is_closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        rooms, self._rooms = self._rooms, {}
        await asyncio.gather(*(self._close_room(account, room) for account, room in rooms.items()))

    async def _close_room(self, account: AccountId, room: _Room) -> None:
        self._timers.cancel(f"status {account.name}")
        self._timers.cancel(f"books {account.name}")
        self._timers.cancel(f"recovery {account.name}")
        tasks = list(room.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await room.feed.close()
        await room.station.gateway.close()

    # Watching

    async def watchdog(self) -> None:
        """Tell about bots that have not been able to trade for too long."""
        for worker in self.workers():
            clock, record = worker.clock, worker.bench.record
            if worker.can_trade() or record.mode is not Mode.RUNNING:
                self._stalled_since.pop(worker.bot_id, None)
                self._stall_told.discard(worker.bot_id)
                continue
            since = self._stalled_since.setdefault(worker.bot_id, clock.now())
            stalled = clock.now() - since
            if stalled >= self._limits.stalled_after and worker.bot_id not in self._stall_told:
                self._stall_told.add(worker.bot_id)
                fact = TradingStalled(symbol=record.symbol, minutes=int(stalled.total_seconds() // 60))
                await self._outbox.tell(record.user_id, [fact], worker.bot_id)

    async def sample(self) -> None:
        """Store each bot's equity, for drawdown and pictures."""
        taken = []
        for worker in self.workers():
            book = worker.bench.market.get("")
            mid = book[0].mid if book else None
            if mid is None:
                continue
            ledger, record = worker.bench.books.ledger, worker.bench.record
            body = {"net": str(ledger.net), "unrealized": str(ledger.unrealized(mid)), "price": str(mid)}
            taken.append(SampleRecord(record.id, record.user_id, "equity", worker.clock.now(), body))
        if taken:
            await self._storage.write(lambda connection: samples.add_samples(connection, taken))

    async def _credentials_failed(self, account: AccountId, detail: str) -> None:
        """The venue refused the key: its bots take no new entries, their orders stay, the owner is told once."""
        room = self._rooms.get(account)
        if room is None or account.key_id is None:
            return
        for worker in room.feed.workers:
            record = worker.bench.record
            if record.mode is Mode.RUNNING:
                await worker.wish(Wish(mode=Mode.NO_ENTRIES, cause="credentials"))
        await self._mark_key_invalid(account, detail)

    async def _refuse_key(self, account: AccountId, records: Iterable[BotRecord], detail: str) -> None:
        for record in records:
            held = replace(record, mode=Mode.NO_ENTRIES, cause="credentials", last_error=detail)
            await self._update_bot(held)
        await self._mark_key_invalid(account, detail)

    async def _update_bot(self, record: BotRecord) -> None:
        await self._storage.write(lambda connection: bots.update_bot(connection, record))

    async def _mark_key_invalid(self, account: AccountId, detail: str) -> None:
        if account.key_id is None:
            return
        key = await self._storage.read(lambda connection: keys.find_key(connection, account.key_id or 0))
        if key is None or key.status == "invalid":
            return
        await self._storage.write(lambda connection: keys.set_key_status(connection, key.id, "invalid"))
        await self._outbox.tell(account.user_id, [KeyInvalid(venue=key.venue, label=key.label, detail=detail)])

    def _note_storage(self, failed: bool) -> None:
        if failed == self._storage_failed:
            return
        self._storage_failed = failed
        if failed:
            log.critical("the database does not take writes: trading actions wait")
            self._start(self._outbox.tell_admins([SystemTrouble(what="database", detail="writes fail; trading waits")]))

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a task of the supervisor failed", exc_info=task.exception())

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        if self._is_closing:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
