"""Copies of the database that an admin asks for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.desk.place import ADMIN, OWNER, SECRET, FarKey, Place, credentials, refused

KEY = "far-key-abcd1234"


async def test_a_copy_is_whole_holds_keys_only_sealed_and_is_made_once_a_press(place: Place, tmp_path: Path) -> None:
    place.keys[KEY] = FarKey()
    async with place.open() as desk:
        await desk.add_key(OWNER, "bitget", "", credentials(KEY))
        name, content = await desk.backup(ADMIN, token="copy")
        async with refused("already_done"):
            await desk.backup(ADMIN, token="copy")
    copy = tmp_path / name
    copy.write_bytes(content)
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM keys").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM users").fetchone() == (2,)
    assert KEY.encode() not in content
    assert SECRET.encode() not in content


async def test_asking_often_leaves_two_files_apart_from_the_daily_ones(place: Place) -> None:
    async with place.open() as desk:
        for number in range(4):
            await desk.backup(ADMIN, token=f"copy {number}")
            await place.clock.advance(2)
    files = list((place.path.parent / "copies").iterdir())
    assert len(files) == 2
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in files)


async def test_a_copy_that_cannot_be_made_says_so(place: Place) -> None:
    async with place.open() as desk:
        (place.path.parent / "copies").write_text("in the way")
        async with refused("backup_failed"):
            await desk.backup(ADMIN, token="copy")
