"""Invites: each lets one person in, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from trading.storage.records import InviteRecord
from trading.storage.rows import columns_of
from trading.storage.schema import invites

_COLUMNS = columns_of(invites, InviteRecord)


def add_invite(
    connection: Connection, digest: str, made_by: int, made_at: datetime, expires_at: datetime | None
) -> InviteRecord:
    values = {"digest": digest, "made_by": made_by, "made_at": made_at, "expires_at": expires_at}
    number = connection.execute(insert(invites).values(values).returning(invites.c.id)).scalar_one()
    return InviteRecord(number, digest, made_by, made_at, expires_at)


def find_invite(connection: Connection, digest: str) -> InviteRecord | None:
    row = connection.execute(select(*_COLUMNS).where(invites.c.digest == digest)).first()
    return InviteRecord(*row) if row else None


def open_invites(connection: Connection, now: datetime) -> Sequence[InviteRecord]:
    """Those that would still let somebody in, the newest first."""
    is_good = or_(invites.c.expires_at.is_(None), invites.c.expires_at > now)
    query = select(*_COLUMNS).where(invites.c.used_at.is_(None), is_good).order_by(invites.c.id.desc())
    return [InviteRecord(*row) for row in connection.execute(query)]


def use_invite(connection: Connection, invite_id: int, used_by: int, at: datetime) -> None:
    connection.execute(update(invites).where(invites.c.id == invite_id).values(used_by=used_by, used_at=at))


def delete_invite(connection: Connection, invite_id: int) -> bool:
    """Withdraw one that nobody has used; False when there is none."""
    gone = connection.execute(delete(invites).where(invites.c.id == invite_id, invites.c.used_at.is_(None)))
    return gone.rowcount == 1
