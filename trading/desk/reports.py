"""What a bot has to show for itself: figures and a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TypeVar

from trading.core.instrument import Instrument
from trading.core.planning import Sample
from trading.core.reporting import Records, StrategyReport
from trading.desk import rules
from trading.desk.answers import MOST_EXPORTED_ROWS, BotReport, DeskError
from trading.desk.house import House
from trading.desk.steering import SteeringRoom
from trading.desk.titles import title_of_market
from trading.reports import strategy as reports
from trading.storage import Connection, cycles, history
from trading.storage.history import Bookmark, Extent
from trading.storage.records import BotRecord

PAGE = 2000
"""Rows that are read in one go: what trades meanwhile is not held up for longer."""

T = TypeVar("T")


class ReportsRoom(SteeringRoom):
    """Reading beside the writer, reckoning and drawing in threads, for one person at a time."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._reporting = asyncio.Lock()

    async def report(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> BotReport:
        record = await self._own_bot(user_id, bot_id)
        instrument = await self._rules_of(record)
        async with self._reporting:
            records = await self._records(record, None)
            made, whole = await asyncio.to_thread(self._reckon, record, instrument, records, tz)
            picture = await asyncio.to_thread(
                reports.picture_of,
                made,
                labels=labels,
                dark=dark,
                title=title_of_market(record.symbol),
                is_paper=record.key_id is None,
                tz=tz,
            )
        return BotReport(bot_id, whole.figures, picture, self._names(record))

    def _names(self, record: BotRecord) -> tuple[str, ...]:
        return (*self._strategy(record.strategy).tables, *reports.COMMON_TABLES)

    def _reckon(
        self, record: BotRecord, instrument: Instrument, records: Records, tz: tzinfo
    ) -> tuple[StrategyReport, StrategyReport]:
        made = self._strategy(record.strategy).report(records, instrument, self._now_of(record))
        return made, reports.measured(made, tz)

    def _now_of(self, record: BotRecord) -> datetime:
        """Up to when it has something to say: a stopped bot's time ended when it stopped."""
        return self._clock_of(record) if record.active else record.updated_at

    def _clock_of(self, record: BotRecord) -> datetime:
        """The bot's own time: paper time runs ahead of the machine's."""
        clock = self._house.connections.paper.clock_of(record.user_id)
        return clock.now() if record.key_id is None else self._house.now()

    async def _rules_of(self, record: BotRecord) -> Instrument:
        """The market as the bot's worker knows it, else as it was when the bot was last started."""
        worker = self._house.supervisor.worker(record.id)
        if worker is not None:
            return worker.bench.books.instrument
        found = await self._house.storage.read(lambda c: rules.recall(c, record.venue, record.symbol))
        if found is None:
            raise DeskError("unknown_market", symbol=title_of_market(record.symbol))
        return found

    async def _records(self, record: BotRecord, since: datetime | None, until: datetime | None = None) -> Records:
        extent = Extent(record.id, record.user_id, since, until)
        rounds = await self._house.storage.read(lambda c: cycles.cycles_of(c, record.id, record.user_id))
        samples: dict[str, Sequence[Sample]] = {}
        for kind in self._strategy(record.strategy).sample_kinds:
            samples[kind.name] = await self._all(
                lambda c, mark, kind=kind.name: history.samples_before(c, extent, kind, mark, PAGE)  # type: ignore[misc]
            )
        worker = self._house.supervisor.worker(record.id)
        return Records(
            cycles=[each.result for each in rounds if extent.holds(each.result.ended_at)],
            orders=await self._all(lambda c, mark: history.orders_before(c, extent, mark, PAGE)),
            fills=await self._all(lambda c, mark: history.fills_before(c, extent, mark, PAGE)),
            samples=samples,
            balances=dict(worker.bench.balances) if worker else {},
            since=since,
        )

    async def _all(self, read: Callable[[Connection, Bookmark | None], tuple[list[T], Bookmark | None]]) -> Sequence[T]:
        """The newest rows, MOST_EXPORTED_ROWS at most, in the order of their time."""
        found: list[T] = []
        bookmark: Bookmark | None = None
        while len(found) < MOST_EXPORTED_ROWS:
            mark = bookmark
            page, bookmark = await self._house.storage.read(lambda c, mark=mark: read(c, mark))  # type: ignore[misc]
            found += page
            if bookmark is None:
                break
        found.reverse()
        return found
