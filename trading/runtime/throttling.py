"""Tells the owners of keys when a venue has asked them for fewer requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from trading.core.notices import RateLimited
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox

TELL_SECONDS = 5.0
TOLD_AGAIN_AFTER = timedelta(minutes=10)


class Throttling:
    """Hears of refusals for rate where requests are made, and tells of them from a job of its own.

    A key's owner is told at most once in TOLD_AGAIN_AFTER: under a lasting limit every request may be refused.
    """

    def __init__(self, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._outbox, self._now = outbox, now
        self._heard: dict[AccountId, RateLimited] = {}
        self._told_at: dict[AccountId, datetime] = {}

    def heard(self, account: AccountId, venue: str, seconds: float) -> None:
        """The venue wants this account to rest for so long."""
        last = self._told_at.get(account)
        if last is None or self._now() - last >= TOLD_AGAIN_AFTER:
            self._heard[account] = RateLimited(venue=venue, seconds=max(1, round(seconds)))

    async def tell(self) -> None:
        """Queue what was heard. Raises StorageFailed, and then tells it the next time."""
        for account, fact in list(self._heard.items()):
            await self._outbox.tell(account.user_id, [fact])
            self._told_at[account] = self._now()
            del self._heard[account]
