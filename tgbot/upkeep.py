"""Subcommands that work on the database."""

from __future__ import annotations

from pathlib import Path

from tgbot.composition import BACKUP_FOLDER, Say, master_keys
from tgbot.settings import Settings
from trading.clock import SystemClock
from trading.storage import Connection, Storage, StorageFailed, back_up, keys, path_of
from trading.vault import SealBroken, Vault, VaultLocked


async def rotate_keys(settings: Settings, say: Say) -> int:
    """Seal every stored key with the first ENCRYPTION_KEY, all or none; the bot must not be running."""
    try:
        _existing(settings)
        vault = Vault(master_keys(settings, say))
    except (StorageFailed, VaultLocked) as problem:
        say(f"Nothing was changed: {problem}")
        return 1
    try:
        storage = await Storage.open(settings.database_url, now=SystemClock().now)
    except StorageFailed as problem:
        say(f"Nothing was changed: {problem}. The bot must not be running meanwhile: stop it first.")
        return 1

    def rotate(connection: Connection) -> int:
        records = keys.all_keys(connection)
        for record in records:
            # Opened first: it proves whose key it is, and names the one that cannot be opened.
            vault.open(record.sealed, user_id=record.user_id, key_id=record.id)
            keys.replace_sealed(connection, record.id, vault.rotate(record.sealed))
        return len(records)

    try:
        count = await storage.write(rotate)
    except (StorageFailed, VaultLocked, SealBroken) as problem:
        say(f"Nothing was changed: {problem}")
        return 1
    finally:
        await storage.close()
    say(f"{count} key(s) are now sealed with the first ENCRYPTION_KEY. The older ones may be removed.")
    return 0


async def make_backup(settings: Settings, say: Say) -> int:
    """A copy of the database in the folder ``backups`` beside it; the bot may be running."""
    try:
        source = _existing(settings)
        made = await back_up(source, source.parent / BACKUP_FOLDER, settings.backup_keep, SystemClock().now())
    except StorageFailed as problem:
        say(f"No backup was made: {problem}")
        return 1
    say(f"Backup written to {made}")
    return 0


def _existing(settings: Settings) -> Path:
    """The database's file. Raises StorageFailed where there is none: upkeep makes no new one."""
    path = path_of(settings.database_url)
    if not path.exists():
        raise StorageFailed(f"there is no database at {path}")
    return path
