"""The periodic jobs that belong to no bot: watching, sampling, clean-up, backup."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from trading.clock import Clock, SystemClock
from trading.runtime.outbox import Outbox
from trading.runtime.supervisor import Supervisor
from trading.runtime.timers import Timers
from trading.runtime.troubles import Troubles
from trading.runtime.watching import SAMPLE_SECONDS, WATCHDOG_SECONDS
from trading.storage import (
    Connection,
    Storage,
    StorageFailed,
    bots,
    broadcasts,
    notices,
    orders,
    samples,
    shares,
    tokens,
)
from trading.storage.records import BotRecord
from trading.strategies import STRATEGIES

log = logging.getLogger(__name__)

HOUR_SECONDS = 3600.0
FIRST_LOOK_AFTER = timedelta(minutes=1)
BACKUP_EVERY = timedelta(days=1)
KEEP_TOKENS = timedelta(days=1)
KEEP_NOTICES = timedelta(days=30)
KEEP_EXPIRED_SHARES = timedelta(days=30)
"""So long a link says that it has expired, and not that there never was one."""


@dataclass(frozen=True, slots=True)
class KeepTerms:
    """How long rows are kept, and where the daily copies go. Samples that a person collects are kept as orders are."""

    samples: timedelta = timedelta(days=7)
    orders: timedelta = timedelta(days=180)
    backups: Path = Path("data/backups")
    backup_count: int = 7


class Housekeeping:
    """Looks every hour, and soon after the start, so that a process that never lives for a day is served too."""

    def __init__(self, terms: KeepTerms, storage: Storage, outbox: Outbox, clock: Clock | None = None) -> None:
        self._terms, self._storage = terms, storage
        self._clock = clock or SystemClock()
        self._troubles = Troubles(outbox, self._clock.now)

    def begin(self, timers: Timers, supervisor: Supervisor) -> None:
        """Set the jobs."""
        clock = self._clock
        timers.every("watchdog", clock, WATCHDOG_SECONDS, supervisor.watchdog)
        timers.every("samples", clock, SAMPLE_SECONDS, supervisor.sample)
        timers.at("first look", clock, clock.now() + FIRST_LOOK_AFTER, self.look)
        timers.every("housekeeping", clock, HOUR_SECONDS, self.look)

    async def look(self) -> None:
        """Back up when the newest copy is a day old; forget what is older than the terms say."""
        newest = await asyncio.to_thread(newest_backup, self._terms.backups)
        if newest is None or self._clock.now() - newest >= BACKUP_EVERY:
            await self.back_up()
        await self.clean_up()

    async def clean_up(self) -> None:
        """Forget old samples, finished orders, delivered notices, used tokens and expired links."""
        now, terms = self._clock.now(), self._terms

        def forget(connection: Connection) -> None:
            every = {bot.id: _scope_of(bot) for bot in bots.all_bots(connection)}
            scopes = {bot_id: scope for bot_id, scope in every.items() if scope is not None}
            samples.delete_samples(connection, now - terms.samples, but=dict.fromkeys(_products(), now - terms.orders))
            orders.delete_final_orders(connection, now - terms.orders, scopes)
            notices.delete_delivered(connection, now - KEEP_NOTICES)
            shares.delete_shares(connection, now - KEEP_EXPIRED_SHARES)
            tokens.delete_tokens(connection, now - KEEP_TOKENS)
            broadcasts.delete_broadcasts(connection, now - KEEP_NOTICES)

        await self._storage.write(forget)

    async def back_up(self) -> None:
        """A copy of the database; the first of several failures is told to the admins, and the copy after them."""
        try:
            made = await self._storage.backup(self._terms.backups, self._terms.backup_count)
        except StorageFailed as problem:
            log.exception("the backup failed")
            await self._troubles.note("backup", is_there=True, detail=str(problem))
        else:
            await self._troubles.note("backup", is_there=False)
            log.info("backup written to %s", made.name)


def _scope_of(bot: BotRecord) -> str | None:
    """The slots whose finished orders are still looked at; None where nobody can say, and then every order stays."""
    strategy = STRATEGIES.get(bot.strategy)
    # What is under way by hand looks at orders outside of the scope too.
    if strategy is None or bot.by_hand.reduction is not None:
        return None
    try:
        return strategy.scope(strategy.state_model.model_validate_json(bot.state))
    except ValidationError:
        log.warning("bot %s: its state cannot be read, so all its orders are kept", bot.id)
        return None


def _products() -> set[str]:
    """The kinds of samples that a person collects."""
    return {kind.name for strategy in STRATEGIES.values() for kind in strategy.sample_kinds if kind.is_product}


def newest_backup(folder: Path) -> datetime | None:
    """When the newest backup in the folder was made, None when there is none."""
    times = [copy.stat().st_mtime for copy in folder.glob("*.db")]
    return datetime.fromtimestamp(max(times), UTC) if times else None
