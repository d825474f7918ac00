"""What every gateway makes of a bad network: the documented error, and never a second order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.contract.driver import (
    FAULTS,
    Driver,
    an_order,
    long_ago,
    needs_replacing,
    place,
    symbol_of,
    target_of,
    times_at_venue,
)
from trading.core.instrument import Side
from trading.core.orders import OrderStatus
from trading.exchanges.errors import OutcomeUnknown, Throttled, Unavailable
from trading.exchanges.gateway import Accepted, NewOrder

READS: dict[str, Callable[[Driver], Awaitable[object]]] = {
    "book": lambda driver: driver.gateway.book(symbol_of(driver)),
    "tickers": lambda driver: driver.gateway.tickers(),
    "candles": lambda driver: driver.gateway.candles(symbol_of(driver), "1m", 10),
    "account": lambda driver: driver.gateway.account(),
    "positions": lambda driver: driver.gateway.positions(),
    "order": lambda driver: driver.gateway.order(an_order(driver, Side.BUY, "20", "0.4")),
    "open_orders": lambda driver: driver.gateway.open_orders([symbol_of(driver)]),
    "order_history": lambda driver: driver.gateway.order_history(symbol_of(driver), long_ago(driver)),
    "fills": lambda driver: driver.gateway.fills(symbol_of(driver), long_ago(driver)),
    "funding": lambda driver: driver.gateway.funding(symbol_of(driver), long_ago(driver)),
}
OF_POSITIONS = {"positions", "funding"}
BROKEN = sorted(FAULTS.keys() - {"delay"})


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("read", READS)
async def test_broken_read_says_so_and_the_next_one_works(driver: Driver, read: str, fault: str) -> None:
    if read in OF_POSITIONS and not driver.gateway.capabilities.has_positions:
        pytest.skip("nothing is asked where there are no positions")
    driver.inject(read, fault)
    with pytest.raises(Throttled if fault == "throttle_429" else Unavailable):
        await READS[read](driver)
    await READS[read](driver)


@pytest.mark.parametrize("fault", FAULTS)
async def test_broken_place_is_told_as_what_it_is_and_leads_to_one_order_at_most(driver: Driver, fault: str) -> None:
    order, meant = an_order(driver, Side.BUY, "20", "0.4"), FAULTS[fault]
    driver.inject("place", fault)
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, meant.outcome or Accepted | OutcomeUnknown)
    there = times_at_venue(driver, order)
    assert there <= 1
    if meant.executed is not None:
        assert there == int(meant.executed)
    report = await driver.gateway.order(order)
    assert (report is not None) == bool(there)


@pytest.mark.parametrize("fault", FAULTS)
async def test_broken_batch_leaves_no_order_without_an_outcome(driver: Driver, fault: str) -> None:
    orders, meant = [an_order(driver, Side.BUY, "20", "0.4") for _ in range(3)], FAULTS[fault]
    driver.inject("place", fault)
    outcomes = await place(driver, *orders)
    assert len(outcomes) == 3
    allowed = meant.outcome or Accepted | OutcomeUnknown
    if driver.gateway.capabilities.place_batch < len(orders):
        # One request each: the fault met one of them.
        assert any(isinstance(outcome, allowed) for outcome in outcomes)
        allowed = allowed | Accepted
    assert all(isinstance(outcome, allowed) for outcome in outcomes)
    assert all(times_at_venue(driver, order) <= 1 for order in orders)


@pytest.mark.parametrize("fault", FAULTS)
async def test_broken_cancel_is_told_as_what_it_is(driver: Driver, fault: str) -> None:
    order, meant = an_order(driver, Side.BUY, "20", "0.4"), FAULTS[fault]
    await place(driver, order)
    driver.inject("cancel", fault)
    (outcome,) = await driver.gateway.cancel([order])
    assert isinstance(outcome, meant.outcome or Accepted | OutcomeUnknown)
    truth = driver.truth.order(client_id=order.client_id)
    assert truth is not None
    if meant.executed is not None:
        assert (truth.status is OrderStatus.CANCELED) == meant.executed


@pytest.mark.parametrize("fault", FAULTS)
async def test_broken_replace_leaves_one_order_whichever_it_is(driver: Driver, fault: str) -> None:
    needs_replacing(driver)
    old, new = an_order(driver, Side.BUY, "20", "0.4"), an_order(driver, Side.BUY, "20", "0.41")
    meant = FAULTS[fault]
    await place(driver, old)
    driver.inject("replace", fault)
    outcomes = await driver.gateway.replace(old, NewOrder(new.client_id, new.symbol, target_of(new)))
    assert all(isinstance(outcome, meant.outcome or Accepted | OutcomeUnknown) for outcome in outcomes)
    [left] = driver.truth.open_orders()
    if meant.executed is not None:
        assert left.client_id == (new if meant.executed else old).client_id


async def test_market_order_whose_answer_was_lost_is_found_with_its_fills(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20")
    driver.inject("place", "drop_after_accept")
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, OutcomeUnknown)
    report = await driver.gateway.order(order)
    assert report is not None
    assert report.filled == 20
    assert sum(fill.amount for fill in await driver.gateway.order_fills(order)) == 20
    assert len(await driver.gateway.positions()) == int(driver.gateway.capabilities.has_positions)
