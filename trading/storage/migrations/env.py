"""Alembic's entry: run the migrations on the connection that the caller has opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from trading.storage.schema import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
