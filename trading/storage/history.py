"""A bot's past in pages, newest first, so that a long one never holds up what trades meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, func, or_, select

from trading.core.orders import Fill, Order
from trading.core.planning import Sample
from trading.storage.rows import columns_of
from trading.storage.schema import fills, orders, samples


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a page ended: the time and the row's own name."""

    at: datetime
    row: Any


@dataclass(frozen=True, slots=True)
class Position:
    """The last sample that was carried on; its time tells it from a later row that was given the same number."""

    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """Which rows: of one bot and its owner, since when, and until before when."""

    bot_id: int
    user_id: int
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def orders_before(
    connection: Connection, extent: Extent, bookmark: Bookmark | None, limit: int
) -> tuple[list[Order], Bookmark | None]:
    """A page of orders by the time of their making, newest first; no bookmark where there are no more."""
    rows = _page(connection, orders, columns_of(orders, Order), extent, bookmark, limit, orders.c.client_id)
    return [Order(*row[2:]) for row in rows], _next(rows, limit)


def fills_before(
    connection: Connection, extent: Extent, bookmark: Bookmark | None, limit: int
) -> tuple[list[Fill], Bookmark | None]:
    rows = _page(connection, fills, columns_of(fills, Fill), extent, bookmark, limit, fills.c.id)
    return [Fill(*row[2:]) for row in rows], _next(rows, limit)


def samples_before(
    connection: Connection, extent: Extent, kind: str, bookmark: Bookmark | None, limit: int
) -> tuple[list[Sample], Bookmark | None]:
    rows = _page(connection, samples, columns_of(samples, Sample), extent, bookmark, limit, samples.c.id, kind)
    return [Sample(*row[2:]) for row in rows], _next(rows, limit)


def samples_after(
    connection: Connection, bot_id: int, kind: str, position: Position | None, limit: int
) -> list[tuple[Position, Sample]]:
    """What came after ``position``, oldest first.

    A position whose row is gone was cleaned up, and with it all that was before it: then everything is new.
    """
    own = (samples.c.bot_id == bot_id, samples.c.kind == kind)
    query = select(samples.c.id, *columns_of(samples, Sample)).where(*own).order_by(samples.c.id).limit(limit)
    if position is not None:
        there = select(func.count()).where(*own, samples.c.id == position.id, samples.c.at == position.at)
        if connection.execute(there).scalar():
            query = query.where(samples.c.id > position.id)
    return [(Position(row[0], row[2]), Sample(*row[1:])) for row in connection.execute(query)]


def _page(
    connection: Connection,
    table: Table,
    columns: Sequence[Column[Any]],
    extent: Extent,
    bookmark: Bookmark | None,
    limit: int,
    name: Column[Any],
    kind: str | None = None,
) -> list[Any]:
    at = table.c.created_at if "created_at" in table.c else table.c.at
    query = select(at.label("page_at"), name.label("page_row"), *columns).where(
        table.c.bot_id == extent.bot_id, table.c.user_id == extent.user_id
    )
    if kind is not None:
        query = query.where(table.c.kind == kind)
    if extent.since is not None:
        query = query.where(at >= extent.since)
    if extent.until is not None:
        query = query.where(at < extent.until)
    if bookmark is not None:
        query = query.where(or_(at < bookmark.at, and_(at == bookmark.at, name < bookmark.row)))
    return list(connection.execute(query.order_by(at.desc(), name.desc()).limit(limit)))


def _next(rows: Sequence[Any], limit: int) -> Bookmark | None:
    return Bookmark(rows[-1][0], rows[-1][1]) if len(rows) == limit else None
