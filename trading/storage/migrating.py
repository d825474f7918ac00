"""Bringing a database up to date at start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine

from trading.storage.errors import StorageFailed
from trading.storage.files import copy_database

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, path: Path, scripts: Path = _SCRIPTS) -> None:
    """Run the missing migrations, all or none. A database that is not new is copied first, to ``path.bak-<revision>``.

    Raises StorageFailed for a database of a newer version.
    """
    with engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    try:
        if _is_newest(found, scripts):
            return
        if found is not None:
            copy_database(path, path.with_name(f"{path.name}.bak-{found}"))
        with engine.begin() as connection:
            command.upgrade(configuration(connection, scripts), "head")
    except CommandError as error:
        raise StorageFailed(f"{path} is of version {found}, which this program does not know: {error}") from error


def configuration(connection: Connection | None = None, scripts: Path = _SCRIPTS) -> Config:
    """Alembic's settings, without a file of their own: the package knows where its scripts are."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _is_newest(found: str | None, scripts: Path) -> bool:
    """Whether nothing is to be done. Raises CommandError for a revision that is not ours."""
    known = ScriptDirectory.from_config(configuration(scripts=scripts))
    if found is not None:
        known.get_revision(found)
    return found == known.get_current_head()
