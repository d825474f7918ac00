"""Stores what changed on one bot's bench: each tick once, whatever the database or the shutdown does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from trading.runtime.bench import Bench
from trading.runtime.station import Station
from trading.storage import Connection, StorageFailed
from trading.storage.records import BotRecord
from trading.storage.ticks import Tick, store_tick

log = logging.getLogger(__name__)

STORAGE_RETRY_SECONDS = 1.0
_APART = timedelta(microseconds=1)


@dataclass(slots=True)
class _Pending:
    """A tick that was handed to the database. ``writing`` is None while it waits to be handed in once more."""

    tick: Tick
    state: Any
    at: datetime
    writing: asyncio.Future[None] | None = None
    tries: int = 0


class Keeper:
    """What the bench holds leaves it only when it is stored. ``on_storage``: True when the database failed, False when
    it works again.
    """

    def __init__(self, bench: Bench, station: Station, on_storage: Callable[[bool], None]) -> None:
        self._bench, self._station, self._on_storage = bench, station, on_storage
        self._stored_record, self._stored_state = bench.record, bench.state
        self._stored_at = station.clock.now()
        self._pending: _Pending | None = None

    async def keep(self) -> None:
        """Return when everything on the bench is durable. Nothing is written when nothing changed.

        While the database fails this waits, and nothing else happens: no order leaves that is not stored. A caller
        that is canceled leaves a write behind that the next call learns the end of. Raises RowMissing when the bot was
        deleted.
        """
        if self._pending is not None:
            await self._finish(self._pending)
        self._pending = self._next()
        if self._pending is not None:
            await self._finish(self._pending)

    def _next(self) -> _Pending | None:
        bench = self._bench
        tick = Tick(
            self._new_record(),
            bench.books.changes(),
            tuple(bench.notices),
            tuple(bench.cycles),
            tuple(bench.samples),
            bench.backoffs.changes(),
        )
        told = tick.notices or tick.cycles or tick.samples
        if not (tick.record != self._stored_record or tick.changes or told or tick.held):
            return None
        self._stored_at = max(self._station.clock.now(), self._stored_at + _APART)
        return _Pending(tick, bench.state, self._stored_at)

    def _new_record(self) -> BotRecord:
        bench = self._bench
        is_new = bench.state is not self._stored_state
        state = bench.state.model_dump_json() if is_new else self._stored_record.state
        return replace(bench.record, state=state, ledger=bench.books.ledger)

    async def _finish(self, pending: _Pending) -> None:
        while True:
            if pending.writing is None:
                pending.writing = asyncio.ensure_future(self._write(pending.tick, pending.at, again=pending.tries > 0))
                pending.tries += 1
            try:
                await asyncio.shield(pending.writing)
            except StorageFailed:
                pending.writing = None
                log.exception("bot %s: nothing is sent, the database failed", self._bench.record.id)
                self._on_storage(True)
                await self._station.clock.sleep(STORAGE_RETRY_SECONDS)
            else:
                break
        if pending.tries > 1:
            self._on_storage(False)
        self._note_stored(pending)

    async def _write(self, tick: Tick, at: datetime, *, again: bool) -> None:
        def store(connection: Connection) -> None:
            store_tick(connection, tick, at, again=again)

        await self._station.storage.write(store)

    def _note_stored(self, pending: _Pending) -> None:
        bench, tick = self._bench, pending.tick
        self._pending = None
        self._stored_record, self._stored_state = tick.record, pending.state
        bench.record = replace(bench.record, state=tick.record.state, ledger=tick.record.ledger)
        bench.books.stored(tick.changes)
        bench.backoffs.stored(tick.held)
        del bench.notices[: len(tick.notices)]
        del bench.cycles[: len(tick.cycles)]
        del bench.samples[: len(tick.samples)]
