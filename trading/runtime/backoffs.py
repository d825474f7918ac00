"""Slots that wait after a refusal. Stored, so that a restart does not hammer a venue that said no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from trading.storage.records import Backoff

FIRST = timedelta(seconds=5)
MOMENT = timedelta(milliseconds=200)
LONGEST = timedelta(minutes=10)


class Backoffs:
    """The back-offs of one bot. Each refusal of a slot doubles its wait, from 5 seconds to 10 minutes."""

    def __init__(self, bot_id: int, stored: Iterable[Backoff] = ()) -> None:
        self._bot_id = bot_id
        self._by_slot = {backoff.slot: backoff for backoff in stored}
        self._changed: dict[str, Backoff | None] = {}

    def refuse(self, slot: str, reason: str, at: datetime) -> bool:
        """Hold the slot. True when this reason is new for it, so that the person should be told."""
        before = self._by_slot.get(slot)
        tries = before.tries + 1 if before else 1
        wait = min(LONGEST, FIRST * 2 ** min(tries - 1, 10))
        self._by_slot[slot] = self._changed[slot] = Backoff(self._bot_id, slot, at + wait, tries, reason)
        return before is None or before.reason != reason

    def knows(self, reason: str) -> bool:
        """Whether some slot waits, or waited and was not tried since, for this reason."""
        return any(backoff.reason == reason for backoff in self._by_slot.values())

    def pause(self, slot: str, reason: str, at: datetime) -> None:
        """Hold the slot for a moment, without counting it as an error."""
        self._by_slot[slot] = self._changed[slot] = Backoff(self._bot_id, slot, at + MOMENT, 0, reason)

    def clear(self, slot: str) -> None:
        if self._by_slot.pop(slot, None) is not None:
            self._changed[slot] = None

    def held(self, now: datetime) -> set[str]:
        return {slot for slot, backoff in self._by_slot.items() if backoff.until > now}

    def next_end(self, now: datetime) -> datetime | None:
        return min((backoff.until for backoff in self._by_slot.values() if backoff.until > now), default=None)

    def forget_outside(self, *prefixes: str) -> None:
        for slot in [slot for slot in self._by_slot if not slot.startswith(prefixes)]:
            self.clear(slot)

    def changes(self) -> dict[str, Backoff | None]:
        """What must be stored: a back-off by slot, or None for one that ended."""
        return dict(self._changed)

    def stored(self, changes: Mapping[str, Backoff | None]) -> None:
        """The changes are durable now. What came since is kept for the next time."""
        for slot, backoff in changes.items():
            if slot in self._changed and self._changed[slot] is backoff:
                del self._changed[slot]
