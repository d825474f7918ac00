"""Streams of KuCoin and MEXC: books without holes, fills as the venue proves them, ends that are noticed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.venues.faults import FaultKind
from tests.venues.spot.both import Line, hearing_book, hearing_private, lines, listening, of, until
from tests.venues.spot.client import SYMBOL, as_order, new_order
from trading.core.instrument import Side
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.exchanges.errors import Unavailable

D = Decimal


@pytest.fixture(params=sorted(lines()))
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    one = lines()[request.param]()
    async with one.venue:
        yield one


def is_as_shown(line: Line, book: Book) -> bool:
    """Whether the book is the venue's, as far as it goes."""
    shown = line.venue.world.public[line.market]
    return all(
        [(level.price, level.amount) for level in heard]
        == [(D(price), D(amount)) for price, amount in list(told.items())[: len(heard)]]
        for heard, told in ((book.bids, shown.bids), (book.asks, shown.asks))
    )


# The book


@pytest.mark.parametrize("has_key", [True, False])
async def test_the_book_is_there_at_once_and_follows_the_market(line: Line, has_key: bool) -> None:
    """ccxt alone waits for 6 changes on KuCoin and 26 on MEXC; here none has come yet."""
    async with line.connected(credentials=line.key if has_key else None) as gateway, hearing_book(gateway) as ear:
        assert is_as_shown(line, ear.heard[0])
        assert len(ear.heard[0].bids) == len(ear.heard[0].asks) == 20
        for price in ("0.51", "0.49", "0.5005"):
            line.venue.world.set_price(line.market, D(price))
            await until(lambda price=price: ear.heard[-1].mid == D(price))  # type: ignore[misc]
            assert is_as_shown(line, ear.heard[-1])
        assert ear.error is None


async def test_a_gap_is_noticed_and_mended(line: Line) -> None:
    """ccxt alone applies what follows and shows levels that are long gone."""
    async with line.connected() as gateway, hearing_book(gateway) as ear:
        line.venue.sockets.lost = 1
        line.venue.world.set_price(line.market, D("0.47"))
        line.venue.world.trade(line.market, Side.BUY, D("0.4701"), D(10))
        line.venue.world.set_price(line.market, D("0.4695"))
        await until(lambda: ear.heard[-1].mid == D("0.4695"))
        for book in ear.heard:
            assert book.bid < book.ask
        assert is_as_shown(line, ear.heard[-1])
        assert ear.error is None


async def test_many_lost_changes_never_show_a_wrong_book(line: Line) -> None:
    async with line.connected() as gateway, hearing_book(gateway) as ear:
        for number in range(30):
            line.venue.sockets.lost = number % 3
            line.venue.world.set_price(line.market, D("0.5") + D(number) / 1000)
            await asyncio.sleep(0.005)
        line.venue.sockets.lost = 0
        line.venue.world.set_price(line.market, D("0.6"))
        await until(lambda: ear.heard[-1].mid == D("0.6"))
        for book in ear.heard:
            assert len(book.bids) == len(book.asks) == 20
            assert all(better.price > worse.price for better, worse in pairwise(book.bids))
            assert book.bid < book.ask


async def test_after_a_reconnect_the_old_book_is_gone(line: Line) -> None:
    async with line.connected() as gateway:
        async with hearing_book(gateway) as ear:
            await line.venue.sockets.cut("public")
            await until(lambda: ear.error)
            assert isinstance(ear.error, Unavailable)
        line.venue.world.set_price(line.market, D("0.40"))
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.40")
            assert is_as_shown(line, ear.heard[0])


async def test_a_connection_lost_while_nobody_listened_drops_the_book(line: Line) -> None:
    async with line.connected() as gateway:
        async with hearing_book(gateway):
            pass
        await line.venue.sockets.cut("public")
        await asyncio.sleep(0.1)  # the client hears of it
        line.venue.world.set_price(line.market, D("0.40"))
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.40")


async def test_listening_again_on_an_open_connection_goes_on_with_the_book(line: Line) -> None:
    async with line.connected() as gateway:
        async with hearing_book(gateway):
            pass
        line.venue.world.set_price(line.market, D("0.45"))
        async with listening(gateway.watch_book(SYMBOL)) as ear:
            await asyncio.sleep(0.05)
            line.venue.world.set_price(line.market, D("0.46"))
            await until(lambda: ear.heard and ear.heard[-1].mid == D("0.46"))
            assert is_as_shown(line, ear.heard[-1])


async def test_two_books_share_a_connection(line: Line) -> None:
    async with line.connected() as gateway, hearing_book(gateway) as crv, hearing_book(gateway, "BTC/USDT") as bitcoin:
        line.venue.world.set_price(line.market.replace("CRV", "BTC"), D(50_000))
        await until(lambda: bitcoin.heard[-1].mid == 50_000)
        assert crv.heard[-1].mid == D("0.5")
        assert line.venue.truth()["sockets"] == 1


async def test_what_lies_deeper_than_the_snapshot_is_never_shown(line: Line) -> None:
    """A snapshot has an end. When the market has eaten most of it, another one is asked for."""
    deep = 1500
    line.venue.world.set_price(line.market, D("0.5"), levels=deep, amount=D(100))
    async with line.connected() as gateway, hearing_book(gateway) as ear:
        assert is_as_shown(line, ear.heard[0])
        known = {"kucoin": 100, "mexc": 1000}[line.name]
        world, tick = line.venue.world, D("0.0001")
        # The best asks vanish but for a few that the snapshot knew; far away one appears.
        asks = [BookLevel(D("0.5001") + tick * number, D(100)) for number in range(known - 20, deep)]
        bids = [BookLevel(D("0.4999") - tick * number, D(100)) for number in range(deep)]
        world.show(line.market, bids, asks)
        await until(lambda: ear.heard[-1].ask == asks[0].price and len(ear.heard[-1].asks) == 50)
        assert all(is_as_shown(line, book) for book in ear.heard[-1:])
        assert ear.error is None


async def test_a_snapshot_that_cannot_be_read_is_unavailable(line: Line) -> None:
    async with line.connected() as gateway:
        line.venue.fault(FaultKind.BAD_GATEWAY, line.snapshot)
        async with listening(gateway.watch_book(SYMBOL)) as ear:
            await until(lambda: ear.error)
            assert isinstance(ear.error, Unavailable)
            assert ear.heard == []
        async with hearing_book(gateway) as ear:
            assert is_as_shown(line, ear.heard[0])


async def test_changes_while_the_snapshot_is_on_its_way_are_joined_to_it(line: Line) -> None:
    async with line.connected() as gateway:
        line.venue.fault(FaultKind.DELAY_ANSWER, line.snapshot, seconds=0.2)
        async with listening(gateway.watch_book(SYMBOL)) as ear:
            for number in range(10):
                line.venue.world.set_price(line.market, D("0.4") + D(number) / 100)
                await asyncio.sleep(0.04)
            await until(lambda: ear.heard and ear.heard[-1].mid == D("0.49"))
            assert is_as_shown(line, ear.heard[-1])
            assert all(book.bid < book.ask for book in ear.heard)


@pytest.mark.parametrize("how", ["silent", "muted", "garbage"])
async def test_a_silent_book_is_unavailable_and_listening_again_dials_anew(line: Line, how: str) -> None:
    async with line.connected(book_silence_seconds=2) as gateway:
        async with hearing_book(gateway) as ear:
            if how == "garbage":
                line.venue.sockets.garbage("public")
            else:
                getattr(line.venue.sockets, how).add("public")
            line.venue.world.set_price(line.market, D("0.45"))
            await until(lambda: ear.error)
            assert len(ear.heard) == 1
        line.venue.sockets.silent.clear()
        line.venue.sockets.muted.clear()
        async with hearing_book(gateway) as ear:
            assert ear.heard[0].mid == D("0.45")


async def test_a_refused_socket_is_unavailable(line: Line) -> None:
    async with line.connected() as gateway:
        line.venue.sockets.refuse = True
        for stream in (gateway.watch_book(SYMBOL), gateway.watch_private([SYMBOL])):
            async with listening(stream) as ear:
                await until(lambda ear=ear: ear.error)  # type: ignore[misc]
                assert isinstance(ear.error, Unavailable)


# The private stream


async def test_streamed_fills_are_told_as_the_venue_proves_them(line: Line) -> None:
    """KuCoin streams no fee, MEXC no role: both are in what is told here."""
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        order = new_order("mg0", amount="60", price="0.5")
        await gateway.place([order])
        for _ in range(3):
            line.venue.world.trade(line.market, Side.SELL, D("0.5"), D(20))
            await asyncio.sleep(0.05)
        await until(lambda: len(of(ear, Fill)) == 3)
        await until(lambda: of(ear, OrderReport)[-1].event is OrderEvent.FILLED)
        reports, fills = of(ear, OrderReport), of(ear, Fill)
        assert [report.filled for report in reports if report.event is not OrderEvent.FILLED] == sorted(
            {report.filled for report in reports if report.event is not OrderEvent.FILLED}
        )
        assert reports[-1].filled == 60
        assert {(fill.fee, fill.fee_currency, fill.maker) for fill in fills} == {(D("0.002"), "USDT", True)}
        fetched = await gateway.order_fills(as_order(order, reports[0].venue_id))
        assert [fill.trade_id for fill in fills] == [fill.trade_id for fill in fetched]
        assert {fill.client_id for fill in fetched} == {"mg0"}


async def test_a_partly_filled_order_that_is_canceled_is_told_as_canceled(line: Line) -> None:
    """MEXC's stream has a word of its own for it, which ccxt takes for filled."""
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        order = new_order("mg0", amount="60", price="0.5")
        await gateway.place([order])
        line.venue.world.trade(line.market, Side.SELL, D("0.5"), D(20))
        await gateway.cancel([as_order(order)])
        await until(lambda: of(ear, OrderReport) and of(ear, OrderReport)[-1].event is OrderEvent.CANCELED)
        last = of(ear, OrderReport)[-1]
        assert (last.filled, last.amount, last.side) == (20, 60, Side.BUY)
        assert OrderEvent.FILLED not in {report.event for report in of(ear, OrderReport)}


async def test_fills_that_cannot_be_read_leave_the_report(line: Line) -> None:
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        line.venue.fault(FaultKind.BAD_GATEWAY, "fills" if line.name == "kucoin" else "myTrades", count=3)
        await gateway.place([new_order("mg0", price=None)])
        await until(lambda: any(report.event is OrderEvent.FILLED for report in of(ear, OrderReport)))
        await asyncio.sleep(0.3)
        assert ear.error is None
        # The next one asks again, and what was missed is told with it where it belongs to the same order.
        await gateway.place([new_order("mg1", price=None)])
        await until(lambda: of(ear, Fill))


async def test_repeated_messages_say_the_same_once(line: Line) -> None:
    line.venue.sockets.duplicate = True
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mg0", price=None)])
        await until(lambda: of(ear, Fill))
        await asyncio.sleep(0.1)
        assert [fill.amount for fill in of(ear, Fill)] == [20]
        assert max(report.filled for report in of(ear, OrderReport)) == 20


async def test_only_the_wanted_symbols_are_told(line: Line) -> None:
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        await gateway.place([new_order("mgbtc", amount="0.001", price=None, symbol="BTC/USDT")])
        await gateway.place([new_order("mg0")])
        await until(lambda: any(report.client_id == "mg0" for report in of(ear, OrderReport)))
        assert {report.symbol for report in of(ear, OrderReport)} == {SYMBOL}
        assert of(ear, Fill) == []


async def test_a_burst_of_fills_is_read_with_one_list(line: Line) -> None:
    async with line.connected() as gateway, hearing_private(gateway) as ear:
        line.venue.account().exchange.set_balance("USDT", D(10_000))
        orders = [new_order(f"mg{number:03}", amount="11", price="0.49") for number in range(60)]
        await gateway.place(orders)
        line.venue.world.set_price(line.market, D("0.48"), amount=D(100_000))
        await until(lambda: len(of(ear, Fill)) == 60)
        asked = sum(count for name, count in line.venue.requests.items() if "fills" in name or "myTrades" in name)
        assert asked < 20


@pytest.mark.parametrize("how", ["cut", "silent", "garbage", "gateway closed"])
async def test_a_private_stream_ends_with_unavailable(line: Line, how: str) -> None:
    async with line.connected(private_silence_seconds=2) as gateway, hearing_private(gateway) as ear:
        if how == "cut":
            await line.venue.sockets.cut("private")
        elif how == "silent":
            line.venue.sockets.silent.add("private")
        elif how == "garbage":
            line.venue.sockets.garbage("private")
        else:
            await gateway.close()
        await until(lambda: ear.error)
        assert isinstance(ear.error, Unavailable)


async def test_what_happens_after_a_reconnect_is_heard_again(line: Line) -> None:
    async with line.connected() as gateway:
        for number in range(3):
            async with hearing_private(gateway) as ear:
                await gateway.place([new_order(f"mg{number}")])
                await until(lambda ear=ear: of(ear, OrderReport))  # type: ignore[misc]
                await line.venue.sockets.cut("private")
                await until(lambda ear=ear: ear.error)  # type: ignore[misc]


async def test_listening_again_on_an_open_connection_is_said_at_once(line: Line) -> None:
    async with line.connected() as gateway:
        async with hearing_private(gateway):
            pass
        async with hearing_private(gateway) as ear:
            await gateway.place([new_order("mg0")])
            await until(lambda: of(ear, OrderReport))
        assert line.venue.truth()["sockets"] == 1


async def test_nothing_is_left_behind(line: Line) -> None:
    before = asyncio.all_tasks()
    async with line.connected() as gateway:
        async with hearing_private(gateway), hearing_book(gateway):
            await gateway.place([new_order("mg0")])
        async with hearing_private(gateway):
            pass

    def left() -> list[Any]:
        new = [task for task in asyncio.all_tasks() - before if not task.done()]
        ours = [task for task in new if "aiohttp" not in repr(task) and "tests" not in repr(task)]
        return [*ours, *line.venue.sockets.sessions]

    await until(lambda: not left())
    gc.collect()
