"""What is told of a stretch of time: what waited through quiet hours, and what a day brought."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from trading.core.telling import Notice, Topic, Urgency


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class TopicCount(_Part):
    topic: str
    count: int


class CyclesProfit(_Part):
    """What finished cycles earned after fees, in one currency; paper money is never added to other money."""

    quote: str
    is_paper: bool
    net: Decimal
    cycles: int


class Digest(Notice):
    """What waited from ``since`` on: how much by topic, what was earned, and the last things that matter.

    ``important`` are ids of stored notices of the same person, the last ones that are no matter of routine.
    """

    kind: Literal["digest"] = "digest"
    topic = Topic.REPORTS
    urgency = Urgency.COMES_SILENTLY  # so that a digest that could not be sent never waits for the next one
    essential = True
    since: datetime
    counts: tuple[TopicCount, ...]
    profits: tuple[CyclesProfit, ...] = ()
    important: tuple[int, ...] = ()


class DayOfBots(_Part):
    """What a person's bots did with one kind of money in a day (quote currency).

    ``net`` is what was realized after fees and funding, ``open_profit`` what open positions would bring now.
    ``drawdown`` is the deepest fall of both together within the day, also in percent of all ``deposit``. ``seconds``:
    how long the day was by the bots' own clock, which for paper may be longer or shorter than a person's.
    """

    quote: str
    is_paper: bool
    deposit: Decimal
    net: Decimal
    open_profit: Decimal
    drawdown: Decimal
    drawdown_percent: Decimal
    fills: int
    seconds: int = 86_400


class DayOfBot(_Part):
    bot_id: int
    symbol: str
    quote: str
    is_paper: bool
    net: Decimal
    fills: int


class CurvePoint(_Part):
    at: datetime
    equity: Decimal


class DailyReport(Notice):
    """The 24 hours before the report. ``day`` is the person's own date of the report.

    ``curve`` is the equity of the first group (its deposit at the beginning of the day), with few enough points to
    be drawn; empty where nothing was measured.
    """

    kind: Literal["daily_report"] = "daily_report"
    topic = Topic.REPORTS
    urgency = Urgency.COMES_SILENTLY
    essential = True
    day: date
    groups: tuple[DayOfBots, ...]
    bots: tuple[DayOfBot, ...]
    curve: tuple[CurvePoint, ...] = ()
