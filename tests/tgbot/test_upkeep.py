"""The subcommands as a person at a terminal runs them: real processes on a real folder."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trading.storage import Storage, keys, users
from trading.storage.records import KeyRecord, UserRecord
from trading.vault import Vault, VaultLocked, new_master_key

ROOT = Path(__file__).parents[2]
CREDENTIALS = {"apiKey": "key-abcd1234", "secret": "secret-5551", "password": "pass-5552"}


def makergram(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tgbot", *arguments],
        cwd=folder,
        env=environ(folder, settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environ(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def database(folder: Path) -> Path:
    return folder / "data" / "makergram.db"


async def with_keys(folder: Path, *masters: str) -> None:
    """A database with one key sealed by each of the master keys."""
    storage = await Storage.open(f"sqlite+aiosqlite:///{database(folder)}", now=lambda: datetime.now(UTC))
    at = datetime.now(UTC)
    await storage.write(lambda c: users.add_user(c, UserRecord(11, "Owner", None, "en", "member", "active", at)))
    for master in masters:
        vault = Vault([master])
        await storage.write(
            lambda c, vault=vault: keys.add_key(  # type: ignore[misc]
                c,
                user_id=11,
                venue="bitget",
                label="Main",
                tail="1234",
                can_withdraw=False,
                created_at=at,
                seal=lambda key_id: vault.seal(CREDENTIALS, user_id=11, key_id=key_id),
            )
        )
    await storage.close()


async def stored_keys(folder: Path) -> list[KeyRecord]:
    storage = await Storage.open(f"sqlite+aiosqlite:///{database(folder)}", now=lambda: datetime.now(UTC))
    try:
        return list(await storage.read(keys.all_keys))
    finally:
        await storage.close()


async def test_rotate_key_seals_every_key_with_the_first_master_key(tmp_path: Path) -> None:
    old, older, new = new_master_key(), new_master_key(), new_master_key()
    await with_keys(tmp_path, old, older)
    done = makergram(tmp_path, "rotate-key", ENCRYPTION_KEY=f"{new},{old},{older}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 key(s) are now sealed with the first ENCRYPTION_KEY.")
    vault = Vault([new])
    for record in await stored_keys(tmp_path):
        assert vault.open(record.sealed, user_id=11, key_id=record.id) == CREDENTIALS


async def test_rotate_key_changes_all_keys_or_none(tmp_path: Path) -> None:
    old, lost, new = new_master_key(), new_master_key(), new_master_key()
    await with_keys(tmp_path, old, lost)
    before = await stored_keys(tmp_path)
    done = makergram(tmp_path, "rotate-key", ENCRYPTION_KEY=f"{new},{old}")
    assert done.returncode == 1
    assert done.stdout.startswith("Nothing was changed: ")
    assert "key 2 " in done.stdout
    assert await stored_keys(tmp_path) == before
    with pytest.raises(VaultLocked):
        Vault([new]).open(before[0].sealed, user_id=11, key_id=1)


async def test_rotate_key_says_that_the_bot_is_running(tmp_path: Path) -> None:
    master = new_master_key()
    await with_keys(tmp_path, master)
    storage = await Storage.open(f"sqlite+aiosqlite:///{database(tmp_path)}", now=lambda: datetime.now(UTC))
    try:
        done = makergram(tmp_path, "rotate-key", ENCRYPTION_KEY=f"{new_master_key()},{master}")
    finally:
        await storage.close()
    assert done.returncode == 1
    assert "is in use by another process" in done.stdout
    assert "stop it first" in done.stdout
    assert done.stdout.count("\n") == 1


def test_rotate_key_makes_no_database_and_no_key_where_there_is_none(tmp_path: Path) -> None:
    done = makergram(tmp_path, "rotate-key")
    assert done.returncode == 1
    assert done.stdout.startswith("Nothing was changed: there is no database at ")
    assert list(tmp_path.rglob("*")) == []


async def test_a_backup_is_made_while_another_process_holds_the_database(tmp_path: Path) -> None:
    await with_keys(tmp_path, new_master_key())
    storage = await Storage.open(f"sqlite+aiosqlite:///{database(tmp_path)}", now=lambda: datetime.now(UTC))
    try:
        done = makergram(tmp_path, "backup")
        assert (done.returncode, done.stderr) == (0, "")
    finally:
        await storage.close()
    [copy] = (tmp_path / "data" / "backups").iterdir()
    assert done.stdout == f"Backup written to data/backups/{copy.name}\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM keys").fetchone() == (1,)


def test_a_backup_of_nothing_is_told(tmp_path: Path) -> None:
    done = makergram(tmp_path, "backup")
    assert (done.returncode, done.stdout) == (1, "No backup was made: there is no database at data/makergram.db\n")
    assert list(tmp_path.rglob("*")) == []


async def test_a_backup_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    await with_keys(tmp_path, new_master_key())
    (tmp_path / "data" / "backups").write_text("a file where the folder should be")
    done = makergram(tmp_path, "backup")
    assert done.returncode == 1
    assert done.stdout.startswith("No backup was made: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "rotate-key", "backup"])
def test_wrong_settings_are_all_listed_and_repeat_no_secret(tmp_path: Path, command: str) -> None:
    done = makergram(
        tmp_path, command, BOT_TOKEN="not-a-token-5553", PAPER_SPEED="fast", LOCALCHAT_PORT="99999", ADMIN_IDS="me"
    )
    assert done.returncode == 2
    first, *problems = done.stdout.splitlines()
    assert first == "These settings are wrong:"
    assert [name for name in ("BOT_TOKEN", "PAPER_SPEED", "LOCALCHAT_PORT", "ADMIN_IDS") if name in str(problems)] == [
        "BOT_TOKEN",
        "PAPER_SPEED",
        "LOCALCHAT_PORT",
        "ADMIN_IDS",
    ]
    assert "5553" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    done = makergram(tmp_path, "fly")
    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr


def test_the_first_run_without_settings_makes_a_private_master_key_and_says_so(tmp_path: Path) -> None:
    said = _run_and_stop(tmp_path)
    master = tmp_path / "data" / "master.key"
    assert master.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert database(tmp_path).stat().st_mode & 0o777 == 0o600
    assert "A master key was made in data/master.key (readable by you only)." in said
    assert master.read_text().strip() not in said
    # The second run finds it, and says nothing.
    before = master.read_text()
    assert "master key" not in _run_and_stop(tmp_path)
    assert master.read_text() == before


async def test_a_run_with_another_master_key_ends_with_a_clear_error(tmp_path: Path) -> None:
    await with_keys(tmp_path, new_master_key())
    done = makergram(tmp_path, "run", ENCRYPTION_KEY=new_master_key(), LOCALCHAT_PORT="0")
    assert done.returncode == 1
    assert "The stored keys cannot be opened: key 1 was sealed with another master key" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def _run_and_stop(folder: Path) -> str:
    """``makergram`` until it is ready, then SIGTERM; what it said."""
    said = folder.parent / f"{folder.name}.out"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tgbot"],
            cwd=folder,
            env=environ(folder, {"LOCALCHAT_PORT": "0"}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while "Ready in" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0, said.read_text()
    return said.read_text()
