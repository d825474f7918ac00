"""What the float's executions say: figures, the time to fill as a histogram, and the records as a table."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from trading.core.instrument import Instrument
from trading.core.planning import Sample
from trading.core.reporting import Cell, Histogram, Records, StrategyReport, Table, cycles_table, number, signed
from trading.strategies.pingpong.records import DETAIL, EXECUTION, record_columns
from trading.strategies.pingpong.statistics import Execution, summarize


def make_report(records: Records, instrument: Instrument) -> StrategyReport:
    """Times in seconds; ``edge`` is what the spread earned (negative: paid), in quote currency and in USD."""
    executions = [Execution.read(sample.body) for sample in records.samples.get(DETAIL, ())]
    columns = record_columns(instrument)
    rows = [_row(columns, sample) for sample in records.samples.get(EXECUTION, ())]
    tables = {"executions": Table(columns, rows), "cycles": cycles_table(records.cycles)}
    found = summarize(executions)
    if found is None:
        return StrategyReport({"legs": "0"}, tables)
    figures = {
        "legs": str(found.count),
        "fill_median": number(found.median_seconds, 3),
        "fill_p95": number(found.p95_seconds, 3),
        "fill_longest": number(found.longest_seconds, 3),
        "requotes_per_leg": number(found.requotes_per_leg),
        "orders_per_leg": number(found.orders_per_leg),
        "volume": f"{number(found.volume)} {instrument.quote}",
        "spread_earned" if found.edge >= 0 else "spread_paid": f"{number(abs(found.edge), 4)} {instrument.quote}",
        "spread_per_leg": f"{signed(found.edge_per_leg, 4)} {instrument.quote}",
    }
    if found.edge_usd and columns[3] != "change_usd":
        figures["spread_usd"] = signed(found.edge_usd, 4)
    return StrategyReport(figures, tables, Histogram([execution.seconds for execution in executions]))


def _row(columns: tuple[str, ...], sample: Sample) -> list[Cell]:
    times = [sample.body.get(column, "") for column in columns[:2]]
    return [*times, *(_number(sample.body.get(column, "")) for column in columns[2:])]


def _number(text: str) -> Cell:
    """As a number, so that its minus stays one; the books of a stopped bot's last execution may have been unknown."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
