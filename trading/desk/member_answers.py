"""What the desk answers to admins about people, invites, maintenance and broadcasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Member:
    """A person as an admin sees them: how much there is of theirs, never what is in it.

    ``max_deposit`` (quote currency for each bot) and ``max_bots`` are what counts for them now; ``has_own_deposit`` and
    ``has_own_bots`` say whether an admin has set it, or the settings have.
    """

    id: int
    name: str
    username: str | None
    status: str
    is_admin: bool
    created_at: datetime
    seen_at: datetime | None
    is_deaf: bool
    """They have blocked the bot."""
    bots: int
    active_bots: int
    keys: int
    max_deposit: Decimal | None
    has_own_deposit: bool
    max_bots: int
    has_own_bots: bool


@dataclass(frozen=True, slots=True)
class Invite:
    """A new invite. ``code`` is answered this once and never again."""

    id: int
    code: str = field(repr=False)
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invite that nobody has used yet."""

    id: int
    made_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said to everybody: messages in the private chat of the admin who speaks, one or those of an album.

    ``forwards``: they keep the name of whoever wrote them first. ``excerpt``: how they begin, for a list.
    """

    message_ids: tuple[int, ...]
    forwards: bool = False
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An announcement on its way to everybody. ``status``: running, canceled, done. ``author``: the admin's name.

    ``progress_id`` is the message that shows the progress, in the private chat of the admin ``shown_to``.

    ``uncertain``: its sending was under way when the process died or the network broke. It is never sent again,
    because it may have arrived. ``reasons``: why ``failed`` ones failed, and how many.
    """

    id: int
    admin_id: int
    author: str
    begun_at: datetime
    said: Announcement
    status: str
    progress_id: int
    shown_to: int
    waiting: int = 0
    delivered: int = 0
    blocked: int = 0
    failed: int = 0
    uncertain: int = 0
    canceled: int = 0
    """Those whom a canceled one will not reach any more, because it was resent to others since."""
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.waiting + self.delivered + self.blocked + self.failed + self.uncertain + self.canceled

    @property
    def done(self) -> int:
        return self.total - self.waiting


@dataclass(frozen=True, slots=True)
class BroadcastList:
    """Some broadcasts, the newest first, and how many there are ``in_all``."""

    shown: tuple[Broadcast, ...]
    in_all: int
