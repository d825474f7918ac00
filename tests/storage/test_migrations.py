from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from tests.storage.made import NOW, order
from trading.core.orders import Role
from trading.storage import Storage, StorageFailed, meta, migrating, orders
from trading.storage.engines import writing_engine
from trading.storage.records import BotRecord
from trading.storage.schema import metadata

REVISIONS = ScriptDirectory.from_config(migrating.configuration())


def test_migrations_and_tables_agree(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, metadata) == []


def test_both_ways_of_making_the_tables_make_the_same(connection: Connection) -> None:
    """What comparing leaves out: cascades, conditions of indexes, ids that are not used again."""

    def statements(of: Connection) -> set[str]:
        found = of.execute(text("SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql NOT NULL"))
        return {" ".join(sql.split()) for (sql,) in found if "alembic_version" not in sql and "sqlite_" not in sql}

    engine = create_engine("sqlite://")
    with engine.connect() as fresh:
        metadata.create_all(fresh)
        by_metadata = statements(fresh)
    engine.dispose()
    assert {_sorted(sql) for sql in statements(connection)} == {_sorted(sql) for sql in by_metadata}


def _sorted(sql: str) -> str:
    """Constraints may come in another order."""
    return "".join(sorted(sql.replace('"', "")))


def test_there_is_one_line_of_revisions() -> None:
    assert len(REVISIONS.get_heads()) == 1


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of the time before the newest revision, with something in it."""
    path = tmp_path / "data" / "makergram.db"
    path.parent.mkdir()
    path.touch(0o600)
    engine = writing_engine(path, 1.0)
    migrating.upgrade(engine, path)
    with engine.begin() as connection:
        meta.put(connection, "kept", "yes")
        meta.put(connection, "epoch", "5")
        connection.execute(text("DROP TABLE drafts"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    return path


def scripts(folder: Path, *, broken: bool = False) -> Path:
    """A folder of migrations in which 0001 follows 0000, for an upgrade while there is only one real revision."""
    (folder / "versions").mkdir(parents=True)
    real = Path(migrating.__file__).with_name("migrations")
    (folder / "env.py").write_text((real / "env.py").read_text())
    head = 'from alembic import op\nrevision, down_revision = "{}", {}\ndef upgrade():\n'
    (folder / "versions" / "a.py").write_text(head.format("0000", None) + "    pass\n")
    more = "    op.execute('CREATE TABLE drafts (key TEXT PRIMARY KEY, body TEXT NOT NULL)')\n"
    fault = "    raise ZeroDivisionError\n" if broken else ""
    (folder / "versions" / "b.py").write_text(head.format("0001", "'0000'") + more + fault)
    return folder


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_upgrade_keeps_a_copy(older: Path, tmp_path: Path) -> None:
    engine = writing_engine(older, 1.0)
    migrating.upgrade(engine, older, scripts=scripts(tmp_path / "scripts"))
    engine.dispose()
    copy = older.with_name("makergram.db.bak-0000")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "drafts" in tables(older)
    assert "drafts" not in tables(copy)
    with closing(sqlite3.connect(copy)) as found:
        kept = dict(found.execute("SELECT key, value FROM meta"))
    assert kept == {"kept": "yes", "former_epoch": "5"}


def test_an_upgrade_that_fails_changes_nothing_and_can_be_tried_again(older: Path, tmp_path: Path) -> None:
    engine = writing_engine(older, 1.0)
    with pytest.raises(ZeroDivisionError):
        migrating.upgrade(engine, older, scripts=scripts(tmp_path / "broken", broken=True))
    assert "drafts" not in tables(older)
    migrating.upgrade(engine, older, scripts=scripts(tmp_path / "scripts"))
    assert "drafts" in tables(older)
    engine.dispose()


async def test_nothing_is_copied_when_nothing_is_to_be_done(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        storage = await Storage.open(url, now=lambda: NOW)
        await storage.close()
    assert not list((tmp_path / "data").glob("*.bak-*"))


def test_a_database_of_a_newer_version_is_left_alone(older: Path, url: str) -> None:
    with closing(sqlite3.connect(older)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = older.read_bytes()
    with pytest.raises(StorageFailed, match="9999"):
        asyncio.run(Storage.open(url, now=lambda: NOW))
    assert older.read_bytes() == before


def test_the_views_show_limit_orders_and_take_profits(connection: Connection, bot: BotRecord) -> None:
    taken = order(2, slot="c1.tp", role=Role.TAKE_PROFIT)
    orders.put_orders(connection, [order(1), taken], 1)
    for view, number in (("limit_orders", 1), ("take_profit_orders", 2)):
        rows = connection.execute(text(f"SELECT client_id, price, created_at FROM {view}")).all()  # noqa: S608
        assert [tuple(row) for row in rows] == [(order(number).client_id, "0.486", f"2026-01-02 03:04:0{5 + number}")]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM orders WHERE bot_id = 1 AND live = 1", "ix_orders_live"),
        ("SELECT * FROM orders WHERE symbol = 'x' AND status = 'open'", "ix_orders_symbol_status"),
        ("SELECT * FROM orders WHERE bot_id = 1 AND slot BETWEEN 'c1.' AND 'c1.z'", "ix_orders_bot_id_slot"),
        ("SELECT * FROM fills WHERE bot_id = 1 AND at > 5", "ix_fills_bot_id_at"),
        ("SELECT * FROM notices WHERE delivered_at IS NULL AND failure IS NULL ORDER BY user_id", "ix_notices_waiting"),
        ("SELECT * FROM samples WHERE bot_id = 1 AND kind = 'book' AND at > 5", "ix_samples_bot_id_kind_at"),
    ],
)
def test_queries_find_their_index(connection: Connection, query: str, index: str) -> None:
    plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert any(index in row[3] for row in plan)
