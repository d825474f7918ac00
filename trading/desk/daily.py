"""The daily report: once a day for each person whose bots were at work, at the time of day that they chose."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from trading.clock import Clock, SystemClock
from trading.core.hearing import moment_of, zone_of
from trading.core.instrument import ZERO
from trading.core.summaries import DailyReport
from trading.reports.daily import BotDay, Measured, curve_of, day_of_bot, day_of_bots, groups_of, thinned
from trading.reports.profit import EquitySample
from trading.runtime.outbox import Outbox
from trading.runtime.timers import Timers
from trading.storage import Connection, Storage, bots, notices, preferences, samples, users
from trading.storage.fills import count_fills
from trading.storage.records import BotRecord, PreferencesRecord, SampleRecord

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
DAY = timedelta(days=1)
EQUITY = "equity"

PaperAt = Callable[[int, datetime], Awaitable[datetime]]
"""Which time it was on a person's paper account at a moment of the machine's."""


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is wanted now: for this date of its person's, whose chosen moment was ``moment`` (UTC)."""

    record: PreferencesRecord
    day: date
    moment: datetime


class DailyReports:
    """Looks every minute who is to be told. What was told is in the database: nothing is told twice, and a report
    whose time came while the process was down is told as soon as it is up again on that day.
    """

    def __init__(self, storage: Storage, outbox: Outbox, paper_at: PaperAt, clock: Clock | None = None) -> None:
        self._storage, self._outbox, self._paper_at = storage, outbox, paper_at
        self._clock = clock or SystemClock()

    def begin(self, timers: Timers) -> None:
        """Set the job."""
        timers.every("daily reports", self._clock, LOOK_SECONDS, self.look)

    async def look(self) -> None:
        """Queue every report that is due. One that cannot be made is logged, and holds up nobody else's."""
        now = self._clock.now()
        records = await self._storage.read(_wanting)
        for due in [found for record in records if (found := due_report(record, now))]:
            try:
                await self._queue(due, now)
            except Exception:  # the edge of one person's report
                log.exception("the daily report of %s cannot be made", due.record.user_id)
        self._outbox.wake()

    async def _queue(self, due: Due, now: datetime) -> None:
        user_id = due.record.user_id
        lived = await self._lived(due)
        days = await self._storage.read(lambda c: _days(c, user_id, lived))
        report = make_report(due.day, days) if days else None

        def queue(connection: Connection) -> None:
            # What was chosen meanwhile stands; that the report was told is stored with it, or neither is.
            record = preferences.preferences_of(connection, user_id)
            if due_report(record, now) is None:
                return
            preferences.put_preferences(connection, replace(record, reported_on=due.day.isoformat()))
            if report is not None:
                notices.put_notices(connection, user_id, None, [report], now)

        await self._storage.write(queue)

    async def _lived(self, due: Due) -> Mapping[bool, tuple[datetime, datetime]]:
        """The person's day by the clock of real accounts, and by that of their paper one (True), which may live through
        more than a day in it, or through less where the process was down.
        """
        began, ended = due.moment - DAY, due.moment
        user_id = due.record.user_id
        return {
            False: (began, ended),
            True: (await self._paper_at(user_id, began), await self._paper_at(user_id, ended)),
        }


def _days(connection: Connection, user_id: int, lived: Mapping[bool, tuple[datetime, datetime]]) -> list[BotDay]:
    found = [day_of(connection, record, *lived[record.key_id is None]) for record in bots.bots_of(connection, user_id)]
    return [day for day in found if day is not None]


def due_report(record: PreferencesRecord, now: datetime) -> Due | None:
    """The report that this person is to be told at ``now``, None when there is none."""
    if record.report_at is None:
        return None
    zone = zone_of(record.time_zone)
    day = now.astimezone(zone).date()
    moment = moment_of(day, record.report_at, zone)
    if now < moment or (record.reported_on is not None and record.reported_on >= day.isoformat()):
        return None
    return Due(record, day, moment)


def make_report(day: date, days: Sequence[BotDay]) -> DailyReport:
    """The report of these bots' days, of which there is one at least."""
    groups = groups_of(days)
    first = next(iter(groups.values()))
    return DailyReport(
        day=day,
        groups=tuple(day_of_bots(members) for members in groups.values()),
        bots=tuple(day_of_bot(each) for members in groups.values() for each in members),
        curve=thinned(curve_of(first)) if any(each.samples for each in first) else (),
    )


def day_of(connection: Connection, record: BotRecord, since: datetime, until: datetime) -> BotDay | None:
    """A bot's day by its own clock; None for one that did nothing in it: not begun yet, or stopped all the time."""
    if record.created_at >= until or not record.deposit:
        return None
    taken = [_measured(each) for each in samples.samples_of(connection, record.id, EQUITY, since) if each.at <= until]
    fills = count_fills(connection, record.id, since, until)
    if not taken and not fills:
        return None
    last = samples.last_sample(connection, record.id, EQUITY, since)
    if last is not None:
        begin = replace(_measured(last), at=since)
    elif record.created_at >= since or not taken:
        begin = Measured(max(since, record.created_at), ZERO, ZERO)
    else:
        begin = taken[0]
    quote = record.symbol.partition("/")[2].partition(":")[0]
    return BotDay(
        bot_id=record.id,
        symbol=record.symbol,
        quote=quote,
        is_paper=record.key_id is None,
        deposit=record.deposit,
        begin=begin,
        samples=taken,
        end=taken[-1] if taken else Measured(until, record.ledger.net, ZERO),
        fills=fills,
        length=until - since,
    )


async def picture(report: DailyReport, zone: str, labels: Mapping[str, str], *, dark: bool) -> bytes | None:
    """PNG of the first group's day; None where nothing was measured. Drawn in a thread."""
    if len(report.curve) < 2 or not report.groups:
        return None
    group, place = report.groups[0], zone_of(zone)
    title = labels.get("title_paper", "") if group.is_paper else labels.get("title", "")
    curve = [EquitySample(point.at.astimezone(place), point.equity) for point in report.curve]

    def draw() -> bytes:
        # matplotlib is heavy: it is not wanted before the first picture is.
        from trading.reports.charts import equity_chart  # noqa: PLC0415

        return equity_chart(
            curve,
            deposit=group.deposit,
            currency=group.quote,
            labels=labels,
            dark=dark,
            title=title,
            is_paper=group.is_paper,
        )

    return await asyncio.to_thread(draw)


def _wanting(connection: Connection) -> list[PreferencesRecord]:
    return [preferences.preferences_of(connection, user.id) for user in users.list_users(connection, "active")]


def _measured(sample: SampleRecord) -> Measured:
    body = sample.body
    return Measured(sample.at, Decimal(str(body["net"])), Decimal(str(body["unrealized"])))
