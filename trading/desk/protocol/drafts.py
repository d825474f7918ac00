"""Half-made forms, which survive a restart."""

from __future__ import annotations

from typing import Protocol


class Drafts(Protocol):
    async def get_draft(self, key: str) -> str | None: ...
    async def put_draft(self, key: str, body: str | None) -> None: ...
