"""What KuCoin and MEXC spot share: one symbol a request, batches that say little, cancels one by one, no amending.

Neither changes an order in place, and what they offer instead (cancel and place under the same client id) would put two
orders into one slot when its answer is lost: so a change is cancel, confirm, place.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from trading.core.ledger import Funding
from trading.core.orders import Fill, Order, OrderReport, OrderType
from trading.core.planning import MarginMode
from trading.exchanges.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import (
    Accepted,
    BalanceChanged,
    NewOrder,
    Outcome,
    Position,
    PrivateEvent,
)
from trading.exchanges.limiter import Priority
from trading.exchanges.live.dialect import Dialect, Source, priority_of

_FILLS_REMEMBERED = 5_000
_ASK_AGAIN = (0.0, 0.3, 1.0)
_ORDERS_ASKED_ONE_BY_ONE = 3


@dataclass(frozen=True, slots=True)
class _StreamedTrade:
    symbol: str
    trade_id: str
    order_id: str
    at: datetime


class SpotDialect(Dialect):
    """The venue's own dialect says how one thing is asked; this says in what order."""

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._told: dict[str, None] = {}

    # What the venue's dialect says

    @abstractmethod
    async def _place_one(self, order: NewOrder) -> Outcome: ...

    @abstractmethod
    async def _place_batch(self, batch: Sequence[NewOrder]) -> dict[str, Outcome]:
        """Outcomes by client id of those that the answer mentions; the others are asked for."""

    @abstractmethod
    async def _cancel_one(self, order: Order) -> Outcome: ...

    @abstractmethod
    async def _fills_of(self, symbol: str, venue_order_id: str, since: datetime) -> list[Fill]: ...

    @abstractmethod
    def _streamed_report(self, row: Mapping[str, Any], symbol: str) -> OrderReport: ...

    @abstractmethod
    def _streamed_trade(self, row: Mapping[str, Any]) -> tuple[str, str, datetime]:
        """Trade id, order id and time of a row of the stream of own trades."""

    @abstractmethod
    async def _confirmed(self) -> None:
        """Returns when the private stream is subscribed."""

    # Asking

    def market_id(self, symbol: str) -> str:
        if symbol not in self.exchange.markets:
            raise Unavailable(f"no market {symbol}")
        return str(self.exchange.market(symbol)["id"])

    async def _ask(self, call: Any, params: Mapping[str, Any], shape: type, *, refusable: bool = False) -> Any:
        """An answer that has this shape. Raises Unavailable when it has another."""

        async def ask() -> Any:
            told = self._data(await call(dict(params)))
            if not isinstance(told, shape) or told == {}:
                raise Unavailable("an answer of another shape")
            return told

        return await self.wire.read(ask, refusable=refusable)

    def _data(self, answer: Any) -> Any:
        """The part of an answer that matters."""
        return answer

    # Reads

    async def positions(self) -> Sequence[Position]:
        return []

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        return []

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        venue_id = order.venue_id
        if venue_id is None:
            report = await self.order(order)
            venue_id = report.venue_id if report else None
        if venue_id is None:
            return []
        found = await self._fills_of(order.symbol, venue_id, order.created_at - timedelta(minutes=1))
        return [replace(fill, client_id=order.client_id) for fill in found]

    # Writes

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        """Nothing is to be set on a spot market."""

    async def place(self, orders: Sequence[NewOrder]) -> list[Outcome]:
        outcomes: dict[str, Outcome] = {
            order.client_id: Rejected("invalid_order", detail=objection)
            for order in orders
            if (objection := self._objection(order))
        }
        waiting = [order for order in orders if order.client_id not in outcomes]
        while waiting:
            batch = self._next_batch(waiting)
            waiting = waiting[len(batch) :]
            if len(batch) == 1:
                outcomes[batch[0].client_id] = await self._place_one(batch[0])
            else:
                outcomes |= await self._placed(batch)
        return [outcomes[order.client_id] for order in orders]

    def _objection(self, order: NewOrder) -> str:
        """Why an order cannot be put into words; nothing is sent then."""
        if order.symbol not in self.exchange.markets:
            return f"no market {order.symbol}"
        if order.target.type is OrderType.STOP_MARKET:
            return "no stop orders here"
        return "nothing to reduce on a spot market" if order.target.reduce_only else ""

    def _next_batch(self, waiting: Sequence[NewOrder]) -> list[NewOrder]:
        """The first and those of its neighbours that may share its request: limit orders of one market."""
        batch: list[NewOrder] = []
        for order in waiting[: self.wire.profile.place_batch]:
            if batch and (order.symbol != batch[0].symbol or order.target.type is not OrderType.LIMIT):
                break
            batch.append(order)
            if order.target.type is not OrderType.LIMIT:
                break
        return batch

    async def _placed(self, batch: Sequence[NewOrder]) -> dict[str, Outcome]:
        try:
            outcomes = await self._place_batch(batch)
        except VenueError as refused:
            return dict.fromkeys((order.client_id for order in batch), refused)
        missing = {order.client_id for order in batch if order.client_id not in outcomes}
        if missing:
            outcomes |= await self._found_resting(batch[0].symbol, missing)
        return outcomes

    async def _found_resting(self, symbol: str, client_ids: set[str]) -> dict[str, Outcome]:
        """Orders that a batch's answer does not mention, looked for among the open ones. Absence proves nothing."""
        outcomes: dict[str, Outcome] = dict.fromkeys(client_ids, OutcomeUnknown("not mentioned in the answer"))
        try:
            reports = await self.open_orders([symbol])
        except VenueError:
            return outcomes
        found = {report.client_id: report for report in reports if report.client_id in client_ids}
        return outcomes | {str(client_id): Accepted(report.venue_id, report) for client_id, report in found.items()}

    async def cancel(self, orders: Sequence[Order]) -> list[Outcome]:
        return list(await asyncio.gather(*(self._canceled(order) for order in orders)))

    async def _canceled(self, order: Order) -> Outcome:
        if order.symbol not in self.exchange.markets:
            return Rejected("not_found", detail=f"no market {order.symbol}")
        try:
            return await self._cancel_one(order)
        except VenueError as refused:
            return refused

    async def _write(
        self, call: Callable[[dict[str, Any]], Awaitable[Any]], params: Mapping[str, Any], priority: Priority
    ) -> Any:
        return self._data(await self.wire.write(lambda: call(dict(params)), priority))

    @staticmethod
    def _priority(batch: Sequence[NewOrder]) -> Priority:
        return min(priority_of(order) for order in batch)

    # Streams

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        wanted = set(symbols)
        trades: asyncio.Queue[_StreamedTrade] = asyncio.Queue()
        return [
            lambda: self.hear_orders(wanted),
            lambda: self._hear_trades(wanted, trades),
            lambda: self._prove_trades(trades),
            self.hear_balance,
            self.hear_beginning,
        ]

    async def hear_beginning(self) -> AsyncIterator[PrivateEvent]:
        """Neither venue begins with a snapshot: this says that we listen."""
        await self.wire.hear(self._confirmed, None)
        yield BalanceChanged(self.wire.now())
        await asyncio.Event().wait()

    async def hear_orders(self, wanted: set[str]) -> AsyncIterator[PrivateEvent]:
        while True:
            told = await self.wire.hear(self.exchange.watch_orders, None)
            # The cache's dicts change under us: all are read before the next await.
            reports = [self._streamed_report(entry["info"], entry["symbol"]) for entry in told]
            for report in reports:
                if report.symbol in wanted:
                    yield report

    async def _hear_trades(
        self, wanted: set[str], trades: asyncio.Queue[_StreamedTrade]
    ) -> AsyncIterator[PrivateEvent]:
        """Only listens: what comes while nobody waits for it would be told with the next message."""
        while True:
            told = await self.wire.hear(self.exchange.watch_my_trades, None)
            for entry in told:
                if entry["symbol"] in wanted:
                    trades.put_nowait(_StreamedTrade(entry["symbol"], *self._streamed_trade(entry["info"])))
        yield

    async def _prove_trades(self, trades: asyncio.Queue[_StreamedTrade]) -> AsyncIterator[PrivateEvent]:
        """The stream only wakes: its trades lack fee or role. What is told is what the venue answers when asked."""
        while True:
            heard = [await trades.get()]
            while not trades.empty():
                heard.append(trades.get_nowait())
            for symbol in sorted({trade.symbol for trade in heard}):
                for fill in await self._proven(symbol, [trade for trade in heard if trade.symbol == symbol]):
                    yield fill

    async def _proven(self, symbol: str, heard: Sequence[_StreamedTrade]) -> list[Fill]:
        """The fills behind streamed trades, those that were not yet told.

        A list may lag behind the stream. What cannot be read now is not lost: the order's report tells the cumulative
        amount, and whoever misses a part of it asks.
        """
        found: dict[str, Fill] = {}
        missing = {trade.trade_id: trade for trade in heard if trade.trade_id not in self._told}
        for pause in _ASK_AGAIN:
            if not missing:
                break
            await self.wire.clock.sleep(pause)
            try:
                fills = await self._asked(symbol, list(missing.values()))
            except (Unavailable, Throttled, BadCredentials, Rejected):
                break
            found |= {fill.trade_id: fill for fill in fills if fill.trade_id not in self._told}
            missing = {trade_id: trade for trade_id, trade in missing.items() if trade_id not in found}
        self._told |= dict.fromkeys(found)
        while len(self._told) > _FILLS_REMEMBERED:
            del self._told[next(iter(self._told))]
        return sorted(found.values(), key=lambda fill: fill.at)

    async def _asked(self, symbol: str, trades: Sequence[_StreamedTrade]) -> Sequence[Fill]:
        since = min(trade.at for trade in trades) - timedelta(seconds=5)
        orders = {trade.order_id for trade in trades}
        if len(orders) > _ORDERS_ASKED_ONE_BY_ONE:
            return await self.fills(symbol, since)
        return [fill for order_id in sorted(orders) for fill in await self._fills_of(symbol, order_id, since)]
