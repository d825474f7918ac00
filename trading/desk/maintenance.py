"""Maintenance: no bot of anybody's takes new entries; what keeps a position safe goes on being kept."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from trading.core.notices import MaintenanceBegan, MaintenanceEnded
from trading.core.planning import Mode
from trading.desk.answers import DeskError
from trading.desk.gates import Gate, is_held_by, maintenance_since, may_act, set_maintenance
from trading.desk.steering import SteeringRoom
from trading.runtime.events import Wish
from trading.storage import Connection, bots, notices, users
from trading.storage.records import BotRecord

_EVERYBODY = 0
"""Nobody's id: the turn of what concerns all."""

Fact = type[MaintenanceBegan] | type[MaintenanceEnded]


class MaintenanceRoom(SteeringRoom):
    """The switch is stored before any bot is steered; a start of the process makes the bots agree with it."""

    async def maintenance(self) -> datetime | None:
        return await self._house.storage.read(maintenance_since)

    async def begin_maintenance(self, admin_id: int, *, token: str) -> int:
        async with self._turn(_EVERYBODY):
            await self._switch(admin_id, token, self._house.now(), MaintenanceBegan, Gate.MAINTENANCE.holds)
            running = [bot for bot in await self._every_bot() if Gate.MAINTENANCE.holds(bot)]
            await asyncio.gather(*(self._hold(bot.user_id, bot.id, Gate.MAINTENANCE) for bot in running))
            return len(running)

    async def end_maintenance(self, admin_id: int, *, token: str) -> int:
        async with self._turn(_EVERYBODY):
            await self._switch(admin_id, token, None, MaintenanceEnded, _is_held)
            held = [bot for bot in await self._every_bot() if _is_held(bot)]
            return sum(await asyncio.gather(*(self._go_on(bot) for bot in held)))

    async def _switch(
        self, admin_id: int, token: str, since: datetime | None, fact: Fact, concerns: Callable[[BotRecord], bool]
    ) -> None:
        """Store the switch, and with it what everybody hears: once, whatever crashes."""
        self._check_admin(admin_id)
        at = self._house.now()

        def switch(connection: Connection) -> None:
            if (maintenance_since(connection) is None) == (since is None):
                raise DeskError("already_done")
            set_maintenance(connection, since)
            count = Counter(bot.user_id for bot in bots.active_bots(connection) if concerns(bot))
            for person in users.list_users(connection):
                if may_act(connection, person.id, self._house.admin_ids):
                    notices.put_notices(connection, person.id, None, [fact(bots=count[person.id])], at)

        await self._spend(token, admin_id, switch)
        self._house.outbox.wake()

    async def _go_on(self, bot: BotRecord) -> bool:
        """Only what maintenance has paused, unless its owner may not act any more."""
        if (closed := await self._gate(bot.user_id)) is None:
            await self._steer(bot.user_id, bot.id, Wish(mode=Mode.RUNNING, when=_is_held))
            closed = await self._gate(bot.user_id)
        if closed is not None:
            await self._hold(bot.user_id, bot.id, closed)
        return closed is None

    async def _every_bot(self) -> list[BotRecord]:
        return list(await self._house.storage.read(bots.active_bots))


def _is_held(bot: BotRecord) -> bool:
    return is_held_by(Gate.MAINTENANCE, bot)
