"""Streams of the live gateway: what they say, and how they end."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.venues.bitget.client import MARKET, SYMBOL, as_order, connected, new_order
from tests.venues.bitget.server import BitgetVenue
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import BalanceChanged, PositionChanged
from trading.exchanges.live import LiveGateway

D = Decimal


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        yield running


class Ear:
    """Listens to a stream until it ends; keeps what it heard and how it ended."""

    def __init__(self, stream: AsyncIterator[Any]) -> None:
        self.heard: list[Any] = []
        self.ended: BaseException | None = None
        self._changed = asyncio.Event()
        self._stream = stream

    async def listen(self) -> None:
        try:
            async with aclosing(self._stream) as stream:  # type: ignore[type-var]
                async for item in stream:
                    self.heard.append(item)
                    self._changed.set()
        except Unavailable as exc:
            self.ended = exc
            self._changed.set()

    async def until(self, met: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not met():
                self._changed.clear()
                await self._changed.wait()

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.heard if isinstance(item, kind)]


@asynccontextmanager
async def listening(stream: AsyncIterator[Any]) -> AsyncIterator[Ear]:
    ear = Ear(stream)
    task = asyncio.create_task(ear.listen())
    try:
        yield ear
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def hearing_private(gateway: LiveGateway) -> AsyncIterator[Ear]:
    async with listening(gateway.watch_private([SYMBOL])) as ear:
        await ear.until(lambda: bool(ear.of(BalanceChanged)))
        yield ear


@asynccontextmanager
async def hearing_book(gateway: LiveGateway, symbol: str = SYMBOL) -> AsyncIterator[Ear]:
    async with listening(gateway.watch_book(symbol)) as ear:
        await ear.until(lambda: bool(ear.heard))
        yield ear


# The book


async def test_the_book_follows_the_market(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_book(gateway) as ear:
        assert ear.heard[0].bid == D("0.4999")
        for price in ("0.51", "0.49", "0.5005"):
            venue.world.set_price(MARKET, D(price))
            await ear.until(lambda price=price: ear.heard[-1].mid == D(price))  # type: ignore[misc]
        last: Book = ear.heard[-1]
        assert [level.price for level in last.bids[:2]] == [D("0.5004"), D("0.5003")]
        assert len(last.bids) == len(last.asks) == 20
        assert ear.ended is None


async def test_after_a_reconnect_the_old_book_is_gone(venue: BitgetVenue) -> None:
    """The client library merges the new snapshot into the old book, which is then crossed."""
    async with connected(venue) as gateway:
        async with hearing_book(gateway) as ear:
            await venue.sockets.cut("public")
            await ear.until(lambda: ear.ended is not None)
        venue.world.set_price(MARKET, D("0.40"))
        async with hearing_book(gateway) as ear:
            first: Book = ear.heard[0]
            assert (first.bid, first.ask) == (D("0.3999"), D("0.4001"))
            assert len(first.bids) == len(first.asks) == 20


async def test_a_connection_lost_while_nobody_listened_drops_every_book_on_it(venue: BitgetVenue) -> None:
    btc = "BTC/USDT:USDT"
    async with connected(venue) as gateway:
        async with hearing_book(gateway), hearing_book(gateway, btc):
            pass
        await venue.sockets.cut("public")
        await asyncio.sleep(0.1)  # the client hears of it
        venue.world.set_price(MARKET, D("0.40"))
        venue.world.set_price("BTCUSDT", D(50_000))
        async with hearing_book(gateway) as crv, hearing_book(gateway, btc) as bitcoin:
            assert crv.heard[0].mid == D("0.40")
            assert bitcoin.heard[0].mid == 50_000


async def test_listening_again_on_an_open_connection_goes_on_with_the_book(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        async with hearing_book(gateway):
            pass
        venue.world.set_price(MARKET, D("0.45"))
        async with listening(gateway.watch_book(SYMBOL)) as ear:
            venue.world.set_price(MARKET, D("0.46"))
            await ear.until(lambda: bool(ear.heard) and ear.heard[-1].mid == D("0.46"))
            assert len(ear.heard[-1].bids) == 20


async def test_a_book_with_a_wrong_checksum_is_never_shown(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        async with hearing_book(gateway) as ear:
            venue.sockets.bad_checksums = 1
            venue.world.set_price(MARKET, D("0.45"))
            await ear.until(lambda: ear.ended is not None)
            assert len(ear.heard) == 1
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.45")


@pytest.mark.parametrize("how", ["silent", "muted", "garbage"])
async def test_a_silent_book_is_unavailable_and_listening_again_dials_anew(venue: BitgetVenue, how: str) -> None:
    async with connected(venue, book_silence_seconds=2) as gateway:
        async with hearing_book(gateway) as ear:
            if how == "garbage":
                venue.sockets.garbage("public")
            else:
                getattr(venue.sockets, how).add("public")
            venue.world.set_price(MARKET, D("0.45"))
            await ear.until(lambda: ear.ended is not None)
            assert len(ear.heard) == 1
        venue.sockets.silent.clear()
        venue.sockets.muted.clear()
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.45")


async def test_a_refused_socket_is_unavailable(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        venue.sockets.refuse = True
        async with listening(gateway.watch_book(SYMBOL)) as ear:
            await ear.until(lambda: ear.ended is not None)
        async with listening(gateway.watch_private([SYMBOL])) as ear:
            await ear.until(lambda: ear.ended is not None)


# The private stream


async def test_streamed_amounts_are_cumulative_although_the_venue_tells_each_part(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        order = new_order("mg0", amount="60", price="0.5")
        await gateway.place([order])
        for _ in range(3):
            venue.world.trade(MARKET, *_taking("20"))
            await asyncio.sleep(0.05)
        await ear.until(lambda: len(ear.of(Fill)) == 3)
        await ear.until(lambda: ear.of(OrderReport)[-1].event is OrderEvent.FILLED)
        reports = ear.of(OrderReport)
        assert [report.filled for report in reports] == [0, 20, 40, 60]
        assert [report.event for report in reports] == [
            OrderEvent.ACCEPTED,
            OrderEvent.PARTLY_FILLED,
            OrderEvent.PARTLY_FILLED,
            OrderEvent.FILLED,
        ]
        fills = ear.of(Fill)
        assert [fill.client_id for fill in fills] == [None] * 3
        assert {fill.venue_order_id for fill in fills} == {reports[0].venue_id}
        fetched = await gateway.order_fills(as_order(order, reports[0].venue_id))
        assert [replace(fill, client_id=None) for fill in fetched] == fills
        positions = ear.of(PositionChanged)
        assert positions[-1].position.amount == 60


def _taking(amount: str) -> tuple[Side, Decimal, Decimal]:
    return Side.SELL, D("0.5"), D(amount)


async def test_a_closed_position_is_told_as_zero(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mg0", price=None)])
        await ear.until(lambda: bool(ear.of(PositionChanged)))
        await gateway.place([new_order("mg1", "sell", price=None, reduce_only=True)])
        await ear.until(lambda: ear.of(PositionChanged)[-1].position.amount == 0)


async def test_a_triggered_stop_is_told_under_its_own_id(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mg0", price=None)])
        await gateway.place([new_order("mgstop", "sell", trigger="0.48", reduce_only=True)])
        await ear.until(lambda: bool(_about(ear, "mgstop")))
        venue.world.set_price(MARKET, D("0.47"))
        await ear.until(lambda: _about(ear, "mgstop")[-1].event is OrderEvent.FILLED)
        told = _about(ear, "mgstop")[-1]
        assert told.filled == 20
        assert told.execution_id in {fill.venue_order_id for fill in ear.of(Fill)}


def _about(ear: Ear, client_id: str) -> list[OrderReport]:
    return [report for report in ear.of(OrderReport) if report.client_id == client_id]


async def test_repeated_messages_say_the_same(venue: BitgetVenue) -> None:
    venue.sockets.duplicate = True
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mg0", price=None)])
        await ear.until(lambda: any(report.event is OrderEvent.FILLED for report in ear.of(OrderReport)))
        await ear.until(lambda: bool(ear.of(Fill)))
        assert {(fill.trade_id, fill.amount) for fill in ear.of(Fill)} == {(ear.of(Fill)[0].trade_id, 20)}
        assert max(report.filled for report in ear.of(OrderReport)) == 20


@pytest.mark.parametrize("how", ["cut", "silent", "garbage", "gateway closed"])
async def test_a_private_stream_ends_with_unavailable(venue: BitgetVenue, how: str) -> None:
    async with connected(venue, private_silence_seconds=2) as gateway, hearing_private(gateway) as ear:
        if how == "cut":
            await venue.sockets.cut("private")
        elif how == "silent":
            venue.sockets.silent.add("private")
        elif how == "garbage":
            venue.sockets.garbage("private")
        else:
            await gateway.close()
        await ear.until(lambda: ear.ended is not None)


async def test_what_happens_after_a_reconnect_is_heard_again(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        async with hearing_private(gateway) as ear:
            await venue.sockets.cut("private")
            await ear.until(lambda: ear.ended is not None)
        async with hearing_private(gateway) as ear:
            await gateway.place([new_order("mg0")])
            await ear.until(lambda: bool(_about(ear, "mg0")))


async def test_a_quiet_private_stream_is_not_broken(venue: BitgetVenue) -> None:
    """Answers to pings come every five seconds; ours comes sooner than the silence that we allow."""
    async with connected(venue, private_silence_seconds=6) as gateway, hearing_private(gateway) as ear:
        await asyncio.sleep(0.5)
        assert ear.ended is None


async def test_signs_of_life_are_asked_for_more_often_than_silence_is_allowed(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        asked_every = gateway._wire.exchange.streaming["keepAlive"] / 1000
        assert asked_every * 2 < gateway._private_silence_seconds


async def test_only_the_wanted_symbols_are_told(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mgbtc", price="50000", amount="0.001", symbol="BTC/USDT:USDT")])
        await gateway.place([new_order("mg0")])
        await ear.until(lambda: bool(_about(ear, "mg0")))
        assert {report.symbol for report in ear.of(OrderReport)} == {SYMBOL}


async def test_a_burst_of_fills_is_proven_by_the_fetch(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway, hearing_private(gateway) as ear:
        orders = [new_order(f"mg{number:03}", amount="11", price="0.49") for number in range(150)]
        await gateway.place(orders)
        venue.world.set_price(MARKET, D("0.48"), amount=D(100_000))
        await ear.until(lambda: len(ear.of(Fill)) > 0)
        fills = [fill for order in orders[:3] for fill in await gateway.order_fills(as_order(order))]
        assert [fill.amount for fill in fills] == [11] * 3


async def test_nothing_is_left_behind(venue: BitgetVenue) -> None:
    before = asyncio.all_tasks()
    async with connected(venue) as gateway:
        async with hearing_private(gateway), hearing_book(gateway):
            await gateway.place([new_order("mg0")])
        async with hearing_private(gateway):
            pass

    def left() -> list[Any]:
        new = [task for task in asyncio.all_tasks() - before if not task.done()]
        ours = [task for task in new if "bitget" not in repr(task.get_coro()) and "tests" not in repr(task)]
        return [*ours, *venue.sockets.sessions]

    deadline = asyncio.get_running_loop().time() + 10
    while left():
        assert asyncio.get_running_loop().time() < deadline, left()
        await asyncio.sleep(0.02)
    gc.collect()
