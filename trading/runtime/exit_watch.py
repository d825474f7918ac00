"""Watches that an open position is not without its take-profit, also while no plan can be made."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO
from trading.core.notices import ExitMissing
from trading.core.orders import Order, OrderType, Role
from trading.core.planning import Mode, Plan
from trading.runtime.bench import Bench


def watch_exit(bench: Bench, plan: Plan | None, now: datetime, most: timedelta) -> None:
    """A position whose take-profit has not rested for longer than ``most`` is told, once.

    ``plan`` is None while none can be made; then the books alone say what is missing.
    """
    position = bench.books.reported_position
    if plan is not None:
        bench.exitless = ZERO if any(target.role.is_exit for target in plan.orders) else position
    if _keeps_exit(bench, plan, position):
        bench.exit_missing_since, bench.exit_missing_told = None, False
    elif bench.exit_missing_since is None:
        bench.exit_missing_since = now
    elif not bench.exit_missing_told and now - bench.exit_missing_since >= most:
        bench.exit_missing_told = True
        seconds = int((now - bench.exit_missing_since).total_seconds())
        bench.tell(ExitMissing(symbol=bench.record.symbol, position=position, seconds=seconds))


def _keeps_exit(bench: Bench, plan: Plan | None, position: Decimal) -> bool:
    live = bench.books.live
    if plan is not None:
        wanted = [target.slot for target in plan.orders if target.role is Role.TAKE_PROFIT]
        return all(slot in live and not live[slot].status.is_in_flight for slot in wanted)
    record = bench.record
    if not record.active or record.mode in (Mode.CANCEL, Mode.CLOSE) or not bench.strategy.keeps_exits:
        return True
    return position == bench.exitless or any(_is_closing(order) for order in live.values())


def _is_closing(order: Order) -> bool:
    """The venue has confirmed it, and it needs nothing more to close a position; a stop needs its trigger."""
    is_confirmed = not order.status.is_in_flight and not order.status.is_final
    return is_confirmed and order.role.is_exit and order.type is not OrderType.STOP_MARKET
