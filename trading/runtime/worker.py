"""One bot: wake, fold, plan, commit, send."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.clock import Clock
from trading.core.effects import Effect, effect_of
from trading.core.market import Book
from trading.core.orders import Order, OrderEvent, OrderStatus
from trading.core.planning import Plan, Reference, View
from trading.runtime.bench import Bench
from trading.runtime.by_hand import delay_due, tell_delay
from trading.runtime.deciding import (
    Batch,
    close_difference,
    make_plan,
    make_view,
    rehearse,
    requotes_in,
    take_plan,
)
from trading.runtime.events import Wish, WorkerEnded, WorkerEvent
from trading.runtime.exit_watch import watch_exit
from trading.runtime.folding import note_fill
from trading.runtime.inbox import Inbox
from trading.runtime.keeping import Keeper
from trading.runtime.recovery import FILL_OVERLAP, stray_order
from trading.runtime.sending import Sender
from trading.runtime.station import RuntimeLimits, Station
from trading.storage import StorageFailed
from trading.storage.errors import RowMissing
from trading.storage.ticks import orders_behind

log = logging.getLogger(__name__)

FINISH_SECONDS = 4.0
"""At the end writes that are under way get so long, and after that the database."""


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
        self.gaps = 0
        """How often a stream broke; a picture that was begun to be read before the last gap is not whole."""
        self.recovered = asyncio.Event()
        self._station = station
        self._sender = Sender(station, bench.record.symbol, self.tell, on_bad_credentials)
        self._keeper = Keeper(bench, station, on_storage)
        self._inbox = Inbox(bench)
        self._woken = asyncio.Event()
        self._ticked = asyncio.Event()
        self._has_ended = False
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

    @property
    def limits(self) -> RuntimeLimits:
        """Those it lives by, at the pace of its clock."""
        return self._station.limits

    @property
    def references(self) -> Sequence[Reference]:
        """Other markets whose books the strategy looks at, by its settings of now."""
        return self.bench.references

    @property
    def is_at_work(self) -> bool:
        """It will go on until it is told to stop."""
        return self.bench.record.active and not self._has_ended

    def can_trade(self) -> bool:
        """Its picture is whole, and the book is fresh where its plan looks at one."""
        return self._is_coherent() and not self.waits_for_price(self.clock.now() - self._station.limits.stale_after)

    def waits_for_price(self, oldest: datetime) -> bool:
        """Its plan looks at a price, or waits for one, and a book it has is older than ``oldest``."""
        return bool(self.bench.quiet_books(oldest))

    @property
    def fills_since(self) -> datetime:
        """What was filled from then on must be read again, because some of it may not have been heard."""
        return self._since(self.bench.whole_until or self.bench.last_fill_at)

    @property
    def funding_since(self) -> datetime:
        """The same for funding; a fill does not say that the payments before it were heard.

        What was paid while the bot was stopped is not its own.
        """
        funded, started = self.bench.funded_until, self.bench.record.started_at
        return self._since(max(funded, started) if funded and started else funded)

    def _since(self, complete: datetime | None) -> datetime:
        record = self.bench.record
        known = complete or record.started_at or record.created_at
        # What was before this bot belongs to another one.
        return max(record.created_at, known - FILL_OVERLAP)

    # What it hears

    def tell(self, event: WorkerEvent) -> None:
        """Put an event into the inbox and wake up."""
        self._inbox.put(event)
        self._woken.set()

    async def wake(self) -> None:
        self._woken.set()

    def see_book(self, name: str, book: Book, heard_at: datetime) -> None:
        """Note a book; wake only if it leaves the bands inside which the last plan stands."""
        had = self.bench.market.get(name)
        self.bench.market[name] = (book, heard_at)
        was_stale = had is None or heard_at - had[1] > self._station.limits.stale_after
        if was_stale or not self.bench.stands(name, book):
            self._woken.set()

    def see_balances(self, totals: Mapping[str, Decimal], asked_at: datetime) -> None:
        """Note what the account held when it was asked for; wake when it changed."""
        if self.bench.note_balances(totals, asked_at):
            self._woken.set()

    def check(self, order: Order) -> None:
        """Ask the venue what became of this order, unless that is being asked already."""
        if not self._sender.asks(order.client_id):
            self._sender.ask(order)

    async def withdraw_entries(self) -> None:
        """Cancel resting entries without changing what the owner chose; returns when none is left."""
        self.bench.is_withdrawing = True
        self._woken.set()
        while any(not order.role.is_exit for order in self.bench.books.live.values()):
            await self._ticked.wait()

    def rehearse(self, config: Any) -> Effect | None:
        """What these settings would do to the orders that rest now. None while that cannot be known: the picture is
        not whole, or they look at a market that was not heard yet.
        """
        if not self._is_coherent() or self.bench.references_of(config) != self.bench.references:
            return None
        return rehearse(self.bench, config, self._view(self.clock.now()), self._station.gateway.capabilities.amend)

    async def wish(self, wish: Wish) -> None:
        """Have a change made by the next tick; returns when it is stored. Raises what ``Wish`` says."""
        if self._has_ended:
            raise WorkerEnded(str(self.bot_id))
        self.tell(wish)
        await wish.done

    # What it does

    async def run(self) -> None:
        """Tick whenever woken, until the bot is no longer active. Raises what the strategy raises."""
        self._woken.set()
        try:
            while self.bench.record.active:
                await self._woken.wait()
                self._woken.clear()
                await self.tick()
        except RowMissing:
            log.info("bot %s was deleted", self.bot_id)
        finally:
            self._station.timers.cancel(f"wake-{self.bot_id}")
            try:
                await self._put_away()
            finally:
                self._has_ended = True
                self._inbox.refuse()

    async def _put_away(self) -> None:
        """Hear the last answers, and store what is known."""
        await self._sender.finish(FINISH_SECONDS)
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                while True:
                    self._inbox.hear(self.clock.now())
                    self._drop_unsent()
                    await self._commit()
                    if not self._inbox:
                        return
        except RowMissing:
            log.info("bot %s was deleted", self.bot_id)
        except TimeoutError:
            log.critical("bot %s: the last changes could not be stored; they are read again at the start", self.bot_id)

    def _drop_unsent(self) -> None:
        """What is still only intended when all writes have ended never left this machine."""
        for order in self.bench.books.in_flight:
            if order.status is OrderStatus.INTENDED:
                self.bench.books.note(order.client_id, OrderEvent.ABSENT, self.clock.now(), "not_sent")

    async def tick(self) -> None:
        """Fold what came in, plan, store, and only then send."""
        self._inbox.hear(self.clock.now())
        await self._recall_forgotten()
        self._ask_about_unknown()
        now = self._station.clock.now()
        batch, plan = Batch(), None
        if self.bench.record.active and self._is_coherent():
            capabilities = self._station.gateway.capabilities
            view = self._view(now)
            plan = make_plan(self.bench, view)
            take_plan(self.bench, plan, now)
            batch = close_difference(self.bench, plan, view, capabilities.amend, self._station.limits.risk)
        watch_exit(self.bench, plan, now, self._station.limits.exit_missing_after)
        tell_delay(self.bench, now, self._station.limits.ending_told_after)
        await self._commit(effect_of(batch.commands, plan.orders) if plan else None)
        self._send(batch, plan)
        self._schedule(now)
        if self.bench.is_recovered:
            self.recovered.set()
        self._ticked.set()
        self._ticked.clear()

    def _view(self, now: datetime) -> View:
        oldest = now - self._station.limits.stale_after
        return make_view(self.bench, now, oldest, is_public=self._station.gateway.capabilities.is_public)

    def _is_coherent(self) -> bool:
        """A plan is made only from a whole picture: everything recovered, every reported fill in our hands."""
        return self.bench.is_recovered and not self.bench.books.unsettled

    async def _recall_forgotten(self) -> None:
        """A late fill of a finished order that is no longer in memory: take the order up again, and count it."""
        books = self.bench.books
        orphans = books.take_orphans()
        if not orphans:
            return
        try:
            found = await self._station.storage.read(lambda c: orders_behind(c, self.bot_id, orphans))
        except StorageFailed:
            log.exception("bot %s: late fills wait for their orders", self.bot_id)
            books.orphaned(orphans)
            return
        for fill in books.recall(found):
            note_fill(self.bench, fill, self.clock.now())

    def _ask_about_unknown(self) -> None:
        books = self.bench.books
        lost = [order for order in books.in_flight if order.status is OrderStatus.UNKNOWN]
        for order in [*lost, *books.unsettled]:
            if not self._sender.asks(order.client_id):
                after = timedelta(0) if order.status is OrderStatus.UNKNOWN else self._station.limits.settle_grace
                self._sender.ask(order, after)

    def _send(self, batch: Batch, plan: Plan | None) -> None:
        self._station.meter.requotes[self.bot_id] += requotes_in(batch, plan)
        if batch.cancels:
            self._sender.cancel(batch.cancels)
        if self.bench.strays:
            self._sender.cancel([stray_order(report, self.bot_id) for report in self.bench.strays.values()])
            self.bench.strays.clear()
        if batch.places:
            now = self._station.clock.now()
            for order, _ in batch.places:
                self.bench.books.note(order.client_id, OrderEvent.SENT, now)
            self._sender.place(batch.places, plan.setup.margin_mode if plan and plan.setup else None)
        for amend in batch.amends:
            self._sender.amend(amend)
        for order, successor, target in batch.replaces:
            self.bench.books.note(successor.client_id, OrderEvent.SENT, self.clock.now())
            self._sender.replace(order, successor, target)
        if batch.setup:
            self._sender.setup(batch.setup)

    async def _commit(self, effect: Effect | None = None) -> None:
        await self._keeper.keep()
        self._inbox.grant(effect)

    # When it looks again

    def _schedule(self, now: datetime) -> None:
        bench = self.bench
        moments = [bench.wake.at, bench.backoffs.next_end(now), bench.air.next_moment(now)]
        if bench.exit_missing_since is not None and not bench.exit_missing_told:
            moments.append(bench.exit_missing_since + self._station.limits.exit_missing_after)
        moments.append(delay_due(bench, self._station.limits.ending_told_after))
        due = min((moment for moment in moments if moment is not None and moment > now), default=None)
        if due is not None and bench.record.active:
            self._station.timers.at(f"wake-{self.bot_id}", self._station.clock, due, self.wake)
