"""The database as the rest of the house sees it: hand in a function, get its result."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

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


class Storage:
    """Jobs are plain functions of a synchronous Connection, the same for reading and writing.

    ``epoch`` is the installation's number in client order ids; it is new when a backup is restored.
    """

    def __init__(
        self, path: Path, epoch: int, writer: Writer, readers: AsyncEngine, now: Callable[[], datetime]
    ) -> None:
        """Use ``open``."""
        self.path, self.epoch = path, epoch
        self._writer, self._readers, self._now = writer, readers, now

    @classmethod
    async def open(cls, url: str, *, now: Callable[[], datetime], busy_seconds: float = 5.0) -> Self:
        """Make or upgrade the file that ``url`` names (``sqlite+aiosqlite:///path``) and start the writer.

        Waits ``busy_seconds`` for another process that holds the write lock. Raises StorageFailed.
        """
        path = files.path_of(url)
        engine, epoch = await asyncio.to_thread(_prepare, path, busy_seconds)
        return cls(path, epoch, Writer(engine), reading_engine(path, busy_seconds), now)

    async def close(self) -> None:
        """Store what waits, then let go of the file. Closing twice does no harm."""
        await self._readers.dispose()
        await self._writer.close()

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Run ``job`` in a transaction and answer its result once that is on the disk.

        Raises what the job raised (then only this job is undone), or StorageFailed when the database failed (then
        every job that was to be committed with it is undone). A caller that is canceled while waiting does not know
        whether its job was stored; others are not disturbed.
        """
        return await self._writer.write(job)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run ``job`` on one consistent moment of the database, beside the writer. Raises StorageFailed."""
        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(job)
        except DBAPIError as error:
            raise told_of(error) from error

    async def backup(self, folder: Path, keep: int = 7) -> Path:
        """A copy in ``folder``, named by the time; the ``keep`` newest stay. Trading goes on meanwhile."""
        return await asyncio.to_thread(_backup, self.path, folder, keep, self._now())

    async def size_bytes(self) -> int:
        """What the database takes on the disk, with its write-ahead log."""
        return await asyncio.to_thread(_size, self.path)


def _prepare(path: Path, busy_seconds: float) -> tuple[Engine, int]:
    files.make_private(path)
    engine = writing_engine(path, busy_seconds)
    try:
        upgrade(engine, path)
        with engine.begin() as connection:
            return engine, _epoch(connection)
    except DBAPIError as error:
        engine.dispose()
        raise StorageFailed(f"{path}: {error.orig}") from error
    except BaseException:
        engine.dispose()
        raise


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
