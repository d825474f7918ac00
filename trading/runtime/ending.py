"""The plan of a bot that its owner ends, and the setup of what is closed beside a plan. No bench is changed."""

from __future__ import annotations

import logging
from dataclasses import replace

from trading.core.instrument import MarketKind
from trading.core.orders import Role
from trading.core.planning import Mode, Plan, Setup, View, Wake
from trading.core.winding import closing_order, is_over
from trading.runtime.bench import Bench

log = logging.getLogger(__name__)


def ending_plan(bench: Bench, view: View) -> Plan:
    """Everything canceled, what is held closed where that was chosen, and at last the strategy's own word."""
    if bench.balances_are_behind:
        # What was just bought is not in them yet; then the ledger alone says what there is to sell.
        view = replace(view, balances={})
    scope = bench.scope
    if not is_over(view, scope):
        order = closing_order(view, scope)
        return Plan(bench.state, orders=(order,) if order else (), wake=Wake.any_price(view.book) if order else Wake())
    # The strategy sees the end, so that it can close its own books; what it would want next is not asked for.
    last = _plan_if_any(bench, view) or Plan(bench.state)
    return replace(last, orders=(), wake=Wake(), setup=None, finished=bench.record.cause or "user")


def with_setup(bench: Bench, plan: Plan, view: View) -> Plan:
    """The plan with the setup of the position where it closes some of it and names none, being no strategy's own.

    A perpetual's order has to name the margin mode that its position has.
    """
    closes = any(target.role is Role.CLOSE for target in plan.orders)
    if plan.setup is not None or not closes or view.instrument.kind is not MarketKind.PERPETUAL:
        return plan
    return replace(plan, setup=_setup_of_position(bench, view))


def _setup_of_position(bench: Bench, view: View) -> Setup | None:
    """As it was set last; after a restart as the strategy would have it to look after what is held."""
    if bench.air.setup_done is not None:
        return bench.air.setup_done
    kept = _plan_if_any(bench, replace(view, mode=Mode.WIND_DOWN))
    return kept.setup if kept is not None else None


def _plan_if_any(bench: Bench, view: View) -> Plan | None:
    """The strategy's plan; None where it raises: its defect must not keep what it began from being ended."""
    try:
        return bench.strategy.plan(bench.config, bench.state, view)
    except Exception:  # the edge of a strategy
        log.exception("bot %s: its strategy cannot plan its end", bench.record.id)
        return None
