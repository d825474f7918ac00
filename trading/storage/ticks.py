"""One tick of a bot, stored as one: state, order intents, fills, notices, together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from trading.core.bookkeeping import Changes
from trading.core.notices import Notice
from trading.core.planning import CycleResult
from trading.storage import bots, cycles, fills, notices, orders
from trading.storage.records import Backoff, BotRecord


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick changed. ``held`` maps slots to their back-off, or to None where it ended."""

    record: BotRecord
    changes: Changes
    notices: Sequence[Notice]
    cycles: Sequence[CycleResult]
    held: Mapping[str, Backoff | None]


def store_tick(connection: Connection, tick: Tick, at: datetime) -> None:
    """Write the whole tick. Raises RowMissing when the bot was deleted."""
    record = tick.record
    bots.update_bot(connection, record)
    orders.put_orders(connection, tick.changes.orders, record.user_id)
    fills.add_fills(connection, record.id, record.user_id, tick.changes.fills)
    fills.add_funding(connection, record.id, record.user_id, tick.changes.funding)
    cycles.add_cycles(connection, record.id, record.user_id, record.symbol, tick.cycles)
    notices.put_notices(connection, record.user_id, record.id, tick.notices, at)
    for slot, backoff in tick.held.items():
        if backoff is None:
            bots.clear_backoff(connection, record.id, slot)
        else:
            bots.put_backoff(connection, backoff)
