"""The database as the rest of the house sees it: hand in a function, get its result."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from trading.core import client_ids
from trading.storage import files, meta
from trading.storage.engines import reading_engine, writing_engine
from trading.storage.errors import StorageFailed
from trading.storage.migrating import upgrade
from trading.storage.writer import Writer, told_of

T = TypeVar("T")

READING = "storage read"
"""The name of the tasks that hold connections for reading; they end by themselves."""


class Storage:
    """Jobs are plain functions of a synchronous Connection, the same for reading and writing.

    ``epoch`` is the installation's number in client order ids; it is new when a backup is restored.
    """

    def __init__(self, path: Path, ground: _Ground, now: Callable[[], datetime], readers: AsyncEngine) -> None:
        """Use ``open``."""
        self.path, self.epoch = path, ground.epoch
        self._lock: int | None = ground.lock
        self._writer = Writer(ground.engine)
        self._readers, self._now = readers, now
        self._reading: set[asyncio.Future[Any]] = set()

    @classmethod
    async def open(cls, url: str, *, now: Callable[[], datetime], busy_seconds: float = 5.0) -> Self:
        """Make or upgrade the file that ``url`` names (``sqlite+aiosqlite:///path``) and start the writer.

        Waits ``busy_seconds`` where something else holds the write lock. Raises StorageFailed, also when another
        process (or another Storage) has the database open.
        """
        path = files.path_of(url)
        ground = await asyncio.to_thread(_prepare, path, busy_seconds)
        return cls(path, ground, now, reading_engine(path, busy_seconds))

    async def close(self) -> None:
        """Store what waits, then let go of the file. Closing twice does no harm."""
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self._readers.dispose()
        await self._writer.close()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Run ``job`` in a transaction and answer its result once that is on the disk.

        Raises what the job raised (then only this job is undone), or StorageFailed when the database failed (then
        every job that was to be committed with it is undone). A caller that is canceled while waiting does not know
        whether its job was stored; others are not disturbed.
        """
        return await self._writer.write(job)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run ``job`` on one consistent moment of the database, beside the writer. Raises StorageFailed.

        A caller that is canceled leaves at once; the read goes on to its end, so that its connection is given back.
        """
        reading = asyncio.create_task(self._read(job), name=READING)
        self._reading.add(reading)
        reading.add_done_callback(self._has_read)
        return await asyncio.shield(reading)

    async def _read(self, job: Callable[[Connection], T]) -> T:
        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(job)
        except DBAPIError as error:
            raise told_of(error) from error

    def _has_read(self, reading: asyncio.Future[Any]) -> None:
        self._reading.discard(reading)
        if not reading.cancelled():
            # Also where the caller is gone, so that nobody is told of an error that nobody can hear.
            reading.exception()

    async def backup(self, folder: Path, keep: int = 7) -> Path:
        """A copy in ``folder``, named by the time; the ``keep`` newest stay. Trading goes on meanwhile.

        Raises StorageFailed.
        """
        return await back_up(self.path, folder, keep, self._now())

    @property
    def writes_waiting(self) -> int:
        """Transactions that the writer has not begun yet."""
        return self._writer.waiting

    async def size_bytes(self) -> int:
        """What the database takes on the disk, with its write-ahead log."""
        return await asyncio.to_thread(_size, self.path)


async def back_up(path: Path, folder: Path, keep: int, at: datetime) -> Path:
    """As ``Storage.backup``, of a file that may be in use by another process. Raises StorageFailed."""
    try:
        return await asyncio.to_thread(_backup, path, folder, keep, at)
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(f"backup into {folder}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Ground:
    """A database made ready: held for this process, up to date, with its epoch."""

    lock: int
    engine: Engine
    epoch: int


def _prepare(path: Path, busy_seconds: float) -> _Ground:
    try:
        with ExitStack() as undo:
            files.make_private(path)
            lock = files.take_lock(path)
            undo.callback(os.close, lock)
            engine = writing_engine(path, busy_seconds)
            undo.callback(engine.dispose)
            upgrade(engine, path)
            with engine.begin() as connection:
                ground = _Ground(lock, engine, _epoch(connection))
            undo.pop_all()
            return ground
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise StorageFailed(f"{path}: {getattr(error, 'orig', error)}") from error


def _epoch(connection: Connection) -> int:
    """The installation's epoch, drawn when there is none: in a new database and in a restored backup."""
    stored = meta.get(connection, files.EPOCH_KEY)
    if stored is not None:
        return int(stored)
    former = meta.get(connection, files.FORMER_EPOCH_KEY)
    epoch = secrets.randbelow(client_ids.EPOCHS)
    while former is not None and epoch == int(former):
        epoch = secrets.randbelow(client_ids.EPOCHS)
    meta.put(connection, files.EPOCH_KEY, str(epoch))
    return epoch


def _backup(path: Path, folder: Path, keep: int, at: datetime) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = files.copy_database(path, folder / f"{path.stem}-{at:%Y%m%dT%H%M%SZ}.db")
    files.keep_newest(folder, f"{path.stem}-*.db", keep)
    return copy


def _size(path: Path) -> int:
    sizes = (Path(f"{path}{suffix}") for suffix in ("", "-wal"))
    return sum(part.stat().st_size for part in sizes if part.exists())
