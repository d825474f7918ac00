"""How Telegram calls the bot. Apart from the door itself, so that settings are read without aiogram's seconds."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class WebhookTerms:
    """``url`` is what Telegram sees, without a slash at its end; ``host`` and ``port`` are where we listen.

    ``secret`` comes with every call, and decides the path that is called.
    """

    url: str
    secret: str = field(repr=False)
    host: str
    port: int

    @property
    def path(self) -> str:
        """Ours, and nobody's to guess; it tells nothing of the secret."""
        return hmac.new(self.secret.encode(), b"webhook path", hashlib.sha256).hexdigest()[:40]

    @property
    def address(self) -> str:
        return f"{self.url}/{self.path}"

    @property
    def paths(self) -> tuple[str, ...]:
        """What arrives here: a proxy may cut the address's own path, or leave it."""
        return tuple(dict.fromkeys((f"/{self.path}", f"{urlsplit(self.url).path}/{self.path}")))
