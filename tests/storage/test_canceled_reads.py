import asyncio
import gc
import warnings
from pathlib import Path

import pytest

from tests.clocks import ManualClock
from trading.storage import Storage, users


async def test_a_read_that_nobody_waits_for_any_more_gives_its_connection_back(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=ManualClock().now)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for turns in range(12):
            reader = asyncio.create_task(storage.read(users.list_users))
            for _ in range(turns):
                await asyncio.sleep(0)
            reader.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reader
        await storage.close()
        gc.collect()
