"""What a person hears, and when; and how notices leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from trading.core.hearing import QuietHours
from trading.core.telling import Level, StoredNotice
from trading.desk.hearing_answers import HearingCard


class Hearing(Protocol):
    async def hearing(self, user_id: int) -> HearingCard: ...
    async def set_level(self, user_id: int, topic: str, level: Level) -> HearingCard:
        """DeskError: unknown_topic, topic_stays_on (there is only what must be known in it)."""
        ...

    async def set_quiet_hours(self, user_id: int, quiet: QuietHours | None) -> HearingCard: ...
    async def set_time_zone(self, user_id: int, name: str) -> HearingCard:
        """``name`` is an IANA name. DeskError: unknown_time_zone."""
        ...

    async def set_report_time(self, user_id: int, minute: int | None) -> HearingCard:
        """``minute`` after local midnight; None: no daily report. DeskError: no_time_of_day."""
        ...

    def find_time_zones(self, text: str) -> Sequence[str]:
        """IANA names for a city, a part of a name or an offset from UTC, the likeliest first; a few at most."""
        ...

    async def told(self, user_id: int, ids: Sequence[int]) -> Sequence[StoredNotice]:
        """This person's notices by id, whatever became of them, oldest first."""
        ...

    async def waiting_notices(self, limit: int = 100) -> Sequence[StoredNotice]:
        """What may be told now, oldest first, at most ``limit`` for each person."""
        ...

    async def wait_for_notices(self) -> None:
        """Return when something new may be waiting."""
        ...

    async def notices_delivered(self, ids: Sequence[int]) -> None: ...
    async def postpone_notice(self, notice_id: int, until: datetime) -> None: ...
    async def notice_failed(self, notice_id: int, reason: str) -> None: ...
