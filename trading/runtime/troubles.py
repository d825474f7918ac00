"""What is wrong with the system itself: its admins hear when it begins and when it is over, once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trading.core.notices import SystemTrouble, TroubleOver
from trading.runtime.outbox import Outbox


class Troubles:
    """Remembers which troubles there are, by their codes in SystemTrouble, as long as the process lives."""

    def __init__(self, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._outbox, self._now = outbox, now
        self._since: dict[str, datetime] = {}

    def has(self, what: str) -> bool:
        return what in self._since

    async def note(self, what: str, is_there: bool, detail: str = "") -> None:
        """Look at one of them again; ``detail`` is a short technical text of its beginning."""
        if is_there and what not in self._since:
            self._since[what] = self._now()
            await self._outbox.tell_admins([SystemTrouble(what=what, detail=detail)])
        elif not is_there and what in self._since:
            seconds = int((self._now() - self._since.pop(what)).total_seconds())
            await self._outbox.tell_admins([TroubleOver(what=what, seconds=seconds)])
