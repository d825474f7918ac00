"""What every gateway's streams do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TypeVar

import pytest

from tests.contract.driver import Driver, Listening, a_book, an_order, eventually, place, symbol_of
from trading.core.instrument import Side
from trading.core.orders import Fill, Order, OrderEvent, OrderReport
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import PrivateEvent

D = Decimal
MessageT = TypeVar("MessageT")


@asynccontextmanager
async def listening(driver: Driver, stream: AsyncIterator[MessageT]) -> AsyncIterator[Listening[MessageT]]:
    ear = Listening(stream)
    for _ in range(3):
        await driver.wait()
    try:
        yield ear
    finally:
        await ear.stop()


@asynccontextmanager
async def hearing_private(driver: Driver) -> AsyncIterator[Listening[PrivateEvent]]:
    """The private stream, from the moment on that it tells of everything."""
    async with listening(driver, driver.gateway.watch_private([symbol_of(driver)])) as ear:
        # An unproven venue says nothing of its own accord.
        await eventually(
            driver,
            lambda: driver.is_told() and bool(ear.heard or not driver.gateway.capabilities.is_proven),
            "the private stream begins",
        )
        yield ear


def events_of(ear: Listening[PrivateEvent], order: Order) -> list[OrderEvent]:
    return [one.event for one in ear.heard if isinstance(one, OrderReport) and one.client_id == order.client_id]


async def test_book_stream_shows_the_book_and_its_changes(driver: Driver) -> None:
    async with listening(driver, driver.gateway.watch_book(symbol_of(driver))) as ear:
        await eventually(driver, lambda: bool(ear.heard) and ear.heard[-1].bid == D("0.4999"), "the first book")
        await driver.show(a_book("0.4799", "0.4801"))
        await eventually(driver, lambda: ear.heard[-1].ask == D("0.4801"), "the new book")


async def test_private_stream_begins_by_saying_that_it_listens(driver: Driver) -> None:
    if not driver.gateway.capabilities.is_proven:
        pytest.skip("nothing says so on a venue that is spoken to by ccxt's own tables")
    for _ in range(2):
        async with listening(driver, driver.gateway.watch_private([symbol_of(driver)])) as ear:
            await eventually(driver, lambda ear=ear: bool(ear.heard), "a first event")
        await driver.cut_streams()


async def test_private_stream_tells_of_order_and_fill(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.49")
    async with hearing_private(driver) as ear:
        await place(driver, order)
        await eventually(driver, lambda: OrderEvent.ACCEPTED in events_of(ear, order), "the order is told")
        await driver.show(a_book("0.4887", "0.4889"))
        await eventually(driver, lambda: OrderEvent.FILLED in events_of(ear, order), "the fill is told")
        await eventually(
            driver, lambda: sum(one.amount for one in ear.heard if isinstance(one, Fill)) == D(20), "the trade is told"
        )
    fills = [one for one in ear.heard if isinstance(one, Fill)]
    assert {fill.trade_id for fill in fills} == {fill.trade_id for fill in driver.truth.fills()}


async def test_private_stream_tells_of_a_cancel(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.49")
    async with hearing_private(driver) as ear:
        await place(driver, order)
        await driver.gateway.cancel([order])
        await eventually(driver, lambda: OrderEvent.CANCELED in events_of(ear, order), "the cancel is told")


async def test_book_stream_that_is_cut_says_so_and_can_be_taken_up_again(driver: Driver) -> None:
    async with listening(driver, driver.gateway.watch_book(symbol_of(driver))) as ear:
        await eventually(driver, lambda: bool(ear.heard), "the first book")
        await driver.cut_streams()
        await eventually(driver, lambda: ear.error is not None, "the cut is noticed")
        assert isinstance(ear.error, Unavailable)
    async with listening(driver, driver.gateway.watch_book(symbol_of(driver))) as again:
        await driver.show(a_book("0.4799", "0.4801"))
        await eventually(driver, lambda: bool(again.heard) and again.heard[-1].ask == D("0.4801"), "the book after it")


async def test_private_stream_that_is_cut_says_so_and_can_be_taken_up_again(driver: Driver) -> None:
    missed, heard = an_order(driver, Side.BUY, "20", "0.49"), an_order(driver, Side.BUY, "20", "0.48")
    async with hearing_private(driver) as ear:
        await driver.cut_streams()
        await eventually(driver, lambda: ear.error is not None, "the cut is noticed")
        assert isinstance(ear.error, Unavailable)
    await place(driver, missed)
    async with hearing_private(driver) as again:
        await place(driver, heard)
        await eventually(driver, lambda: OrderEvent.ACCEPTED in events_of(again, heard), "the stream goes on")
    report = await driver.gateway.order(missed)
    assert report is not None
    assert report.event is OrderEvent.ACCEPTED
