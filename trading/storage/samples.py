"""Measurements over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Connection, delete, exists, insert, select, type_coerce

from trading.storage.records import SampleRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import bots, samples

EQUITY = "equity"
"""The kind of what a bot is worth, as the runtime samples it."""
_HOUR = 3_600_000_000
_THINNED_WITHIN = timedelta(days=30)
"""What is older was thinned long ago, and need not be looked at every hour."""


def add_samples(connection: Connection, taken: Sequence[SampleRecord]) -> None:
    if taken:
        connection.execute(insert(samples), [values_of(sample) for sample in taken])


def samples_of(
    connection: Connection, bot_id: int, kind: str, since: datetime | None = None, user_id: int | None = None
) -> list[SampleRecord]:
    """A bot's samples of one kind, oldest first; none when ``user_id`` is given and the bot is another's."""
    query = select(*columns_of(samples, SampleRecord)).where(samples.c.bot_id == bot_id, samples.c.kind == kind)
    if since is not None:
        query = query.where(samples.c.at >= since)
    if user_id is not None:
        query = query.where(samples.c.user_id == user_id)
    return [SampleRecord(*row) for row in connection.execute(query.order_by(samples.c.at, samples.c.id))]


def last_sample(connection: Connection, bot_id: int, kind: str, before: datetime) -> SampleRecord | None:
    """A bot's last sample of one kind that was taken earlier than ``before``."""
    query = select(*columns_of(samples, SampleRecord)).where(samples.c.bot_id == bot_id, samples.c.kind == kind)
    row = connection.execute(query.where(samples.c.at < before).order_by(samples.c.at.desc()).limit(1)).first()
    return SampleRecord(*row) if row else None


def last_samples(connection: Connection, kind: str, befores: Mapping[int, datetime]) -> Mapping[int, Mapping[str, str]]:
    """What the last sample of each bot says that was taken before its moment; bots without any are missing.

    One question for all bots of one moment.
    """
    found: dict[int, Mapping[str, str]] = {}
    for before in set(befores.values()):
        last = (
            select(samples.c.body)
            .where(samples.c.bot_id == bots.c.id, samples.c.kind == kind, samples.c.at < before)
            .order_by(samples.c.at.desc())
            .limit(1)
            .scalar_subquery()
        )
        ids = [bot_id for bot_id, each in befores.items() if each == before]
        rows = connection.execute(select(bots.c.id, last).where(bots.c.id.in_(ids)))
        found.update({bot_id: body for bot_id, body in rows if body is not None})
    return found


def delete_samples(connection: Connection, before: datetime, *, but: Mapping[str, datetime] | None = None) -> int:
    """Forget what was taken earlier, and answer how much that was; of the kinds in ``but`` what is older than that.

    Of equity the last of each hour stays: without it nobody could tell last month's drawdown, and an hour a row is nine
    thousand a year.
    """
    kept = but or {}
    gone = connection.execute(
        delete(samples).where(samples.c.at < before, samples.c.kind.not_in([EQUITY, *kept]))
    ).rowcount
    for kind, at in kept.items():
        gone += connection.execute(delete(samples).where(samples.c.at < at, samples.c.kind == kind)).rowcount
    return gone + _thin_equity(connection, before)


def _thin_equity(connection: Connection, before: datetime) -> int:
    later = samples.alias("later")
    next_hour = (_microseconds(samples.c.at) // _HOUR + 1) * _HOUR
    is_followed = exists().where(
        later.c.bot_id == samples.c.bot_id,
        later.c.kind == EQUITY,
        later.c.at > samples.c.at,
        _microseconds(later.c.at) < next_hour,
    )
    is_old = (samples.c.at >= before - _THINNED_WITHIN, samples.c.at < before)
    return connection.execute(delete(samples).where(*is_old, samples.c.kind == EQUITY, is_followed)).rowcount


def _microseconds(at: ColumnElement[datetime]) -> ColumnElement[int]:
    return type_coerce(at, BigInteger)
