"""Asking Binance: over the ws-api, by REST while that is down; histories in windows of time."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from trading.exchanges.errors import Unavailable
from trading.exchanges.limiter import Priority
from trading.exchanges.live.dialect import Dialect
from trading.exchanges.live.wire import to_milliseconds

log = logging.getLogger(__name__)

_OVER_REST = {
    "depth": "publicGetDepth",
    "account.status": "privateGetAccount",
    "order.status": "privateGetOrder",
    "openOrders.status": "privateGetOpenOrders",
    "allOrders": "privateGetAllOrders",
    "myTrades": "privateGetMyTrades",
    "order.place": "privatePostOrder",
    "order.cancel": "privateDeleteOrder",
    "order.cancelReplace": "privatePostOrderCancelReplace",
}
_UNSIGNED = {"depth"}
_WINDOW = timedelta(hours=23)
"""The longest span that a history answers for is a day."""
PAGE = 1000
_MOST_PAGES = 200
_PING_MILLISECONDS = 5000


class AskingDialect(Dialect):
    """What every question to the venue shares."""

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        # The venue answers pings, so that a quiet connection can be told from a dead one; ccxt asks every 3 minutes.
        self.exchange.streaming["keepAlive"] = _PING_MILLISECONDS
        self._detours = 0
        self._is_down = False

    @property
    def detours(self) -> int:
        return self._detours

    async def _is_up(self, method: str) -> bool:
        """Whether the ws-api can be spoken to; says once when that changes."""
        is_up = await self.exchange.line() is not None
        if not is_up:
            self._detours += 1
        if is_up is self._is_down:
            self._is_down = not is_up
            log.warning("the order socket is %s (%s)", "back" if is_up else "down: requests go by REST", method)
        return is_up

    def _over_rest(self, method: str, params: Mapping[str, Any]) -> Any:
        return getattr(self.exchange, _OVER_REST[method])(dict(params))

    def _over_socket(self, method: str, params: Mapping[str, Any]) -> Any:
        # Before the line's own deadline, so that a silent socket is noticed here.
        seconds = self.wire.request_seconds * 0.9
        return self.exchange.ask(method, params, seconds, signed=method not in _UNSIGNED)

    async def _ask(
        self, method: str, params: Mapping[str, Any], shape: type, *, weight: float, refusable: bool = False
    ) -> Any:
        """Raises Unavailable for an answer of another shape, or without anything where there must be something."""
        if await self._is_up(method):
            call, line = self._over_socket, self.wire.orders
        else:
            call, line = self._over_rest, self.wire

        async def ask() -> Any:
            told = await call(method, params)
            if not isinstance(told, shape) or (shape is dict and not told):
                raise Unavailable("an answer of another shape")
            return told

        return await line.read(ask, weight=weight, refusable=refusable)

    async def _do(self, method: str, params: Mapping[str, Any], priority: Priority, weight: float = 1) -> Any:
        """Sent once. What was not sent because the socket could not be had goes by REST, under the same id."""
        if await self._is_up(method):
            return await self.wire.orders.write(lambda: self._over_socket(method, params), priority, weight=weight)
        return await self.wire.write(lambda: self._over_rest(method, params), priority)

    def _market(self, symbol: str) -> str:
        if symbol not in self.exchange.markets:
            raise Unavailable(f"no market {symbol}")
        return str(self.exchange.market(symbol)["id"])

    def _symbol(self, market_id: str) -> str:
        return str(self.exchange.safe_symbol(market_id, None, None, "spot"))

    async def _since(self, since: datetime, method: str, symbol: str, key: str, first: str) -> list[Mapping[str, Any]]:
        """A history since then, in windows that the venue answers for; a full one is read on by number."""
        # A little into the future: the venue's clock may be ahead of ours.
        start, now = since, self.wire.now() + timedelta(minutes=1)
        rows: dict[int, Mapping[str, Any]] = {}
        market = {"symbol": self._market(symbol), "limit": PAGE}
        while start < now:
            end = min(start + _WINDOW, now)
            window = {**market, "startTime": to_milliseconds(start), "endTime": to_milliseconds(end)}
            page = await self._ask(method, window, list, weight=20)
            rows |= {row[key]: row for row in page}
            for _ in range(_MOST_PAGES):
                if len(page) < PAGE or page[-1]["time"] > to_milliseconds(end):
                    break
                page = await self._ask(method, {**market, first: page[-1][key] + 1}, list, weight=20)
                rows |= {row[key]: row for row in page}
            else:
                raise Unavailable("a list without end")
            start = end
        return list(rows.values())
