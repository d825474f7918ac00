"""People."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from trading.storage.records import UserRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import users

_COLUMNS = columns_of(users, UserRecord)


def find_user(connection: Connection, user_id: int) -> UserRecord | None:
    row = connection.execute(select(*_COLUMNS).where(users.c.id == user_id)).first()
    return UserRecord(*row) if row else None


def add_user(connection: Connection, user: UserRecord) -> None:
    connection.execute(insert(users).values(values_of(user)))


def list_users(connection: Connection, status: str | None = None) -> Sequence[UserRecord]:
    """Everybody, or those of one status, by when they came."""
    query = select(*_COLUMNS).order_by(users.c.created_at, users.c.id)
    if status is not None:
        query = query.where(users.c.status == status)
    return [UserRecord(*row) for row in connection.execute(query)]


def set_user_status(connection: Connection, user_id: int, status: str) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(status=status))


def set_user_role(connection: Connection, user_id: int, role: str) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(role=role))


def set_language(connection: Connection, user_id: int, language: str) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(language=language))


def set_dark_pictures(connection: Connection, user_id: int, dark: bool) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(dark_pictures=dark))


def rename_user(connection: Connection, user_id: int, name: str, username: str | None) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(name=name, username=username))
