"""Notices leave from the database, at least once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from trading.core.notices import HOUSE_NOTICES
from trading.core.planning import Strategy
from trading.core.telling import Notice, NoticeBook, StoredNotice
from trading.storage import Storage, notices

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

    async def tell(self, user_id: int, facts: Sequence[Notice], bot_id: int | None = None) -> None:
        """Store notices for one person; they leave when the chat takes them. Raises StorageFailed."""
        at = self._now()
        await self._storage.write(lambda c: notices.put_notices(c, user_id, bot_id, facts, at))
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
        now = self._now()
        return await self._storage.read(lambda c: notices.undelivered(c, limit, now, self._book))

    async def delivered(self, ids: Sequence[int]) -> None:
        now = self._now()
        await self._storage.write(lambda c: notices.mark_delivered(c, ids, now))

    async def postpone(self, notice_id: int, until: datetime) -> None:
        await self._storage.write(lambda c: notices.postpone(c, notice_id, until))

    async def failed(self, notice_id: int, reason: str) -> None:
        await self._storage.write(lambda c: notices.mark_failed(c, notice_id, reason))
