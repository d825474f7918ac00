"""What venues said about their markets, so that a start need not ask again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from trading.storage.rows import upsert
from trading.storage.schema import market_cache


def load(connection: Connection, venue: str) -> tuple[str, datetime] | None:
    """The text that was saved, and when."""
    query = select(market_cache.c.body, market_cache.c.saved_at).where(market_cache.c.venue == venue)
    row = connection.execute(query).first()
    return (row[0], row[1]) if row else None


def save(connection: Connection, venue: str, body: str, at: datetime) -> None:
    connection.execute(upsert(connection, market_cache, "venue"), {"venue": venue, "body": body, "saved_at": at})
