"""Binance's streams: the book out of snapshot and numbered changes, the user's events one by one, and their ends."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from tests.contract.driver import Listening
from tests.venues.binance.client import MARKET, SYMBOL, as_order, connected, new_order
from tests.venues.binance.server import BinanceVenue
from tests.venues.faults import FaultKind
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import Accepted, BalanceChanged, PrivateEvent
from trading.exchanges.live import LiveGateway

D = Decimal


@pytest.fixture
async def venue() -> AsyncIterator[BinanceVenue]:
    async with BinanceVenue() as running:
        yield running


class Ear(Listening[PrivateEvent]):
    async def until(self, check: object) -> None:
        for _ in range(1500):
            if check():  # type: ignore[operator]
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never: heard {self.heard[-5:]}, ended with {self.error!r}")

    def reports(self, client_id: str) -> list[OrderReport]:
        return [one for one in self.heard if isinstance(one, OrderReport) and one.client_id == client_id]

    def fills(self) -> list[Fill]:
        return [one for one in self.heard if isinstance(one, Fill)]


@asynccontextmanager
async def hearing(gateway: LiveGateway) -> AsyncIterator[Ear]:
    """Listening to the user's events, subscribed."""
    ear = Ear(gateway.watch_private([SYMBOL]))
    try:
        await ear.until(lambda: bool(ear.heard))
        yield ear
    finally:
        await ear.stop()


@asynccontextmanager
async def watching(gateway: LiveGateway) -> AsyncIterator[Listening[Book]]:
    ear = Listening(gateway.watch_book(SYMBOL))
    try:
        await seen(lambda: bool(ear.heard))
        yield ear
    finally:
        await ear.stop()


async def seen(check: object) -> None:
    for _ in range(1500):
        if check():  # type: ignore[operator]
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never")


# The book


async def test_a_streamed_book_is_the_venues_book(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway, watching(gateway) as ear:
        for price in ("61840", "61835.5", "61900.01"):
            venue.world.set_price(MARKET, D(price))
            await asyncio.sleep(0.02)
        venue.world.trade(MARKET, Side.SELL, D("61900"), D("0.01"))
        await gateway.place([new_order("mgown", price="61900.01")])
        bids, asks = venue.world.shown(MARKET)
        await seen(lambda: ear.heard[-1].bids == tuple(bids) and ear.heard[-1].asks == tuple(asks))
        assert not any(name.startswith("GET /api/v3/depth") for name in venue.requests)


async def test_a_gap_in_the_changes_breaks_the_book(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        async with watching(gateway) as ear:
            venue.sockets.gaps = 1
            venue.world.set_price(MARKET, D(61_000))
            venue.world.set_price(MARKET, D(62_000))
            await seen(lambda: ear.error is not None)
            assert isinstance(ear.error, Unavailable)
            assert all(book.bid != D("61999.99") for book in ear.heard)
        async with watching(gateway) as again:
            assert again.heard[-1].bid == D("61999.99")


async def test_changes_during_the_snapshot_are_not_lost(venue: BinanceVenue) -> None:
    venue.fault(FaultKind.DELAY_ANSWER, "depth", seconds=0.2)
    async with connected(venue) as gateway:
        ear = Listening(gateway.watch_book(SYMBOL))
        await seen(lambda: venue.sockets.requests["depth"] == 1)
        venue.world.set_price(MARKET, D(61_000))
        venue.world.set_price(MARKET, D(62_000))
        await seen(lambda: bool(ear.heard))
        assert ear.heard[0].bid == D("61999.99")
        assert len(ear.heard[0].bids) == 20
        await ear.stop()


async def test_a_snapshot_that_cannot_be_had_breaks_the_stream(venue: BinanceVenue) -> None:
    venue.fault(FaultKind.CODE, "depth", code="-1000", count=3)
    async with connected(venue) as gateway:
        ear = Listening(gateway.watch_book(SYMBOL))
        await seen(lambda: ear.error is not None)
        await ear.stop()
        async with watching(gateway) as again:
            assert again.heard[0].bid == D("61836.99")


@pytest.mark.parametrize("how", ["cut", "garbage", "silent"])
async def test_a_book_ends_with_unavailable(venue: BinanceVenue, how: str) -> None:
    async with connected(venue, book_silence_seconds=2) as gateway, watching(gateway) as ear:
        if how == "cut":
            await venue.sockets.cut("market")
        elif how == "garbage":
            venue.sockets.garbage("market")
        await seen(lambda: ear.error is not None)
        assert isinstance(ear.error, Unavailable)


# The user's events


async def test_an_orders_whole_life_is_heard_each_part_once(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway, hearing(gateway) as ear:
        order = new_order("mglife", price="61837", amount="0.01")
        await gateway.place([order])
        for amount in ("0.002", "0.003"):
            venue.world.trade(MARKET, Side.SELL, D("61837"), D(amount))
        await gateway.cancel([as_order(order)])
        await ear.until(lambda: ear.reports("mglife") and ear.reports("mglife")[-1].event is OrderEvent.CANCELED)
        assert [(one.event, one.filled) for one in ear.reports("mglife")] == [
            (OrderEvent.ACCEPTED, D(0)),
            (OrderEvent.PARTLY_FILLED, D("0.002")),
            (OrderEvent.PARTLY_FILLED, D("0.005")),
            (OrderEvent.CANCELED, D("0.005")),
        ]
        fills = await gateway.order_fills(as_order(order))
        assert ear.fills() == fills
        assert {(fill.maker, fill.fee_currency, fill.client_id) for fill in fills} == {(True, "BTC", "mglife")}
        assert any(isinstance(one, BalanceChanged) for one in ear.heard[1:])


async def test_a_burst_of_fills_is_heard_in_full(venue: BinanceVenue) -> None:
    venue.world.orders_per_ten_seconds = 1_000
    async with connected(venue) as gateway, hearing(gateway) as ear:
        orders = [new_order(f"mg{number:03}", amount="0.0002", price="61500") for number in range(150)]
        outcomes = await gateway.place(orders)
        # A slow machine may not get all of them out before their deadline.
        placed = {order.client_id for order, one in zip(orders, outcomes, strict=True) if isinstance(one, Accepted)}
        assert len(placed) > 100
        venue.world.set_price(MARKET, D(61_000), amount=D(100))
        await ear.until(lambda: len(ear.fills()) >= len(placed))
        assert {fill.client_id for fill in ear.fills()} == placed


async def test_repeated_events_say_the_same(venue: BinanceVenue) -> None:
    venue.sockets.duplicate = True
    async with connected(venue) as gateway, hearing(gateway) as ear:
        await gateway.place([new_order("mgtwice", price=None)])
        await ear.until(lambda: len(ear.fills()) == 2)
        assert ear.fills()[0] == ear.fills()[1]


async def test_only_the_wanted_markets_are_told(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway, hearing(gateway) as ear:
        await gateway.place([new_order("mgeth", price="2000", amount="0.01", symbol="ETH/USDT")])
        await gateway.place([new_order("mgbtc")])
        await ear.until(lambda: bool(ear.reports("mgbtc")))
        assert not ear.reports("mgeth")


@pytest.mark.parametrize("how", ["cut", "silent", "garbage", "gateway closed"])
async def test_the_users_events_end_with_unavailable(venue: BinanceVenue, how: str) -> None:
    async with connected(venue, private_silence_seconds=2) as gateway, hearing(gateway) as ear:
        if how == "cut":
            await venue.sockets.cut("api")
        elif how == "silent":
            venue.sockets.silent.add("api")
        elif how == "garbage":
            venue.sockets.garbage("api")
        else:
            await gateway.close()
        await ear.until(lambda: ear.error is not None)
        assert isinstance(ear.error, Unavailable)


async def test_a_quiet_connection_is_not_broken(venue: BinanceVenue) -> None:
    """Pings go out every five seconds, sooner than the silence that we allow; ccxt's own come every three minutes."""
    async with connected(venue, private_silence_seconds=6) as gateway, hearing(gateway) as ear:
        await asyncio.sleep(7)
        assert ear.error is None


async def test_a_refused_subscription_is_told(venue: BinanceVenue) -> None:
    venue.fault(FaultKind.CODE, "userDataStream", code="-2015")
    async with connected(venue) as gateway:
        ear = Listening(gateway.watch_private([SYMBOL]))
        await seen(lambda: ear.error is not None)
        await ear.stop()
        async with hearing(gateway) as again:
            await gateway.place([new_order("mgafter")])
            await again.until(lambda: bool(again.reports("mgafter")))


async def test_many_listeners_share_one_subscription(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        ears = [Ear(gateway.watch_private([SYMBOL])) for _ in range(3)]
        for ear in ears:
            await ear.until(lambda ear=ear: bool(ear.heard))
        await gateway.place([new_order("mgall")])
        for ear in ears:
            await ear.until(lambda ear=ear: bool(ear.reports("mgall")))
            await ear.stop()
        assert venue.sockets.requests["userDataStream.subscribe.signature"] == 1


async def test_nothing_is_left_behind(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        async with hearing(gateway), watching(gateway):
            await gateway.place([new_order("mg0")])
        async with hearing(gateway):
            pass
        assert gateway._wire.exchange.ears == []
    gc.collect()
    await seen(lambda: not venue.sockets.sessions)
