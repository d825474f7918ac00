"""The outbox: what is to be told, in order for each person, until it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from trading.core.telling import Notice, NoticeBook, StoredNotice, Urgency, dump_notice
from trading.storage.schema import notices

WAITING = and_(notices.c.delivered_at.is_(None), notices.c.failure.is_(None))
"""Neither told nor given up."""

_INSERT = insert(notices).returning(notices.c.id)

_TOLD = (notices.c.id, notices.c.user_id, notices.c.bot_id, notices.c.created_at, notices.c.body, notices.c.attempts)


def put_notices(
    connection: Connection, user_id: int, bot_id: int | None, facts: Sequence[Notice], at: datetime
) -> list[int]:
    """Store notices for one person and answer their ids, in the same order."""
    owner = {"user_id": user_id, "bot_id": bot_id, "created_at": at, "attempts": 0}
    return [
        connection.execute(
            _INSERT, {**owner, "body": dump_notice(fact), "urgent": fact.urgency is not Urgency.WAITS}
        ).scalar_one()
        for fact in facts
    ]


def undelivered(
    connection: Connection, limit: int, now: datetime, book: NoticeBook, quiet: Collection[int] = ()
) -> list[StoredNotice]:
    """What may be told at ``now``, oldest first, at most ``limit`` for each person; ``book`` reads it.

    Those who are ``quiet`` are told what is urgent only. Behind a postponed notice all later ones of that person wait
    too. Nobody waits behind another's flood.
    """
    held = (
        select(notices.c.user_id, func.min(notices.c.id).label("first"))
        .where(WAITING, notices.c.retry_at > now)
        .group_by(notices.c.user_id)
        .subquery()
    )
    place = func.row_number().over(partition_by=notices.c.user_id, order_by=notices.c.id)
    waiting = (
        select(*_TOLD, place.label("place"))
        .outerjoin_from(notices, held, held.c.user_id == notices.c.user_id)
        .where(WAITING, or_(held.c.first.is_(None), notices.c.id < held.c.first))
        .where(or_(notices.c.user_id.not_in(quiet), notices.c.urgent))
        .subquery()
    )
    query = select(*(waiting.c[column.name] for column in _TOLD)).where(waiting.c.place <= limit).order_by(waiting.c.id)
    return [_stored(row, book) for row in connection.execute(query)]


def notices_of(connection: Connection, user_id: int, ids: Collection[int], book: NoticeBook) -> list[StoredNotice]:
    """Notices of one person by id, told or not, oldest first; those of others, and forgotten ones, are left out."""
    query = select(*_TOLD).where(notices.c.user_id == user_id, notices.c.id.in_(ids)).order_by(notices.c.id)
    return [_stored(row, book) for row in connection.execute(query)]


def count_undelivered(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(notices).where(WAITING)).scalar_one()


def mark_delivered(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    connection.execute(update(notices).where(notices.c.id.in_(ids), WAITING).values(delivered_at=at))


def postpone(connection: Connection, notice_id: int, until: datetime) -> None:
    """It could not be told yet: try again at ``until``, and count the attempt."""
    again = {"retry_at": until, "attempts": notices.c.attempts + 1}
    connection.execute(update(notices).where(notices.c.id == notice_id).values(again))


def mark_failed(connection: Connection, notice_id: int, reason: str) -> None:
    """It can never be told (the person has blocked the bot): give up, so that others do not wait behind it."""
    connection.execute(update(notices).where(notices.c.id == notice_id, WAITING).values(failure=reason))


def delete_delivered(connection: Connection, before: datetime) -> int:
    """Forget notices that were delivered, or given up, and are older than ``before``; answers how many."""
    done = or_(notices.c.delivered_at.is_not(None), notices.c.failure.is_not(None))
    return connection.execute(delete(notices).where(done, notices.c.created_at < before)).rowcount


def _stored(row: Sequence[Any], book: NoticeBook) -> StoredNotice:
    id_, user, bot, at, body, attempts = row
    return StoredNotice(id=id_, user_id=user, bot_id=bot, created_at=at, notice=book.load(body), attempts=attempts)
