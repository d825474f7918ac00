"""The one door: everything a front may ask of trading."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from trading.core.telling import StoredNotice
from trading.desk.answers import Health
from trading.desk.bots import BotsRoom
from trading.desk.broadcasts import BroadcastsRoom
from trading.desk.copies import CopiesRoom
from trading.desk.hearing import HearingRoom
from trading.desk.invites import InvitesRoom
from trading.desk.key_changes import KeyChangesRoom
from trading.desk.looking import LookingRoom
from trading.desk.maintenance import MaintenanceRoom
from trading.desk.manual import ManualRoom
from trading.desk.members import MembersRoom
from trading.desk.paper import PaperRoom
from trading.desk.presets import PresetsRoom
from trading.desk.statistics import StatisticsRoom
from trading.desk.trials import TrialsRoom
from trading.storage import bots, drafts, notices, users


class Desk(
    BotsRoom,
    TrialsRoom,
    ManualRoom,
    LookingRoom,
    StatisticsRoom,
    MembersRoom,
    MaintenanceRoom,
    InvitesRoom,
    BroadcastsRoom,
    CopiesRoom,
    PresetsRoom,
    HearingRoom,
    PaperRoom,
    KeyChangesRoom,
):
    """Implements ``trading.desk.protocol.DeskProtocol``; see there for what each method promises."""

    async def get_draft(self, key: str) -> str | None:
        return await self._house.storage.read(lambda c: drafts.get_draft(c, key))

    async def put_draft(self, key: str, body: str | None) -> None:
        await self._house.storage.write(lambda c: drafts.put_draft(c, key, body))

    async def waiting_notices(self, limit: int = 100) -> Sequence[StoredNotice]:
        return await self._house.outbox.waiting(limit)

    async def wait_for_notices(self) -> None:
        await self._house.outbox.wait()

    async def notices_delivered(self, ids: Sequence[int]) -> None:
        await self._house.outbox.delivered(ids)

    async def postpone_notice(self, notice_id: int, until: datetime) -> None:
        await self._house.outbox.postpone(notice_id, until)

    async def notice_failed(self, notice_id: int, reason: str) -> None:
        await self._house.outbox.failed(notice_id, reason)

    async def health(self, admin_id: int) -> Health:
        self._check_admin(admin_id)
        house = self._house
        every, people, waiting = await house.storage.read(
            lambda c: (bots.all_bots(c), users.list_users(c), notices.count_undelivered(c))
        )
        return Health(
            bots_active=sum(1 for record in every if record.active),
            bots_total=len(every),
            users=len(people),
            notices_waiting=waiting,
            venues_away=tuple(sorted(set(house.supervisor.venues_away()))),
            database_bytes=await house.storage.size_bytes(),
            loop_lag_ms=await _loop_lag_ms(),
        )


async def _loop_lag_ms() -> float:
    """How long a task that asked for nothing had to wait for its turn."""
    before = time.perf_counter()
    await asyncio.sleep(0)
    return (time.perf_counter() - before) * 1000
