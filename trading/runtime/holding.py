"""Keeps bots that do not run from trading when they run again: after a crash, and when their key was refused."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from trading.core.notices import BotPaused, KeyInvalid
from trading.core.planning import Mode
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox
from trading.storage import Connection, Storage, StorageFailed, bots, keys
from trading.storage.records import BotRecord, KeyRecord

log = logging.getLogger(__name__)


async def note_crash(storage: Storage, outbox: Outbox, record: BotRecord, detail: str) -> None:
    """Its orders stay; its owner is told, once for a cause. Raises nothing: there is nobody left to hear it."""
    try:
        if await _hold(storage, record.id, "crash", detail):
            fact = BotPaused(symbol=record.symbol, cause="crash", detail=detail)
            await outbox.tell(record.user_id, [fact], record.id)
    except StorageFailed:
        log.exception("bot %s: that it crashed could not be stored", record.id)


async def refuse_key(
    storage: Storage, outbox: Outbox, account: AccountId, records: Iterable[BotRecord], detail: str
) -> None:
    """The venue does not take the key of these bots, none of which runs. Raises StorageFailed."""
    for record in records:
        await _hold(storage, record.id, "credentials", detail)
    await mark_key_invalid(storage, outbox, account, detail)


async def mark_key_invalid(
    storage: Storage, outbox: Outbox, account: AccountId, detail: str, *, is_news: bool = False
) -> None:
    """The owner is told, once; ``is_news``: also where it was known already. Raises StorageFailed."""
    key_id = account.key_id
    if key_id is None:
        return

    def mark(connection: Connection) -> KeyRecord | None:
        key = keys.find_key(connection, key_id)
        if key is None or (key.status == "invalid" and not is_news):
            return None
        keys.set_key_status(connection, key_id, "invalid")
        return key

    key = await storage.write(mark)
    if key is not None:
        await outbox.tell(account.user_id, [KeyInvalid(venue=key.venue, label=key.label, detail=detail)])


async def _hold(storage: Storage, bot_id: int, cause: str, detail: str) -> bool:
    """No new entries from now on. False when that is known already, or the bot was deleted."""

    def hold(connection: Connection) -> bool:
        record = bots.find_bot(connection, bot_id)
        if record is None:
            return False
        mode = Mode.NO_ENTRIES if record.mode is Mode.RUNNING else record.mode
        held = replace(record, mode=mode, cause=cause, last_error=detail)
        if held != record:
            bots.update_bot(connection, held)
        return held != record

    return await storage.write(hold)
