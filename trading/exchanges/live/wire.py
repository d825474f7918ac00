"""How anything is said to one venue: through the budget, with a deadline, errors translated."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import ccxt

from trading.clock import Clock
from trading.exchanges.errors import NotSent, Rejected, Unavailable
from trading.exchanges.limiter import Limiter, Priority
from trading.exchanges.live.profiles import Profile
from trading.exchanges.live.translation import translated
from trading.metering import Meter

T = TypeVar("T")


class Wire:
    """One account's line. ``request_seconds`` bounds a request, ``queue_seconds`` a write's wait before it.

    ``meter`` measures each request as it goes over the wire, without its wait for a place in the budget.

    ``orders`` is the line of the order socket with its own budget, where the venue has one; else this very line.
    """

    def __init__(
        self,
        exchange: Any,
        profile: Profile,
        limiter: Limiter,
        clock: Clock,
        *,
        request_seconds: float,
        queue_seconds: float,
        meter: Meter | None = None,
    ) -> None:
        self.exchange = exchange
        self.profile = profile
        self.limiter = limiter
        self.clock = clock
        self.orders: Wire = self
        self.request_seconds = request_seconds
        self._queue_seconds = queue_seconds
        self._meter = meter or Meter()

    def with_orders(self, limiter: Limiter) -> Wire:
        """This line, with another one beside it for the order socket."""
        self.orders = Wire(
            self.exchange,
            self.profile,
            limiter,
            self.clock,
            request_seconds=self.request_seconds,
            queue_seconds=self._queue_seconds,
            meter=self._meter,
        )
        return self

    async def read(self, call: Callable[[], Awaitable[T]], *, weight: float = 1, refusable: bool = False) -> T:
        """Raises Unavailable, Throttled, BadCredentials; Rejected only where a refusal is an answer (``refusable``)."""
        patience = 3 * self.request_seconds
        try:
            return await self.limiter.read(lambda: self._ask(call, write=False), weight=weight, patience=patience)
        except Rejected as refused:
            if refusable:
                raise
            raise Unavailable(str(refused)) from refused

    async def write(self, call: Callable[[], Awaitable[T]], priority: Priority, *, weight: float = 1) -> T:
        """Sent at most once. Raises what an order's sender has to know (see errors)."""
        async with self.limiter.turn(priority, weight=weight, patience=self._queue_seconds):
            return await self._ask(call, write=True)

    async def set(self, call: Callable[[], Awaitable[T]]) -> T:
        """A setting: written, but harmless when repeated, so that its errors are those of reads."""
        try:
            async with self.limiter.turn(Priority.WRITE, patience=self._queue_seconds):
                return await self._ask(call, write=False)
        except NotSent as exc:
            raise Unavailable("too many requests are waiting") from exc

    async def hear(self, call: Callable[[], Awaitable[T]], seconds: float | None) -> T:
        """The next message of a stream. Raises Unavailable after ``seconds`` of silence or when it breaks."""
        with translated(self.profile, write=False):
            async with asyncio.timeout(seconds):
                return await call()

    async def _ask(self, call: Callable[[], Awaitable[T]], *, write: bool) -> T:
        with (
            self._meter.call(self.exchange.id, answers=(Rejected,)),
            translated(self.profile, write=write, headers=lambda: self.exchange.last_response_headers),
        ):
            async with asyncio.timeout(self.request_seconds):
                return await call()

    def now(self) -> datetime:
        return self.clock.now()

    def milliseconds(self) -> int:
        return to_milliseconds(self.clock.now())

    # Connections of streams

    def connection(self, address: str) -> Any:
        """The open socket to an address, or None."""
        return (self.exchange.clients or {}).get(address)

    def hang_up(self, address: str, why: str) -> None:
        """Close a socket; whoever listens to it hears an error, and the next one who listens dials again."""
        client = self.connection(address)
        if client is not None:
            client.on_error(ccxt.NetworkError(why))
            self.exchange.clients.pop(address, None)

    async def close(self) -> None:
        for address in list(self.exchange.clients or {}):
            self.hang_up(address, "closed")
        await asyncio.sleep(0)  # listeners hear of it before the session goes
        await self.exchange.close()


def to_milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def from_milliseconds(value: Any) -> datetime:
    return datetime.fromtimestamp(int(value) / 1000, UTC)
