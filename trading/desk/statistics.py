"""Figures of the trading and of the process: the same for the chat and for a monitor."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path

from trading.core.instrument import total
from trading.core.orders import OrderStatus
from trading.desk.charting import ChartingRoom
from trading.desk.house import House
from trading.desk.profit import part_of
from trading.desk.profit_answers import Budget, Period, Statistics, SystemFigures, TradingFigures
from trading.reports.books import QUARTER, Account, BotBooks, account
from trading.storage import Connection, notices, orders, users
from trading.storage.records import BotRecord

FRESH_SECONDS = 60.0
"""What a monitor is told about profits is at least so fresh."""
MOST_LOAD = 20
"""... unless reckoning takes long: then it is done so seldom that it takes one part in so many of the time."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Counts:
    live: Mapping[int, int]
    states: Mapping[int, Mapping[OrderStatus, int]]


class StatisticsRoom(ChartingRoom):
    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._told: Mapping[int, Sequence[TradingFigures]] = {}
        self._tell_again_at = float("-inf")
        self._telling = asyncio.Lock()

    async def statistics(self, user_id: int, *, tz: tzinfo = UTC) -> Statistics:
        async with self._reporting:
            parts = await self._trading_figures(user_id, tz)
        is_admin = user_id in self._house.admin_ids
        return Statistics(tuple(parts), await self.system_figures() if is_admin else None)

    async def system_figures(self) -> SystemFigures:
        """The process, for whoever runs it."""
        house, meter = self._house, self._house.supervisor.meter
        waiting = await house.storage.read(notices.count_undelivered)
        return SystemFigures(
            calls=tuple(meter.calls()),
            budgets=tuple(
                Budget(
                    account=owner.name,
                    venue=venue,
                    channel=channel,
                    spent=used.spent,
                    rate=used.rate,
                    queued=used.queued,
                    in_flight=used.in_use,
                    paused_seconds=used.paused_seconds,
                )
                for owner, venue, channel, used in house.supervisor.budgets()
            ),
            gaps=dict(sorted(meter.gaps.items())),
            lag=meter.lag(),
            memory_bytes=await asyncio.to_thread(memory_bytes),
            database_bytes=await house.storage.size_bytes(),
            writes_waiting=house.storage.writes_waiting,
            notices_waiting=waiting,
            bots_active=sum(1 for _ in house.supervisor.workers()),
        )

    async def everybodys_figures(self) -> Mapping[int, Sequence[TradingFigures]]:
        """The trading of each person (days in UTC), not older than FRESH_SECONDS where that costs little."""
        async with self._telling:
            if time.monotonic() >= self._tell_again_at:
                began = time.monotonic()
                told = {}
                for person in await self._house.storage.read(users.list_users):
                    # By person, so that somebody who asks in chat waits for one of them at most.
                    async with self._reporting:
                        told[person.id] = await self._trading_figures(person.id, UTC)
                self._told, took = told, time.monotonic() - began
                self._tell_again_at = time.monotonic() + max(FRESH_SECONDS, took * MOST_LOAD)
            return self._told

    async def _trading_figures(self, user_id: int, tz: tzinfo) -> Sequence[TradingFigures]:
        """The lock must be held."""

        def count(connection: Connection) -> _Counts:
            return _Counts(orders.count_live(connection, user_id), orders.count_orders(connection, user_id))

        counts = await self._house.storage.read(count)
        found = []
        for (is_paper, quote), records in (await self._parts(user_id)).items():
            now = self._clock_of(records[0])
            books = [await self._books(record, None) for record in records]
            whole = await asyncio.to_thread(account, books, quote=quote, since=None, now=now, tz=tz)
            found.append(self._figures(whole, is_paper, records, books, counts, tz))
        return found

    def _figures(
        self,
        whole: Account,
        is_paper: bool,
        records: Sequence[BotRecord],
        books: Sequence[BotBooks],
        counts: _Counts,
        tz: tzinfo,
    ) -> TradingFigures:
        states = [counts.states.get(record.id, {}) for record in records]
        ended = sum(count for each in states for status, count in each.items() if status.is_final)
        filled = sum(each.get(OrderStatus.FILLED, 0) for each in states)
        taken = [cycle.net for bot in books for cycle in bot.cycles if cycle.cause == "take_profit"]
        requotes = self._house.supervisor.meter.requotes
        return TradingFigures(
            whole=part_of(whole, is_paper),
            profits={period: _net_since(whole, period.begins(whole.now, tz)) for period in Period},
            active_orders=sum(counts.live.get(record.id, 0) for record in records),
            orders_ended=ended,
            filled_share=filled / ended if ended else None,
            take_profits=len(taken),
            mean_take_profit=total(taken) / len(taken) if taken else None,
            rounds_a_day=_rounds_a_day(records, books, whole.now),
            requotes=sum(requotes[record.id] for record in records),
            maker_share=whole.sums.maker_share,
        )


def _net_since(whole: Account, since: datetime | None) -> Decimal:
    return total([step.net for step in whole.steps if since is None or step.at + QUARTER > since])


def _rounds_a_day(records: Sequence[BotRecord], books: Sequence[BotBooks], now: datetime) -> float | None:
    """Each bot's rounds over its days, a beginning day counted whole: one good hour does not make a good day."""
    rates = [
        len(bot.cycles) / max(1.0, ((now if record.active else record.updated_at) - record.created_at) / _ONE_DAY)
        for record, bot in zip(records, books, strict=True)
        if bot.cycles
    ]
    return sum(rates) if rates else None


def memory_bytes() -> int:
    """What the process holds of the machine's memory; where the machine does not tell, the most that it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return pages * resource.getpagesize()
