"""Settings that people keep under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from trading.storage.records import PresetRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import presets

_COLUMNS = columns_of(presets, PresetRecord)


def add_preset(connection: Connection, preset: PresetRecord) -> PresetRecord:
    """Store it; its ``id`` is made here."""
    values = {name: value for name, value in values_of(preset).items() if name != "id"}
    number = connection.execute(insert(presets).values(values).returning(presets.c.id)).scalar_one()
    return replace(preset, id=int(number))


def presets_of(connection: Connection, user_id: int) -> Sequence[PresetRecord]:
    """A person's presets, oldest first."""
    query = select(*_COLUMNS).where(presets.c.user_id == user_id).order_by(presets.c.id)
    return [PresetRecord(*row) for row in connection.execute(query)]


def rename_preset(connection: Connection, preset_id: int, user_id: int, name: str) -> bool:
    """Whether there is such a preset of this person."""
    change = update(presets).where(presets.c.id == preset_id, presets.c.user_id == user_id).values(name=name)
    return connection.execute(change).rowcount == 1


def delete_preset(connection: Connection, preset_id: int, user_id: int) -> bool:
    """Whether there was such a preset of this person."""
    gone = delete(presets).where(presets.c.id == preset_id, presets.c.user_id == user_id)
    return connection.execute(gone).rowcount == 1
