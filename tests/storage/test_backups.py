from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.storage.made import NOW
from trading.storage import Storage, StorageFailed, meta


async def test_a_backup_is_whole_and_private_while_writing_goes_on(storage: Storage, tmp_path: Path) -> None:
    async def write_on() -> None:
        for number in range(200):
            await storage.write(lambda c, key=f"k{number}": meta.put(c, key, "1"))

    await storage.write(lambda c: meta.put(c, "before", "1"))
    writing = asyncio.create_task(write_on())
    copy = await storage.backup(tmp_path / "backups")
    await writing
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(copy)) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert found.execute("SELECT value FROM meta WHERE key = 'before'").fetchall() == [("1",)]


async def test_only_the_newest_stay(url: str, tmp_path: Path) -> None:
    days = iter(range(10))
    storage = await Storage.open(url, now=lambda: NOW + timedelta(days=next(days)))
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "holiday.jpg").touch()
    copies = [await storage.backup(folder, keep=3) for _ in range(5)]
    assert sorted(folder.iterdir()) == [folder / "holiday.jpg", *copies[2:]]
    await storage.close()


async def test_a_restored_backup_has_an_epoch_of_its_own(url: str, tmp_path: Path) -> None:
    storage = await Storage.open(url, now=lambda: NOW)
    copy = await storage.backup(tmp_path / "backups")
    await storage.close()
    copy.replace(storage.path)
    restored = await Storage.open(url, now=lambda: NOW)
    assert restored.epoch != storage.epoch
    assert await restored.read(lambda c: meta.get(c, "former_epoch")) == str(storage.epoch)
    await restored.close()
    again = await Storage.open(url, now=lambda: NOW)
    assert again.epoch == restored.epoch
    await again.close()


async def test_a_backup_that_cannot_be_made_is_told(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="backup"):
        await storage.backup(tmp_path / "file")
