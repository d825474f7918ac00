"""KuCoin spot, always by its high-frequency endpoints: what the older ones placed they do not know, and the reverse.

The streams tell that something happened; amounts, fees and ends are read. Changing an order is left alone: ``alter``
cancels and places under the same client id and another order id, and returns only one of the two outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from trading.core.orders import Fill, Order, OrderReport
from trading.exchanges.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, Account, NewOrder, Outcome
from trading.exchanges.limiter import Priority
from trading.exchanges.live import kucoin_wording as wording
from trading.exchanges.live.dialect import Source, priority_of
from trading.exchanges.live.spot import SpotDialect
from trading.exchanges.live.wire import to_milliseconds

_PAGE = 100
_MOST_PAGES = 500
_KEPT = timedelta(days=7) - timedelta(minutes=10)
"""How far back finished orders and trades are told, less a margin. Canceled orders are forgotten sooner."""

_TOPICS = ("/spotMarket/tradeOrders", "/account/balance")


class KucoinDialect(SpotDialect):
    """Remembers of the account what its key may do."""

    history_reach = _KEPT

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._can_withdraw: bool | None = None
        self._permissions_read = False

    def _data(self, answer: Any) -> Any:
        return answer["data"]

    # Reads

    async def account(self) -> Account:
        rows = await self._ask(self.exchange.privateGetAccounts, {}, list)
        if not self._permissions_read:
            await self._read_permissions()
        return wording.account(rows, self.wire.now(), can_withdraw=self._can_withdraw)

    async def _read_permissions(self) -> None:
        try:
            told = await self._ask(self.exchange.privateGetUserApiKey, {}, dict, refusable=True)
            self._can_withdraw = wording.can_withdraw(told)
        except (Rejected, BadCredentials):
            # A key without the right to read this; the account itself has just been read with it.
            self._can_withdraw = None
        except (Unavailable, Throttled):
            return
        self._permissions_read = True

    async def order(self, order: Order) -> OrderReport | None:
        which = {"symbol": self.market_id(order.symbol), "clientOid": order.client_id}
        call = self.exchange.privateGetHfOrdersClientOrderClientOid
        row = await self._unless_absent(self._ask(call, which, dict, refusable=True))
        if row is None:
            return None
        if row.get("clientOid") != order.client_id:
            raise Unavailable("the venue answered with another order")
        return wording.report(row, order.symbol)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        reports: list[OrderReport] = []
        for symbol in symbols:
            rows = await self._ask(self.exchange.privateGetHfOrdersActive, {"symbol": self.market_id(symbol)}, list)
            reports += [wording.report(row, symbol) for row in rows]
        return reports

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        rows = await self._since(since, self.exchange.privateGetHfOrdersDone, {"symbol": self.market_id(symbol)})
        return [wording.report(row, symbol) for row in rows]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        rows = await self._since(since, self.exchange.privateGetHfFills, {"symbol": self.market_id(symbol)})
        return _oldest_first(wording.fill(row, symbol) for row in rows)

    async def _fills_of(self, symbol: str, venue_order_id: str, since: datetime) -> list[Fill]:
        which = {"symbol": self.market_id(symbol), "orderId": venue_order_id}
        rows = await self._listed(self.exchange.privateGetHfFills, which)
        return _oldest_first(wording.fill(row, symbol) for row in rows)

    async def _since(self, since: datetime, call: Any, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """A history since then, newest first."""
        now = self.wire.now()
        start = max(since, now - _KEPT)
        # A little into the future: the venue's clock may be ahead of ours.
        window = {"startAt": to_milliseconds(start), "endAt": to_milliseconds(now + timedelta(minutes=1))}
        return await self._listed(call, {**params, **window})

    async def _listed(self, call: Any, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """A list read to its end, each entry once. Without ``limit`` the venue would tell 20."""
        found: dict[str, Mapping[str, Any]] = {}
        cursor: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            data = await self._ask(call, {**params, "limit": _PAGE, **cursor}, dict)
            page = data["items"]
            fresh = [row for row in page if str(row["id"]) not in found]
            found |= {str(row["id"]): row for row in fresh}
            if len(page) < _PAGE or not fresh or not data.get("lastId"):
                return list(found.values())
            cursor = {"lastId": data["lastId"]}
        raise Unavailable("a list without end")

    # Writes

    async def _place_one(self, order: NewOrder) -> Outcome:
        params = wording.order(order, self.market_id(order.symbol))
        try:
            data = await self._write(self.exchange.privatePostHfOrders, params, priority_of(order))
        except VenueError as refused:
            return refused
        return wording.accepted(data, order.client_id)

    async def _place_batch(self, batch: Sequence[NewOrder]) -> dict[str, Outcome]:
        market_id = self.market_id(batch[0].symbol)
        params = {"orderList": [wording.order(order, market_id) for order in batch]}
        data = await self._write(self.exchange.privatePostHfOrdersMulti, params, self._priority(batch))
        return wording.of_batch(data) if isinstance(data, list) else {}

    async def _cancel_one(self, order: Order) -> Outcome:
        which = {"symbol": self.market_id(order.symbol), "clientOid": order.client_id}
        call = self.exchange.privateDeleteHfOrdersClientOrderClientOid
        data = await self._write(call, which, Priority.CANCEL)
        if not isinstance(data, dict) or data.get("clientOid") != order.client_id:
            return OutcomeUnknown("an answer without our order's id")
        return Accepted(order.venue_id or "")

    # Streams

    def book_address(self, symbol: str) -> str | None:
        address: str | None = self.exchange.socket_address("public")
        return address

    def private_address(self) -> str | None:
        address: str | None = self.exchange.socket_address("private")
        return address

    def sources(self, symbols: Sequence[str]) -> list[Source]:
        # Forgets the token of a connection that is gone.
        self.private_address()
        return super().sources(symbols)

    async def _confirmed(self) -> None:
        address = await self.exchange.negotiate(True)
        for topic in _TOPICS:
            await self.exchange.acknowledged(address, topic)

    def _streamed_report(self, row: Mapping[str, Any], symbol: str) -> OrderReport:
        return wording.streamed_report(row, symbol)

    def _streamed_trade(self, row: Mapping[str, Any]) -> tuple[str, str, datetime]:
        return str(row["tradeId"]), str(row["orderId"]), wording.from_nanoseconds(row["ts"])


def _oldest_first(fills: Any) -> list[Fill]:
    return sorted(fills, key=lambda fill: (fill.at, int(fill.trade_id)))
