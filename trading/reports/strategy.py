"""A strategy's report made whole: obligations measured, pictures drawn, tables written. To be called in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from decimal import Decimal

from trading.core.reporting import Histogram, Obligation, Records, StrategyReport, Table, number
from trading.reports.csv import table
from trading.reports.obligation import Report, make_report
from trading.reports.tables import breaches_table, fills_table, obligation_days_table, orders_table

ORDERS, FILLS = "orders", "fills"
COMMON_TABLES = (ORDERS, FILLS)
"""What every bot has, beside its strategy's own tables."""
DAYS_SHOWN = 7


def measured(report: StrategyReport, tz: tzinfo = UTC) -> StrategyReport:
    """The report with the uptime of its obligation said first, by the days of ``tz``."""
    found = _obligation(report, tz)
    return report if found is None else replace(report, figures={**_uptime(found), **report.figures})


def table_of(report: StrategyReport, records: Records, name: str) -> Table:
    """One table by its name. Raises KeyError for a name that there is none of."""
    match name:
        case "orders":
            return orders_table(records.orders)
        case "fills":
            return fills_table(records.fills)
        case "obligation_days" | "obligation_breaches":
            found = _obligation(report)
            if name == "obligation_days":
                return obligation_days_table(found.days if found else ())
            return breaches_table(found.breaches if found else ())
    return report.tables[name]


def csv_of(report: StrategyReport, records: Records, name: str) -> str:
    """One table as CSV text. Raises KeyError for a name that there is none of."""
    wanted = table_of(report, records, name)
    return table(wanted.columns, wanted.rows)


def picture_of(
    report: StrategyReport, *, labels: Mapping[str, str], dark: bool, title: str, is_paper: bool, tz: tzinfo = UTC
) -> bytes | None:
    """PNG of the report's picture, in the time of ``tz``; None where there is nothing to draw."""
    # matplotlib is heavy: it is not wanted before the first picture is.
    from trading.reports import charts  # noqa: PLC0415

    match report.picture:
        case Histogram(values=values) if values:
            seconds = [float(value) for value in values]
            return charts.histogram_chart(seconds, labels=labels, dark=dark, title=title, is_paper=is_paper)
        case Obligation():
            found = _obligation(report, tz)
            if found is not None:
                return charts.obligation_chart(found, labels=labels, dark=dark, title=title, is_paper=is_paper)
    return None


def _obligation(report: StrategyReport, tz: tzinfo = UTC) -> Report | None:
    data = report.picture
    if not isinstance(data, Obligation) or data.until <= data.since:
        return None
    return make_report(data.samples, data.since, data.until, tz)


def _uptime(found: Report) -> dict[str, str]:
    """Shares in percent of the time since the first sample; what nobody measured is not counted as kept."""
    figures = {
        "uptime_spread": _percent(found.spread.kept_share),
        "uptime_depth": _percent(found.depth.kept_share),
        "uptime_both": _percent(found.both.kept_share),
        "uptime_unknown": _percent(found.both.unknown_share),
        "breaches": str(len(found.breaches)),
    }
    if found.breaches:
        figures["longest_breach"] = number(Decimal(str(found.longest[0].length.total_seconds())), 0)
    days = [
        f"{day.day:%d.%m}: {_percent(day.spread.kept_share)} / {_percent(day.depth.kept_share)}, {day.breaches}"
        for day in found.days[-DAYS_SHOWN:]
    ]
    return {**figures, "uptime_days": "\n".join(days)}


def _percent(share: float) -> str:
    """Cut and not rounded: 100 is said only of all of it."""
    return number(Decimal(int(share * 10_000 + 1e-6)) / 100)
