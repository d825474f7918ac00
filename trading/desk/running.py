"""Puts trading together from its terms, and takes it apart again: the composition root's lower half."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from trading.clock import SystemClock
from trading.core.notices import SystemTrouble
from trading.desk.connecting import Connections, LiveTerms
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits, House
from trading.desk.paper_house import PaperHouse, PaperTerms
from trading.runtime.outbox import Outbox
from trading.runtime.schedule import Schedule
from trading.runtime.station import RuntimeLimits
from trading.runtime.supervisor import SAMPLE_SECONDS, WATCHDOG_SECONDS, Supervisor
from trading.storage import Storage, StorageFailed, bots, keys, notices, orders, samples, tokens
from trading.strategies import STRATEGIES
from trading.vault import SealBroken, Vault

log = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600.0
KEEP_TOKENS = timedelta(days=1)
KEEP_NOTICES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that settings say about trading. ``master_keys`` seal and open the vault, the first one seals."""

    database_url: str
    master_keys: Sequence[str] = field(repr=False)
    admin_ids: frozenset[int]
    live: LiveTerms = field(default_factory=LiveTerms)
    paper: PaperTerms = field(default_factory=PaperTerms)
    desk: DeskLimits = field(default_factory=DeskLimits)
    runtime: RuntimeLimits = field(default_factory=RuntimeLimits)
    keep_samples: timedelta = timedelta(days=7)
    keep_orders: timedelta = timedelta(days=180)
    backups: Path = Path("data/backups")
    backup_keep: int = 7
    cancel_entries_on_shutdown: bool = False


@asynccontextmanager
async def trading(terms: Terms) -> AsyncIterator[Desk]:
    """A desk with everything behind it running. Raises StorageFailed, VaultLocked, ValueError (paper terms)."""
    now = SystemClock().now
    storage = await Storage.open(terms.database_url, now=now)
    try:
        vault = Vault(terms.master_keys)
        await _check_seals(storage, vault)
        outbox = Outbox(storage, sorted(terms.admin_ids), now)
        paper = await PaperHouse.build(storage, terms.paper)
        connections = Connections(storage, vault, terms.live, paper)
        schedule = Schedule()
        supervisor = Supervisor(
            storage=storage,
            connector=connections,
            strategies=STRATEGIES,
            timers=schedule,
            limits=terms.runtime,
            outbox=outbox,
        )
        schedule.start()
        try:
            await supervisor.restore()
            Housekeeping(terms, storage, outbox).begin(schedule, supervisor)
            yield Desk(
                House(
                    storage=storage,
                    vault=vault,
                    supervisor=supervisor,
                    connections=connections,
                    outbox=outbox,
                    strategies=STRATEGIES,
                    admin_ids=terms.admin_ids,
                    limits=terms.desk,
                    now=now,
                )
            )
        finally:
            await supervisor.close(cancel_entries=terms.cancel_entries_on_shutdown)
            await connections.close()
            schedule.stop()
    finally:
        await storage.close()


async def _check_seals(storage: Storage, vault: Vault) -> None:
    """Raise VaultLocked now, rather than when a bot needs its key. A swapped row concerns only that key."""
    for record in await storage.read(keys.all_keys):
        try:
            vault.open(record.sealed, user_id=record.user_id, key_id=record.id)
        except SealBroken:
            log.exception("key %s cannot be used", record.id)


class Housekeeping:
    """The periodic jobs that belong to no bot."""

    def __init__(self, terms: Terms, storage: Storage, outbox: Outbox) -> None:
        self._terms, self._storage, self._outbox = terms, storage, outbox

    def begin(self, schedule: Schedule, supervisor: Supervisor) -> None:
        clock = SystemClock()
        schedule.every("watchdog", clock, WATCHDOG_SECONDS, supervisor.watchdog)
        schedule.every("samples", clock, SAMPLE_SECONDS, supervisor.sample)
        schedule.every("clean-up", clock, DAY_SECONDS, self.clean_up)
        schedule.every("backup", clock, DAY_SECONDS, self.back_up)

    async def clean_up(self) -> None:
        """Forget what is older than the terms say."""
        now, terms = SystemClock().now(), self._terms
        known = await self._storage.read(bots.all_bots)
        scopes = {
            bot.id: STRATEGIES[bot.strategy].scope(STRATEGIES[bot.strategy].state_model.model_validate_json(bot.state))
            for bot in known
            if bot.strategy in STRATEGIES
        }
        await self._storage.write(lambda c: samples.delete_samples(c, now - terms.keep_samples))
        await self._storage.write(lambda c: orders.delete_final_orders(c, now - terms.keep_orders, scopes))
        await self._storage.write(lambda c: notices.delete_delivered(c, now - KEEP_NOTICES))
        await self._storage.write(lambda c: tokens.delete_tokens(c, now - KEEP_TOKENS))

    async def back_up(self) -> None:
        """A copy of the database; a failure is told to the admins."""
        try:
            made = await self._storage.backup(self._terms.backups, self._terms.backup_keep)
        except StorageFailed as problem:
            log.exception("the backup failed")
            await self._outbox.tell_admins([SystemTrouble(what="backup", detail=str(problem))])
        else:
            log.info("backup written to %s", made.name)
