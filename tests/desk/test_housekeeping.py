import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.clocks import ManualClock
from tests.kinds import BOOK
from tests.storage.made import bot_record, user_record
from trading.core.notices import BotStarted
from trading.desk.housekeeping import Housekeeping, KeepTerms
from trading.runtime.outbox import Outbox
from trading.storage import Storage, bots, notices, samples, users
from trading.storage.records import SampleRecord
from trading.strategies import STRATEGIES
from trading.strategies.liquidity.report import OBLIGATION
from trading.strategies.pingpong import DETAIL, EXECUTION


async def test_a_backup_is_made_when_the_newest_is_a_day_old(tmp_path: Path) -> None:
    clock, folder = ManualClock(), tmp_path / "backups"
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    keeping = Housekeeping(KeepTerms(backups=folder), storage, Outbox(storage, (), clock.now, BOOK), clock)
    await keeping.look()
    [first] = folder.glob("*.db")
    os.utime(first, (clock.now().timestamp(),) * 2)
    await clock.advance(23 * 3600)
    await keeping.look()
    assert len(list(folder.glob("*.db"))) == 1
    await clock.advance(2 * 3600)
    await keeping.look()
    assert len(list(folder.glob("*.db"))) == 2
    await storage.close()


async def test_a_backup_that_fails_is_told_to_the_admins(tmp_path: Path) -> None:
    clock, folder = ManualClock(), tmp_path / "backups"
    folder.write_text("in the way")
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    outbox = Outbox(storage, (7,), clock.now, BOOK)
    await Housekeeping(KeepTerms(backups=folder), storage, outbox, clock).back_up()
    [waiting] = await outbox.waiting(10)
    assert (waiting.user_id, waiting.notice.kind) == (7, "system_trouble")
    await storage.close()


async def test_only_what_is_old_and_done_is_forgotten(tmp_path: Path) -> None:
    clock = ManualClock()
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    outbox = Outbox(storage, (), clock.now, BOOK)
    keeping = Housekeeping(KeepTerms(backups=tmp_path / "b"), storage, outbox, clock)
    await outbox.tell(1, [BotStarted(symbol="CRV/USDT:USDT"), BotStarted(symbol="BTC/USDT:USDT")])
    first, second = await outbox.waiting(10)
    await outbox.delivered([first.id])
    await clock.advance(timedelta(days=40).total_seconds())
    await keeping.clean_up()
    assert [notice.id for notice in await outbox.waiting(10)] == [second.id]
    assert await storage.read(notices.count_undelivered) == 1
    await storage.close()


async def test_a_bot_of_which_nothing_can_be_read_stops_no_clean_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock()
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    outbox = Outbox(storage, (), clock.now, BOOK)
    keeping = Housekeeping(KeepTerms(backups=tmp_path / "b"), storage, outbox, clock)
    await storage.write(lambda c: users.add_user(c, user_record(1)))
    await storage.write(lambda c: bots.add_bot(c, bot_record(1, state='{"number": "of another version"}')))
    await outbox.tell(1, [BotStarted(symbol="CRV/USDT:USDT")])
    [told] = await outbox.waiting(10)
    await outbox.delivered([told.id])
    await clock.advance(timedelta(days=40).total_seconds())
    await keeping.clean_up()
    assert "its state cannot be read" in caplog.text
    assert await storage.read(lambda c: list(c.execute(text("SELECT id FROM notices")))) == []
    await storage.close()


@pytest.mark.parametrize(
    ("strategy", "kind", "days"),
    [
        ("pingpong", EXECUTION, 180),
        ("pingpong", DETAIL, 180),
        ("liquidity", OBLIGATION, 7),
        ("liquidity", "book", 7),
    ],
)
async def test_what_a_person_collects_is_kept_as_long_as_orders(
    tmp_path: Path, strategy: str, kind: str, days: int
) -> None:
    clock = ManualClock()
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    keeping = Housekeeping(KeepTerms(backups=tmp_path / "b"), storage, Outbox(storage, (), clock.now, BOOK), clock)
    await storage.write(lambda c: users.add_user(c, user_record(1)))
    record = bot_record(1, strategy=strategy, state=STRATEGIES[strategy].state_model().model_dump_json())
    bot = await storage.write(lambda c: bots.add_bot(c, record))
    taken = SampleRecord(bot.id, 1, kind, clock.now(), {"n": "1"})
    await storage.write(lambda c: samples.add_samples(c, [taken]))
    for passed, left in ((days, 1), (2, 0)):
        await clock.advance(timedelta(days=passed, seconds=-1).total_seconds())
        await keeping.clean_up()
        assert len(await storage.read(lambda c: samples.samples_of(c, bot.id, kind))) == left
    await storage.close()


def test_no_two_strategies_keep_samples_of_one_name_differently() -> None:
    kinds = {kind for strategy in STRATEGIES.values() for kind in strategy.sample_kinds}
    assert len({kind.name for kind in kinds}) == len(kinds)
