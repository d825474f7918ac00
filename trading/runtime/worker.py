"""One bot: wake, fold, plan, commit, send."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trading.clock import Clock
from trading.core.instrument import ZERO, Side
from trading.core.market import Book
from trading.core.notices import ExitMissing
from trading.core.orders import Order, OrderEvent, OrderReport, OrderStatus, OrderType, Role
from trading.core.planning import Plan
from trading.runtime.bench import Bench
from trading.runtime.deciding import Batch, close_difference, make_plan, make_view, take_plan
from trading.runtime.events import Wish, WorkerEvent
from trading.runtime.folding import fold
from trading.runtime.sending import Sender
from trading.runtime.station import Station
from trading.storage import StorageFailed
from trading.storage.records import BotRecord
from trading.storage.ticks import Tick, store_tick

log = logging.getLogger(__name__)

STORAGE_RETRY_SECONDS = 1.0
FINISH_SECONDS = 4.0


class Worker:
    """Runs one bot until it is stopped or its work is done. The database has everything that matters of it.

    ``on_bad_credentials`` is called with the venue's words when the key is refused; ``on_storage`` with True when the
    database failed and False when it works again.
    """

    def __init__(
        self,
        bench: Bench,
        station: Station,
        *,
        on_bad_credentials: Callable[[str], None],
        on_storage: Callable[[bool], None],
    ) -> None:
        self.bench = bench
        self._station = station
        self._on_storage = on_storage
        self._sender = Sender(station, bench.record.symbol, self.tell, on_bad_credentials)
        self._inbox: list[WorkerEvent] = []
        self._woken = asyncio.Event()
        self.recovered = asyncio.Event()
        self._ticked = asyncio.Event()
        self._stored_record = bench.record
        self._stored_state = bench.state
        self._wishes: list[Wish] = []
        self.balances: Mapping[str, Decimal] = {}
        for order in bench.books.in_flight:
            # Stored as intended or sent: it may have left this machine before the crash, so it is asked for.
            bench.books.note(order.client_id, OrderEvent.LOST, station.clock.now())

    @property
    def bot_id(self) -> int:
        return self.bench.record.id

    @property
    def symbol(self) -> str:
        return self.bench.record.symbol

    @property
    def clock(self) -> Clock:
        return self._station.clock

    def can_trade(self) -> bool:
        """Its picture is whole and its market's book is fresh."""
        oldest = self.clock.now() - self._station.limits.stale_after
        return self._is_coherent() and bool(self.bench.fresh_books(oldest))

    def waits_for_price(self, oldest: datetime) -> bool:
        """Its plan looks at a price, and the book it has is older than ``oldest``."""
        return bool(self.bench.wake.bands) and not self.bench.fresh_books(oldest)

    @property
    def fills_since(self) -> datetime:
        """The newest fill we hold, or the bot's beginning: what came after it must be read again."""
        record = self.bench.record
        return self.bench.last_fill_at or record.started_at or record.created_at

    # What it hears

    def tell(self, event: WorkerEvent) -> None:
        """Put an event into the inbox and wake up."""
        self._inbox.append(event)
        self._woken.set()

    async def wake(self) -> None:
        self._woken.set()

    def see_book(self, name: str, book: Book, heard_at: datetime) -> None:
        """Note a book; wake only if it leaves the bands inside which the last plan stands."""
        had = self.bench.market.get(name)
        self.bench.market[name] = (book, heard_at)
        was_stale = had is None or heard_at - had[1] > self._station.limits.stale_after
        if was_stale or not self._stands(name, book):
            self._woken.set()

    def check(self, order: Order) -> None:
        """Ask the venue what became of this order, unless that is being asked already."""
        if order.client_id not in self.bench.air.asking:
            self.bench.air.asking.add(order.client_id)
            self._sender.ask(order)

    async def withdraw_entries(self) -> None:
        """Cancel resting entries without changing what the owner chose; returns when none is left."""
        self.bench.is_withdrawing = True
        self._woken.set()
        while any(not order.role.is_exit for order in self.bench.books.live.values()):
            await self._ticked.wait()

    async def wish(self, wish: Wish) -> None:
        """Have a change made by the next tick; returns when it is stored."""
        self.tell(wish)
        await wish.done

    def _stands(self, name: str, book: Book) -> bool:
        prefix = f"{name}." if name else ""
        for signal, value in (("bid", book.bid), ("ask", book.ask), ("mid", book.mid)):
            band = self.bench.wake.bands.get(prefix + signal)
            if band is not None and (value is None or not band.holds(value)):
                return False
        return True

    # What it does

    async def run(self) -> None:
        """Tick whenever woken, until the bot is no longer active. Raises what the strategy raises."""
        self._woken.set()
        try:
            while self.bench.record.active:
                await self._woken.wait()
                self._woken.clear()
                await self.tick()
        finally:
            self._station.timers.cancel(f"wake-{self.bot_id}")
            await self._sender.finish(FINISH_SECONDS)
            self._fold_inbox()
            await self._commit()
            for wish in self._wishes:
                if not wish.done.done():
                    wish.done.set_result(None)

    async def tick(self) -> None:
        """Fold what came in, plan, store, and only then send."""
        self._fold_inbox()
        self._ask_about_unknown()
        now = self._station.clock.now()
        batch, plan = Batch(), None
        if self.bench.record.active and self._is_coherent():
            view = make_view(self.bench, now, now - self._station.limits.stale_after, self.balances)
            plan = make_plan(self.bench, view)
            take_plan(self.bench, plan, now)
            capabilities = self._station.gateway.capabilities
            batch = close_difference(self.bench, plan, view, capabilities.amend, self._station.limits.risk)
            self._watch_exit(plan, now)
        await self._commit()
        self._send(batch, plan)
        self._schedule(now)
        if self.bench.is_recovered:
            self.recovered.set()
        self._ticked.set()
        self._ticked.clear()

    def _is_coherent(self) -> bool:
        """A plan is made only from a whole picture: everything recovered, every reported fill in our hands."""
        return self.bench.is_recovered and not self.bench.books.unsettled

    def _fold_inbox(self) -> None:
        events, self._inbox = self._inbox, []
        now = self._station.clock.now()
        for event in events:
            fold(self.bench, event, now)
            if isinstance(event, Wish):
                self._wishes.append(event)

    def _ask_about_unknown(self) -> None:
        bench = self.bench
        for order in bench.books.live.values():
            unknown = order.status is OrderStatus.UNKNOWN
            if order.client_id in bench.air.asking or not (unknown or not order.is_settled):
                continue
            bench.air.asking.add(order.client_id)
            self._sender.ask(order, timedelta(0) if unknown else self._station.limits.settle_grace)

    def _send(self, batch: Batch, plan: Plan | None) -> None:
        if batch.cancels:
            self._sender.cancel(batch.cancels)
        if self.bench.strays:
            self._sender.cancel([_as_order(report, self.bot_id) for report in self.bench.strays.values()])
            self.bench.strays.clear()
        if batch.places:
            now = self._station.clock.now()
            for order, _ in batch.places:
                self.bench.books.note(order.client_id, OrderEvent.SENT, now)
            self._sender.place(batch.places, plan.setup.margin_mode if plan and plan.setup else None)
        for amend in batch.amends:
            self._sender.amend(amend)
        if batch.setup:
            self._sender.setup(batch.setup)

    # What it stores

    async def _commit(self) -> None:
        """One transaction for everything that changed; nothing is written when nothing did.

        While the database fails nothing else happens: no order leaves that is not stored.
        """
        bench = self.bench
        finished, bench.cycles = bench.cycles, []
        tick = Tick(
            self._new_record(), bench.books.changes(), bench.take_notices(), finished, bench.backoffs.take_changes()
        )
        if tick.record != self._stored_record or tick.changes or tick.notices or tick.cycles or tick.held:
            await self._until_stored(tick)
            bench.books.stored(tick.changes)
            self._stored_record = bench.record = tick.record
        for wish in self._wishes:
            if not wish.done.done():
                wish.done.set_result(None)
        self._wishes.clear()

    def _new_record(self) -> BotRecord:
        bench = self.bench
        state = bench.record.state
        if bench.state is not self._stored_state:
            state, self._stored_state = bench.state.model_dump_json(), bench.state
        return replace(bench.record, state=state, ledger=bench.books.ledger)

    async def _until_stored(self, tick: Tick) -> None:
        failed, now = False, self._station.clock.now()
        while True:
            try:
                await self._station.storage.write(lambda connection: store_tick(connection, tick, now))
            except StorageFailed:
                log.exception("bot %s: nothing is sent, the database failed", self.bot_id)
                self._on_storage(True)
                failed = True
                await self._station.clock.sleep(STORAGE_RETRY_SECONDS)
            else:
                if failed:
                    self._on_storage(False)
                return

    # When it looks again

    def _schedule(self, now: datetime) -> None:
        bench = self.bench
        moments = [
            bench.wake.at,
            bench.backoffs.next_end(now),
            min(bench.air.unsent.values(), default=None),
            bench.air.setup_retry_at,
        ]
        if bench.exit_missing_since is not None and not bench.exit_missing_told:
            moments.append(bench.exit_missing_since + self._station.limits.exit_missing_after)
        due = min((moment for moment in moments if moment is not None and moment > now), default=None)
        overdue = any(moment <= now for moment in bench.air.unsent.values())
        if overdue:
            due = now + timedelta(milliseconds=50)
        if due is not None and bench.record.active:
            self._station.timers.at(f"wake-{self.bot_id}", self._station.clock, due, self.wake)

    def _watch_exit(self, plan: Plan, now: datetime) -> None:
        """A position whose take-profit has not rested for too long is told, once."""
        bench = self.bench
        wanted = [target.slot for target in plan.orders if target.role is Role.TAKE_PROFIT]
        missing = [
            slot for slot in wanted if slot not in bench.books.live or bench.books.live[slot].status.is_in_flight
        ]
        if not missing:
            bench.exit_missing_since, bench.exit_missing_told = None, False
        elif bench.exit_missing_since is None:
            bench.exit_missing_since = now
        elif not bench.exit_missing_told and now - bench.exit_missing_since >= self._station.limits.exit_missing_after:
            bench.exit_missing_told = True
            seconds = int((now - bench.exit_missing_since).total_seconds())
            bench.tell(ExitMissing(symbol=self.symbol, position=bench.books.ledger.position, seconds=seconds))


def _as_order(report: OrderReport, bot_id: int) -> Order:
    """An order that only the venue knows, in the form in which a cancel is asked for."""
    return Order(
        client_id=report.client_id or "",
        bot_id=bot_id,
        slot="stray",
        role=Role.ENTRY,
        symbol=report.symbol,
        side=report.side or Side.BUY,
        type=OrderType.LIMIT,
        amount=report.amount or ZERO,
        price=report.price,
        created_at=report.at,
        updated_at=report.at,
        status=OrderStatus.OPEN,
        venue_id=report.venue_id,
    )
