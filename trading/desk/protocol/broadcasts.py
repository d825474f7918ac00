"""One message of an admin to everybody: begun in chat, sent by the front, its progress kept here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from trading.desk.member_answers import Announcement, Broadcast, BroadcastList


class Broadcasts(Protocol):
    async def audience(self, admin_id: int) -> int:
        """How many people a broadcast of this admin would reach."""
        ...

    async def begin_broadcast(self, admin_id: int, said: Announcement, progress_id: int, *, token: str) -> Broadcast:
        """Store who is to get messages from the admin's private chat, where another one shows the progress.

        DeskError: nobody_to_tell.
        """
        ...

    async def broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast: ...
    async def broadcasts(self, admin_id: int, *, skip: int = 0, limit: int = 10) -> BroadcastList:
        """Those of all admins, the newest first; they are kept for a month."""
        ...

    async def cancel_broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast: ...
    async def resend_broadcast(self, admin_id: int, broadcast_id: int, progress_id: int, *, token: str) -> Broadcast:
        """Once more to those with whom it failed; a message in this admin's private chat shows the progress.

        DeskError: nobody_to_tell, already_done (it is under way).
        """
        ...

    async def recover_broadcasts(self) -> None:
        """At a start: what was being sent when the process ended may have arrived, and is never sent again."""
        ...

    async def running_broadcasts(self) -> Sequence[Broadcast]: ...
    async def wait_for_broadcasts(self) -> None:
        """Return when something about broadcasts has changed."""
        ...

    async def next_recipient(self, broadcast_id: int) -> int | None:
        """Who is next, noted as being sent to before this answers; None: nobody any more, or it was canceled."""
        ...

    async def note_delivery(self, broadcast_id: int, user_id: int, outcome: str, reason: str = "") -> None:
        """What became of it: delivered, blocked, failed, uncertain; waiting when it certainly has not left yet."""
        ...

    async def note_progress(self, broadcast_id: int, message_id: int) -> None: ...
    async def finish_broadcast(self, broadcast_id: int, *, failed: str = "") -> Broadcast:
        """Nobody is left; with ``failed`` everybody who still waits has failed for that reason."""
        ...
