"""One bot on a simulated account, as the runtime keeps it: plan, difference, risk, requests, bookkeeping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from pydantic import BaseModel

from trading.core import risk
from trading.core.bookkeeping import Books
from trading.core.client_ids import client_id
from trading.core.diff import Amend, AmendMode, Cancel, Command, Place, Replace, difference
from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.core.ledger import Funding, Ledger
from trading.core.market import Book
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus
from trading.core.planning import CycleResult, Mode, Plan, Setup, Strategy, TargetOrder, View, Wake
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Liquidated, Refused

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
"""How long a slot waits after its first refusal, and at most; each further one doubles the wait, as in the runtime."""
PASSING = frozenset({"no_price", "entries_not_allowed"})
"""Objections that end by themselves; the slot does not wait for them."""
_ROUNDS = 200
_KEPT_ORDERS = 200
_BOT, _EPOCH = 1, 0


class ReplayError(Exception):
    """A strategy that cannot be replayed: its plans never come to rest."""


class Bot:
    """The strategy, what it remembers, and its books. ``seed`` feeds the chance that its plans may use."""

    def __init__(
        self,
        strategy: Strategy,
        config: BaseModel,
        instrument: Instrument,
        exchange: SimulatedExchange,
        *,
        seed: int,
        limits: risk.RiskLimits,
        amend: AmendMode,
    ) -> None:
        self.strategy, self.config, self.instrument = strategy, config, instrument
        self.exchange = exchange
        self.state: Any = strategy.state_model()
        self.books = Books(instrument, Ledger())
        self.wake = Wake.any_price(None)
        self.cycles: list[CycleResult] = []
        self.fills: list[Fill] = []
        self.liquidations: list[Liquidated] = []
        self.refusals: Counter[str] = Counter()
        self.plans_made = self.orders_placed = 0
        self.finished: str | None = None
        self._limits, self._amend = limits, amend
        self._chance = Random(seed)  # noqa: S311  a replay must repeat itself
        self._held: dict[str, datetime] = {}
        self._tries: Counter[str] = Counter()
        self._requests = 0
        self._done_setup: Setup | None = None
        self._was_liquidated = False

    @property
    def wakes_at(self) -> datetime | None:
        """The next time that matters: the plan's own, or the end of a refusal's back-off."""
        times = [*self._held.values(), *([self.wake.at] if self.wake.at else [])]
        return min(times, default=None)

    def is_awake(self, book: Book | None, now: datetime) -> bool:
        """Whether the last plan no longer stands."""
        due = self.wakes_at
        if due is not None and due <= now:
            return True
        if book is None:
            return False
        signals = {"bid": book.bid, "ask": book.ask, "mid": book.mid}
        return any(
            value is not None and not band.holds(value)
            for name, band in self.wake.bands.items()
            if (value := signals.get(name)) is not None
        )

    def hear(self, events: Iterable[ExchangeEvent]) -> bool:
        """Fold what the exchange tells. True when something of ours changed."""
        changed = False
        for event in events:
            match event:
                case OrderReport():
                    changed |= self.books.fold_report(event) is not None
                case Fill(client_id=None):
                    self.books.fold_elsewhere(event)
                    self._was_liquidated = event.liquidation
                    self.fills.append(event)
                    changed = True
                case Fill():
                    changed |= self.books.fold_fill(event)
                    self._was_liquidated = False
                    self.fills.append(event)
                case Funding():
                    changed |= self.books.fold_funding(event)
                case Liquidated():
                    self.liquidations.append(event)
                    changed = True
        return changed

    def settle(self, book: Book | None, now: datetime) -> None:
        """Plan and act until nothing changes any more. Raises ReplayError when that never happens."""
        for _ in range(_ROUNDS):
            if self.finished is not None or not self._round(book, now):
                return
        raise ReplayError(f"{self.strategy.name} does not come to rest at {now}: {list(self.books.live)}")

    def _round(self, book: Book | None, now: datetime) -> bool:
        self._held = {slot: until for slot, until in self._held.items() if until > now}
        scope = self.strategy.scope(self.state)
        view = self._view(book, now)
        plan = self.strategy.plan(self.config, self.state, view)
        self.plans_made += 1
        self._remember(plan, scope)
        if plan.setup is not None and plan.setup != self._done_setup:
            self._set_up(plan.setup)
        commands = difference(
            plan.orders, self.books.live, used=self.books.used_slots, held=self._held, amend=self._amend
        )
        if plan.finished is not None:
            self.finished = None if self.books.live else plan.finished
            return False
        before = self._requests
        self._act(commands, view, plan)
        return self._requests != before or self.strategy.scope(self.state) != scope

    def _act(self, commands: Sequence[Command], view: View, plan: Plan) -> None:
        committed = risk.committed_notional(view)
        budget = self.strategy.budget(self.config, self.state)
        for command in commands:
            match command:
                case Cancel(order) | Replace(order, _):
                    self._request_cancel(order, view.now)
                case Amend(order, target):
                    self._request_amend(order, target, view.now)
                case Place(target):
                    reason = self._objection(target, view, plan, budget, committed)
                    if reason is None:
                        committed += ZERO if target.reduce_only else risk.notional(target, view)
                        self._place(target, view.now)
                    elif reason not in PASSING:
                        self._hold(target.slot, reason, view.now)

    def _view(self, book: Book | None, now: datetime) -> View:
        return View(
            now=now,
            instrument=self.instrument,
            mode=Mode.RUNNING,
            books={"": book} if book else {},
            orders=dict(self.books.live),
            finals=self.books.view_of_finals(),
            ledger=self.books.ledger,
            balances=self.exchange.balances(),
            balances_are_settled=True,
            was_liquidated=self._was_liquidated and not self.books.ledger.position,
            seed=self._chance.getrandbits(63),
        )

    def _remember(self, plan: Plan, scope: str) -> None:
        self.state, self.wake = plan.state, plan.wake
        self.cycles.extend(plan.cycles)
        self.books.stored(self.books.changes())
        now_in_scope = self.strategy.scope(self.state)
        if now_in_scope != scope:
            self.books.drop_finals_outside(now_in_scope)
            self._tries.clear()
            self._held.clear()
            if self.exchange.now is not None:
                self.exchange.prune(self.exchange.now, _KEPT_ORDERS)

    def _set_up(self, setup: Setup) -> None:
        symbol = self.instrument.symbol
        if self.instrument.kind is not MarketKind.PERPETUAL:
            return
        try:
            self.exchange.set_margin_mode(symbol, setup.margin_mode)
            self.exchange.set_leverage(symbol, Decimal(setup.leverage))
        except Refused as refused:
            self.refusals[refused.reason] += 1
        else:
            self._done_setup = setup

    def _objection(
        self, target: TargetOrder, view: View, plan: Plan, budget: Decimal, committed: Decimal
    ) -> str | None:
        if plan.setup is not None and plan.setup != self._done_setup and not target.role.is_exit:
            return "setup"
        return risk.objection(target, view, budget, self._limits, committed)

    def _place(self, target: TargetOrder, now: datetime) -> None:
        self.orders_placed += 1
        self._requests += 1
        order = _intent(target, self.instrument.symbol, client_id(_EPOCH, _BOT, self.orders_placed), now)
        self.books.intend(order)
        self.books.note(order.client_id, OrderEvent.SENT, now)
        try:
            events = self.exchange.place(
                client_id=order.client_id,
                symbol=order.symbol,
                side=order.side,
                type=order.type,
                amount=order.amount,
                now=now,
                price=order.price,
                trigger_price=order.trigger_price,
                reduce_only=order.reduce_only,
                time_in_force=order.time_in_force,
            )
        except Refused as refused:
            self.books.note(order.client_id, OrderEvent.REFUSED, now, refused.reason)
            self._forget_refused(target.slot)
            self._hold(target.slot, refused.reason, now)
        else:
            self.hear(events)

    def _forget_refused(self, slot: str) -> None:
        """Of the refused orders of a slot only the newest is remembered; a month of refusals would slow every plan."""
        history = self.books.finals[slot]
        self.books.finals[slot] = [order for order in history[:-1] if not _was_refused(order)] + history[-1:]

    def _request_cancel(self, order: Order, now: datetime) -> None:
        self._requests += 1
        self.books.request_cancel(order.client_id)
        try:
            self.hear(self.exchange.cancel(now=now, client_id=order.client_id))
        except Refused as refused:
            # It ended in this same round; its own report has said so.
            self.refusals[refused.reason] += 1

    def _request_amend(self, order: Order, target: TargetOrder, now: datetime) -> None:
        self._requests += 1
        try:
            events = self.exchange.amend(
                now=now,
                client_id=order.client_id,
                price=target.price,
                amount=order.filled + target.amount,
                trigger_price=target.trigger_price,
            )
        except Refused as refused:
            self._hold(target.slot, refused.reason, now)
            self._request_cancel(order, now)
            return
        self.books.amended(order.client_id, target.price, target.amount, target.trigger_price)
        self.hear(events)

    def _hold(self, slot: str, reason: str, now: datetime) -> None:
        self._requests += 1
        self.refusals[reason] += 1
        self._tries[slot] += 1
        self._held[slot] = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._tries[slot] - 1, 10))


def _was_refused(order: Order) -> bool:
    return order.status is OrderStatus.REJECTED and not order.filled


def _intent(target: TargetOrder, symbol: str, own_id: str, now: datetime) -> Order:
    return Order(
        client_id=own_id,
        bot_id=_BOT,
        slot=target.slot,
        role=target.role,
        symbol=symbol,
        side=target.side,
        type=target.type,
        amount=target.amount,
        price=target.price,
        created_at=now,
        updated_at=now,
        trigger_price=target.trigger_price,
        reduce_only=target.reduce_only,
        time_in_force=target.time_in_force,
        one_shot=target.one_shot,
    )
