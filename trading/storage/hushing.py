"""Quiet hours in the outbox: what waits through them is marked, and afterwards becomes one digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from trading.core.hearing import ROUTINE, Hearing
from trading.core.instrument import ZERO
from trading.core.summaries import CyclesProfit, Digest, TopicCount
from trading.core.telling import Level, Notice, NoticeBook, Unit
from trading.storage.notices import WAITING, mark_failed, put_notices
from trading.storage.schema import bots, notices

IN_DIGEST, SWITCHED_OFF = "digest", "off"
"""Why a notice is not told by itself."""
MOST_IMPORTANT = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person, urgent notices aside: whether some is marked, and whether some is not yet."""

    user_id: int
    is_hushed: bool
    is_not_hushed: bool


def waiting_people(connection: Connection, on_the_way: Collection[int] = ()) -> list[Waiting]:
    """Everybody for whom something waits; what is ``on_the_way`` already is not asked to wait any more."""
    patient = and_(notices.c.urgent.is_(False), notices.c.id.not_in(on_the_way))
    hushed = func.max(case((and_(patient, notices.c.hushed_at.is_not(None)), 1), else_=0))
    fresh = func.max(case((and_(patient, notices.c.hushed_at.is_(None)), 1), else_=0))
    query = select(notices.c.user_id, hushed, fresh).where(WAITING).group_by(notices.c.user_id)
    return [Waiting(user_id, bool(held), bool(free)) for user_id, held, free in connection.execute(query)]


def hush(connection: Connection, user_id: int, at: datetime, on_the_way: Collection[int] = ()) -> None:
    """Mark what is not urgent and waits; what is ``on_the_way`` to its person is let go."""
    fresh = and_(_patient(user_id), notices.c.hushed_at.is_(None), notices.c.id.not_in(on_the_way))
    connection.execute(update(notices).where(fresh).values(hushed_at=at))


def gather(
    connection: Connection,
    user_id: int,
    hearing: Hearing,
    book: NoticeBook,
    at: datetime,
    on_the_way: Collection[int] = (),
) -> None:
    """Make one digest of all that waits and is not urgent; a single notice is told as it is."""
    rows = [row for row in _patient_ones(connection, user_id, book) if row.id not in on_the_way]
    off = [row for row in rows if hearing.level_of(row.notice) is Level.OFF]
    for row in off:
        mark_failed(connection, row.id, SWITCHED_OFF)
    told = [row for row in rows if row not in off]
    if len(told) <= 1:
        connection.execute(update(notices).where(_patient(user_id)).values(hushed_at=None))
        return
    put_notices(connection, user_id, None, [_digest(told, at)], at)
    for row in told:
        mark_failed(connection, row.id, IN_DIGEST)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    hushed_at: datetime | None
    is_paper: bool | None
    """None where its bot is gone, or it is of none."""
    notice: Notice


def _patient(person: int) -> ColumnElement[bool]:
    return and_(WAITING, notices.c.user_id == person, notices.c.urgent.is_(False))


def _patient_ones(connection: Connection, person: int, book: NoticeBook) -> Sequence[_Row]:
    query = (
        select(notices.c.id, notices.c.hushed_at, bots.c.id, bots.c.key_id, notices.c.body)
        .outerjoin_from(notices, bots, bots.c.id == notices.c.bot_id)
        .where(_patient(person))
        .order_by(notices.c.id)
    )
    return [
        _Row(id_, hushed_at, None if bot_id is None else key_id is None, book.load(body))
        for id_, hushed_at, bot_id, key_id, body in connection.execute(query)
    ]


def _digest(rows: Sequence[_Row], at: datetime) -> Digest:
    counts = Counter(str(row.notice.topic) for row in rows)
    important = [row.id for row in rows if row.notice.topic not in ROUTINE]
    return Digest(
        since=min((row.hushed_at for row in rows if row.hushed_at is not None), default=at),
        counts=tuple(TopicCount(topic=topic, count=count) for topic, count in counts.most_common()),
        profits=tuple(
            CyclesProfit(quote=quote, is_paper=is_paper, net=net, cycles=cycles)
            for (is_paper, quote), (net, cycles) in sorted(_profits(rows).items())
        ),
        important=tuple(important[-MOST_IMPORTANT:]),
    )


def _profits(rows: Sequence[_Row]) -> Mapping[tuple[bool, str], tuple[Decimal, int]]:
    """By kind of money, what the notices say that was earned net."""
    found: dict[tuple[bool, str], tuple[Decimal, int]] = {}
    for row in rows:
        symbol, net = getattr(row.notice, "symbol", None), getattr(row.notice, "net", None)
        if row.is_paper is None or not symbol or row.notice.units().get("net") is not Unit.PROFIT or net is None:
            continue
        quote = symbol.split("/", maxsplit=1)[-1].split(":", maxsplit=1)[0]
        before, cycles = found.get((row.is_paper, quote), (ZERO, 0))
        found[row.is_paper, quote] = (before + net, cycles + 1)
    return found
