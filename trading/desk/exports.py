"""A bot's records as files: one table as CSV, or all of them as a workbook."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from trading.core.instrument import Instrument
from trading.core.reporting import Cell, Records, Table
from trading.desk.answers import MOST_EXPORTED_ROWS, DeskError
from trading.desk.file_answers import MOST_WORKBOOK_ROWS, ExportFile, Progress, Span, silent
from trading.desk.house import House
from trading.desk.reports import ReportsRoom
from trading.desk.stopping import stoppable
from trading.desk.titles import title_of_market
from trading.reports import strategy as reports
from trading.reports.xlsx import Sheet, workbook
from trading.storage import bots
from trading.storage.records import BotRecord

CONTENTS = "contents"
CONTENTS_COLUMNS = ("sheet", "bot", "strategy", "market", "venue", "since_utc", "until_utc", "rows", "newest_rows_only")


class ExportsRoom(ReportsRoom):
    """Reads as reports do. Workbooks are written one at a time, beside the reports of others."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._writing = asyncio.Lock()

    async def export(
        self, user_id: int, bot_id: int, what: str, span: Span, *, progress: Progress = silent
    ) -> ExportFile:
        record = await self._own_bot(user_id, bot_id)
        if what not in self._names(record):
            raise DeskError("unknown_export")
        instrument = await self._rules_of(record)
        progress("reading", 0.0)
        async with self._reporting:
            records = await self._records(record, *self._ends(record, span))
            progress("writing", 0.0)
            rows, text = await asyncio.to_thread(self._csv, record, instrument, records, what)
        name = f"{record.strategy}-{_letters(record)}-{record.id}-{what}-{self._clock_of(record):%Y%m%d}.csv"
        return ExportFile(name, text.encode(), rows, (what,) if rows >= MOST_EXPORTED_ROWS else ())

    async def export_workbook(
        self, user_id: int, bot_id: int | None, span: Span, *, labels: Mapping[str, str], progress: Progress = silent
    ) -> ExportFile:
        chosen = [await self._own_bot(user_id, bot_id)] if bot_id is not None else await self._all_bots(user_id)
        if not chosen:
            raise DeskError("nothing_to_export")
        made = _Making(labels, self._house.now(), self._house.limits.max_sheet_rows)
        async with self._writing:
            for place, record in enumerate(chosen):
                progress("reading", place / len(chosen))
                await self._add(made, record, span, is_alone=bot_id is not None)
            progress("writing", 0.0)
            content = await stoppable(partial(workbook, made.whole()), lambda share: progress("writing", share))
        subject = f"{chosen[0].strategy}-{_letters(chosen[0])}-{bot_id}" if bot_id is not None else "all-bots"
        return ExportFile(f"makergram-{subject}-{made.at:%Y%m%d}.xlsx", content, made.rows, tuple(made.cut))

    async def _all_bots(self, user_id: int) -> Sequence[BotRecord]:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        return sorted(owned, key=lambda bot: bot.id)

    async def _add(self, made: _Making, record: BotRecord, span: Span, *, is_alone: bool) -> None:
        instrument = await self._rules_of(record)
        since, until = self._ends(record, span)
        async with self._reporting:
            records = await self._records(record, since, until)
            tables = await stoppable(partial(self._tables, record, instrument, records), lambda share: None)
        for what, table in tables.items():
            made.add(record, what, table, (since, until), is_alone=is_alone)

    def _tables(
        self, record: BotRecord, instrument: Instrument, records: Records, progress: Callable[[float], None]
    ) -> Mapping[str, Table]:
        made = self._strategy(record.strategy).report(records, instrument, self._now_of(record))
        found: dict[str, Table] = {}
        for what in self._names(record):
            progress(0.0)
            found[what] = reports.table_of(made, records, what)
        return found

    def _csv(self, record: BotRecord, instrument: Instrument, records: Records, what: str) -> tuple[int, str]:
        made = self._strategy(record.strategy).report(records, instrument, self._now_of(record))
        return len(reports.table_of(made, records, what).rows), reports.csv_of(made, records, what)

    def _ends(self, record: BotRecord, span: Span) -> tuple[datetime | None, datetime | None]:
        if span.last is not None:
            return self._clock_of(record) - span.last, None
        return span.since, span.until


@dataclass
class _Making:
    """A workbook being gathered: what fits in, and what of it was cut."""

    labels: Mapping[str, str]
    at: datetime
    most_rows: int
    rows: int = 0
    cut: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    contents: list[list[Cell]] = field(default_factory=list)

    def add(
        self,
        record: BotRecord,
        what: str,
        table: Table,
        ends: tuple[datetime | None, datetime | None],
        *,
        is_alone: bool,
    ) -> None:
        room = min(self.most_rows, MOST_WORKBOOK_ROWS - self.rows)
        is_cut = len(table.rows) > room or len(table.rows) >= MOST_EXPORTED_ROWS
        kept = table.rows[len(table.rows) - room :] if len(table.rows) > room else table.rows
        label = self.labels.get(what, what)
        name = label if is_alone else f"{record.id} {_letters(record)} {label}"
        self.sheets.append(Sheet(name, replace(table, rows=kept)))
        self.rows += len(kept)
        if is_cut and what not in self.cut:
            self.cut.append(what)
        market, (since, until) = title_of_market(record.symbol), ends
        self.contents.append([name, record.id, record.strategy, market, record.venue, since, until, len(kept), is_cut])

    def whole(self) -> Sequence[Sheet]:
        return [Sheet(self.labels.get(CONTENTS, CONTENTS), Table(CONTENTS_COLUMNS, self.contents)), *self.sheets]


def _letters(record: BotRecord) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "", title_of_market(record.symbol))
