"""Orders, fills, cycles, obligations and any table as CSV text.

Cells that a spreadsheet would run as a formula are neutralised.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal

from trading.core.instrument import plain
from trading.core.orders import Fill, Order
from trading.core.planning import CycleResult
from trading.reports.obligation import Breach, Day

Cell = str | int | bool | Decimal | datetime | None

ORDER_COLUMNS = (
    *("created_at", "updated_at", "client_id", "venue_id", "slot", "role", "symbol", "side", "type", "status"),
    *("price", "trigger_price", "amount", "filled", "average", "reduce_only", "refusal"),
)
FILL_COLUMNS = (
    *("at", "trade_id", "client_id", "venue_order_id", "symbol", "side", "price", "amount", "cost"),
    *("fee", "fee_currency", "maker"),
)
CYCLE_COLUMNS = ("number", "started_at", "ended_at", "cause", "gross", "fees", "funding", "net", "volume")
OBLIGATION_DAY_COLUMNS = (
    *("day", "hours_covered", "spread_kept_percent", "depth_kept_percent", "both_kept_percent", "breached_percent"),
    *("unknown_percent", "breaches"),
)
BREACH_COLUMNS = (
    *("start", "end", "seconds", "spread_broken", "depth_broken", "cause"),
    *("worst_spread_percent", "lowest_depth", "is_open"),
)

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def orders_csv(orders: Iterable[Order]) -> str:
    """One line an order. Amounts in base units, prices in quote currency, times in UTC."""
    return table(ORDER_COLUMNS, (_order_cells(order) for order in orders))


def fills_csv(fills: Iterable[Fill]) -> str:
    """One line an execution; ``cost`` is price times amount (quote)."""
    return table(FILL_COLUMNS, (_fill_cells(fill) for fill in fills))


def cycles_csv(cycles: Iterable[CycleResult]) -> str:
    """One line a finished cycle; money in quote currency."""
    return table(CYCLE_COLUMNS, ([getattr(cycle, column) for column in CYCLE_COLUMNS] for cycle in cycles))


def obligation_days_csv(days: Iterable[Day]) -> str:
    """One line a UTC day; percents are of the time covered, so kept, breached and unknown add up to 100."""
    return table(OBLIGATION_DAY_COLUMNS, (_day_cells(day) for day in days))


def breaches_csv(breaches: Iterable[Breach]) -> str:
    """One line a breach; ``lowest_depth`` in quote currency, of the poorer side."""
    return table(BREACH_COLUMNS, (_breach_cells(breach) for breach in breaches))


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """CSV as RFC 4180 has it: header first, lines end in CR LF, every cell safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: Cell) -> str:
    """One value as text. Numbers stay numbers (a minus sign is no formula there); other text is made harmless."""
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
    # A leading apostrophe makes a spreadsheet show the cell as text (OWASP: CSV injection).
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value


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
