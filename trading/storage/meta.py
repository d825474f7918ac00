"""Facts about the installation itself."""

from __future__ import annotations

from sqlalchemy import Connection, select

from trading.storage.rows import upsert
from trading.storage.schema import meta


def get(connection: Connection, key: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def put(connection: Connection, key: str, value: str) -> None:
    connection.execute(upsert(connection, meta, "key"), {"key": key, "value": value})
