"""Paper time at a moment of the machine's: over runs at any speed, over nights in which nothing ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.storage.made import user_record
from trading.clock import SystemClock
from trading.desk.paper_house import PaperHouse, PaperTerms
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.desk.paper_runs import PaperRun, PaperRuns
from trading.storage import Connection, Storage, meta, paper, users

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_time_stands_still_while_the_process_is_down() -> None:
    """Two hours at ten times, a night of rest, and on at twice."""
    runs = PaperRuns((PaperRun(NOON, NOON, 10.0), PaperRun(NOON + 14 * HOUR, NOON + 20 * HOUR, 2.0)))
    for machine, told in ((0, 0), (1, 10), (2, 20), (8, 20), (14, 20), (15, 22), (24, 40), (-1, -10)):
        assert runs.at(NOON + machine * HOUR) == NOON + told * HOUR


def test_a_clock_that_was_overtaken_goes_on_with_the_machines() -> None:
    runs = PaperRuns((PaperRun(NOON, NOON, 10.0), PaperRun(NOON + 48 * HOUR, NOON + 48 * HOUR, 10.0)))
    assert runs.at(NOON + 47 * HOUR) == NOON + 48 * HOUR
    assert runs.at(NOON + 49 * HOUR) == NOON + 58 * HOUR


def test_lives_are_kept_as_long_as_somebody_may_look_back_and_no_longer() -> None:
    runs = PaperRuns(())
    for day in range(10):
        at = NOON + timedelta(days=day)
        runs = PaperRuns.load(runs.dump()).and_then(PaperRun(at, at, 1.0))
    assert [run.began.day for run in runs.runs] == [15, 16, 17, 18, 19]
    assert PaperRuns.load(None).and_then(runs.runs[0]).runs == (runs.runs[0],)


async def test_a_house_remembers_its_lives_and_each_account_has_its_own_time(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=SystemClock().now)
    began = SystemClock().now()
    first = await PaperHouse.build(storage, PaperTerms(speed=10.0))
    early = await first.time_at(1, began - HOUR)
    assert timedelta(hours=9.9) < first.clock.now() - early < timedelta(hours=10.1)
    second = await PaperHouse.build(storage, PaperTerms(speed=5.0))
    stored = await storage.read(lambda c: meta.get(c, "paper_runs"))
    assert [run.speed for run in PaperRuns.load(stored).runs] == [10.0, 5.0]
    assert await second.time_at(1, began + 2 * HOUR) - await second.time_at(1, began + HOUR) == 5 * HOUR

    def on_live_prices(connection: Connection) -> None:
        users.add_user(connection, user_record(2))
        paper.save_prices(connection, 2, PaperPrices(PriceKind.LIVE, venue="binance").to_json(), began)

    await storage.write(on_live_prices)
    hour = await second.time_at(2, began) - await second.time_at(2, began - HOUR)
    assert abs(hour - HOUR) < timedelta(seconds=5), "live prices run as on a clock"
    await storage.close()
