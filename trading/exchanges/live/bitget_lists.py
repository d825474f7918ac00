"""Asking Bitget: the shape of an answer, lists in pages of 100, histories in windows of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trading.exchanges.errors import Unavailable
from trading.exchanges.live.dialect import Dialect
from trading.exchanges.live.wire import to_milliseconds

PRODUCT = {"productType": "USDT-FUTURES"}
_PAGE = 100
_MOST_PAGES = 500
_KEPT = timedelta(days=89)
"""How far back the venue's histories reach (90 days), less a margin."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A paged list: its name in the answer, what tells its entries apart, the longest span it answers for."""

    name: str
    key: str
    span: timedelta


ORDERS = Listing("entrustedList", "orderId", timedelta(days=90))
FILLS = Listing("fillList", "tradeId", timedelta(days=7))
BILLS = Listing("bills", "billId", timedelta(days=30))


class AskingDialect(Dialect):
    """What every question to the venue shares."""

    history_reach = _KEPT

    async def _ask(self, call: Any, params: Mapping[str, Any], shape: type, *, refusable: bool = False) -> Any:
        """The ``data`` of an answer. Raises Unavailable when it has another shape."""
        told = await self.wire.read(lambda: call(dict(params)), refusable=refusable)
        data = told["data"]
        if not isinstance(data, shape):
            raise Unavailable("an answer of another shape")
        return data

    async def _list(self, shape: Listing, call: Any, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """A list read to its end, newest first, each entry once."""
        found: dict[str, Mapping[str, Any]] = {}
        cursor: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            data = await self._ask(call, {**params, "limit": str(_PAGE), **cursor}, dict)
            page = data.get(shape.name) or []
            fresh = [row for row in page if str(row[shape.key]) not in found]
            found |= {str(row[shape.key]): row for row in fresh}
            if len(page) < _PAGE or not fresh or not data.get("endId"):
                return list(found.values())
            cursor = {"idLessThan": str(data["endId"])}
        raise Unavailable("a list without end")

    async def _since(
        self, since: datetime, shape: Listing, call: Any, params: Mapping[str, Any]
    ) -> list[Mapping[str, Any]]:
        """A history since then, in windows as long as the venue answers for."""
        now = self.wire.now()
        start = max(since, now - _KEPT)
        rows: dict[str, Mapping[str, Any]] = {}
        while start < now:
            end = min(start + shape.span, now)
            # A little into the future: the venue's clock may be ahead of ours.
            until = end if end < now else now + timedelta(minutes=1)
            window = {"startTime": str(to_milliseconds(start)), "endTime": str(to_milliseconds(until))}
            rows |= {str(row[shape.key]): row for row in await self._list(shape, call, {**params, **window})}
            start = end
        return list(rows.values())
