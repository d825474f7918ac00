"""Telegram's flood control: about one message a second in a chat, about thirty a second in all."""

from dataclasses import dataclass
from math import ceil

from tgbot.localchat.errors import TooManyRequests


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """Sustained rates are messages a second; bursts are messages that may come at once after a rest."""

    chat_rate: float = 1.0
    chat_burst: int = 20
    total_rate: float = 30.0
    total_burst: int = 60


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: float
    tokens: float
    filled_at: float

    def wait(self, amount: float, now: float) -> float:
        """Seconds until `amount` tokens are there; 0 when they are there already."""
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.filled_at) * self.rate)
        self.filled_at = now
        return max(0.0, (min(amount, self.burst) - self.tokens) / self.rate)


class FloodControl:
    def __init__(self, limits: FloodLimits) -> None:
        self._limits = limits
        self._total: _Bucket | None = None
        self._chats: dict[int, _Bucket] = {}

    def spend(self, chat: int, messages: int, now: float) -> None:
        """Counts messages about to go into a chat; raises TooManyRequests, counting nothing, when too many."""
        limits = self._limits
        if self._total is None:
            self._total = _Bucket(limits.total_rate, limits.total_burst, limits.total_burst, now)
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = _Bucket(limits.chat_rate, limits.chat_burst, limits.chat_burst, now)
        wait = max(self._total.wait(messages, now), bucket.wait(messages, now))
        if wait > 0:
            raise TooManyRequests(retry_after=max(1, ceil(wait)))
        self._total.tokens -= messages
        bucket.tokens -= messages
