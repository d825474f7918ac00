"""One tick of a bot, stored as one: state, order intents, fills, notices, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from trading.core.bookkeeping import Changes
from trading.core.client_ids import parse_client_id
from trading.core.orders import Fill, Order
from trading.core.planning import CycleResult, Sample
from trading.core.telling import Notice, dump_notice
from trading.storage import bots, cycles, fills, notices, orders, samples, schema
from trading.storage.records import Backoff, BotRecord, SampleRecord
from trading.storage.rows import columns_of


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick changed. ``held`` maps slots to their back-off, or to None where it ended."""

    record: BotRecord
    changes: Changes
    notices: Sequence[Notice]
    cycles: Sequence[CycleResult]
    samples: Sequence[Sample]
    held: Mapping[str, Backoff | None]


def store_tick(connection: Connection, tick: Tick, at: datetime, *, again: bool = False) -> None:
    """Write the whole tick. Raises RowMissing when the bot was deleted.

    ``at`` is different for every tick of a bot. ``again``: the tick was handed in before, and nobody knows whether it
    was stored then; what would be doubled is not.
    """
    if again and _was_told(connection, tick, at):
        return
    record = tick.record
    bots.update_bot(connection, record)
    orders.put_orders(connection, tick.changes.orders, record.user_id)
    fills.add_fills(connection, record.id, record.user_id, tick.changes.fills)
    fills.claim_fills(connection, record.id, tick.changes.claimed)
    fills.add_funding(connection, record.id, record.user_id, tick.changes.funding)
    cycles.add_cycles(connection, record.id, record.user_id, record.symbol, tick.cycles)
    notices.put_notices(connection, record.user_id, record.id, tick.notices, at)
    rows = [SampleRecord(record.id, record.user_id, one.kind, one.at, one.body) for one in tick.samples]
    samples.add_samples(connection, rows)
    for slot, backoff in tick.held.items():
        if backoff is None:
            bots.clear_backoff(connection, record.id, slot)
        else:
            bots.put_backoff(connection, backoff)


def orders_behind(connection: Connection, bot_id: int, heard: Sequence[Fill]) -> list[Order]:
    """The stored orders of a bot to which these fills belong."""
    table = schema.orders
    client_ids = {fill.client_id for fill in heard if fill.client_id}
    venue_ids = {fill.venue_order_id for fill in heard if fill.venue_order_id}
    query = select(*columns_of(table, Order)).where(
        table.c.bot_id == bot_id,
        or_(table.c.client_id.in_(client_ids), table.c.venue_id.in_(venue_ids), table.c.execution_id.in_(venue_ids)),
    )
    return [Order(*row) for row in connection.execute(query)]


def first_free_sequence(connection: Connection, record: BotRecord) -> int:
    """The number of the bot's next order. An id that is stored is never used again, whatever its record says."""
    own = select(func.max(schema.orders.c.client_id)).where(schema.orders.c.bot_id == record.id)
    newest = connection.execute(own).scalar()
    known = parse_client_id(newest) if newest else None
    return max(record.next_sequence, known.sequence + 1 if known else 0)


def _was_told(connection: Connection, tick: Tick, at: datetime) -> bool:
    """Whether the tick is there already, by what it would double: all of it was stored, or nothing."""
    for fact in tick.notices:
        table = schema.notices
        same = (table.c.bot_id == tick.record.id, table.c.created_at == at, table.c.body == dump_notice(fact))
        return connection.execute(select(table.c.id).where(*same)).first() is not None
    for result in tick.cycles:
        table = schema.cycles
        same = (
            table.c.bot_id == tick.record.id,
            table.c.number == result.number,
            table.c.ended_at == result.ended_at,
        )
        return connection.execute(select(table.c.id).where(*same)).first() is not None
    for sample in tick.samples:
        table = schema.samples
        same = (table.c.bot_id == tick.record.id, table.c.kind == sample.kind, table.c.at == sample.at)
        return connection.execute(select(table.c.id).where(*same)).first() is not None
    return False
