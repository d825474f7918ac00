"""What was earned and measured, as figures, pictures and files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Protocol

from trading.core.summaries import DailyReport
from trading.desk.answers import BotReport
from trading.desk.file_answers import ExportFile, Progress, Span, silent
from trading.desk.profit_answers import Period, ProfitReport, ProfitView, Statistics


class Reports(Protocol):
    async def report(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> BotReport:
        """What the bot has to show for itself, by the days of ``tz``; reckoned and drawn off the loop.

        ``labels`` are the words in the picture; English where one is missing. DeskError: unknown_market (its rules
        are not known any more).
        """
        ...

    async def chart(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        """PNG: the price of late with the bot's fills in it, its orders beside it, average entry, take-profit, stop.

        ``labels``: keys of trading.reports.charts.GRID_LABELS and timeframe_1m, _5m, _15m, _1h, _4h. DeskError:
        unknown_market, no_price.
        """
        ...

    async def profit(
        self,
        user_id: int,
        period: Period,
        view: ProfitView = ProfitView.EQUITY,
        *,
        part: tuple[bool, str] | None = None,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
    ) -> ProfitReport:
        """What the bots earned in the period that holds now, by the calendar of ``tz``, with a picture of one part.

        ``part``: is it paper, and in which quote currency; the first where there is no such part. ``labels`` are the
        words in the picture: title, period, by_hour, by_day, by_week, by_month, profit_equity, profit_bars, drawdown,
        best, worst, paper.
        """
        ...

    async def statistics(self, user_id: int, *, tz: tzinfo = UTC) -> Statistics:
        """All that is measured of the person's trading, and for admins of the process."""
        ...

    async def daily_picture(
        self, user_id: int, report: DailyReport, *, labels: Mapping[str, str], dark: bool = False
    ) -> bytes | None:
        """PNG of the day; None where nothing was measured. ``labels``: those of the equity chart, and ``title``."""
        ...

    async def export(
        self, user_id: int, bot_id: int, what: str, span: Span, *, progress: Progress = silent
    ) -> ExportFile:
        """One of the strategy's tables as CSV: the newest MOST_EXPORTED_ROWS records of the span.

        DeskError: unknown_export, unknown_market.
        """
        ...

    async def export_workbook(
        self, user_id: int, bot_id: int | None, span: Span, *, labels: Mapping[str, str], progress: Progress = silent
    ) -> ExportFile:
        """All tables of a bot, or of all the user's bots (None), as one Excel workbook: a sheet each, one of contents.

        ``labels`` are the names of the tables and of ``contents``. Canceling the call ends the work.
        DeskError: nothing_to_export, unknown_market.
        """
        ...
