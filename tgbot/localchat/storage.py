"""One SQLite file that remembers everything an HTTP answer has promised.

Every change bumps one sequence for the whole file, so that the page can ask for "what is newer than".
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Any

import aiosqlite

from tgbot.localchat.bells import Bells, Topic

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sequence (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL);
INSERT OR IGNORE INTO sequence VALUES (1, 1);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, language TEXT NOT NULL,
    started INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0,
    keyboard TEXT, action TEXT, action_until REAL NOT NULL DEFAULT 0, pinned INTEGER);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, seq INTEGER NOT NULL, from_bot INTEGER NOT NULL,
    date INTEGER NOT NULL, editable INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, reaction TEXT,
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_change ON messages (chat, seq);
CREATE TABLE IF NOT EXISTS updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, born REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queries (
    id TEXT PRIMARY KEY, person INTEGER NOT NULL, message INTEGER NOT NULL, born REAL NOT NULL,
    seq INTEGER NOT NULL DEFAULT 0, answer TEXT);
CREATE INDEX IF NOT EXISTS queries_by_change ON queries (person, seq);
CREATE TABLE IF NOT EXISTS commands (
    scope TEXT NOT NULL, language TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, language));
CREATE TABLE IF NOT EXISTS profile (
    name TEXT NOT NULL, language TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, language));
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, content BLOB NOT NULL,
    seconds INTEGER NOT NULL DEFAULT 0);
"""
_ADDED = {"files": {"seconds": "INTEGER NOT NULL DEFAULT 0"}}
"""Columns that a file of an older version lacks."""


class Transaction:
    """What happens in it is kept together or not at all; bells ring once it is kept."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.touched: set[Topic] = set()

    async def run(self, sql: str, *parameters: Any) -> int:
        """Executes a change; answers how many rows it met."""
        async with self._connection.execute(sql, parameters) as cursor:
            return cursor.rowcount

    async def insert(self, sql: str, *parameters: Any) -> int:
        """Executes an INSERT; answers the new row's number."""
        async with self._connection.execute(sql, parameters) as cursor:
            return cursor.lastrowid or 0

    async def one(self, sql: str, *parameters: Any) -> Row | None:
        async with self._connection.execute(sql, parameters) as cursor:
            return await cursor.fetchone()

    async def all(self, sql: str, *parameters: Any) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))

    async def next_seq(self, *touched: Topic) -> int:
        """The next place in the sequence; those who wait for `touched` will be woken."""
        self.touched.update(touched)
        row = await self.one("UPDATE sequence SET value = value + 1 RETURNING value")
        return int(row["value"]) if row else 0


class Storage:
    def __init__(self, path: Path) -> None:
        self.bells = Bells()
        self._path = path
        self._turn = asyncio.Lock()
        self._connection: aiosqlite.Connection | None = None

    async def open(self) -> None:
        await asyncio.to_thread(_make_private, self._path)
        connection = await aiosqlite.connect(self._path, isolation_level=None)
        connection.row_factory = Row
        self._connection = connection
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000", "secure_delete = ON"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.executescript(_SCHEMA)
        for table, columns in _ADDED.items():
            there = {row["name"] for row in await connection.execute_fetchall(f"PRAGMA table_info({table})")}
            for name in columns.keys() - there:
                await connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        if self._connection is None:
            raise RuntimeError("the local chat is not started")
        async with self._turn:
            transaction = Transaction(self._connection)
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                yield transaction
            except BaseException:  # also when canceled: a transaction is whole or nothing
                await self._connection.rollback()
                raise
            await self._connection.commit()
        self.bells.ring(transaction.touched)


def _make_private(path: Path) -> None:
    """The chat may carry secrets: only its owner reads the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
