"""Executions and funding payments, each counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from trading.core.ledger import Funding
from trading.core.orders import Fill
from trading.storage.rows import columns_of, insert_new, values_of
from trading.storage.schema import fills, funding

_COLUMNS = columns_of(fills, Fill)


def add_fills(connection: Connection, bot_id: int, user_id: int, heard: Sequence[Fill]) -> list[Fill]:
    """Store fills and answer those that were not known yet, in their order.

    Every fill must name its order by client id; raises ValueError otherwise, because without it the same execution
    heard in two ways would be counted twice.
    """
    statement = insert_new(connection, fills, "bot_id", "client_id", "trade_id")
    new = []
    for fill in heard:
        if fill.client_id is None:
            raise ValueError(f"fill {fill.trade_id} of venue order {fill.venue_order_id} is not joined to an order")
        row = {**values_of(fill), "bot_id": bot_id, "user_id": user_id}
        if connection.execute(statement, row).rowcount == 1:
            new.append(fill)
    return new


def claim_fills(connection: Connection, bot_id: int, claimed: Sequence[Fill]) -> None:
    """Give stored fills that belonged to no order to the orders that they name now; nothing is counted anew."""
    for fill in claimed:
        ownerless = (fills.c.bot_id == bot_id, fills.c.client_id == "", fills.c.trade_id == fill.trade_id)
        connection.execute(update(fills).where(*ownerless).values(client_id=fill.client_id))


def fills_elsewhere(connection: Connection, bot_id: int) -> list[Fill]:
    """What moved a bot's position by another hand: fills that belong to no order."""
    query = select(*_COLUMNS).where(fills.c.bot_id == bot_id, fills.c.client_id == "").order_by(fills.c.id)
    return [Fill(*row) for row in connection.execute(query)]


def known_trade_ids(connection: Connection, bot_id: int, since: datetime | None = None) -> set[tuple[str, str]]:
    """(client id, trade id) of the fills we hold; both, because a trade with ourselves is two fills of one id."""
    query = select(fills.c.client_id, fills.c.trade_id).where(fills.c.bot_id == bot_id)
    if since is not None:
        query = query.where(fills.c.at >= since)
    return {(client_id, trade_id) for client_id, trade_id in connection.execute(query)}


def fills_of(
    connection: Connection, bot_id: int, since: datetime | None = None, user_id: int | None = None
) -> list[Fill]:
    """A bot's fills in the order of their time; none when ``user_id`` is given and the bot is another's."""
    query = select(*_COLUMNS).where(fills.c.bot_id == bot_id).order_by(fills.c.at, fills.c.id)
    if since is not None:
        query = query.where(fills.c.at >= since)
    if user_id is not None:
        query = query.where(fills.c.user_id == user_id)
    return [Fill(*row) for row in connection.execute(query)]


def count_fills(connection: Connection, bot_id: int, since: datetime, until: datetime) -> int:
    """How many executions a bot had from ``since`` on and before ``until``."""
    within = (fills.c.bot_id == bot_id, fills.c.at >= since, fills.c.at < until)
    return connection.execute(select(func.count()).select_from(fills).where(*within)).scalar_one()


def fills_after(connection: Connection, bot_id: int, row: int, limit: int) -> list[tuple[int, Fill]]:
    """Fills stored after that row, with their rows, in the order in which the bot folded them."""
    query = select(fills.c.id, *_COLUMNS).where(fills.c.bot_id == bot_id, fills.c.id > row).order_by(fills.c.id)
    return [(found[0], Fill(*found[1:])) for found in connection.execute(query.limit(limit))]


def last_fill_at(connection: Connection, bot_id: int) -> datetime | None:
    return last_fills_at(connection, [bot_id]).get(bot_id)


def last_fills_at(connection: Connection, bot_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When each of these bots was filled last; those that never were are missing."""
    query = select(fills.c.bot_id, func.max(fills.c.at)).where(fills.c.bot_id.in_(bot_ids)).group_by(fills.c.bot_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def was_liquidated(connection: Connection, bot_id: int) -> bool:
    """Whether the fill that was counted last was the venue's, closing the position by force."""
    newest = select(fills.c.liquidation).where(fills.c.bot_id == bot_id).order_by(fills.c.id.desc()).limit(1)
    return bool(connection.execute(newest).scalar())


def add_funding(connection: Connection, bot_id: int, user_id: int, heard: Sequence[Funding]) -> list[Funding]:
    """Store funding payments and answer those that were not known yet, in their order."""
    statement = insert_new(connection, funding, "bot_id", "funding_id")
    rows = [{**values_of(payment), "bot_id": bot_id, "user_id": user_id} for payment in heard]
    return [
        payment for payment, row in zip(heard, rows, strict=True) if connection.execute(statement, row).rowcount == 1
    ]


def last_funding_at(connection: Connection, bot_id: int) -> datetime | None:
    """When a bot's newest payment was made."""
    found: datetime | None = connection.execute(
        select(func.max(funding.c.at)).where(funding.c.bot_id == bot_id)
    ).scalar()
    return found


def funding_after(connection: Connection, bot_id: int, row: int, limit: int) -> list[tuple[int, Funding]]:
    """Payments stored after that row, with their rows."""
    columns = (funding.c.id, *columns_of(funding, Funding))
    query = select(*columns).where(funding.c.bot_id == bot_id, funding.c.id > row).order_by(funding.c.id)
    return [(found[0], Funding(*found[1:])) for found in connection.execute(query.limit(limit))]


def funding_of(connection: Connection, bot_id: int, since: datetime | None = None) -> list[Funding]:
    query = select(*columns_of(funding, Funding)).where(funding.c.bot_id == bot_id).order_by(funding.c.at)
    if since is not None:
        query = query.where(funding.c.at >= since)
    return [Funding(*row) for row in connection.execute(query)]
