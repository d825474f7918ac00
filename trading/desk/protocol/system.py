"""The house as a whole: health, maintenance, copies.

What names an admin raises DeskError("not_allowed") for who is none, or one no more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from trading.desk.answers import Health


class System(Protocol):
    async def health(self, admin_id: int) -> Health: ...
    async def maintenance(self) -> datetime | None:
        """Since when there is maintenance; None: there is none. It is no secret: everybody is told."""
        ...

    async def begin_maintenance(self, admin_id: int, *, token: str) -> int:
        """No bot of anybody's takes new entries, none can be begun or resumed, everybody is told; also after a restart.

        Answers how many were paused. DeskError: already_done.
        """
        ...

    async def end_maintenance(self, admin_id: int, *, token: str) -> int:
        """Let go on what maintenance has paused, and nothing else; answers how many. DeskError: already_done."""
        ...

    async def backup(self, admin_id: int, *, token: str) -> tuple[str, bytes]:
        """A copy of the whole database: its name and its bytes. DeskError: backup_failed, backup_too_large."""
        ...
