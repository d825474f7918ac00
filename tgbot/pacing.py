"""Telegram's limits on what we send unasked: about one message a second in a chat, thirty a second in all."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

_MOST_CHATS = 10_000


@dataclass(slots=True)
class Bucket:
    """``rate`` a second for long, ``burst`` at once after a rest. ``left`` below zero is what was promised already."""

    rate: float
    burst: float
    left: float
    at: datetime

    def take(self, now: datetime, count: int = 1) -> float:
        """Take ``count`` and answer how many seconds to wait before using them; more than ``burst`` wait for a full
        bucket.
        """
        elapsed = max(0.0, (now - self.at).total_seconds())
        there = min(self.burst, self.left + elapsed * self.rate)
        self.left = there - count
        self.at = max(self.at, now)
        return max(0.0, (min(count, self.burst) - there) / self.rate)


class Pacer:
    """One bucket for each chat and one for all of them. Every number promised is kept, so the order is the asking's."""

    def __init__(
        self, *, chat_rate: float = 1.0, chat_burst: float = 3.0, total_rate: float = 25.0, total_burst: float = 25.0
    ) -> None:
        self._chat_rate, self._chat_burst = chat_rate, chat_burst
        self._total_rate, self._total_burst = total_rate, total_burst
        self._total: Bucket | None = None
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    def chat(self, chat_id: int, now: datetime, count: int = 1) -> float:
        """Seconds to wait for the chat's own turn for ``count`` messages at once."""
        bucket = self._chats.setdefault(chat_id, Bucket(self._chat_rate, self._chat_burst, self._chat_burst, now))
        self._chats.move_to_end(chat_id)
        while len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
        return bucket.take(now, count)

    def total(self, now: datetime, count: int = 1) -> float:
        """Seconds to wait for a turn among all chats; asked when the chat's own has come."""
        if self._total is None:
            self._total = Bucket(self._total_rate, self._total_burst, self._total_burst, now)
        return self._total.take(now, count)
