"""Orders, as they are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, not_, select, true

from trading.core.orders import Order, OrderStatus
from trading.storage.errors import RowMissing
from trading.storage.rows import columns_of, upsert, values_of
from trading.storage.schema import bots, orders

_COLUMNS = columns_of(orders, Order)


def put_orders(connection: Connection, changed: Sequence[Order], user_id: int) -> None:
    """Store orders, new or known by their client id.

    Raises RowMissing when a client id is taken by an order of another bot.
    """
    if not changed:
        return
    rows = [{**values_of(order), "user_id": user_id, "live": order.is_live} for order in changed]
    statement = upsert(connection, orders, "client_id", fixed=("bot_id", "user_id"))
    stored = connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
    if stored.rowcount != len(rows):
        raise RowMissing("a client id is taken by an order of another bot")


def live_orders(connection: Connection, bot_id: int) -> list[Order]:
    """Orders that hold their slots: not final, or final with fills still to be fetched. Oldest first."""
    return _read(connection, orders.c.bot_id == bot_id, orders.c.live)


def live_orders_of(connection: Connection, bot_ids: Sequence[int]) -> Mapping[int, list[Order]]:
    """The same of many bots at once; those without any are missing."""
    found: dict[int, list[Order]] = {}
    for order in _read(connection, orders.c.bot_id.in_(bot_ids), orders.c.live):
        found.setdefault(order.bot_id, []).append(order)
    return found


def finals_in_scope(connection: Connection, bot_id: int, prefix: str) -> list[Order]:
    """Finished and settled orders in the slots that begin with ``prefix``, oldest first."""
    return _read(connection, orders.c.bot_id == bot_id, not_(orders.c.live), _begins_with(prefix))


def last_finals(connection: Connection, bot_id: int, slots: Collection[str]) -> list[Order]:
    """Of each of the slots the finished and settled order that was made last, oldest first."""
    found = _read(connection, orders.c.bot_id == bot_id, not_(orders.c.live), orders.c.slot.in_(slots))
    last = {order.slot: order.client_id for order in found}
    return [order for order in found if last[order.slot] == order.client_id]


def find_order(connection: Connection, client_id: str) -> Order | None:
    return next(iter(_read(connection, orders.c.client_id == client_id)), None)


def orders_page(connection: Connection, bot_id: int, user_id: int, limit: int, offset: int = 0) -> list[Order]:
    """A person's orders of one bot, newest first."""
    query = (
        select(*_COLUMNS)
        .where(orders.c.bot_id == bot_id, orders.c.user_id == user_id)
        .order_by(orders.c.created_at.desc(), orders.c.client_id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Order(*row) for row in connection.execute(query)]


def count_orders(connection: Connection, user_id: int) -> Mapping[int, Mapping[OrderStatus, int]]:
    """How many of a person's orders that are still kept are in which state, by bot."""
    query = (
        select(orders.c.bot_id, orders.c.status, func.count())
        .join(bots, bots.c.id == orders.c.bot_id)
        .where(bots.c.user_id == user_id)
        .group_by(orders.c.bot_id, orders.c.status)
    )
    found: dict[int, dict[OrderStatus, int]] = {}
    for bot_id, status, count in connection.execute(query):
        found.setdefault(bot_id, {})[status] = count
    return found


def count_live(connection: Connection, user_id: int) -> Mapping[int, int]:
    """How many of a person's orders hold their slots, by bot."""
    query = (
        select(orders.c.bot_id, func.count())
        .join(bots, bots.c.id == orders.c.bot_id)
        .where(bots.c.user_id == user_id, orders.c.live)
        .group_by(orders.c.bot_id)
    )
    return {bot_id: count for bot_id, count in connection.execute(query)}  # noqa: C416  rows are no pairs to mypy


def delete_final_orders(connection: Connection, before: datetime, scopes: Mapping[int, str]) -> int:
    """Forget finished orders that were last changed before ``before``; answers how many.

    ``scopes`` maps a bot to the slot prefix its strategy still looks at; those slots are kept however old they are,
    because a one-shot slot that is forgotten would be used again. Bots that are not named keep everything.
    """
    gone = 0
    for bot_id, prefix in scopes.items():
        if not prefix:
            continue
        old = (orders.c.bot_id == bot_id, not_(orders.c.live), orders.c.updated_at < before)
        gone += connection.execute(delete(orders).where(*old, not_(_begins_with(prefix)))).rowcount
    return gone


def _read(connection: Connection, *conditions: ColumnElement[Any]) -> list[Order]:
    query = select(*_COLUMNS).where(*conditions).order_by(orders.c.created_at, orders.c.client_id)
    return [Order(*row) for row in connection.execute(query)]


def _begins_with(prefix: str) -> ColumnElement[bool]:
    """As a range, which an index serves and which minds upper and lower case, unlike LIKE."""
    if not prefix:
        return true()
    return orders.c.slot.between(prefix, prefix + "\U0010ffff")
