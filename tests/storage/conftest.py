from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.storage.made import NOW, bot_record, user_record
from trading.storage import Storage, files
from trading.storage.bots import add_bot
from trading.storage.engines import writing_engine
from trading.storage.migrating import upgrade
from trading.storage.records import BotRecord
from trading.storage.users import add_user


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/makergram.db"


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = await Storage.open(url, now=lambda: NOW)
    yield opened
    await opened.close()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to an up-to-date database file, for functions that need no writer."""
    path = tmp_path / "makergram.db"
    files.make_private(path)
    engine = writing_engine(path, 1.0)
    upgrade(engine, path)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def bot(connection: Connection) -> BotRecord:
    """Ann's bot; Bob is there too, with one of his own."""
    add_user(connection, user_record(1, "Ann"))
    add_user(connection, user_record(2, "Bob"))
    mine = add_bot(connection, bot_record(1))
    add_bot(connection, bot_record(2))
    return mine


@pytest.fixture
def of_bob(bot: BotRecord) -> int:
    return bot.id + 1
