"""How a request of the paper venue runs: the market is played up to now first, and what is answered is saved first.

A write that could not be saved never happened and answers OutcomeUnknown; a read whose market could not be played and
saved raises Unavailable.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from trading.core.orders import OrderStatus
from trading.core.simulated_orders import ExchangeEvent, Refused
from trading.exchanges.errors import NotSent, OutcomeUnknown, Rejected, Unavailable, VenueError
from trading.exchanges.gateway import Accepted, Outcome
from trading.exchanges.paper_account import PaperAccount, StoreError
from trading.metering import Meter

Faults = Callable[[str], Awaitable[None]]
"""Called with ``"place.before"``, ``"place.after"``, ``"order.before"`` ...; what it raises is what the caller sees."""

ItemT = TypeVar("ItemT")


class PaperRequests:
    def __init__(self, account: PaperAccount, faults: Faults | None, meter: Meter) -> None:
        self.faults = faults
        self._account, self._meter = account, meter

    @asynccontextmanager
    async def read(self, name: str, *symbols: str, needs_market: bool = True) -> AsyncIterator[None]:
        """Raises Unavailable. ``needs_market``: not while there are no prices of what this account trades."""
        account = self._account
        with self._meter.call("paper", name, answers=(Rejected,)):
            await self._fault(f"{name}.before")
            if not account.is_open:
                raise Unavailable("the paper account is not open")
            await account.venue.ready(symbols)
            if needs_market and (trouble := account.venue.trouble(account.watched())):
                raise Unavailable(trouble)
            try:
                async with account.turn():
                    await account.commit(await account.play(symbols))
                    yield
            except StoreError as error:
                raise Unavailable(str(error)) from error
            await self._fault(f"{name}.after")

    async def write(
        self,
        name: str,
        items: Sequence[ItemT],
        identify: Callable[[ItemT], tuple[str, str]],
        act: Callable[[ItemT], list[ExchangeEvent]],
    ) -> list[Outcome]:
        """``identify`` tells an item's client id and symbol, ``act`` does it or raises Refused."""
        ids = [identify(item) for item in items]
        if not items:
            return []
        if not self._account.is_open:
            return [NotSent("the paper account is not open") for _ in items]
        try:
            with self._meter.call("paper", name):
                await self._fault(f"{name}.before")
                if name != "cancel" and (trouble := await self._missing_prices({symbol for _, symbol in ids})):
                    return [NotSent(trouble) for _ in items]
                outcomes = await self._carry_out(items, ids, act)
                await self._fault(f"{name}.after")
        except StoreError as error:
            return [OutcomeUnknown(str(error)) for _ in items]
        except VenueError as error:
            return [error for _ in items]
        return outcomes

    async def _carry_out(
        self, items: Sequence[ItemT], ids: Sequence[tuple[str, str]], act: Callable[[ItemT], list[ExchangeEvent]]
    ) -> list[Outcome]:
        refusals: dict[int, Outcome] = {}
        async with self._account.turn():
            events = await self._account.play([symbol for _, symbol in ids])
            for index, item in enumerate(items):
                try:
                    events += act(item)
                except Refused as refused:
                    refusals[index] = rejected(refused)
            await self._account.commit(events)
            return [refusals.get(index) or self._accepted(client_id) for index, (client_id, _) in enumerate(ids)]

    async def _missing_prices(self, symbols: set[str]) -> str:
        """Why nothing can be placed now. What is canceled needs no price."""
        try:
            await self._account.venue.ready(symbols)
        except Unavailable as problem:
            return str(problem)
        return self._account.venue.trouble(symbols)

    async def _fault(self, point: str) -> None:
        if self.faults is not None:
            await self.faults(point)

    def _accepted(self, client_id: str) -> Accepted:
        order = self._account.exchange.order(client_id=client_id)
        if order is None:
            raise RuntimeError(f"{client_id} was accepted and is gone")
        return Accepted(order.venue_id, None if order.status is OrderStatus.OPEN else order.report())


def rejected(refused: Refused) -> Rejected:
    return Rejected(refused.reason, "paper", refused.detail)
