"""One writer for all: group commit, durability of results, failures, files."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from tests.storage.made import NOW, user_record
from trading.storage import Storage, StorageFailed, meta, users


def put(key: str, value: str = "1") -> Callable[[Connection], str]:
    def job(connection: Connection) -> str:
        meta.put(connection, key, value)
        return key

    return job


def get(key: str) -> Callable[[Connection], str | None]:
    return lambda connection: meta.get(connection, key)


async def hold_writer(storage: Storage) -> tuple[threading.Event, asyncio.Task[str]]:
    """Keep the writer busy with one job, so that what comes now waits and is committed together."""
    started, go = threading.Event(), threading.Event()

    def job(connection: Connection) -> str:
        started.set()
        assert go.wait(10)
        return "held"

    task = asyncio.create_task(storage.write(job))
    assert await asyncio.to_thread(started.wait, 10)
    return go, task


def commits(path: Path) -> int:
    """Frames in the write-ahead log that end a transaction."""
    data = Path(f"{path}-wal").read_bytes()
    page = int.from_bytes(data[8:12])
    headers = [data[start : start + 24] for start in range(32, len(data), 24 + page)]
    return sum(int.from_bytes(header[4:8]) > 0 and header[8:16] == data[16:24] for header in headers)


async def test_what_was_written_is_read(storage: Storage) -> None:
    assert await storage.write(put("a")) == "a"
    assert await storage.read(get("a")) == "1"


async def test_all_that_waits_is_committed_at_once(storage: Storage) -> None:
    go, held = await hold_writer(storage)
    before = commits(storage.path)
    waiting = [asyncio.create_task(storage.write(put(f"k{number}"))) for number in range(40)]
    await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(*waiting) == [f"k{number}" for number in range(40)]
    assert await held == "held"
    assert commits(storage.path) - before == 1


async def test_a_failing_job_fails_alone(storage: Storage) -> None:
    def half_done(connection: Connection) -> None:
        meta.put(connection, "half", "done")
        raise ZeroDivisionError

    go, held = await hold_writer(storage)
    jobs = (put("before"), half_done, put("after"))
    waiting = [asyncio.create_task(storage.write(job)) for job in jobs]
    await asyncio.sleep(0)
    go.set()
    before, failed, after = await asyncio.gather(*waiting, return_exceptions=True)
    assert (before, after, type(failed)) == ("before", "after", ZeroDivisionError)
    assert await held == "held"
    assert [await storage.read(get(key)) for key in ("before", "half", "after")] == ["1", None, "1"]


async def test_a_constraint_is_the_jobs_own_error(storage: Storage) -> None:
    await storage.write(lambda c: users.add_user(c, user_record(1)))
    with pytest.raises(IntegrityError):
        await storage.write(lambda c: users.add_user(c, user_record(1)))
    assert await storage.write(put("a")) == "a"


@pytest.mark.parametrize("raised", [StopIteration, KeyboardInterrupt, SystemExit])
async def test_no_exception_of_a_job_stops_the_writer(storage: Storage, raised: type[BaseException]) -> None:
    def job(_connection: Connection) -> None:
        raise raised

    answered: list[BaseException] = []

    async def ask() -> None:
        try:
            await storage.write(job)
        except BaseException as error:  # that it arrives here is the point
            answered.append(error)

    await ask()
    assert isinstance(answered[0], RuntimeError if raised is StopIteration else raised)
    assert await storage.write(put("a")) == "a"


async def test_when_the_commit_fails_nobody_is_told_otherwise(storage: Storage) -> None:
    def time_bomb(connection: Connection) -> None:
        # A deferred foreign key is checked at COMMIT.
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        row = "1, 99, 'v', 'l', 's', 't', 'ok', NULL, 0, '', '', '{}'"
        connection.execute(text(f"INSERT INTO keys VALUES ({row})"))  # noqa: S608

    go, held = await hold_writer(storage)
    waiting = [asyncio.create_task(storage.write(job)) for job in (put("a"), time_bomb, put("b"))]
    await asyncio.sleep(0)
    go.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert await held == "held"
    assert await storage.read(get("a")) is None
    assert await storage.write(put("a")) == "a"


async def test_a_full_disk_loses_nothing_and_recovers(storage: Storage) -> None:
    await storage.write(put("a"))
    pages = await storage.read(lambda c: c.execute(text("PRAGMA page_count")).scalar_one())
    await storage.write(lambda c: c.execute(text(f"PRAGMA max_page_count = {pages + 2}")).scalar_one())
    big = put("big", "x" * 200_000)
    outcomes = await asyncio.gather(storage.write(big), storage.write(big), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 2
    assert "full" in str(outcomes[0])
    assert await storage.read(get("big")) is None
    await storage.write(lambda c: c.execute(text("PRAGMA max_page_count = 1000000")).scalar_one())
    assert await storage.write(big) == "big"
    assert await storage.read(get("a")) == "1"


async def test_a_locked_database_is_told_and_reading_goes_on(url: str) -> None:
    storage = await Storage.open(url, now=lambda: NOW, busy_seconds=0.05)
    await storage.write(put("a"))
    with closing(sqlite3.connect(storage.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailed, match="locked"):
            await storage.write(put("b"))
        assert await storage.read(get("a")) == "1"
        other.execute("ROLLBACK")
    assert await storage.write(put("b")) == "b"
    await storage.close()


async def test_a_caller_that_goes_away_does_not_disturb_the_others(storage: Storage) -> None:
    go, held = await hold_writer(storage)
    leaving, staying = (asyncio.create_task(storage.write(put(key))) for key in ("leaving", "staying"))
    await asyncio.sleep(0)
    leaving.cancel()
    held.cancel()
    await asyncio.sleep(0)
    go.set()
    assert await staying == "staying"
    assert leaving.cancelled()


async def test_fifty_writers_lose_no_count(storage: Storage) -> None:
    def count(connection: Connection) -> int:
        number = int(meta.get(connection, "count") or 0) + 1
        meta.put(connection, "count", str(number))
        return number

    async def caller() -> list[int]:
        return [await storage.write(count) for _ in range(20)]

    seen = await asyncio.gather(*[caller() for _ in range(50)])
    assert sorted(number for numbers in seen for number in numbers) == list(range(1, 1001))
    assert all(numbers == sorted(numbers) for numbers in seen)


async def test_reading_waits_for_no_writer_and_sees_only_what_is_committed(storage: Storage) -> None:
    await storage.write(put("a", "old"))
    started, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        meta.put(connection, "a", "new")
        started.set()
        assert go.wait(10)

    task = asyncio.create_task(storage.write(slow))
    assert await asyncio.to_thread(started.wait, 10)
    assert await storage.read(get("a")) == "old"
    go.set()
    await task
    assert await storage.read(get("a")) == "new"


async def test_a_reading_job_sees_one_moment(storage: Storage) -> None:
    await storage.write(put("a", "old"))
    loop = asyncio.get_running_loop()
    reading, written = asyncio.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[str | None, str | None]:
        first = meta.get(connection, "a")
        loop.call_soon_threadsafe(reading.set)
        # Statements of a reading job hop to another thread, so the loop goes on meanwhile.
        while not written.is_set():
            connection.execute(text("SELECT 1"))
        return first, meta.get(connection, "a")

    task = asyncio.create_task(storage.read(twice))
    await reading.wait()
    await storage.write(put("a", "new"))
    written.set()
    assert await task == ("old", "old")


async def test_a_reading_job_cannot_write(storage: Storage) -> None:
    with pytest.raises(StorageFailed, match="readonly"):
        await storage.read(put("a"))
    assert await storage.read(get("a")) is None


async def test_a_canceled_read_leaves_no_trace(storage: Storage) -> None:
    await storage.write(put("a"))
    for _ in range(20):
        task = asyncio.create_task(storage.read(get("a")))
        await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await storage.read(get("a")) == "1"


async def test_closing_stores_what_waits_and_then_refuses(url: str) -> None:
    storage = await Storage.open(url, now=lambda: NOW)
    waiting = [asyncio.create_task(storage.write(put(f"k{number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await storage.close()
    await storage.close()
    assert len(await asyncio.gather(*waiting)) == 100
    with pytest.raises(StorageFailed, match="closed"):
        await storage.write(put("late"))
    again = await Storage.open(url, now=lambda: NOW)
    assert await again.read(get("k99")) == "1"
    await again.close()


async def test_every_commit_is_synced(storage: Storage) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await storage.write(pragmas) == ["wal", 2, 1]
