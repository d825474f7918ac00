"""Notices leave from the database, at least once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from trading.core.hearing import Hearing
from trading.core.notices import HOUSE_NOTICES
from trading.core.planning import Strategy
from trading.core.telling import Level, Notice, NoticeBook, StoredNotice, Urgency
from trading.storage import Connection, Storage, StorageFailed, hushing, notices, preferences
from trading.storage.hushing import Waiting

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 1.0
"""Workers store notices in their own transactions; the outbox looks for them this often at the latest."""


def notice_book(strategies: Iterable[Strategy]) -> NoticeBook:
    """Every kind of notice that there is: the house's, and the strategies' own."""
    return NoticeBook([*HOUSE_NOTICES, *(kind for strategy in strategies for kind in strategy.notices)])


class Outbox:
    """What waits to be told. ``admin_ids`` hear about the system itself; ``book`` reads what was stored."""

    def __init__(
        self, storage: Storage, admin_ids: Sequence[int], now: Callable[[], datetime], book: NoticeBook
    ) -> None:
        self._storage, self._admin_ids, self._now, self._book = storage, tuple(admin_ids), now, book
        self._woken = asyncio.Event()
        self._on_the_way: set[int] = set()
        """Handed out in this process and not settled: quiet hours that begin now do not call them back."""
        self._unstored: dict[int, StoredNotice] = {}
        """What the database did not take, by numbers below 0: that it does not must be told too."""
        self._numbers = count(-1, -1)

    async def tell(self, user_id: int, facts: Sequence[Notice], bot_id: int | None = None) -> None:
        """Store notices for one person; they leave when the chat takes them. While the database takes no writes they
        leave from memory.
        """
        at = self._now()
        try:
            await self._storage.write(lambda c: notices.put_notices(c, user_id, bot_id, facts, at))
        except StorageFailed:
            log.exception("what %s is to be told cannot be stored", user_id)
            for fact in facts:
                number = next(self._numbers)
                self._unstored[number] = StoredNotice(number, user_id, bot_id, at, fact)
        self.wake()

    async def tell_admins(self, facts: Sequence[Notice]) -> None:
        for admin_id in self._admin_ids:
            await self.tell(admin_id, facts)

    def wake(self) -> None:
        self._woken.set()

    async def wait(self) -> None:
        """Return when something new may be waiting, or after LOOK_AGAIN_SECONDS."""
        try:
            await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_SECONDS)
        except TimeoutError:
            return
        self._woken.clear()

    async def waiting(self, limit: int) -> Sequence[StoredNotice]:
        """What may be told now, each with the level that its person chose.

        In somebody's quiet hours only what is urgent; after them first one digest of all that waited. What they have
        switched off is given up on the way.
        """
        now = self._now()
        await self._store_late()
        while True:
            people, found = await self._storage.read(lambda c: self._look(c, limit, now))
            off = [stored.id for stored in found if stored.level is Level.OFF]
            digests = {each.user_id: people[each] for each in people if _is_over(each, people[each], now)}
            hushed = [each.user_id for each in people if each.is_not_hushed and people[each].is_quiet(now)]
            is_settled = (off or digests or hushed) and await self._settles(off, digests, hushed, now)
            if not is_settled or not (off or digests):
                told = [stored for stored in found if stored.level is not Level.OFF]
                self._on_the_way.update(stored.id for stored in told)
                return told

    async def _settles(
        self, off: Sequence[int], digests: Mapping[int, Hearing], hushed: Sequence[int], now: datetime
    ) -> bool:
        """False where that cannot be stored: it is for the next time, and what may be told is told all the same."""
        try:
            await self._storage.write(lambda c: self._settle(c, off, digests, hushed, now))
        except StorageFailed:
            log.exception("quiet hours, and what was switched off, cannot be stored")
            return False
        return True

    async def _store_late(self) -> None:
        """What waits in memory because its person is not to be disturbed belongs into the database, when it works."""
        late = [each for number, each in self._unstored.items() if number not in self._on_the_way]
        for each in late:
            del self._unstored[each.id]
            await self.tell(each.user_id, [each.notice], each.bot_id)

    def _look(
        self, connection: Connection, limit: int, now: datetime
    ) -> tuple[dict[Waiting, Hearing], list[StoredNotice]]:
        waiting = hushing.waiting_people(connection, self._on_the_way)
        unstored = list(self._unstored.values())
        hearings = preferences.hearings(
            connection, [*(each.user_id for each in waiting), *(each.user_id for each in unstored)]
        )
        people = {each: hearings[each.user_id] for each in waiting}
        patient = [each.user_id for each in waiting if each.is_hushed or people[each].is_quiet(now)]
        found = notices.undelivered(connection, limit, now, self._book, patient)
        found += [each for each in unstored if _may_come(each, hearings[each.user_id], now)]
        return people, [replace(one, level=hearings[one.user_id].level_at(one.notice, now)) for one in found]

    def _settle(
        self,
        connection: Connection,
        off: Sequence[int],
        digests: Mapping[int, Hearing],
        hushed: Sequence[int],
        now: datetime,
    ) -> None:
        for notice_id in off:
            notices.mark_failed(connection, notice_id, hushing.SWITCHED_OFF)
        for user_id, hearing in digests.items():
            hushing.gather(connection, user_id, hearing, self._book, now, self._on_the_way)
        for user_id in hushed:
            hushing.hush(connection, user_id, now, self._on_the_way)

    async def told(self, user_id: int, ids: Sequence[int]) -> Sequence[StoredNotice]:
        """Notices of one person by id, whatever became of them; forgotten ones are left out."""
        return await self._storage.read(lambda c: notices.notices_of(c, user_id, ids, self._book))

    async def delivered(self, ids: Sequence[int]) -> None:
        now, stored = self._now(), [each for each in ids if self._unstored.pop(each, None) is None]
        if stored:
            await self._storage.write(lambda c: notices.mark_delivered(c, stored, now))
        self._on_the_way.difference_update(ids)

    async def postpone(self, notice_id: int, until: datetime) -> None:
        if notice_id not in self._unstored:
            await self._storage.write(lambda c: notices.postpone(c, notice_id, until))

    async def failed(self, notice_id: int, reason: str) -> None:
        if self._unstored.pop(notice_id, None) is None:
            await self._storage.write(lambda c: notices.mark_failed(c, notice_id, reason))
        self._on_the_way.discard(notice_id)


def _is_over(waiting: Waiting, hearing: Hearing, now: datetime) -> bool:
    """Something waited through quiet hours, and they have ended."""
    return waiting.is_hushed and not hearing.is_quiet(now)


def _may_come(stored: StoredNotice, hearing: Hearing, now: datetime) -> bool:
    is_patient = stored.notice.urgency is Urgency.WAITS
    return hearing.level_of(stored.notice) is not Level.OFF and not (is_patient and hearing.is_quiet(now))
