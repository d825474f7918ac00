"""Tables as CSV text. Cells that a spreadsheet would run as a formula are neutralised."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from trading.core.instrument import plain
from trading.core.orders import Fill, Order
from trading.core.planning import CycleResult
from trading.core.reporting import Cell, cycles_table
from trading.reports.obligation import Breach, Day
from trading.reports.tables import breaches_table, fills_table, obligation_days_table, orders_table

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def orders_csv(orders: Iterable[Order]) -> str:
    made = orders_table(orders)
    return table(made.columns, made.rows)


def fills_csv(fills: Iterable[Fill]) -> str:
    made = fills_table(fills)
    return table(made.columns, made.rows)


def cycles_csv(cycles: Iterable[CycleResult]) -> str:
    """One line a finished cycle; money in quote currency."""
    made = cycles_table(list(cycles))
    return table(made.columns, made.rows)


def obligation_days_csv(days: Iterable[Day]) -> str:
    made = obligation_days_table(days)
    return table(made.columns, made.rows)


def breaches_csv(breaches: Iterable[Breach]) -> str:
    made = breaches_table(breaches)
    return table(made.columns, made.rows)


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
