"""Half-made forms, so that they survive a restart."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from trading.storage.rows import upsert
from trading.storage.schema import drafts


def get_draft(connection: Connection, key: str) -> str | None:
    return connection.execute(select(drafts.c.body).where(drafts.c.key == key)).scalar()


def put_draft(connection: Connection, key: str, body: str | None) -> None:
    """Keep a draft, or forget it with None."""
    if body is None:
        connection.execute(delete(drafts).where(drafts.c.key == key))
    else:
        connection.execute(upsert(connection, drafts, "key"), {"key": key, "body": body})
