"""Bots, and their slots that wait after a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from trading.storage.errors import RowMissing
from trading.storage.records import Backoff, BotRecord
from trading.storage.rows import columns_of, upsert, values_of
from trading.storage.schema import backoffs, bots

_COLUMNS = columns_of(bots, BotRecord)
_NAMES = [column.name for column in _COLUMNS]
# Made once: it runs with every tick of every bot, and making it costs more than running it.
_UPDATE = update(bots).where(bots.c.id == bindparam("_id"), bots.c.user_id == bindparam("_user_id"))


def add_bot(connection: Connection, bot: BotRecord) -> BotRecord:
    """Store a new bot (id 0) and answer it with its id, which no other bot will ever have."""
    values = values_of(bot)
    del values["id"]
    return replace(bot, id=connection.execute(insert(bots).values(values).returning(bots.c.id)).scalar_one())


def find_bot(connection: Connection, bot_id: int, user_id: int | None = None) -> BotRecord | None:
    """The bot; None also when ``user_id`` is given and it is another's."""
    query = select(*_COLUMNS).where(bots.c.id == bot_id)
    if user_id is not None:
        query = query.where(bots.c.user_id == user_id)
    row = connection.execute(query).first()
    return _bot(row) if row else None


def bots_of(connection: Connection, user_id: int) -> Sequence[BotRecord]:
    query = select(*_COLUMNS).where(bots.c.user_id == user_id).order_by(bots.c.id)
    return [_bot(row) for row in connection.execute(query)]


def all_bots(connection: Connection) -> Sequence[BotRecord]:
    return [_bot(row) for row in connection.execute(select(*_COLUMNS).order_by(bots.c.id))]


def active_bots(connection: Connection) -> Sequence[BotRecord]:
    return [_bot(row) for row in connection.execute(select(*_COLUMNS).where(bots.c.active).order_by(bots.c.id))]


def update_bot(connection: Connection, bot: BotRecord) -> None:
    """Store the whole record. Raises RowMissing when the bot is gone or is another's."""
    values = values_of(bot)
    values["_id"], values["_user_id"] = values.pop("id"), values.pop("user_id")
    if connection.execute(_UPDATE, values).rowcount != 1:
        raise RowMissing(f"bot {bot.id} of user {bot.user_id}")


def delete_bot(connection: Connection, bot_id: int, user_id: int) -> bool:
    """Forget the bot with its orders, fills, cycles, samples and back-offs. Its notices are still delivered."""
    gone = connection.execute(delete(bots).where(bots.c.id == bot_id, bots.c.user_id == user_id))
    return gone.rowcount == 1


def load_backoffs(connection: Connection, bot_id: int) -> Sequence[Backoff]:
    query = select(*columns_of(backoffs, Backoff)).where(backoffs.c.bot_id == bot_id).order_by(backoffs.c.slot)
    return [Backoff(*row) for row in connection.execute(query)]


def put_backoff(connection: Connection, backoff: Backoff) -> None:
    connection.execute(upsert(connection, backoffs, "bot_id", "slot"), values_of(backoff))


def clear_backoff(connection: Connection, bot_id: int, slot: str) -> None:
    connection.execute(delete(backoffs).where(backoffs.c.bot_id == bot_id, backoffs.c.slot == slot))


def _bot(row: Sequence[object]) -> BotRecord:
    return BotRecord(**dict(zip(_NAMES, row, strict=True)))  # type: ignore[arg-type]  # the columns' types are the fields'
