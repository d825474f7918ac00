"""The owner of a key is told of its limits, and not each time that one is met."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.clocks import ManualClock
from tests.kinds import BOOK
from trading.core.notices import RateLimited
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox
from trading.runtime.throttling import Throttling
from trading.storage import Storage


async def test_a_key_is_told_of_its_limit_at_most_once_in_ten_minutes(tmp_path: Path) -> None:
    clock = ManualClock()
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    outbox = Outbox(storage, (), clock.now, BOOK)
    throttling = Throttling(outbox, clock.now)
    mine, other = AccountId(1, 5), AccountId(2, 6)
    for _ in range(30):
        throttling.heard(mine, "bitget", 3.2)
        await throttling.tell()
        await clock.advance(15)
    throttling.heard(other, "bitget", 1)
    await throttling.tell()
    assert [(each.user_id, each.notice) for each in await outbox.waiting(50)] == [
        (1, RateLimited(venue="bitget", seconds=3)), (2, RateLimited(venue="bitget", seconds=1)),
    ]  # fmt: skip
    await clock.advance(timedelta(minutes=3).total_seconds())
    throttling.heard(mine, "bitget", 7)
    await throttling.tell()
    assert len(await outbox.waiting(50)) == 3
    await storage.close()
