"""Kill -9 in the middle: what was said to be stored is there, and no half of anything."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.made import NOW
from trading.storage import Storage, orders

CHILD = Path(__file__).with_name("durability_child.py")
ROOT = Path(__file__).parents[2]


async def write_until_killed(url: str, enough: int) -> set[int]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import runpy, sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[0] = 'child'; "
        f"runpy.run_path({str(CHILD)!r})", url, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    said = [await asyncio.wait_for(child.stdout.readline(), 60) for _ in range(enough)]
    child.kill()
    rest = await child.stdout.read()
    await child.wait()
    # The last line may be cut; what follows no line break was not said.
    whole = (b"".join(said) + rest).rpartition(b"\n")[0]
    return {int(line) for line in whole.split()}


@pytest.mark.parametrize("enough", [1, 37, 400])
async def test_what_was_said_to_be_stored_survives(url: str, tmp_path: Path, enough: int) -> None:
    said = await write_until_killed(url, enough)
    assert len(said) >= enough
    storage = await Storage.open(url, now=lambda: NOW)
    found = {int(order.client_id[-7:]) for order in await storage.read(lambda c: orders.live_orders(c, 1))}
    await storage.close()
    assert {2 * number for number in said} <= found
    assert {2 * number + 1 for number in said} <= found
    assert {number ^ 1 for number in found} == found, "a job was stored by half"
    with closing(sqlite3.connect(tmp_path / "data" / "makergram.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_being_killed_twice_is_no_different(url: str) -> None:
    first = await write_until_killed(url, 20)
    second = await write_until_killed(url, 20)
    storage = await Storage.open(url, now=lambda: NOW)
    found = {int(order.client_id[-7:]) for order in await storage.read(lambda c: orders.live_orders(c, 1))}
    await storage.close()
    assert {2 * number for number in first | second} <= found
