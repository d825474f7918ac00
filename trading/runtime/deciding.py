"""From the bench to what must be sent: view, plan, difference, risk. No I/O; new intents are put into the books."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.client_ids import client_id
from trading.core.diff import Amend, AmendMode, Cancel, Command, Place, Replace, difference
from trading.core.effects import Effect, effect_of
from trading.core.notices import BotStopped, OrderRefused
from trading.core.orders import Order, OrderEvent, OrderStatus
from trading.core.planning import Mode, Plan, Setup, TargetOrder, View
from trading.core.risk import RiskLimits, committed_notional, notional, objection
from trading.runtime.bench import Bench
from trading.runtime.by_hand import beside, is_withdrawn, settle, tell_ending
from trading.runtime.ending import ending_plan, with_setup

AMEND_AGAIN_AFTER = timedelta(seconds=2)
"""The same change is not asked for again before that."""


@dataclass(slots=True)
class Batch:
    """What is to be sent once the transaction is stored."""

    places: list[tuple[Order, TargetOrder]] = field(default_factory=list)
    cancels: list[Order] = field(default_factory=list)
    amends: list[Amend] = field(default_factory=list)
    replaces: list[tuple[Order, Order, TargetOrder]] = field(default_factory=list)
    """Each with its successor, and what that is to be."""
    setup: Setup | None = None

    @property
    def commands(self) -> Sequence[Command]:
        """The same, as what it was made from."""
        return (
            *(Cancel(order) for order in self.cancels),
            *self.amends,
            *(Replace(order, target) for order, _, target in self.replaces),
            *(Place(target) for _, target in self.places),
        )


def make_view(bench: Bench, now: datetime, oldest_book: datetime, *, is_public: bool) -> View:
    record, books = bench.record, bench.books
    return View(
        now=now,
        instrument=books.instrument,
        mode=Mode.NO_ENTRIES if bench.is_withdrawing and record.mode is Mode.RUNNING else record.mode,
        books=bench.fresh_books(oldest_book),
        orders=dict(books.live),
        finals=books.view_of_finals(),
        ledger=books.ledger,
        balances=bench.balances,
        balances_are_settled=not bench.balances_are_behind,
        is_public=is_public,
        was_liquidated=bench.was_liquidated and not books.ledger.position,
        seed=zlib.crc32(f"{record.id}:{record.next_sequence}".encode()),
    )


def make_plan(bench: Bench, view: View) -> Plan:
    """The strategy's plan, or the end that its owner chose, and what is done by hand beside it."""
    settle(bench, view)
    return _planned(bench, view)


def _planned(bench: Bench, view: View) -> Plan:
    """As ``make_plan``, for a bench on which nothing may change."""
    if view.mode in (Mode.CANCEL, Mode.CLOSE):
        plan = ending_plan(bench, view)
    else:
        plan = bench.strategy.plan(bench.config, bench.state, view)
    return with_setup(bench, beside(bench, plan, view), view)


def take_plan(bench: Bench, plan: Plan, now: datetime) -> None:
    """Remember what the plan says; end the bot when its work is done and nothing of it is left on the venue."""
    bench.state, bench.wake = plan.state, plan.wake
    bench.tell(*plan.notices)
    bench.cycles.extend(plan.cycles)
    bench.samples.extend(plan.samples)
    kept = bench.record.by_hand.prefixes(bench.scope)
    bench.books.drop_finals_outside(*kept)
    bench.backoffs.forget_outside(*kept)
    if plan.finished is not None and not bench.books.live:
        bench.record = replace(bench.record, active=False, cause=plan.finished, updated_at=now)
        tell_ending(bench)
        bench.tell(BotStopped(symbol=bench.record.symbol, cause=plan.finished, position=bench.books.ledger.position))


def close_difference(bench: Bench, plan: Plan, view: View, amend: AmendMode, limits: RiskLimits) -> Batch:
    """Turn the plan into intents and requests. Every order that will be sent is in the books when this returns."""
    batch = Batch()
    bench.lacks_price = False
    if not bench.record.active:
        return batch
    budget = bench.strategy.budget(bench.config, bench.state)
    _resend_or_drop(bench, plan, view, batch, budget, limits)
    held = bench.backoffs.held(view.now)
    commands: Sequence[Command] = _difference(bench, plan, view, amend)
    commands = _await_setup(bench, plan, view, commands, batch)
    view = replace(view, orders=_with_successors(bench))
    committed = committed_notional(view)
    for command in commands:
        match command:
            case Amend(order, target) if order.client_id not in bench.air.rigid:
                others = _without(view, order)
                if order.slot in held or _objection(bench, target, others, budget, limits, committed_notional(others)):
                    continue
                if bench.air.amended.pop(order.client_id, None) == target:
                    # It was asked for and taken, and the venue shows another (a reduce-only order above the position).
                    bench.air.later[order.client_id] = view.now + AMEND_AGAIN_AFTER
                    continue
                bench.air.amending.add(order.client_id)
                bench.air.amended[order.client_id] = target
                batch.amends.append(command)
            case Replace(order, target):
                others = _without(view, order)
                if order.slot in bench.books.successors or _objection(
                    bench, target, others, budget, limits, committed_notional(others)
                ):
                    continue
                bench.air.canceling.add(order.client_id)
                batch.replaces.append((order, _intend(bench, target, view.now, bench.books.succeed), target))
            case Cancel(order) | Amend(order, _):
                if not is_withdrawn(bench, order):
                    bench.books.request_cancel(order.client_id)
                bench.air.canceling.add(order.client_id)
                batch.cancels.append(order)
            case Place(target):
                if _objection(bench, target, view, budget, limits, committed) is None:
                    committed += notional(target, view)
                    batch.places.append((_intend(bench, target, view.now, bench.books.intend), target))
    return batch


def rehearse(bench: Bench, config: Any, view: View, amend: AmendMode) -> Effect:
    """What other settings would do to the resting orders, less what is about to be done anyway. Changes nothing."""
    now, then = _planned(bench, view), _planned(replace(bench, config=config), view)
    due = _difference(bench, now, view, amend)
    commands = [command for command in _difference(bench, then, view, amend) if command not in due]
    return effect_of(commands, then.orders)


def requotes_in(batch: Batch, plan: Plan | None) -> int:
    """How many resting quotes are moved: changed, replaced, or canceled while their slot is still wanted.

    Exits are no quotes: a take-profit moves with every fill.
    """
    if plan is None or not (batch.amends or batch.replaces or batch.cancels):
        return 0
    wanted = {target.slot for target in plan.orders}
    moved = [amend.order for amend in batch.amends] + [order for order, _, _ in batch.replaces]
    moved += [order for order in batch.cancels if order.slot in wanted]
    return sum(not order.role.is_exit for order in moved)


def _difference(bench: Bench, plan: Plan, view: View, amend: AmendMode) -> list[Command]:
    live = {slot: _marked(order, bench, view.now) for slot, order in bench.books.live.items()}
    held = bench.backoffs.held(view.now)
    return difference(plan.orders, live, used=bench.books.used_slots, held=held, amend=amend)


def _marked(order: Order, bench: Bench, now: datetime) -> Order:
    """For ``difference`` an order is out of reach while a request about it is in the air, or must wait."""
    out_of_reach = bench.air.out_of_reach(order.client_id, now)
    return order if order.cancel_requested == out_of_reach else replace(order, cancel_requested=out_of_reach)


def _without(view: View, order: Order) -> View:
    """The view as a change of this order sees it: the order cannot stand in its own way."""
    return replace(view, orders={slot: other for slot, other in view.orders.items() if slot != order.slot})


def _with_successors(bench: Bench) -> dict[str, Order]:
    """Every order that may rest or come to rest, each under a name of its own: what the risk checks look at."""
    behind = {order.client_id: order for order in bench.books.successors.values()}
    return {**bench.books.live, **behind}


def _resend_or_drop(bench: Bench, plan: Plan, view: View, batch: Batch, budget: Decimal, limits: RiskLimits) -> None:
    """Orders that never left this machine: send them under the same id if they are still wanted, else forget them.

    The market went on since they were made, and so they are checked like new ones.
    """
    wanted = {target.slot: target for target in plan.orders}
    for unsent_id, due in list(bench.air.unsent.items()):
        order = bench.books.find(unsent_id)
        if order is None or order.status is not OrderStatus.INTENDED:
            del bench.air.unsent[unsent_id]
            continue
        target = wanted.get(order.slot)
        is_wanted = target is not None and _terms_of(target) == _terms_of(order)
        if is_wanted and due > view.now:
            continue
        del bench.air.unsent[unsent_id]
        others = _without(replace(view, orders=_with_successors(bench)), order)
        if (
            target is None
            or not is_wanted
            or _objection(bench, target, others, budget, limits, committed_notional(others))
        ):
            bench.books.note(unsent_id, OrderEvent.ABSENT, view.now, "not_sent")
        else:
            batch.places.append((order, target))


def _terms_of(order: Order | TargetOrder) -> tuple[object, ...]:
    """Everything that a venue is told of an order."""
    return (
        order.side,
        order.type,
        order.amount,
        order.price,
        order.trigger_price,
        order.reduce_only,
        order.time_in_force,
    )


def _await_setup(bench: Bench, plan: Plan, view: View, commands: Sequence[Command], batch: Batch) -> Sequence[Command]:
    """Entries wait until margin mode and leverage are as the plan needs them; exits do not."""
    entries = [command for command in commands if isinstance(command, Place) and not command.target.role.is_exit]
    air = bench.air
    if not entries or plan.setup is None or plan.setup == air.setup_done:
        return commands
    retry_now = air.setup_retry_at is None or air.setup_retry_at <= view.now
    if air.setup_asked is None and retry_now:
        air.setup_asked = batch.setup = plan.setup
    return [command for command in commands if command not in entries]


def _objection(
    bench: Bench, target: TargetOrder, view: View, budget: Decimal, limits: RiskLimits, committed: Decimal
) -> str | None:
    if not target.role.is_exit and view.book is None:
        bench.lacks_price = True
        return "stale"
    why = objection(target, view, budget, limits, committed)
    bench.lacks_price = bench.lacks_price or why == "no_price"
    if why in (None, "no_price", "entries_not_allowed"):
        # The last two end by themselves, when a price comes or the bot is resumed.
        return why
    if bench.backoffs.refuse(target.slot, why, view.now):
        bench.tell(
            OrderRefused(
                symbol=bench.record.symbol,
                slot=target.slot,
                side=target.side,
                amount=target.amount,
                price=target.price,
                reason=why,
            )
        )
    bench.failed(why, view.now)
    return why


def _intend(bench: Bench, target: TargetOrder, now: datetime, store: Callable[[Order], None]) -> Order:
    sequence = bench.record.next_sequence
    bench.record = replace(bench.record, next_sequence=sequence + 1)
    order = Order(
        client_id=client_id(bench.epoch, bench.record.id, sequence),
        bot_id=bench.record.id,
        slot=target.slot,
        role=target.role,
        symbol=bench.record.symbol,
        side=target.side,
        type=target.type,
        amount=target.amount,
        price=target.price,
        trigger_price=target.trigger_price,
        reduce_only=target.reduce_only,
        time_in_force=target.time_in_force,
        one_shot=target.one_shot,
        created_at=now,
        updated_at=now,
    )
    store(order)
    return order
