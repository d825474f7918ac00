"""Copies of the database for admins."""

from __future__ import annotations

import asyncio
from pathlib import Path

from trading.desk.answers import DeskError
from trading.desk.house import House, Room
from trading.storage import StorageFailed

KEPT = 2
MOST_BYTES = 49_000_000
"""What a chat takes as one file."""


class CopiesRoom(Room):
    """Made as the daily ones are, and kept apart from them, so that asking often pushes none of those out."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._copying = asyncio.Lock()

    async def backup(self, admin_id: int, *, token: str) -> tuple[str, bytes]:
        self._check_admin(admin_id)
        await self._spend(token, admin_id, lambda _: None)
        async with self._copying:
            try:
                copy = await self._house.storage.backup(self._house.copies, KEPT)
            except StorageFailed as problem:
                raise DeskError("backup_failed") from problem
            size = await asyncio.to_thread(_size, copy)
            if size > MOST_BYTES:
                raise DeskError("backup_too_large", megabytes=str(size // 1_000_000), name=copy.name)
            return copy.name, await asyncio.to_thread(copy.read_bytes)


def _size(copy: Path) -> int:
    return copy.stat().st_size
