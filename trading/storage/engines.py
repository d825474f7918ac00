"""Engines over one SQLite file: how its connections are set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def writing_engine(path: Path, busy_seconds: float) -> Engine:
    """One synchronous connection that takes the write lock when a transaction begins, and syncs when it commits."""
    engine = create_engine(URL.create("sqlite", database=str(path)), pool_size=1, max_overflow=0)
    _set_up(engine, busy_seconds, "BEGIN IMMEDIATE", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
    return engine


def reading_engine(path: Path, busy_seconds: float) -> AsyncEngine:
    """Connections that cannot write. Each transaction sees one moment of the database, whatever the writer does."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    _set_up(engine.sync_engine, busy_seconds, "BEGIN", "PRAGMA query_only = ON")
    return engine


def _set_up(engine: Engine, busy_seconds: float, begin: str, *pragmas: str) -> None:
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in (f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}", "PRAGMA foreign_keys = ON", *pragmas):
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
