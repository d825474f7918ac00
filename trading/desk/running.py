"""Puts trading together from its terms, and takes it apart again: the composition root's lower half."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from trading.clock import SystemClock
from trading.desk.connecting import Connections, LiveTerms
from trading.desk.daily import DailyReports
from trading.desk.desk import Desk
from trading.desk.gates import settle
from trading.desk.house import DeskLimits, House
from trading.desk.housekeeping import Housekeeping, KeepTerms
from trading.desk.paper_house import PaperHouse, PaperTerms
from trading.metering import Meter
from trading.runtime.exporting import EXPORT_SECONDS, Exporting
from trading.runtime.lag import watch_lag
from trading.runtime.machine import MachineWatch
from trading.runtime.outbox import Outbox, notice_book
from trading.runtime.schedule import Schedule
from trading.runtime.station import RuntimeLimits
from trading.runtime.supervisor import Supervisor
from trading.runtime.throttling import TELL_SECONDS, Throttling
from trading.runtime.troubles import Troubles
from trading.storage import Storage, keys
from trading.strategies import STRATEGIES
from trading.vault import SealBroken, Vault

log = logging.getLogger(__name__)


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
    keep: KeepTerms = field(default_factory=KeepTerms)
    exports: Path = Path("data/exports")
    """Where the files lie that grow with the records, one folder a person."""
    cancel_entries_on_shutdown: bool = False


@asynccontextmanager
async def trading(terms: Terms) -> AsyncIterator[Desk]:
    """A desk with everything behind it running. Raises StorageFailed, VaultLocked, ValueError (paper terms)."""
    now = SystemClock().now
    storage = await Storage.open(terms.database_url, now=now)
    try:
        vault = Vault(terms.master_keys)
        await _check_seals(storage, vault)
        outbox = Outbox(storage, sorted(terms.admin_ids), now, notice_book(STRATEGIES.values()))
        meter = Meter()
        paper = await PaperHouse.build(storage, terms.paper, meter)
        throttling = Throttling(outbox, now)
        connections = Connections(storage, vault, terms.live, paper, on_throttled=throttling.heard, meter=meter)
        paper.look_at = connections.look_at
        schedule = Schedule()
        supervisor = Supervisor(
            storage=storage,
            connector=connections,
            strategies=STRATEGIES,
            timers=schedule,
            limits=terms.runtime,
            outbox=outbox,
            meter=meter,
        )
        exporting = Exporting(storage, STRATEGIES, terms.exports, now)
        schedule.start()
        watching_lag = asyncio.create_task(watch_lag(meter), name="loop lag")
        try:
            await storage.write(lambda connection: settle(connection, terms.admin_ids, now()))
            await supervisor.restore()
            Housekeeping(terms.keep, storage, outbox).begin(schedule, supervisor)
            MachineWatch(Troubles(outbox, now), meter, storage.path.parent).begin(schedule, SystemClock())
            DailyReports(storage, outbox, paper.time_at).begin(schedule)
            schedule.every("throttling", SystemClock(), TELL_SECONDS, throttling.tell)
            schedule.every("exports", SystemClock(), EXPORT_SECONDS, exporting.run)
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
                    copies=terms.keep.backups / "asked",
                    now=now,
                )
            )
        finally:
            watching_lag.cancel()
            await asyncio.wait([watching_lag])
            await supervisor.close(cancel_entries=terms.cancel_entries_on_shutdown)
            await paper.close()
            await connections.close()
            schedule.stop()
            await exporting.run()
    finally:
        await storage.close()


async def _check_seals(storage: Storage, vault: Vault) -> None:
    """Raise VaultLocked now, rather than when a bot needs its key. A swapped row concerns only that key."""
    for record in await storage.read(keys.all_keys):
        try:
            vault.open(record.sealed, user_id=record.user_id, key_id=record.id)
        except SealBroken:
            log.exception("key %s cannot be used", record.id)
