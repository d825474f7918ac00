import os
from datetime import timedelta
from pathlib import Path

from tests.clocks import ManualClock
from tests.kinds import BOOK
from trading.core.notices import BotStarted
from trading.desk.housekeeping import Housekeeping, KeepTerms
from trading.runtime.outbox import Outbox
from trading.storage import Storage, notices


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
