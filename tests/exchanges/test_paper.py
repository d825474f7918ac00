"""The paper account beyond the contract suite: storage, restarts, time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from time import perf_counter

import pytest

from tests.clocks import ManualClock, settle
from tests.contract.driver import LEVERAGE, MARGIN_MODE, SYMBOL, Listening, a_book, an_order, long_ago, place
from tests.contract.paper_driver import PaperDriver
from trading.clock import FastClock
from trading.core.instrument import Side
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.exchanges.errors import NotSent, OutcomeUnknown, Unavailable
from trading.exchanges.gateway import Accepted, BalanceChanged
from trading.exchanges.paper import MemoryStore, PaperGateway, PaperVenue, last_time
from trading.exchanges.simulated_market import SimulatedMarket

D = Decimal


class FailingStore(MemoryStore):
    """Fails while ``is_full``; ``forgets`` saves, as a process that is killed inside them."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = False
        self.saves = 0

    async def save(self, account: str, snapshot: str) -> None:
        if self.is_full:
            raise OSError("no space left on device")
        self.saves += 1
        await super().save(account, snapshot)


class SlowStore(MemoryStore):
    """Saves only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()
        self.let.set()

    async def save(self, account: str, snapshot: str) -> None:
        await self.let.wait()
        await super().save(account, snapshot)


@pytest.fixture
async def driver() -> AsyncIterator[PaperDriver]:
    one = PaperDriver()
    await one.start()
    yield one
    await one.stop()


async def reopened(driver: PaperDriver) -> None:
    """What a new process finds; the old one was killed and has said nothing."""
    await driver.venue.leave(driver.gateway._paper)
    driver.gateway = driver.new_gateway()
    await driver.gateway.open()


def with_store(store: MemoryStore) -> PaperDriver:
    driver = PaperDriver()
    driver.store = store
    driver.gateway = driver.new_gateway()
    return driver


async def test_killed_venue_knows_all_it_has_answered(driver: PaperDriver) -> None:
    resting, filled = an_order(driver, Side.BUY, "20", "0.4"), an_order(driver, Side.BUY, "30")
    await place(driver, resting, filled)
    told = [await driver.gateway.order(resting), await driver.gateway.order(filled)]
    positions = await driver.gateway.positions()
    await reopened(driver)
    assert [await driver.gateway.order(resting), await driver.gateway.order(filled)] == told
    assert [one.amount for one in await driver.gateway.positions()] == [one.amount for one in positions]


async def test_nothing_is_answered_before_it_is_saved() -> None:
    store = SlowStore()
    driver = with_store(store)
    await driver.start()
    ear = Listening(driver.gateway.watch_private([]))
    await settle()
    before = dict(store.snapshots)
    store.let.clear()
    order = an_order(driver, Side.BUY, "20")
    placing = asyncio.create_task(place(driver, order))
    await settle()
    assert not placing.done()
    assert not [one for one in ear.heard if not isinstance(one, BalanceChanged)]
    assert store.snapshots == before
    store.let.set()
    (outcome,) = await placing
    assert isinstance(outcome, Accepted)
    assert order.client_id in store.snapshots["tester"]
    await settle()
    assert [one.event for one in ear.heard if isinstance(one, OrderReport)][-1] is OrderEvent.FILLED
    await ear.stop()
    await driver.stop()


async def test_order_that_could_not_be_saved_never_happened() -> None:
    store = FailingStore()
    driver = with_store(store)
    await driver.start()
    await driver.wait()
    store.is_full = True
    order = an_order(driver, Side.BUY, "20")
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, OutcomeUnknown)
    store.is_full = False
    assert await driver.gateway.order(order) is None
    assert await driver.gateway.positions() == []
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, Accepted)
    await driver.stop()


async def test_fill_that_could_not_be_saved_is_told_when_it_can_be() -> None:
    store = FailingStore()
    driver = with_store(store)
    await driver.start()
    order = an_order(driver, Side.BUY, "20", "0.49")
    await place(driver, order)
    ear = Listening(driver.gateway.watch_private([]))
    await settle()
    store.is_full = True
    await driver.show(a_book("0.4887", "0.4889"))
    assert not [one for one in ear.heard if isinstance(one, Fill)]
    with pytest.raises(Unavailable):
        await driver.gateway.order(order)
    store.is_full = False
    await driver.wait()
    assert [one.amount for one in ear.heard if isinstance(one, Fill)] == [D(20)]
    await ear.stop()
    await driver.stop()


async def test_canceled_request_leaves_no_half_of_it() -> None:
    store = SlowStore()
    driver = with_store(store)
    await driver.start()
    store.let.clear()
    order = an_order(driver, Side.BUY, "20")
    placing = asyncio.create_task(place(driver, order))
    await settle()
    placing.cancel()
    await asyncio.gather(placing, return_exceptions=True)
    store.let.set()
    assert await driver.gateway.order(order) is None
    assert await driver.gateway.positions() == []
    await driver.stop()


async def test_levels_that_the_market_crossed_while_it_was_down_are_filled() -> None:
    clock, store = ManualClock(), MemoryStore()
    market = SimulatedMarket(3)
    venue = PaperVenue(clock, [market])
    gateway = PaperGateway(venue, store, "tester")
    await gateway.open()
    await gateway.prepare(SYMBOL, LEVERAGE, MARGIN_MODE)
    now = clock.now()
    low = min(candle.low for candle in market.candles(SYMBOL, "1m", 181, now + timedelta(hours=3)))
    driver = PaperDriver()
    driver.gateway, driver.clock = gateway, clock
    rules = gateway.instruments()[SYMBOL]
    order = an_order(driver, Side.BUY, "20", str(rules.maker_price(Side.BUY, low + 10 * rules.price_tick)))
    await place(driver, order)
    await venue.leave(gateway._paper)
    await clock.advance(3 * 3600)
    again = PaperGateway(PaperVenue(clock, [market]), store, "tester")
    await again.open()
    report = await again.order(order)
    assert report is not None
    assert report.event is OrderEvent.FILLED
    assert now < report.at <= clock.now()
    await again.close()


async def test_venue_ticks_only_while_somebody_is_there(driver: PaperDriver) -> None:
    await driver.gateway.close()
    assert driver.venue._ticking is None
    await driver.gateway.open()
    assert driver.venue._ticking is not None


async def test_closed_account_answers_nothing_and_ends_its_streams(driver: PaperDriver) -> None:
    ear = Listening(driver.gateway.watch_book(SYMBOL))
    await settle()
    await driver.gateway.close()
    await settle()
    assert isinstance(ear.error, Unavailable)
    (outcome,) = await place(driver, an_order(driver, Side.BUY, "20"))
    assert isinstance(outcome, NotSent)
    with pytest.raises(Unavailable):
        await driver.gateway.account()


async def test_two_accounts_share_the_market_and_nothing_else(driver: PaperDriver) -> None:
    other = PaperGateway(driver.venue, driver.store, "somebody else")
    await other.open()
    await place(driver, an_order(driver, Side.BUY, "20", "0.5"))
    assert (await other.book(SYMBOL)).bid == D("0.4999")
    assert await other.open_orders([]) == []
    await other.close()


async def test_reset_begins_again_but_never_repeats_an_id(driver: PaperDriver) -> None:
    before = an_order(driver, Side.BUY, "20")
    (first,) = await place(driver, before)
    await driver.gateway.reset({"USDT": D(50)})
    account = await driver.gateway.account()
    assert (account.total, await driver.gateway.positions()) == ({"USDT": D(50)}, [])
    assert await driver.gateway.fills(SYMBOL, long_ago(driver)) == []
    (second,) = await place(driver, an_order(driver, Side.BUY, "20"))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert int(second.venue_id) > int(first.venue_id)


async def test_balances_can_be_set_and_are_kept(driver: PaperDriver) -> None:
    await driver.gateway.set_balances({"USDT": D(123), "CRV": D(7)})
    await reopened(driver)
    account = await driver.gateway.account()
    assert (account.total["USDT"], account.total["CRV"], account.total["ETH"]) == (D(123), D(7), D(1))


async def test_funding_is_paid_by_the_venues_clock(driver: PaperDriver) -> None:
    await place(driver, an_order(driver, Side.BUY, "100"))
    since = driver.now
    await driver.venue.leave(driver.gateway._paper)
    await driver.clock.advance(5 * 3600)
    (paid,) = await driver.gateway.funding(SYMBOL, since)
    assert (paid.at.hour, paid.amount) == (16, -D(50) * D("0.0001"))


async def test_same_liquidity_is_not_there_twice_within_a_tick(driver: PaperDriver) -> None:
    await driver.show(a_book(amount="30", levels=1))
    first, second = an_order(driver, Side.BUY, "20"), an_order(driver, Side.BUY, "20")
    await place(driver, first)
    await driver.clock.advance(0.1)
    await place(driver, second)
    report = await driver.gateway.order(second)
    assert report is not None
    assert report.filled == D(10)


async def test_snapshot_tells_its_time_so_that_a_fast_clock_goes_on_behind_it(driver: PaperDriver) -> None:
    await driver.clock.advance(60)
    await place(driver, an_order(driver, Side.BUY, "20"))
    snapshot = await driver.store.load("tester")
    assert snapshot is not None
    assert last_time(snapshot) == driver.venue.moment()
    assert FastClock(60, last_time(snapshot)).now() >= last_time(snapshot)


async def test_snapshot_that_is_not_one_is_refused(driver: PaperDriver) -> None:
    await driver.store.save("broken", "{}")
    with pytest.raises(ValueError, match="exchange"):
        await PaperGateway(driver.venue, driver.store, "broken").open()


async def test_snapshot_stays_small_and_fast_however_long_it_trades(driver: PaperDriver) -> None:
    for _ in range(40):
        await place(driver, *(an_order(driver, Side.BUY, "20") for _ in range(10)))
        await place(driver, *(an_order(driver, Side.SELL, "20") for _ in range(10)))
    started = perf_counter()
    await place(driver, an_order(driver, Side.BUY, "20", "0.4"))
    assert perf_counter() - started < 0.25
    snapshot = await driver.store.load("tester")
    assert snapshot is not None
    assert len(snapshot) < 1_000_000
