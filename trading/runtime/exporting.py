"""Files that grow with a bot's records: each record is in its file exactly once, whatever crashes in between.

The database remembers how far a file goes, in rows and in bytes. What a crash left beyond that is cut off and written
again; what the database knows to be written is on the disk.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import ValidationError

from trading.core.planning import Sample, Strategy
from trading.core.reporting import Cell, ContinuousFile
from trading.reports.csv import table
from trading.storage import Connection, Storage, StorageFailed, bots, history, meta
from trading.storage.history import Position
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

EXPORT_SECONDS = 5.0
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a file goes: its bot, its length in bytes, and the last sample in it."""

    bot_id: int
    size: int
    position: Position | None

    def dump(self) -> str:
        last = self.position
        return json.dumps([self.bot_id, self.size, last and [last.id, last.at.isoformat()]])

    @classmethod
    def load(cls, text: str) -> _Mark:
        bot_id, size, last = json.loads(text)
        return cls(bot_id, size, Position(last[0], datetime.fromisoformat(last[1])) if last else None)


class Exporting:
    """Writes below ``folder``, one folder a person. Runs one at a time."""

    def __init__(
        self, storage: Storage, strategies: Mapping[str, Strategy], folder: Path, now: Callable[[], datetime]
    ) -> None:
        self._storage, self._strategies, self._folder, self._now = storage, strategies, folder, now
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Append what is new, for every bot that has a file. The trouble of one file is not another's."""
        async with self._turn:
            for record in await self._storage.read(bots.all_bots):
                wanted = self._wanted(record)
                if wanted is None:
                    continue
                try:
                    while await self._carry_on(record, wanted) == ROWS_AT_ONCE:
                        pass
                except (OSError, StorageFailed):
                    log.exception("bot %s: its file %s could not be written", record.id, wanted.name)

    def _wanted(self, record: BotRecord) -> ContinuousFile | None:
        strategy = self._strategies.get(record.strategy)
        try:
            return (
                strategy.continuous_file(strategy.config_model.model_validate_json(record.config)) if strategy else None
            )
        except ValidationError:
            log.warning("bot %s has settings that cannot be read", record.id)
            return None

    async def _carry_on(self, record: BotRecord, wanted: ContinuousFile) -> int:
        """One portion; answers how many rows there were."""
        name, mark = await self._storage.read(lambda c: _find_mark(c, record, wanted.name))
        position = mark.position if mark else None
        rows = await self._storage.read(
            lambda c: history.samples_after(c, record.id, wanted.kind, position, ROWS_AT_ONCE)
        )
        if not rows:
            return 0
        path = self._folder / str(record.user_id) / name
        key = _key(record.user_id, name)
        if mark is None:
            # Said before the file is made: what lies there already is not ours to cut, so it makes room.
            await asyncio.to_thread(_make_room, path, self._now())
            mark = _Mark(record.id, 0, None)
            await self._put(key, mark)
        size = await asyncio.to_thread(_append, path, mark.size, [sample for _, sample in rows])
        await self._put(key, replace(mark, size=size, position=rows[-1][0]))
        return len(rows)

    async def _put(self, key: str, mark: _Mark) -> None:
        await self._storage.write(lambda c: meta.put(c, key, mark.dump()))


def _find_mark(connection: Connection, record: BotRecord, name: str) -> tuple[str, _Mark | None]:
    """The bot's own file: another bot's of the same name stays alone."""
    stem, _, ending = name.rpartition(".")
    for candidate in (f"{stem}-{record.id}.{ending}", name):
        stored = meta.get(connection, _key(record.user_id, candidate))
        if stored is not None and _Mark.load(stored).bot_id == record.id:
            return candidate, _Mark.load(stored)
    is_free = meta.get(connection, _key(record.user_id, name)) is None
    return (name if is_free else f"{stem}-{record.id}.{ending}"), None


def _key(user_id: int, name: str) -> str:
    return f"export {user_id} {name}"


def _make_room(path: Path, now: datetime) -> None:
    if path.exists():
        path.rename(path.with_name(f"{path.stem}-before-{now:%Y%m%dT%H%M%S%fZ}{path.suffix}"))


def _append(path: Path, size: int, samples: Sequence[Sample]) -> int:
    """Write after the first ``size`` bytes; answers the new length, once it is on the disk.

    A file that its owner took away is begun anew.
    """
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
        there = file.seek(0, os.SEEK_END)
        end = min(size, there)
        file.truncate(end)
        file.seek(end)
        columns = list(samples[0].body)
        text = table(columns, [[_cell(sample.body.get(column, "")) for column in columns] for sample in samples])
        file.write((text if end == 0 else text.partition("\r\n")[2]).encode())
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _cell(text: str) -> Cell:
    """A number as one, so that its minus is not taken for a formula."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() else text
