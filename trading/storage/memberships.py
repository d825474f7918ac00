"""What an admin allows a person, when they were last heard, and how everything of theirs is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, select, update

from trading.storage.records import MembershipRecord
from trading.storage.rows import columns_of, insert_new
from trading.storage.schema import bots, keys, memberships, paper_accounts, tokens, users

_COLUMNS = columns_of(memberships, MembershipRecord)


def membership_of(connection: Connection, user_id: int) -> MembershipRecord:
    """What is kept of the person; an empty one where nothing is."""
    row = connection.execute(select(*_COLUMNS).where(memberships.c.user_id == user_id)).first()
    return MembershipRecord(*row) if row else MembershipRecord(user_id)


def all_memberships(connection: Connection) -> Sequence[MembershipRecord]:
    return [MembershipRecord(*row) for row in connection.execute(select(*_COLUMNS))]


def set_max_deposit(connection: Connection, user_id: int, max_deposit: Decimal | None) -> None:
    _set(connection, user_id, max_deposit=max_deposit)


def set_max_bots(connection: Connection, user_id: int, max_bots: int | None) -> None:
    _set(connection, user_id, max_bots=max_bots)


def note_heard(connection: Connection, user_id: int, at: datetime) -> None:
    """They spoke: they have not blocked the bot, or not any more."""
    _set(connection, user_id, seen_at=at, deaf_since=None)


def note_deaf(connection: Connection, user_id: int, since: datetime | None) -> None:
    """They have blocked the bot, or with None hear it again."""
    _set(connection, user_id, deaf_since=since)


def forget_user(connection: Connection, user_id: int) -> None:
    """Everything that is a person's: bots with their records, keys, the paper account, what was allowed, the name.

    What they are still to be told stays until it is told.
    """
    connection.execute(delete(bots).where(bots.c.user_id == user_id))
    connection.execute(delete(keys).where(keys.c.user_id == user_id))
    forget_paper(connection, user_id)
    connection.execute(delete(tokens).where(tokens.c.user_id == user_id))
    connection.execute(delete(users).where(users.c.id == user_id))


def forget_paper(connection: Connection, user_id: int) -> None:
    connection.execute(delete(paper_accounts).where(paper_accounts.c.account == str(user_id)))


def _set(connection: Connection, user_id: int, **values: object) -> None:
    connection.execute(insert_new(connection, memberships, "user_id"), {"user_id": user_id})
    connection.execute(update(memberships).where(memberships.c.user_id == user_id).values(**values))
