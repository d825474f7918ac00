"""What becomes of a bot that cannot be run: it is held, or given up where its owner has asked for its end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from trading.clock import Clock
from trading.exchanges.errors import BadCredentials, VenueError
from trading.runtime.giving_up import clear_away, is_to_end, store_end
from trading.runtime.holding import note_crash
from trading.runtime.outbox import Outbox
from trading.runtime.rooms import Room, Rooms
from trading.storage import Storage, StorageFailed
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0


class Falls:
    """``start`` has work done in the background; ``take_up`` runs a bot by what is stored, once its venue answers;
    ``on_bad_credentials`` is called with the venue's words when a key is refused. ``clock`` is the machine's.
    """

    def __init__(
        self,
        rooms: Rooms,
        storage: Storage,
        outbox: Outbox,
        clock: Clock,
        *,
        start: Callable[[Coroutine[Any, Any, object]], None],
        take_up: Callable[[BotRecord], Coroutine[Any, Any, object]],
        on_bad_credentials: Callable[[Room, str], None],
    ) -> None:
        self._rooms, self._storage, self._outbox, self._clock = rooms, storage, outbox, clock
        self._start, self._take_up, self._on_bad_credentials = start, take_up, on_bad_credentials
        self._tried_again: set[int] = set()
        """Bots that crashed on their way to their end, and were taken up once more."""

    async def not_loaded(self, room: Room, record: BotRecord, defect: Exception) -> None:
        """It cannot be put on a bench. Raises StorageFailed."""
        log.error("bot %s cannot be started", record.id, exc_info=defect)
        if await is_to_end(self._storage, record.id):
            self._start(self._give_up(room, record.id, type(defect).__name__))
        else:
            await note_crash(self._storage, self._outbox, record, type(defect).__name__)

    async def crashed(self, room: Room, record: BotRecord, defect: Exception) -> None:
        """It ran. On the way to its end it is tried once more: a position is not left for a single defect."""
        log.error("bot %s crashed", record.id, exc_info=defect)
        try:
            is_ending = await is_to_end(self._storage, record.id)
        except StorageFailed:
            is_ending = False
        if not is_ending:
            await note_crash(self._storage, self._outbox, record, type(defect).__name__)
        elif record.id not in self._tried_again:
            self._tried_again.add(record.id)
            self._start(self._take_up(record))
        else:
            self._tried_again.discard(record.id)
            self._start(self._give_up(room, record.id, type(defect).__name__))

    async def _give_up(self, room: Room, bot_id: int, detail: str) -> None:
        """End it as far as that can be done without running it. While its venue is away that waits, as any bot does."""
        while self._rooms.find(room.account) is room:
            try:
                remains = await clear_away(room.station, bot_id)
                async with room.starting:
                    running = room.worker(bot_id)
                    is_there = self._rooms.find(room.account) is room  # else it has been taken up with another key
                    if is_there and (running is None or not running.is_at_work):
                        now = room.station.clock.now()
                        await self._storage.write(lambda c: store_end(c, bot_id, remains, detail, now))  # noqa: B023
            except BadCredentials as problem:
                return self._on_bad_credentials(room, str(problem))
            except (VenueError, StorageFailed) as problem:
                log.warning("bot %s cannot be given up yet: %s", bot_id, problem)
            else:
                return self._outbox.wake()
            await self._clock.sleep(AGAIN_SECONDS)
        return None
