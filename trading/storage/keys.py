"""Sealed keys of exchanges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, select, update

from trading.storage.records import KeyRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import backoffs, bots, keys

_COLUMNS = columns_of(keys, KeyRecord)


def add_key(
    connection: Connection,
    *,
    user_id: int,
    venue: str,
    label: str,
    tail: str,
    can_withdraw: bool | None,
    created_at: datetime,
    seal: Callable[[int], str],
    status: str = "ok",
    kind: str = "",
    title: str = "",
    abilities: Mapping[str, bool] | None = None,
) -> KeyRecord:
    """Store a key. ``seal`` is given the new id, because the id is bound into what it seals."""
    unsealed = KeyRecord(
        0, user_id, venue, label, "", tail, status, can_withdraw, created_at, kind, title, abilities or {}
    )
    values = values_of(unsealed)
    del values["id"]
    key_id = int(connection.execute(insert(keys).values(values).returning(keys.c.id)).scalar_one())
    sealed = seal(key_id)
    replace_sealed(connection, key_id, sealed)
    return replace(unsealed, id=key_id, sealed=sealed)


def find_key(connection: Connection, key_id: int, user_id: int | None = None) -> KeyRecord | None:
    """The key; None also when ``user_id`` is given and it is another's."""
    query = select(*_COLUMNS).where(keys.c.id == key_id)
    if user_id is not None:
        query = query.where(keys.c.user_id == user_id)
    row = connection.execute(query).first()
    return KeyRecord(*row) if row else None


def keys_of(connection: Connection, user_id: int) -> Sequence[KeyRecord]:
    query = select(*_COLUMNS).where(keys.c.user_id == user_id).order_by(keys.c.id)
    return [KeyRecord(*row) for row in connection.execute(query)]


def all_keys(connection: Connection) -> Sequence[KeyRecord]:
    return [KeyRecord(*row) for row in connection.execute(select(*_COLUMNS).order_by(keys.c.id))]


def set_key_status(connection: Connection, key_id: int, status: str, can_withdraw: bool | None = None) -> None:
    """``can_withdraw`` is changed only when it is given."""
    values: dict[str, object] = {"status": status}
    if can_withdraw is not None:
        values["can_withdraw"] = can_withdraw
    connection.execute(update(keys).where(keys.c.id == key_id).values(values))


def set_key_abilities(connection: Connection, key_id: int, abilities: Mapping[str, bool]) -> None:
    connection.execute(update(keys).where(keys.c.id == key_id).values(abilities=dict(abilities)))


def replace_sealed(connection: Connection, key_id: int, sealed: str) -> None:
    connection.execute(update(keys).where(keys.c.id == key_id).values(sealed=sealed))


def rename_key(connection: Connection, key_id: int, user_id: int, label: str) -> bool:
    """False when there is no such key of this user."""
    changed = connection.execute(update(keys).where(keys.c.id == key_id, keys.c.user_id == user_id).values(label=label))
    return changed.rowcount == 1


def replace_credentials(
    connection: Connection,
    key_id: int,
    user_id: int,
    *,
    sealed: str,
    tail: str,
    label: str,
    can_withdraw: bool | None,
    abilities: Mapping[str, bool],
) -> bool:
    """Other credentials for the same key, and what is known of them.

    Nothing of the refusal of the old ones stays: no mark, and no slot of a bot that waits because of it. False when
    there is no such key of this user.
    """
    changed = connection.execute(
        update(keys)
        .where(keys.c.id == key_id, keys.c.user_id == user_id)
        .values(
            sealed=sealed,
            tail=tail,
            label=label,
            status="ok",
            can_withdraw=can_withdraw,
            abilities=dict(abilities),
        )
    )
    if changed.rowcount != 1:
        return False
    on_it = select(bots.c.id).where(bots.c.key_id == key_id)
    connection.execute(delete(backoffs).where(backoffs.c.reason == "bad_credentials", backoffs.c.bot_id.in_(on_it)))
    return True


def delete_key(connection: Connection, key_id: int, user_id: int) -> bool:
    """Forget the key, unless it is another's or one of its bots is active. Its stopped bots stay, without a key."""
    busy = exists().where(bots.c.key_id == key_id, bots.c.active)
    gone = connection.execute(delete(keys).where(keys.c.id == key_id, keys.c.user_id == user_id, ~busy))
    return gone.rowcount == 1
