"""Tells the owners of keys when a venue has asked them for fewer requests, or their own budget of them is too small."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from trading.core.notices import BudgetUsedUp, RateLimited
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox

TELL_SECONDS = 5.0
TOLD_AGAIN_AFTER = timedelta(minutes=10)

Fact = RateLimited | BudgetUsedUp


class Throttling:
    """Hears where requests are made, and tells from a job of its own.

    A key's owner is told of each at most once in TOLD_AGAIN_AFTER: under a lasting limit every request may be refused.
    """

    def __init__(self, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._outbox, self._now = outbox, now
        self._heard: dict[tuple[AccountId, type[Fact]], Fact] = {}
        self._told_at: dict[tuple[AccountId, type[Fact]], datetime] = {}

    def heard(self, account: AccountId, venue: str, seconds: float) -> None:
        """The venue wants this account to rest for so long; 0: there is no place in the account's own budget."""
        fact = RateLimited(venue=venue, seconds=max(1, round(seconds))) if seconds else BudgetUsedUp(venue=venue)
        last = self._told_at.get((account, type(fact)))
        if last is None or self._now() - last >= TOLD_AGAIN_AFTER:
            self._heard[account, type(fact)] = fact

    async def tell(self) -> None:
        """Queue what was heard."""
        heard, self._heard = self._heard, {}
        for (account, kind), fact in heard.items():
            self._told_at[account, kind] = self._now()
            await self._outbox.tell(account.user_id, [fact])
