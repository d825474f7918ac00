"""Profit by hours, days, weeks or months of a person's calendar, for bars side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from trading.core.instrument import ZERO
from trading.reports.books import Step

MOST_BARS = 62


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Piece:
    """``begins`` is in the person's time zone; ``net`` (quote) is realized profit after fees and funding."""

    begins: datetime
    net: Decimal


def unit_for(since: datetime, now: datetime) -> Unit:
    """The smallest unit in which the time fits into MOST_BARS bars; months beyond."""
    length = now - since
    if length <= timedelta(hours=30):
        return Unit.HOUR
    if length <= timedelta(days=MOST_BARS):
        return Unit.DAY
    return Unit.WEEK if length <= timedelta(weeks=MOST_BARS) else Unit.MONTH


def pieces(steps: Iterable[Step], since: datetime, now: datetime, unit: Unit, tz: tzinfo = UTC) -> list[Piece]:
    """Every unit from that of ``since`` to that of ``now``, also when nothing happened in it. Sums are exact."""
    sums = dict.fromkeys(_starts(since, now, unit, tz), ZERO)
    for step in steps:
        start = _floor(step.at, unit, tz)
        if start in sums:
            sums[start] += step.net
    return [Piece(start, net) for start, net in sums.items()]


def _starts(since: datetime, now: datetime, unit: Unit, tz: tzinfo) -> Iterator[datetime]:
    start = _floor(since, unit, tz)
    while start <= now:
        yield start
        start = _floor(_within_next(start, unit), unit, tz)


def _within_next(start: datetime, unit: Unit) -> datetime:
    """A moment of the following unit, whatever clocks do in between."""
    match unit:
        case Unit.HOUR:
            return start.astimezone(UTC) + timedelta(hours=1)
        case Unit.DAY:
            return start.replace(hour=12) + timedelta(days=1)
        case Unit.WEEK:
            return start.replace(hour=12) + timedelta(days=7)
        case Unit.MONTH:
            return start.replace(day=15) + timedelta(days=31)


def _floor(at: datetime, unit: Unit, tz: tzinfo) -> datetime:
    local = at.astimezone(tz)
    if unit is Unit.HOUR:
        return local.replace(minute=0, second=0, microsecond=0)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match unit:
        case Unit.WEEK:
            return midnight - timedelta(days=midnight.weekday())
        case Unit.MONTH:
            return midnight.replace(day=1)
        case _:
            return midnight
