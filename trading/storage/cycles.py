"""Finished rounds, and what they earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from trading.core.instrument import total
from trading.core.planning import CycleResult
from trading.storage.records import CycleRecord, ProfitRecord
from trading.storage.rows import columns_of, values_of
from trading.storage.schema import cycles

_COLUMNS = (cycles.c.bot_id, cycles.c.user_id, cycles.c.symbol, *columns_of(cycles, CycleResult))


def add_cycles(connection: Connection, bot_id: int, user_id: int, symbol: str, results: Sequence[CycleResult]) -> None:
    owner = {"bot_id": bot_id, "user_id": user_id, "symbol": symbol}
    if results:
        connection.execute(insert(cycles), [{**values_of(result), **owner} for result in results])


def cycles_of(connection: Connection, bot_id: int, user_id: int | None = None) -> list[CycleRecord]:
    """A bot's cycles, oldest first; none when ``user_id`` is given and the bot is another's."""
    query = select(*_COLUMNS).where(cycles.c.bot_id == bot_id).order_by(cycles.c.ended_at, cycles.c.id)
    if user_id is not None:
        query = query.where(cycles.c.user_id == user_id)
    return [_cycle(row) for row in connection.execute(query)]


def counts_of(connection: Connection, bot_ids: Sequence[int]) -> Mapping[int, int]:
    """How many cycles each of these bots has finished; those without any are missing."""
    query = select(cycles.c.bot_id, func.count()).where(cycles.c.bot_id.in_(bot_ids)).group_by(cycles.c.bot_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def profit_since(connection: Connection, user_id: int, since: datetime) -> list[ProfitRecord]:
    """What a person's bots earned with the cycles that ended at ``since`` or later, by bot."""
    query = select(*_COLUMNS).where(cycles.c.user_id == user_id, cycles.c.ended_at >= since)
    by_bot: dict[int, list[CycleResult]] = {}
    for record in map(_cycle, connection.execute(query.order_by(cycles.c.bot_id, cycles.c.id))):
        by_bot.setdefault(record.bot_id, []).append(record.result)
    return [_sum(bot_id, results) for bot_id, results in by_bot.items()]


def _cycle(row: Sequence[object]) -> CycleRecord:
    bot_id, user_id, symbol, *rest = row
    return CycleRecord(bot_id, user_id, symbol, CycleResult(*rest))  # type: ignore[arg-type]  # typed by the columns


def _sum(bot_id: int, results: Sequence[CycleResult]) -> ProfitRecord:
    return ProfitRecord(
        bot_id=bot_id,
        cycles=len(results),
        gross=total([result.gross for result in results]),
        fees=total([result.fees for result in results]),
        funding=total([result.funding for result in results]),
        volume=total([result.volume for result in results]),
    )
