"""A bot's picture: the price of late, its orders beside it, its fills in it."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from trading.core.market import Candle
from trading.core.orders import Fill, Order, OrderType, Role
from trading.desk.answers import DeskError
from trading.desk.profit import ProfitRoom
from trading.desk.titles import title_of_market
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Gateway
from trading.runtime.accounts import AccountId
from trading.storage import history, orders
from trading.storage.history import Extent
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

CANDLES = 120
TIMEFRAMES: Mapping[str, timedelta] = {
    "1m": timedelta(minutes=1),
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
}
"""What every venue has."""
NEWEST_FILLS = 40
MOST_FILLS = 400


class ChartingRoom(ProfitRoom):
    """Reads beside the worker: a picture disturbs nobody."""

    async def chart(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        record = await self._own_bot(user_id, bot_id)
        instrument = await self._rules_of(record)
        worker = self._house.supervisor.worker(record.id)
        extent = Extent(record.id, record.user_id)
        live, (executed, _) = await self._house.storage.read(
            lambda c: (orders.live_orders(c, record.id), history.fills_before(c, extent, None, MOST_FILLS))
        )
        timeframe = timeframe_for(self._clock_of(record), live, executed)
        candles = await self._candles_of(record, timeframe)
        ledger = worker.bench.books.ledger if worker else record.ledger
        book = worker.bench.market.get("") if worker else None
        price = book[0].mid if book else candles[-1].close if candles else None
        if price is None and not live:
            raise DeskError("no_price", symbol=title_of_market(record.symbol))
        charts = await asyncio.to_thread(importlib.import_module, "trading.reports.charts")
        async with self._reporting:
            picture: bytes = await asyncio.to_thread(
                charts.grid_chart,
                [replace(candle, at=candle.at.astimezone(tz)) for candle in candles],
                [order for order in live if order.type is not OrderType.MARKET],
                executed,
                instrument,
                labels={**labels, "subtitle": _subtitle(labels, timeframe)},
                dark=dark,
                price=price,
                average=ledger.average,
                take_profit=_price_of(live, Role.TAKE_PROFIT),
                stop=_price_of(live, Role.STOP_LOSS),
                title=title_of_market(record.symbol),
                is_paper=record.key_id is None,
            )
        return picture

    async def _candles_of(self, record: BotRecord, timeframe: str) -> Sequence[Candle]:
        """None where the venue has none to give: the picture is made without them."""
        try:
            gateway = await self._gateway_of(record)
            if record.symbol not in gateway.instruments():
                return ()
            return await gateway.candles(record.symbol, timeframe, CANDLES)
        except VenueError as problem:
            log.info("bot %s: no candles: %s", record.id, problem)
            return ()

    async def _gateway_of(self, record: BotRecord) -> Gateway:
        """A running bot's own line; a stopped one needs no key to look at a market. Raises VenueError."""
        account = AccountId.of(record)
        if self._house.supervisor.worker(record.id) is not None:
            return (await self._house.supervisor.station(account)).gateway
        return await self._house.connections.public(account, record.venue)


def timeframe_for(now: datetime, live: Sequence[Order], executed: Sequence[Fill]) -> str:
    """The shortest candles of which CANDLES reach back to what the bot did last: the newest fills, what still rests."""
    begins = [order.created_at for order in live]
    begins += sorted((fill.at for fill in executed), reverse=True)[:NEWEST_FILLS][-1:]
    reach = now - min(begins, default=now)
    return next((name for name, length in TIMEFRAMES.items() if length * CANDLES >= reach), "4h")


def _price_of(live: Sequence[Order], role: Role) -> Decimal | None:
    return next((order.price or order.trigger_price for order in live if order.role is role), None)


def _subtitle(labels: Mapping[str, str], timeframe: str) -> str:
    return " · ".join(filter(None, (labels.get("subtitle", ""), labels.get(f"timeframe_{timeframe}", timeframe))))
