"""What sharing commits is worth: an order and a bot row a job, 50 callers, against a bare connection."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from trading.core.instrument import Side
from trading.core.orders import Order, OrderType, Role
from trading.core.planning import Mode
from trading.storage import Storage, bots, orders, users
from trading.storage.records import BotRecord, UserRecord

CALLERS, JOBS = 50, 100
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare = _bare(Path(folder) / "bare.db")
        alone, shared = asyncio.run(_storage(f"sqlite+aiosqlite:///{folder}/storage.db"))
    print(f"storage: bare sqlite3, a commit each  {bare:8.0f} jobs/s")
    print(f"storage: one caller                   {alone:8.0f} jobs/s")
    print(f"storage: {CALLERS} callers share commits     {shared:8.0f} jobs/s, {shared / bare:.1f} times bare")


def _bare(path: Path) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE orders (id TEXT PRIMARY KEY, amount TEXT, price TEXT, status TEXT)")
        database.execute("CREATE TABLE bots (id INTEGER PRIMARY KEY, state TEXT)")
        started = time.perf_counter()
        for number in range(1000):
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO orders VALUES (?, '2.8', '0.486', 'intended')", (str(number),))
            database.execute("INSERT OR REPLACE INTO bots VALUES (1, ?)", (str(number),))
            database.execute("COMMIT")
        return 1000 / (time.perf_counter() - started)


async def _storage(url: str) -> tuple[float, float]:
    storage = await Storage.open(url, now=lambda: _NOW)
    bot = await storage.write(_make_bot)

    def job(number: int) -> Callable[[Connection], None]:
        order = replace(_ORDER, client_id=f"mg{number:016}", bot_id=bot.id)

        def tick(connection: Connection) -> None:
            bots.update_bot(connection, replace(bot, next_sequence=number))
            orders.put_orders(connection, [order], bot.user_id)

        return tick

    async def caller(first: int, count: int) -> None:
        for number in range(first, first + count):
            await storage.write(job(number))

    started = time.perf_counter()
    await caller(0, 500)
    alone = 500 / (time.perf_counter() - started)
    started = time.perf_counter()
    await asyncio.gather(*[caller(1000 * lane, JOBS) for lane in range(1, CALLERS + 1)])
    shared = CALLERS * JOBS / (time.perf_counter() - started)
    await storage.close()
    return alone, shared


def _make_bot(connection: Connection) -> BotRecord:
    users.add_user(connection, UserRecord(1, "Ann", None, "en", "admin", "active", _NOW))
    return bots.add_bot(
        connection,
        BotRecord(
            user_id=1,
            key_id=None,
            venue="paper",
            symbol="CRV/USDT:USDT",
            strategy="grid",
            name="grid",
            config="{}",
            active=True,
            mode=Mode.RUNNING,
            created_at=_NOW,
            updated_at=_NOW,
        ),
    )


_ORDER = Order(
    client_id="",
    bot_id=0,
    slot="c1.level1",
    role=Role.ENTRY,
    symbol="CRV/USDT:USDT",
    side=Side.BUY,
    type=OrderType.LIMIT,
    amount=Decimal("2.8"),
    price=Decimal("0.486"),
    created_at=_NOW,
    updated_at=_NOW,
)

if __name__ == "__main__":
    run()
