import asyncio
from pathlib import Path

import pytest

from tests.clocks import ManualClock
from trading.storage import Connection, Storage


async def test_a_read_whose_caller_is_canceled_goes_on_to_its_end_and_gives_its_connection_back(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=ManualClock().now)
    ended = []

    def job(_: Connection) -> None:
        ended.append(True)

    reader = asyncio.create_task(storage.read(job))
    await asyncio.sleep(0)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await storage.close()
    assert ended == [True]
