"""The database as a file: made private, copied whole."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from trading.storage.errors import StorageFailed

EPOCH_KEY = "epoch"
FORMER_EPOCH_KEY = "former_epoch"

_log = logging.getLogger(__name__)
_PREFIX = "sqlite+aiosqlite:///"


def path_of(url: str) -> Path:
    """The file that a database address names. Raises StorageFailed for anything but a SQLite file."""
    name = url.removeprefix(_PREFIX).partition("?")[0]
    if not url.startswith(_PREFIX) or name in ("", ":memory:"):
        raise StorageFailed(f"the database address must be {_PREFIX} and a file, not {url.partition('://')[0]}://...")
    return Path(name)


def make_private(path: Path) -> None:
    """Make sure that the file is there; a new one is its owner's alone (600, its new folders 700)."""
    for folder in reversed([folder for folder in path.parents if not folder.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    if path.exists():
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            _log.warning("%s can be read by others (mode %o); chmod 600 makes it yours alone", path, mode)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def take_lock(path: Path) -> int:
    """Hold the database for this process until the descriptor is closed, or the process ends in whatever way.

    Two processes on one database would both trade with its bots. Raises StorageFailed when another one holds it.
    """
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StorageFailed(f"{path} is in use by another process") from error
    return descriptor


def copy_database(source: Path, target: Path) -> Path:
    """A whole, compacted copy of a database in use, mode 600; it appears under its name only when it is complete.

    The copy carries no installation epoch: whoever restores it gets a new one, so that the client order ids given out
    since the copy was made are never given out again.
    """
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(source, timeout=30)) as database:
            database.execute("VACUUM INTO ?", (str(unfinished),))
        with closing(sqlite3.connect(unfinished)) as copy, copy:
            copy.execute("UPDATE OR REPLACE meta SET key = ? WHERE key = ?", (FORMER_EPOCH_KEY, EPOCH_KEY))
        _sync(unfinished)
        unfinished.replace(target)
        _sync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def keep_newest(folder: Path, pattern: str, keep: int) -> None:
    """Remove all but the ``keep`` files whose names sort last."""
    for old in sorted(folder.glob(pattern))[:-keep]:
        old.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
