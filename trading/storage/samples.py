"""Measurements over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from trading.storage.records import SampleRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import samples


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


def delete_samples(connection: Connection, before: datetime) -> int:
    return connection.execute(delete(samples).where(samples.c.at < before)).rowcount
