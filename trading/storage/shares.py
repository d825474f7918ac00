"""Settings behind links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from trading.storage.records import ShareRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import shares

_COLUMNS = columns_of(shares, ShareRecord)


def add_share(connection: Connection, share: ShareRecord) -> ShareRecord:
    """Store it; its ``id`` is made here."""
    values = {name: value for name, value in values_of(share).items() if name != "id"}
    number = connection.execute(insert(shares).values(values).returning(shares.c.id)).scalar_one()
    return replace(share, id=int(number))


def find_share(connection: Connection, code: str) -> ShareRecord | None:
    """Whoever made it, expired or not."""
    row = connection.execute(select(*_COLUMNS).where(shares.c.code == code)).first()
    return ShareRecord(*row) if row else None


def shares_of(connection: Connection, user_id: int, now: datetime) -> Sequence[ShareRecord]:
    """A person's links that still open, newest first."""
    query = select(*_COLUMNS).where(shares.c.user_id == user_id, shares.c.expires_at > now)
    return [ShareRecord(*row) for row in connection.execute(query.order_by(shares.c.id.desc()))]


def delete_share(connection: Connection, share_id: int, user_id: int) -> bool:
    """Whether there was such a link of this person."""
    gone = delete(shares).where(shares.c.id == share_id, shares.c.user_id == user_id)
    return connection.execute(gone).rowcount == 1


def delete_shares(connection: Connection, before: datetime) -> int:
    """Forget links that expired before then."""
    return connection.execute(delete(shares).where(shares.c.expires_at < before)).rowcount
