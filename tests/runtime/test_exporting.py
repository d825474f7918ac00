"""The file that grows with the records has each of them exactly once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.clocks import ManualClock
from trading.core.planning import Mode
from trading.runtime.exporting import Exporting
from trading.storage import Storage, bots, meta, samples, users
from trading.storage.records import BotRecord, SampleRecord, UserRecord
from trading.strategies import STRATEGIES
from trading.strategies.pingpong import PingPongConfig

OWNER = 7
COLUMNS = ["ts_decision", "ts_full_execution", "change_btc", "change_usd", "total_cnt"]


class Ground:
    """A database, a folder, and what is in the file."""

    def __init__(self, tmp_path: Path) -> None:
        self.path, self.folder, self.clock = tmp_path / "m.db", tmp_path / "exports", ManualClock()

    async def open(self) -> tuple[Storage, Exporting]:
        storage = await Storage.open(f"sqlite+aiosqlite:///{self.path}", now=self.clock.now)
        return storage, Exporting(storage, STRATEGIES, self.folder, self.clock.now)

    async def bot(self, storage: Storage, name: str = "legs.csv") -> int:
        now = self.clock.now()
        owner = UserRecord(OWNER, "Ann", None, "en", "member", "active", now)
        record = BotRecord(
            user_id=OWNER,
            key_id=None,
            venue="paper",
            symbol="BTC/USDT",
            strategy="pingpong",
            name=f"bot {name} {now}",
            config=PingPongConfig(csv_path=name).model_dump_json(),
            active=True,
            mode=Mode.RUNNING,
            created_at=now,
            updated_at=now,
        )

        def store(connection: object) -> int:
            if users.find_user(connection, OWNER) is None:  # type: ignore[arg-type]
                users.add_user(connection, owner)  # type: ignore[arg-type]
            return bots.add_bot(connection, record).id  # type: ignore[arg-type]

        return await storage.write(store)

    async def execute(self, storage: Storage, bot_id: int, *numbers: int) -> None:
        await self.clock.advance(1)
        at = self.clock.now()
        rows = [
            SampleRecord(
                bot_id, OWNER, "execution", at, dict(zip(COLUMNS, ["a", "=b", "-0.1", "", str(n)], strict=True))
            )
            for n in numbers
        ]
        await storage.write(lambda c: samples.add_samples(c, rows))

    def rows(self, name: str = "legs.csv") -> Sequence[str]:
        with (self.folder / str(OWNER) / name).open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == COLUMNS
        assert all(row[:4] == ["a", "'=b", "-0.1", ""] for row in rows)
        return [row[4] for row in rows]


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


async def test_every_execution_is_written_once_across_restarts(ground: Ground) -> None:
    storage, exporting = await ground.open()
    bot = await ground.bot(storage)
    await exporting.run()
    assert not ground.folder.exists()
    await ground.execute(storage, bot, 1, 2)
    await exporting.run()
    await exporting.run()
    assert ground.rows() == ["1", "2"]
    await storage.close()
    storage, exporting = await ground.open()
    await exporting.run()
    await ground.execute(storage, bot, 3)
    await exporting.run()
    assert ground.rows() == ["1", "2", "3"]
    assert (ground.folder / str(OWNER) / "legs.csv").stat().st_mode & 0o077 == 0
    await storage.close()


async def test_what_was_written_before_a_crash_and_not_noted_is_not_doubled(ground: Ground) -> None:
    storage, exporting = await ground.open()
    bot = await ground.bot(storage)
    await ground.execute(storage, bot, 1)
    await exporting.run()
    key = f"export {OWNER} legs.csv"
    noted = await storage.read(lambda c: meta.get(c, key))
    await ground.execute(storage, bot, 2, 3)
    await exporting.run()
    # The crash: the rows are in the file, half of another one too, and the database never heard of it.
    await storage.write(lambda c: meta.put(c, key, str(noted)))
    with (ground.folder / str(OWNER) / "legs.csv").open("a") as file:
        file.write("a,=b,-0.")
    await storage.close()
    storage, exporting = await ground.open()
    await exporting.run()
    assert ground.rows() == ["1", "2", "3"]
    await storage.close()


async def test_a_file_that_was_taken_away_is_begun_anew_with_what_is_new(ground: Ground) -> None:
    storage, exporting = await ground.open()
    bot = await ground.bot(storage)
    await ground.execute(storage, bot, 1)
    await exporting.run()
    (ground.folder / str(OWNER) / "legs.csv").unlink()
    await ground.execute(storage, bot, 2)
    await exporting.run()
    assert ground.rows() == ["2"]
    await storage.close()


async def test_a_file_of_somebody_else_and_another_bots_stay_as_they_are(ground: Ground) -> None:
    theirs = ground.folder / str(OWNER) / "legs.csv"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    storage, exporting = await ground.open()
    first = await ground.bot(storage)
    await ground.clock.advance(1)
    second = await ground.bot(storage)
    for number in (1, 2):
        await ground.execute(storage, first, number)
        await ground.execute(storage, second, number + 10)
        await exporting.run()
    assert ground.rows() == ["1", "2"]
    assert ground.rows(f"legs-{second}.csv") == ["11", "12"]
    assert [path.read_text() for path in theirs.parent.glob("legs-before-*.csv")] == ["mine"]
    await storage.close()


async def test_records_that_were_cleaned_up_do_not_hide_what_comes_after_them(ground: Ground) -> None:
    storage, exporting = await ground.open()
    bot = await ground.bot(storage)
    await ground.execute(storage, bot, 1, 2, 3)
    await exporting.run()
    await ground.clock.advance(timedelta(days=8).total_seconds())
    await storage.write(lambda c: samples.delete_samples(c, ground.clock.now()))
    await ground.execute(storage, bot, 4)
    await exporting.run()
    assert ground.rows() == ["1", "2", "3", "4"]
    await storage.close()


@pytest.mark.parametrize(
    "name", ["../legs.csv", "/tmp/legs.csv", ".hidden.csv", "a b.csv", "legs.txt", "a\\b.csv", "x.csv\n"]
)
def test_a_path_is_refused_with_words_that_say_what_would_be_right(name: str) -> None:
    with pytest.raises(ValidationError, match="must be a file name of letters"):
        PingPongConfig(csv_path=name)


def test_a_name_may_have_dots_and_dashes() -> None:
    assert PingPongConfig(csv_path="legs-2.of_mine.csv").csv_path == "legs-2.of_mine.csv"
