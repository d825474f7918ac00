"""Streams as async iterators that end with Unavailable, and never with silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from decimal import Decimal

from trading.core.market import Book
from trading.exchanges.errors import Unavailable, VenueError
from trading.exchanges.gateway import BalanceChanged, PrivateEvent
from trading.exchanges.live import parsing
from trading.exchanges.live.dialect import Source
from trading.exchanges.live.wire import Wire

_STREAMED_DEPTH = 50

Address = Callable[[], str | None]
"""Where a stream comes from, once that is known: some venues tell it only when they are asked for it."""


class BookStreams:
    """Books of one account's public connection.

    ccxt keeps its book over a reconnect and merges the new snapshot into it, so a book is dropped unless it belongs
    to the very connection that is still open. A connection that was replaced while nobody listened counts as a break.
    """

    def __init__(self, wire: Wire, silence_seconds: float) -> None:
        self._wire = wire
        self._silence_seconds = silence_seconds
        self._fed_by: dict[str, object] = {}

    async def watch(self, symbol: str, address: Address, size: Decimal) -> AsyncIterator[Book]:
        exchange = self._wire.exchange
        connection = self._connection(address)
        if connection is None or self._fed_by.get(symbol) is not connection:
            exchange.orderbooks.pop(symbol, None)
        while True:
            try:
                told = await self._wire.hear(lambda: exchange.watch_order_book(symbol), self._silence_seconds)
                book = parsing.book(symbol, told, _STREAMED_DEPTH, size, self._wire.now())
            except (VenueError, ValueError) as exc:
                self._drop(symbol, address, str(exc))
                raise Unavailable(f"the book of {symbol} broke off: {exc}") from exc
            now_connected = self._connection(address)
            if connection is not None and now_connected is not connection:
                self._drop(symbol, None, "")
                raise Unavailable(f"the book of {symbol} was reconnected")
            connection = self._fed_by[symbol] = now_connected
            if book.bid is not None and book.ask is not None and book.bid >= book.ask:
                self._drop(symbol, address, "crossed")
                raise Unavailable(f"the book of {symbol} is crossed")
            yield book

    def _connection(self, address: Address) -> object:
        known = address()
        return self._wire.connection(known) if known else None

    def _drop(self, symbol: str, address: Address | None, why: str) -> None:
        self._fed_by.pop(symbol, None)
        self._wire.exchange.orderbooks.pop(symbol, None)
        if address and (known := address()):
            self._wire.hang_up(known, why)


async def merged(
    wire: Wire, sources: Sequence[Source], address: Address, silence_seconds: float
) -> AsyncIterator[PrivateEvent]:
    """What all sources say, in the order heard, until one breaks. All are ended with the iterator."""
    heard: asyncio.Queue[PrivateEvent | BaseException] = asyncio.Queue()

    async def pump(source: Source) -> None:
        try:
            async for event in source():
                heard.put_nowait(event)
        except Exception as exc:  # the edge of the task: whatever it is, the listener must hear of it
            heard.put_nowait(exc)
        except asyncio.CancelledError:
            # ccxt cancels what waits for a socket that it closes.
            heard.put_nowait(Unavailable("the stream was closed"))
            raise

    tasks = [asyncio.create_task(pump(source)) for source in sources]
    tasks.append(asyncio.create_task(_watchdog(wire, address, silence_seconds, heard)))
    if (known := address()) and wire.connection(known) is not None:
        # Subscribed already, so that no first snapshot will come to say that we listen.
        heard.put_nowait(BalanceChanged(wire.now()))
    try:
        while True:
            item = await heard.get()
            if isinstance(item, BaseException):
                raise Unavailable(f"the private stream broke off: {item}") from item
            yield item
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _watchdog(
    wire: Wire, address: Address, seconds: float, heard: asyncio.Queue[PrivateEvent | BaseException]
) -> None:
    """Nothing happening is normal here, but answers to pings come all the time: without those it is dead.

    A connection that was replaced while its listeners were busy counts as a break too.
    """
    first: object = None
    while True:
        await asyncio.sleep(min(1.0, seconds / 4))
        known = address()
        client = wire.connection(known) if known else None
        if known is None or client is None or not client.isConnected:
            continue
        if first is not None and client is not first:
            heard.put_nowait(Unavailable("reconnected"))
            return
        first = client
        latest = client.last_message_at or client.connectionEstablished
        if wire.exchange.milliseconds() - latest > seconds * 1000:
            wire.hang_up(known, "silent")
            heard.put_nowait(Unavailable("silent"))
            return
