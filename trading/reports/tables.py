"""Orders, fills and obligations as tables: the same rows for every kind of file."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from trading.core.orders import Fill, Order
from trading.core.reporting import Cell, Table
from trading.reports.obligation import Breach, Day

ORDER_COLUMNS = (
    *("created_at", "updated_at", "client_id", "venue_id", "slot", "role", "symbol", "side", "type", "status"),
    *("price", "trigger_price", "amount", "filled", "average", "reduce_only", "refusal"),
)
FILL_COLUMNS = (
    *("at", "trade_id", "client_id", "venue_order_id", "symbol", "side", "price", "amount", "cost"),
    *("fee", "fee_currency", "maker"),
)
OBLIGATION_DAY_COLUMNS = (
    *("day_utc", "hours_covered", "spread_kept_percent", "depth_kept_percent", "both_kept_percent", "breached_percent"),
    *("unknown_percent", "breaches"),
)
BREACH_COLUMNS = (
    *("start", "end", "seconds", "spread_broken", "depth_broken", "cause"),
    *("worst_spread_percent", "lowest_depth", "is_open"),
)


def orders_table(orders: Iterable[Order]) -> Table:
    """One line an order. Amounts in base units, prices in quote currency, times in UTC."""
    return Table(ORDER_COLUMNS, [_order_cells(order) for order in orders])


def fills_table(fills: Iterable[Fill]) -> Table:
    """One line an execution; ``cost`` is price times amount (quote)."""
    return Table(FILL_COLUMNS, [_fill_cells(fill) for fill in fills])


def obligation_days_table(days: Iterable[Day]) -> Table:
    """One line a UTC day; percents are of the time covered, so kept, breached and unknown add up to 100."""
    return Table(OBLIGATION_DAY_COLUMNS, [_day_cells(day) for day in days])


def breaches_table(breaches: Iterable[Breach]) -> Table:
    """One line a breach; ``lowest_depth`` in quote currency, of the poorer side."""
    return Table(BREACH_COLUMNS, [_breach_cells(breach) for breach in breaches])


def _order_cells(order: Order) -> list[Cell]:
    return [getattr(order, column) for column in ORDER_COLUMNS]


def _fill_cells(fill: Fill) -> list[Cell]:
    return [fill.price * fill.amount if column == "cost" else getattr(fill, column) for column in FILL_COLUMNS]


def _day_cells(day: Day) -> list[Cell]:
    shares = (day.spread.kept_share, day.depth.kept_share, day.both.kept_share, day.both.breached_share)
    covered = day.both.kept + day.both.breached + day.both.unknown
    hours = Decimal(str(round(covered.total_seconds() / 3600, 4)))
    return [day.day.isoformat(), hours, *map(_percent, (*shares, day.both.unknown_share)), day.breaches]


def _breach_cells(breach: Breach) -> list[Cell]:
    seconds = Decimal(str(round(breach.length.total_seconds(), 3)))
    cells: list[Cell] = [breach.start, breach.end, seconds, breach.spread, breach.depth, breach.cause]
    return [*cells, breach.worst_spread_percent, breach.lowest_depth, breach.is_open]


def _percent(share: float) -> Decimal:
    """Rounded down, so that 100 means all of it."""
    return Decimal(str(share * 100)).quantize(Decimal("0.001"), ROUND_FLOOR)
