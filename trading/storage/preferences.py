"""What people chose to hear, and when; who chose nothing has no row."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select

from trading.core.hearing import Hearing, QuietHours
from trading.core.telling import Level
from trading.storage.records import PreferencesRecord
from trading.storage.rows import columns_of, upsert, values_of
from trading.storage.schema import levels, preferences

_COLUMNS = columns_of(preferences, PreferencesRecord)


def preferences_of(connection: Connection, user_id: int) -> PreferencesRecord:
    """A person's choices, or what stands where nothing was chosen."""
    row = connection.execute(select(*_COLUMNS).where(preferences.c.user_id == user_id)).first()
    return PreferencesRecord(*row) if row else PreferencesRecord(user_id)


def put_preferences(connection: Connection, record: PreferencesRecord) -> None:
    connection.execute(upsert(connection, preferences, "user_id"), values_of(record))


def levels_of(connection: Connection, user_id: int) -> Mapping[str, Level]:
    """By topic; only what was chosen."""
    query = select(levels.c.topic, levels.c.level).where(levels.c.user_id == user_id)
    return {row.topic: row.level for row in connection.execute(query)}


def set_level(connection: Connection, user_id: int, topic: str, level: Level | None) -> None:
    """None: nothing is chosen any more."""
    own = (levels.c.user_id == user_id, levels.c.topic == topic)
    connection.execute(delete(levels).where(*own))
    if level is not None:
        connection.execute(levels.insert().values(user_id=user_id, topic=topic, level=level))


def hearings(connection: Connection, user_ids: Collection[int]) -> Mapping[int, Hearing]:
    """How each of these people wants to be told."""
    return {
        user_id: hearing_of(preferences_of(connection, user_id), levels_of(connection, user_id)) for user_id in user_ids
    }


def hearing_of(record: PreferencesRecord, chosen: Mapping[str, Level]) -> Hearing:
    quiet = None
    if record.quiet_from is not None and record.quiet_to is not None:
        quiet = QuietHours(record.quiet_from, record.quiet_to)
    return Hearing(chosen, quiet, record.time_zone)
