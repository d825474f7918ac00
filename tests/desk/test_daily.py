"""The daily report: once a day for each person, at their time, over restarts; real money before paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.clocks import ManualClock
from tests.kinds import BOOK
from tests.storage.made import bot_record, fill, user_record
from trading.core.summaries import DailyReport
from trading.desk.daily import DailyReports, due_report, picture
from trading.reports.daily import BotDay, Measured, curve_of, day_of_bots, groups_of
from trading.runtime.outbox import Outbox
from trading.storage import Connection, Storage, bots, fills, preferences, samples, users
from trading.storage.records import PreferencesRecord, SampleRecord

EIGHT = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
MONTH_AGO = EIGHT - timedelta(days=30)


class Home:
    """A database with one person whose bot was measured in the last day, and the job over it."""

    def __init__(self, storage: Storage, clock: ManualClock) -> None:
        self.storage, self.clock = storage, clock
        self.outbox = Outbox(storage, (), clock.now, BOOK)
        self.pace = 1
        """How fast paper has lived for a month."""
        self.daily = DailyReports(storage, self.outbox, self.paper_at, clock)

    async def paper_at(self, user_id: int, moment: datetime) -> datetime:
        assert user_id == 1
        return MONTH_AGO + (moment - MONTH_AGO) * self.pace

    async def told(self) -> list[DailyReport]:
        found = await self.outbox.waiting(50)
        await self.outbox.delivered([each.id for each in found])
        return [each.notice for each in found if isinstance(each.notice, DailyReport)]


async def home(folder: Path, *, key_id: int | None = 5) -> Home:
    clock = ManualClock(EIGHT)
    storage = await Storage.open(f"sqlite+aiosqlite:///{folder}/m.db", now=clock.now)

    def fill_it(connection: Connection) -> None:
        users.add_user(connection, user_record(1))
        began = EIGHT - timedelta(days=3)
        record = bots.add_bot(
            connection, bot_record(user_id=1, key_id=key_id, created_at=began, started_at=began, deposit=Decimal(100))
        )
        for hours, net, unrealized in ((30, "2", "0"), (20, "2", "3"), (10, "5", "-6"), (2, "5.5", "1")):
            body = {"net": net, "unrealized": unrealized, "price": "0.5"}
            at = EIGHT - timedelta(hours=hours)
            samples.add_samples(connection, [SampleRecord(record.id, 1, "equity", at, body)])
        fills.add_fills(connection, record.id, 1, [fill(at=EIGHT - timedelta(hours=5))])

    await storage.write(fill_it)
    return Home(storage, clock)


async def test_it_comes_once_a_day_at_the_persons_time_over_restarts(tmp_path: Path) -> None:
    house = await home(tmp_path)
    await house.daily.look()
    assert await house.told() == []
    await house.clock.advance(3600)
    await house.daily.look()
    [report] = await house.told()
    assert report.day == date(2026, 3, 10)
    again = DailyReports(house.storage, house.outbox, house.paper_at, house.clock)
    for _ in range(3):
        await again.look()
        await house.clock.advance(3600)
    assert await house.told() == []
    await house.clock.advance(22 * 3600)
    await again.look()
    assert await house.told() == [], "nothing was measured and nothing filled on that day"
    await house.storage.close()


async def test_its_figures_are_those_of_the_last_24_hours(tmp_path: Path) -> None:
    house = await home(tmp_path)
    await house.clock.advance(3600)
    await house.daily.look()
    [report] = await house.told()
    [group] = report.groups
    assert (group.quote, group.is_paper, group.deposit, group.fills) == ("USDT", False, 100, 1)
    assert (group.net, group.open_profit) == (Decimal("3.5"), 1)
    assert (group.drawdown, group.drawdown_percent) == (6, 6)
    assert [(each.net, each.fills) for each in report.bots] == [(Decimal("3.5"), 1)]
    drawn = await picture(report, "Europe/Berlin", {"title": "Last 24 hours"}, dark=False)
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    await house.storage.close()


@pytest.mark.parametrize(("pace", "net", "filled", "days"), [(1, "3.5", 1, 1), (10, "8", 4, 10)])
async def test_a_paper_day_is_all_that_paper_has_lived_through_in_the_persons_24_hours(
    tmp_path: Path, pace: int, net: str, filled: int, days: int
) -> None:
    house = await home(tmp_path, key_id=None)
    house.pace = pace
    if pace > 1:
        await house.storage.write(lambda c: _relive(c, pace))
    await house.clock.advance(3600)
    await house.daily.look()
    [report] = await house.told()
    [group] = report.groups
    assert (group.is_paper, group.net, group.fills, group.seconds) == (True, Decimal(net), filled, days * 86_400)
    drawn = await picture(report, "UTC", {"title": "a day", "title_paper": "ten days"}, dark=True)
    assert drawn is not None
    await house.storage.close()


def _relive(connection: Connection, pace: int) -> None:
    """What a paper bot did in the ten days before nine o'clock of its own clock, and once before them."""
    nine = MONTH_AGO + (EIGHT + timedelta(hours=1) - MONTH_AGO) * pace
    for number, before in enumerate((11, 9, 6, 3, 1)):
        at = nine - timedelta(days=before)
        body = {"net": str(number * 2), "unrealized": "0", "price": "0.5"}
        samples.add_samples(connection, [SampleRecord(1, 1, "equity", at, body)])
        fills.add_fills(connection, 1, 1, [fill(number + 50, at=at)])


async def test_who_wants_none_gets_none(tmp_path: Path) -> None:
    house = await home(tmp_path)
    await house.storage.write(lambda c: preferences.put_preferences(c, PreferencesRecord(1, report_at=None)))
    await house.clock.advance(5 * 3600)
    await house.daily.look()
    assert await house.told() == []
    await house.storage.close()


def test_it_is_due_by_the_persons_own_clock() -> None:
    tokyo = PreferencesRecord(1, "Asia/Tokyo", report_at=9 * 60)
    midnight = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
    assert due_report(tokyo, midnight - timedelta(seconds=1)) is None
    due = due_report(tokyo, midnight)
    assert due is not None
    assert (due.day, due.moment) == (date(2026, 3, 10), midnight)
    # The date is the person's: late in the evening in New York it is tomorrow in UTC.
    york = PreferencesRecord(1, "America/New_York", report_at=21 * 60, reported_on="2026-03-09")
    assert due_report(york, datetime(2026, 3, 10, 1, 30, tzinfo=UTC)) is None
    assert due_report(york, datetime(2026, 3, 11, 1, 30, tzinfo=UTC)) is not None


def test_paper_is_never_added_to_real_money() -> None:
    def day(number: int, *, is_paper: bool, end: str) -> BotDay:
        begin, last = Measured(EIGHT, Decimal(0), Decimal(0)), Measured(EIGHT, Decimal(end), Decimal(0))
        return BotDay(number, "A/USDT", "USDT", is_paper, Decimal(100), begin, [last], last, 2, timedelta(days=1))

    groups = groups_of(
        [day(1, is_paper=True, end="9"), day(2, is_paper=False, end="-4"), day(3, is_paper=True, end="1")]
    )
    assert list(groups) == [(False, "USDT"), (True, "USDT")]
    real, paper = (day_of_bots(each) for each in groups.values())
    assert (real.net, real.drawdown, paper.net, paper.fills) == (-4, 4, 10, 4)
    assert curve_of(groups[True, "USDT"])[-1].equity == 210
