"""Starts, stops, restores and watches workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from trading.clock import Clock, SystemClock
from trading.core.planning import Mode, Strategy
from trading.exchanges.errors import BadCredentials, Crowded, VenueError
from trading.exchanges.limiter import Figures
from trading.metering import Meter
from trading.runtime.accounts import AccountId, Connector
from trading.runtime.events import Wish, WorkerEnded
from trading.runtime.falling import Falls
from trading.runtime.holding import mark_key_invalid, refuse_key
from trading.runtime.loading import Loader
from trading.runtime.outbox import Outbox
from trading.runtime.restoring import tell_restored
from trading.runtime.rooms import Room, Rooms
from trading.runtime.station import RuntimeLimits, Station
from trading.runtime.timers import Timers
from trading.runtime.troubles import Troubles
from trading.runtime.watching import Watch
from trading.runtime.worker import Worker
from trading.storage import Storage, StorageFailed, bots
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

CONNECT_AGAIN_SECONDS = 5.0
WITHDRAW_WITHIN_SECONDS = 4.0


class Supervisor:
    """Owner of every worker and every feed of this process. ``clock`` is its own; accounts bring theirs."""

    def __init__(
        self,
        *,
        storage: Storage,
        connector: Connector,
        strategies: Mapping[str, Strategy],
        timers: Timers,
        limits: RuntimeLimits,
        outbox: Outbox,
        clock: Clock | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._storage, self._outbox = storage, outbox
        self._clock = clock or SystemClock()
        self.meter = meter or Meter()
        self._rooms = Rooms(
            connector,
            storage,
            timers,
            limits,
            self.meter,
            self._clock,
            tell_owner=lambda account, fact: self._start(outbox.tell(account.user_id, [fact])),
            on_bad_credentials=self._note_bad_credentials,
        )
        self._tasks: set[asyncio.Task[object]] = set()
        self._troubles = Troubles(outbox, self._clock.now)
        self._cannot_store: set[int] = set()
        """Bots that cannot store what they did."""
        self._loader = Loader(strategies)
        self._falls = Falls(
            self._rooms,
            storage,
            outbox,
            self._clock,
            start=self._start,
            take_up=lambda record: self._take_up(AccountId.of(record), [record]),
            on_bad_credentials=lambda room, detail: self._note_bad_credentials(room.account, detail),
        )
        self._refused: set[AccountId] = set()
        """Accounts whose key was refused, while that is being noted: many requests hear of it at once."""
        self._watch = Watch(self._rooms.workers, self._rooms.is_away, storage, outbox, limits)
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
        taken_up = await self._take_up(account, records)
        await tell_restored(self._outbox, account, len(records), taken_up)

    async def _take_up(self, account: AccountId, records: list[BotRecord]) -> list[Worker]:
        """Run stored bots, however long their venue is away; each is tried until it runs or is known not to. None when
        their key is refused.
        """
        reach = self._rooms.reach(account, records[0].venue)
        waiting, started = list(records), list[Worker | None]()
        while True:
            try:
                room = await self._rooms.open(account)
                while waiting:
                    started.append(await self._start_or_note(room, waiting[0]))
                    del waiting[0]
                reach.answered()
                return [worker for worker in started if worker is not None]
            except BadCredentials as problem:
                await refuse_key(self._storage, self._outbox, account, records, str(problem))
                return []
            except StorageFailed:
                log.exception("account %s: its bots cannot be read", account.name)
            except VenueError as problem:
                log.warning("account %s: %s", account.name, problem)
                room_there = self._rooms.find(account)
                if room_there is None or not room_there.feed.workers:
                    # Where others of the account work, it is they who know.
                    reach.lost(problem)
            await self._clock.sleep(CONNECT_AGAIN_SECONDS)

    async def _start_or_note(self, room: Room, record: BotRecord) -> Worker | None:
        """A bot that cannot be started stops nobody but itself."""
        try:
            return await self._start_worker(room, record)
        except (VenueError, StorageFailed):
            raise
        except Exception as defect:  # the edge of a bot
            await self._falls.not_loaded(room, record, defect)
            return None

    async def launch(self, record: BotRecord) -> None:
        """Run a bot that is stored as active. Raises VenueError when its venue cannot be reached, StorageFailed."""
        room = await self._rooms.open(AccountId.of(record))
        await self._start_worker(room, record)

    def launch_later(self, record: BotRecord, problem: VenueError | None = None) -> None:
        """Run a bot that is stored as active as soon as its venue answers, by what is stored of it then."""
        if problem is not None:
            log.warning("bot %s waits for its venue: %s", record.id, problem)
        self._start(self._take_up(AccountId.of(record), [record]))

    def note_change(self, bot_id: int) -> None:
        """What is stored of a bot that does not run was changed: a worker that is being started begins with that."""
        self._loader.changed(bot_id)

    async def station(self, account: AccountId) -> Station:
        """The account's gateway with what belongs to it, opened when needed. Raises VenueError."""
        return (await self._rooms.open(account)).station

    async def _start_worker(self, room: Room, record: BotRecord) -> Worker | None:
        """Run a bot by what is stored of it now. None when that says that it is not active any more."""
        async with room.starting:
            if self._rooms.find(room.account) is not room:
                raise Crowded("the account is being connected anew")
            task, running = room.tasks.get(record.id), self.worker(record.id)
            if running is not None and running.is_at_work:
                return running
            if task is not None:
                await asyncio.wait([task])
            bench = await self._loader.load(record.id, room.station)
            if bench is None:
                return None
            worker = Worker(
                bench,
                room.station,
                on_bad_credentials=lambda detail: self._note_bad_credentials(room.account, detail),
                on_storage=lambda failed: self._note_storage(record.id, failed),
            )
            room.tasks[record.id] = asyncio.create_task(self._run(room, worker), name=f"bot {record.id}")
            room.feed.join(worker)
            return worker

    async def _run(self, room: Room, worker: Worker) -> None:
        """Run a worker to its end. A crash stops only this bot, with an alarm and its orders kept."""
        try:
            await worker.run()
        except asyncio.CancelledError:
            raise
        except Exception as crash:  # the edge of a bot: its defect must not reach another
            await self._falls.crashed(room, worker.bench.record, crash)
        finally:
            room.feed.leave(worker)
            self._note_storage(worker.bot_id, failed=False)
            if room.tasks.get(worker.bot_id) is asyncio.current_task():
                del room.tasks[worker.bot_id]
            self._outbox.wake()

    # Steering

    def worker(self, bot_id: int) -> Worker | None:
        """The running worker of a bot, None when it does not run here."""
        room = self._rooms.of_bot(bot_id)
        return room.worker(bot_id) if room is not None else None

    async def has_ended(self, bot_id: int, within: float) -> bool:
        """Whether no worker of the bot runs any more, waited for ``within`` seconds of the machine's time."""
        room = self._rooms.of_bot(bot_id)
        return room is None or bool((await asyncio.wait([room.tasks[bot_id]], timeout=within))[0])

    def workers(self) -> Iterable[Worker]:
        return self._rooms.workers()

    def venues_away(self) -> tuple[str, ...]:
        return self._rooms.venues_away()

    def budgets(self) -> Sequence[tuple[AccountId, str, str, Figures]]:
        """The request budgets of the accounts in use: whose, at which venue, of which channel."""
        return [
            (room.account, room.station.gateway.venue, channel, figures)
            for room in self._rooms
            for channel, figures in room.station.gateway.budgets().items()
        ]

    async def refresh(self, bot_id: int) -> None:
        """Ask the venue what is true of one bot now. Raises nothing: a venue that is away leaves the old picture."""
        room = self._rooms.of_bot(bot_id)
        worker = room.worker(bot_id) if room is not None else None
        if room is not None and worker is not None:
            await room.feed.prover.prove(worker, with_funding=True)

    async def close_account(self, account: AccountId) -> None:
        """End an account's streams; its bots must have ended before."""
        await self._rooms.close(account)

    async def renew_account(self, account: AccountId, change: Callable[[], Awaitable[None]]) -> None:
        """End an account, whose bots must have ended, and change what is stored of it while nobody can open it."""
        await self._rooms.renew(account, change)

    async def reconnect_account(self, account: AccountId, change: Callable[[], Awaitable[None]]) -> None:
        """Change what is stored of an account while nobody uses it, and have its bots go on with that.

        It is as if the process had begun anew for them: orders stay, and what happened meanwhile is read from the
        venue, in the background. Raises what ``change`` raises; then the bots go on as before.
        """
        try:
            await self._rooms.reconnect(account, change)
        finally:
            active = await self._storage.read(bots.active_bots)
            records = [record for record in active if AccountId.of(record) == account]
            if records:
                self._start(self._take_up(account, records))

    async def close(self, *, cancel_entries: bool = False) -> None:
        """Stop cleanly: intents flushed, streams closed. Orders stay; entries are canceled first if told so."""
        if cancel_entries and self._rooms:
            withdrawing = [worker.withdraw_entries() for worker in self.workers()]
            try:
                await asyncio.wait_for(asyncio.gather(*withdrawing, return_exceptions=True), WITHDRAW_WITHIN_SECONDS)
            except TimeoutError:
                log.warning("some entries could not be canceled in time; they stay on the venue")
        self._is_closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._rooms.close_all()

    # Watching

    async def watchdog(self) -> None:
        """Tell about bots that have not been able to trade for too long."""
        await self._watch.watchdog()

    async def sample(self) -> None:
        """Store each bot's equity, for drawdown and pictures."""
        await self._watch.sample()

    def _note_bad_credentials(self, account: AccountId, detail: str) -> None:
        self._start(self._credentials_failed(account, detail))

    async def _credentials_failed(self, account: AccountId, detail: str) -> None:
        """The venue refused the key: its bots take no new entries, their orders stay, the owner is told once."""
        room = self._rooms.find(account)
        if room is None or account.key_id is None or account in self._refused:
            return
        self._refused.add(account)
        try:
            running = [worker for worker in room.feed.workers if _trades(worker.bench.record)]
            for worker in running:
                with contextlib.suppress(WorkerEnded):
                    await worker.wish(Wish(mode=Mode.NO_ENTRIES, cause="credentials", when=_trades))
            if self._rooms.find(account) is room:
                # Else its key has been replaced or deleted meanwhile, and this was said of the old one.
                await mark_key_invalid(self._storage, self._outbox, account, detail, is_news=bool(running))
        finally:
            self._refused.discard(account)

    def _note_storage(self, bot_id: int, failed: bool) -> None:
        was_failing = bool(self._cannot_store)
        (self._cannot_store.add if failed else self._cannot_store.discard)(bot_id)
        if bool(self._cannot_store) != was_failing:
            if failed:
                log.critical("the database does not take writes: trading actions wait")
            self._start(self._troubles.note("database", failed))

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


def _trades(record: BotRecord) -> bool:
    return record.mode is Mode.RUNNING
