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


def upgrade(engine: Engine, path: Path, target: str = "head") -> None:
    """Run the missing migrations, all or none. A database that is not new is copied first, to ``path.bak-<revision>``.

    Raises StorageFailed for a database of a newer version.
    """
    scripts = ScriptDirectory.from_config(configuration())
    with engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    try:
        if found == scripts.as_revision_number(target):
            return
        if found is not None:
            scripts.get_revision(found)
            copy_database(path, path.with_name(f"{path.name}.bak-{found}"))
        with engine.begin() as connection:
            command.upgrade(configuration(connection), target)
    except CommandError as error:
        raise StorageFailed(f"{path} is of version {found}, which this program does not know: {error}") from error


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file of their own: the package knows where its scripts are."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
