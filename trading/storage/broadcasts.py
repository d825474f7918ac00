"""Broadcasts: who is to get a message, and what became of it with each of them.

A delivery is ``waiting``, then ``sending`` before the message leaves, then ``delivered``, ``blocked`` or ``failed``.
One that was ``sending`` when the process died is ``uncertain``, and is never sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from trading.storage.records import BroadcastRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import broadcasts, deliveries, users

_COLUMNS = columns_of(broadcasts, BroadcastRecord)
_ACTIVE = "active"


def audience(connection: Connection, admin_id: int, others: Sequence[int]) -> Sequence[int]:
    """Everybody who may use the bot now but the admin who speaks; ``others`` are admins by the settings."""
    may_hear = (users.c.status == _ACTIVE) | users.c.id.in_(others)
    query = select(users.c.id).where(may_hear, users.c.id != admin_id).order_by(users.c.id)
    return list(connection.execute(query).scalars())


def add_broadcast(connection: Connection, record: BroadcastRecord, people: Sequence[int]) -> BroadcastRecord:
    """Store it for these ``people``; its id is given here."""
    values = {name: value for name, value in values_of(record).items() if name != "id"}
    number = connection.execute(insert(broadcasts).values(values).returning(broadcasts.c.id)).scalar_one()
    at = record.begun_at
    rows = [{"broadcast_id": number, "user_id": each, "state": "waiting", "reason": "", "at": at} for each in people]
    if rows:
        connection.execute(insert(deliveries), rows)
    return replace(record, id=number)


def find_broadcast(connection: Connection, broadcast_id: int) -> BroadcastRecord | None:
    row = connection.execute(select(*_COLUMNS).where(broadcasts.c.id == broadcast_id)).first()
    return BroadcastRecord(*row) if row else None


def broadcasts_in(connection: Connection, status: str) -> Sequence[BroadcastRecord]:
    query = select(*_COLUMNS).where(broadcasts.c.status == status).order_by(broadcasts.c.id)
    return [BroadcastRecord(*row) for row in connection.execute(query)]


def newest_broadcasts(connection: Connection, skip: int, limit: int) -> Sequence[BroadcastRecord]:
    query = select(*_COLUMNS).order_by(broadcasts.c.id.desc()).offset(skip).limit(limit)
    return [BroadcastRecord(*row) for row in connection.execute(query)]


def count_broadcasts(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(broadcasts)).scalar_one()


def set_broadcast_status(connection: Connection, broadcast_id: int, status: str, *, only: Sequence[str]) -> bool:
    """Change the status where it is one of ``only``; answers whether it was."""
    query = update(broadcasts).where(broadcasts.c.id == broadcast_id, broadcasts.c.status.in_(only))
    return connection.execute(query.values(status=status)).rowcount == 1


def set_progress(connection: Connection, broadcast_id: int, message_id: int, shown_to: int | None = None) -> None:
    """Another message shows the progress; with ``shown_to`` in the chat of that admin."""
    shown = {"progress_id": message_id} | ({} if shown_to is None else {"shown_to": shown_to})
    connection.execute(update(broadcasts).where(broadcasts.c.id == broadcast_id).values(shown))


def counts_of(connection: Connection, broadcast_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many deliveries of each broadcast are in each state."""
    state, number = deliveries.c.state, deliveries.c.broadcast_id
    query = select(number, state, func.count()).where(number.in_(broadcast_ids)).group_by(number, state)
    found: dict[int, dict[str, int]] = {each: {} for each in broadcast_ids}
    for broadcast_id, of, many in connection.execute(query):
        found[broadcast_id][of] = many
    return found


def reasons_of(connection: Connection, broadcast_id: int, state: str, limit: int) -> Mapping[str, int]:
    """The most frequent reasons of the deliveries in ``state``, and how many have each."""
    query = (
        select(deliveries.c.reason, func.count().label("many"))
        .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.state == state)
        .group_by(deliveries.c.reason)
        .order_by(func.count().desc(), deliveries.c.reason)
        .limit(limit)
    )
    return {row.reason: row.many for row in connection.execute(query)}


def first_waiting(connection: Connection, broadcast_id: int) -> tuple[int, str] | None:
    """The next person and their status among users."""
    query = (
        select(deliveries.c.user_id, users.c.status)
        .join(users, users.c.id == deliveries.c.user_id)
        .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.state == "waiting")
        .order_by(deliveries.c.user_id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row[0], row[1]) if row else None


def set_delivery(
    connection: Connection, broadcast_id: int, user_id: int, state: str, at: datetime, reason: str = ""
) -> None:
    query = update(deliveries).where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.user_id == user_id)
    connection.execute(query.values(state=state, at=at, reason=reason))


def move_deliveries(
    connection: Connection, broadcast_id: int, before: str, after: str, at: datetime, reason: str = ""
) -> int:
    """Put all deliveries of one state into another; answers how many."""
    query = update(deliveries).where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.state == before)
    return connection.execute(query.values(state=after, at=at, reason=reason)).rowcount


def give_up_sending(connection: Connection, at: datetime, reason: str) -> int:
    """Whatever is ``sending``, of any broadcast, becomes uncertain; answers how many."""
    query = update(deliveries).where(deliveries.c.state == "sending")
    return connection.execute(query.values(state="uncertain", at=at, reason=reason)).rowcount


def delete_broadcasts(connection: Connection, before: datetime) -> int:
    """Forget broadcasts that have ended and were begun before; answers how many."""
    ended = broadcasts.c.status != "running"
    return connection.execute(delete(broadcasts).where(ended, broadcasts.c.begun_at < before)).rowcount
