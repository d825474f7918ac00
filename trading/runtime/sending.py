"""Carries requests to the gateway and asks after orders. Every answer, refusal or silence comes back as an event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from trading.core.diff import Amend
from trading.core.orders import Order
from trading.core.planning import MarginMode, Setup, TargetOrder
from trading.exchanges.errors import BadCredentials, NotSent, OutcomeUnknown, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, NewOrder, Outcome
from trading.runtime.events import (
    AmendAnswered,
    Asked,
    CancelAnswered,
    PlaceAnswered,
    ReplaceAnswered,
    SetupAnswered,
    WorkerEvent,
)
from trading.runtime.recovery import Found
from trading.runtime.station import Station

log = logging.getLogger(__name__)

CANCEL_CONFIRM_AFTER = timedelta(milliseconds=500)
"""A cancel that the stream has not confirmed by then is asked about."""

ASK_AGAIN = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between two questions about the same order; the last one for ever after."""

PATIENT_AFTER = 2
"""So many questions in vain, and the next one waits until absence can be proven."""


class Sender:
    """The requests of one bot that are under way. ``tell`` takes the answers; ``on_bad_credentials`` stops the key."""

    def __init__(
        self,
        station: Station,
        symbol: str,
        tell: Callable[[WorkerEvent], None],
        on_bad_credentials: Callable[[str], None],
    ) -> None:
        self._station, self._symbol, self._tell = station, symbol, tell
        self._on_bad_credentials = on_bad_credentials
        self._writes: set[asyncio.Task[None]] = set()
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    def place(self, batch: Sequence[tuple[Order, TargetOrder]], margin_mode: MarginMode | None) -> None:
        new = [NewOrder(order.client_id, order.symbol, target, margin_mode) for order, target in batch]
        self._start(self._place([order for order, _ in batch], new))

    def cancel(self, orders: Sequence[Order]) -> None:
        self._start(self._cancel(orders))

    def amend(self, amend: Amend) -> None:
        self._start(self._amend(amend))

    def replace(self, order: Order, successor: Order, target: TargetOrder) -> None:
        self._start(self._replace(order, successor, target))

    def setup(self, setup: Setup) -> None:
        self._start(self._setup(setup))

    def ask(self, order: Order, after: timedelta = timedelta(0)) -> None:
        """Pursue one order until something about it is proven; one pursuit for each order, the newest."""
        if order.client_id in self._questions:
            self._questions.pop(order.client_id).cancel()
        task = asyncio.create_task(self._pursue(order, after))
        self._questions[order.client_id] = task
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def asks(self, client_id: str) -> bool:
        return client_id in self._questions

    async def finish(self, timeout: float) -> None:
        """Let writes that are under way end, so that their answers are known; give up questions."""
        if self._writes:
            await asyncio.wait(self._writes, timeout=timeout)
        await self._cancel_tasks(self._writes)
        await self._cancel_tasks(self._asking)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    @staticmethod
    async def _cancel_tasks(group: set[asyncio.Task[None]]) -> None:
        tasks = list(group)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _place(self, orders: Sequence[Order], new: Sequence[NewOrder]) -> None:
        outcomes = await _all_or_unknown(self._station.gateway.place(new), len(orders))
        for order, outcome in zip(orders, outcomes, strict=True):
            self._note_credentials(outcome)
            self._tell(PlaceAnswered(order, outcome))

    async def _cancel(self, orders: Sequence[Order]) -> None:
        outcomes = await _all_or_unknown(self._station.gateway.cancel(orders), len(orders))
        for order, outcome in zip(orders, outcomes, strict=True):
            self._note_credentials(outcome)
            self._tell(CancelAnswered(order, outcome))
            self._follow_up(order, outcome)

    def _follow_up(self, order: Order, canceled: Outcome) -> None:
        """Whatever a cancel's answer leaves open is asked about."""
        match canceled:
            case Accepted(report=None):
                self.ask(order, CANCEL_CONFIRM_AFTER)
            case Accepted() | NotSent() | Throttled():
                pass
            case _:
                self.ask(order)

    async def _replace(self, order: Order, successor: Order, target: TargetOrder) -> None:
        new = NewOrder(successor.client_id, successor.symbol, target)
        canceled, placed = await _all_or_unknown(self._station.gateway.replace(order, new), 2)
        self._note_credentials(placed)
        self._tell(ReplaceAnswered(order, canceled, successor, placed))
        self._follow_up(order, canceled)

    async def _amend(self, amend: Amend) -> None:
        [outcome] = await _all_or_unknown(_listed(self._station.gateway.amend(amend.order, amend.target)), 1)
        self._note_credentials(outcome)
        self._tell(AmendAnswered(amend.order, amend.target, outcome))
        if not isinstance(outcome, Accepted | NotSent | Throttled):
            self.ask(amend.order)

    async def _setup(self, setup: Setup) -> None:
        error: VenueError | None = None
        try:
            await self._station.gateway.prepare(self._symbol, setup.leverage, setup.margin_mode)
        except VenueError as problem:
            error = problem
            self._note_credentials(problem)
        except Exception:  # the edge of a task: a defect of a gateway must not hold up entries for ever
            log.exception("%s could not be set up", self._symbol)
            error = Unavailable("the gateway failed")
        self._tell(SetupAnswered(setup, error))

    async def _pursue(self, order: Order, after: timedelta) -> None:
        clock = self._station.clock
        await clock.sleep(after.total_seconds())
        attempt, found = 0, await self._look(order)
        while not found:
            wait = ASK_AGAIN[min(attempt, len(ASK_AGAIN) - 1)]
            if attempt >= PATIENT_AFTER:
                # It did not come at once, so next it is asked whether it can come at all: that needs its time.
                wait = max(wait, (self._station.inquiry.may_arrive_until(order) - clock.now()).total_seconds())
            await clock.sleep(wait)
            attempt, found = attempt + 1, await self._look(order)
        for event in found:
            self._tell(event)
        self._questions.pop(order.client_id, None)
        self._tell(Asked(order.client_id))

    async def _look(self, order: Order) -> Sequence[Found]:
        try:
            return await self._station.inquiry.ask(order)
        except VenueError as problem:
            log.info("bot %s: asking about %s: %s", order.bot_id, order.client_id, problem)
            self._note_credentials(problem)
        except Exception:  # the edge of a task: whoever asks must go on asking
            log.exception("bot %s: asking about %s", order.bot_id, order.client_id)
        return []

    def _note_credentials(self, outcome: object) -> None:
        if isinstance(outcome, BadCredentials):
            self._on_bad_credentials(str(outcome))


async def _all_or_unknown(request: Coroutine[Any, Any, Sequence[Outcome]], count: int) -> Sequence[Outcome]:
    """The outcomes; a gateway that breaks its promise not to raise leaves every outcome unknown."""
    try:
        outcomes = await request
    except Exception:  # a defect of a gateway must never be read as "not placed"
        log.exception("a write raised")
        return [OutcomeUnknown("the gateway failed")] * count
    if len(outcomes) != count:
        log.error("a write of %s orders gave %s outcomes", count, len(outcomes))
        return [OutcomeUnknown("the gateway answered for other orders")] * count
    return outcomes


async def _listed(request: Coroutine[Any, Any, Outcome]) -> Sequence[Outcome]:
    return [await request]
