"""Who comes, who is let in, and how they are spoken to."""

from __future__ import annotations

from typing import Protocol

from trading.desk.answers import Person


class People(Protocol):
    async def person(self, user_id: int) -> Person | None: ...
    async def arrive(self, user_id: int, name: str, username: str | None, language: str) -> Person:
        """Note who knocked. Admins by settings are active at once; the first knock of a stranger tells the admins."""
        ...

    async def enter(self, user_id: int, name: str, username: str | None, language: str, code: str) -> Person:
        """Let in whoever holds the code, and tell the admin who made it. Somebody who is in leaves it unused.

        DeskError: invite_unknown, invite_used, invite_expired.
        """
        ...

    async def decide_access(self, admin_id: int, user_id: int, approve: bool) -> Person: ...
    async def note_heard(self, user_id: int) -> None:
        """The person spoke or pressed something."""
        ...

    async def note_deaf(self, user_id: int) -> None:
        """The person has blocked the bot."""
        ...

    async def set_language(self, user_id: int, language: str) -> Person: ...
    async def set_dark_pictures(self, user_id: int, dark: bool) -> Person:
        """Pictures for a dark chat, or for a light one."""
        ...
