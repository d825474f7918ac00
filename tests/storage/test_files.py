"""The database as a file, opened and closed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.storage.made import NOW
from trading.core.client_ids import EPOCHS
from trading.storage import Storage, StorageFailed, meta


async def test_the_epoch_is_drawn_once(url: str) -> None:
    epochs = []
    for _ in range(2):
        storage = await Storage.open(url, now=lambda: NOW)
        epochs.append(storage.epoch)
        await storage.close()
    assert epochs[0] == epochs[1]
    assert 0 <= epochs[0] < EPOCHS


async def test_the_files_are_their_owners_alone(storage: Storage) -> None:
    await storage.write(lambda c: meta.put(c, "a", "1"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in storage.path.parent.iterdir()}
    assert set(modes) >= {"makergram.db", "makergram.db-wal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(storage.path.parent.stat().st_mode) == 0o700


async def test_a_file_that_others_can_read_is_warned_about(
    tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "makergram.db").touch(0o644)
    storage = await Storage.open(url, now=lambda: NOW)
    await storage.close()
    assert "chmod 600" in caplog.text


async def test_a_database_is_opened_by_one_alone(storage: Storage, url: str) -> None:
    with pytest.raises(StorageFailed, match="another process"):
        await Storage.open(url, now=lambda: NOW)
    await storage.close()
    again = await Storage.open(url, now=lambda: NOW)
    await again.close()


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "postgresql://me:secret@host/x"]
)
async def test_only_files_are_taken(url: str) -> None:
    with pytest.raises(StorageFailed) as caught:
        await Storage.open(url, now=lambda: NOW)
    assert "secret" not in str(caught.value)


async def test_what_is_no_database_is_said(tmp_path: Path, url: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "makergram.db").write_text("this is a shopping list, and a rather long one at that\n" * 20)
    with pytest.raises(StorageFailed, match="not a database"):
        await Storage.open(url, now=lambda: NOW)


async def test_the_size_counts_the_log(storage: Storage) -> None:
    before = await storage.size_bytes()
    await storage.write(lambda c: meta.put(c, "big", "x" * 100_000))
    assert await storage.size_bytes() >= before + 100_000
