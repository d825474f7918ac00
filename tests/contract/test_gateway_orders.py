"""What every gateway does with orders."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.contract.driver import (
    Driver,
    a_book,
    an_order,
    eventually,
    fee_of,
    is_refused,
    long_ago,
    needs_positions,
    needs_replacing,
    needs_stops,
    place,
    target_of,
    times_at_venue,
)
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.orders import Order, OrderEvent, OrderStatus, TimeInForce
from trading.exchanges.errors import Rejected
from trading.exchanges.gateway import Accepted, NewOrder

D = Decimal


async def test_limit_order_rests_and_is_known_by_its_id(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.4")
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, Accepted)
    report = await driver.gateway.order(order)
    assert report is not None
    assert (report.client_id, report.venue_id) == (order.client_id, outcome.venue_id)
    assert (report.event, report.filled, report.amount, report.price) == (OrderEvent.ACCEPTED, D(0), D(20), D("0.4"))
    assert (report.side, report.symbol, report.reduce_only) == (Side.BUY, order.symbol, False)


async def test_order_that_never_was_is_not_known(driver: Driver) -> None:
    assert await driver.gateway.order(an_order(driver, Side.BUY, "20", "0.4")) is None


async def test_market_order_fills_at_the_books_prices_with_a_takers_fee(driver: Driver) -> None:
    await driver.show(a_book(amount="100"))
    order = an_order(driver, Side.BUY, "150")
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, Accepted)
    report = await driver.gateway.order(order)
    assert report is not None
    assert (report.event, report.filled) == (OrderEvent.FILLED, D(150))
    fills = await driver.gateway.order_fills(order)
    assert [(fill.price, fill.amount) for fill in fills] == [(D("0.5001"), D(100)), (D("0.5002"), D(50))]
    assert sum(fee_of(fill) for fill in fills) == (D("50.01") + D("25.01")) * D("0.0006")
    assert {(fill.client_id, fill.maker) for fill in fills} == {(order.client_id, False)}


async def test_post_only_order_that_would_take_never_takes(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.5001", time_in_force=TimeInForce.POST_ONLY)
    (outcome,) = await place(driver, order)
    if isinstance(outcome, Accepted):
        # Some venues accept first and end the order at once.
        report = await driver.gateway.order(order)
        assert report is not None
        assert report.event in (OrderEvent.CANCELED, OrderEvent.EXPIRED, OrderEvent.REFUSED)
    else:
        assert is_refused(driver, outcome, "post_only_would_take")
    assert driver.truth.fills() == []


async def test_post_only_order_that_would_not_take_rests(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.5", time_in_force=TimeInForce.POST_ONLY)
    (outcome,) = await place(driver, order)
    assert isinstance(outcome, Accepted)
    assert len(driver.truth.open_orders()) == 1


async def test_immediate_or_cancel_takes_what_is_there_and_ends(driver: Driver) -> None:
    await driver.show(a_book(amount="30", levels=1))
    order = an_order(driver, Side.BUY, "50", "0.5001", time_in_force=TimeInForce.IOC)
    await place(driver, order)
    report = await driver.gateway.order(order)
    assert report is not None
    assert report.event in (OrderEvent.CANCELED, OrderEvent.EXPIRED)
    assert report.filled == D(30)


@pytest.mark.parametrize(
    ("amount", "price", "reason"),
    [("5", "0.4", "below_min_cost"), ("900000", "0.4", "insufficient_funds")],
)
async def test_refusals_say_why_and_leave_nothing(driver: Driver, amount: str, price: str, reason: str) -> None:
    order = an_order(driver, Side.BUY, amount, price)
    (outcome,) = await place(driver, order)
    assert is_refused(driver, outcome, reason)
    assert times_at_venue(driver, order) == 0


async def test_reduce_only_without_a_position_is_refused(driver: Driver) -> None:
    needs_positions(driver)
    (outcome,) = await place(driver, an_order(driver, Side.SELL, "20", "0.6", reduce_only=True))
    assert is_refused(driver, outcome, "reduce_only")


async def test_reduce_only_order_closes_and_never_turns_the_position(driver: Driver) -> None:
    needs_positions(driver)
    await place(driver, an_order(driver, Side.BUY, "20"))
    take_profit = an_order(driver, Side.SELL, "20", "0.51", reduce_only=True)
    (outcome,) = await place(driver, take_profit)
    assert isinstance(outcome, Accepted)
    await driver.show(a_book("0.5111", "0.5113"))
    report = await driver.gateway.order(take_profit)
    assert report is not None
    assert (report.event, report.filled) == (OrderEvent.FILLED, D(20))
    assert await driver.gateway.positions() == []


async def test_stop_waits_as_a_trigger_and_closes_when_it_is_met(driver: Driver) -> None:
    needs_stops(driver)
    await place(driver, an_order(driver, Side.BUY, "20"))
    stop = an_order(driver, Side.SELL, "20", trigger="0.49", reduce_only=True)
    (outcome,) = await place(driver, stop)
    assert isinstance(outcome, Accepted)
    assert stop.client_id in {report.client_id for report in await driver.gateway.open_orders([stop.symbol])}
    await driver.show(a_book("0.4899", "0.4901"))
    report = await driver.gateway.order(stop)
    assert report is not None
    assert (report.event, report.filled) == (OrderEvent.FILLED, D(20))
    (fill,) = await driver.gateway.order_fills(stop)
    assert (fill.price, fill.amount, fill.client_id) == (D("0.4899"), D(20), stop.client_id)


async def test_stop_on_an_unproven_venue_is_refused_and_nothing_is_sent(driver: Driver) -> None:
    if driver.gateway.capabilities.is_proven:
        pytest.skip("this venue's stops are proven")
    stop = an_order(driver, Side.SELL, "20", trigger="0.49")
    (outcome,) = await place(driver, stop)
    assert isinstance(outcome, Rejected)
    assert times_at_venue(driver, stop) == 0


async def test_waiting_stop_can_be_canceled(driver: Driver) -> None:
    needs_stops(driver)
    await place(driver, an_order(driver, Side.BUY, "20"))
    stop = an_order(driver, Side.SELL, "20", trigger="0.49", reduce_only=True)
    await place(driver, stop)
    (outcome,) = await driver.gateway.cancel([stop])
    assert isinstance(outcome, Accepted)
    report = await driver.gateway.order(stop)
    assert report is not None
    assert report.event is OrderEvent.CANCELED


async def test_batch_answers_each_order_in_its_place_also_when_half_is_refused(driver: Driver) -> None:
    orders = [an_order(driver, Side.BUY, amount, "0.4") for amount in ("20", "5", "21", "6")]
    outcomes = await place(driver, *orders)
    assert [is_refused(driver, outcome) for outcome in outcomes] == [False, True, False, True]
    assert [times_at_venue(driver, order) for order in orders] == [1, 0, 1, 0]
    for order, outcome in zip(orders[::2], outcomes[::2], strict=True):
        report = await driver.gateway.order(order)
        assert isinstance(outcome, Accepted)
        assert report is not None
        assert report.venue_id == outcome.venue_id


async def test_batch_that_is_refused_in_full_says_so(driver: Driver) -> None:
    outcomes = await place(driver, *(an_order(driver, Side.BUY, "5", "0.4") for _ in range(3)))
    assert all(is_refused(driver, outcome) for outcome in outcomes)


async def test_more_orders_than_one_batch_holds_are_all_placed(driver: Driver) -> None:
    orders = [an_order(driver, Side.BUY, "20", f"0.3{number:03}") for number in range(60)]
    outcomes = await place(driver, *orders)
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 60
    assert len(await driver.gateway.open_orders([orders[0].symbol])) == 60


async def test_id_is_taken_once(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.4")
    await place(driver, order)
    (outcome,) = await place(driver, order)
    assert is_refused(driver, outcome, "duplicate_id")
    assert times_at_venue(driver, order) == 1


async def test_canceled_order_is_final_and_in_the_history(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.4")
    await place(driver, order)
    (outcome,) = await driver.gateway.cancel([order])
    assert isinstance(outcome, Accepted)
    assert await driver.gateway.open_orders([order.symbol]) == []
    history = await driver.gateway.order_history(order.symbol, long_ago(driver))
    assert [(report.client_id, report.event) for report in history] == [(order.client_id, OrderEvent.CANCELED)]


async def test_canceling_what_is_unknown_or_finished_is_not_found(driver: Driver) -> None:
    filled, never = an_order(driver, Side.BUY, "20"), an_order(driver, Side.BUY, "20", "0.4")
    resting = an_order(driver, Side.BUY, "20", "0.4")
    await place(driver, filled, resting)
    outcomes = await driver.gateway.cancel([filled, never, resting])
    assert [isinstance(outcome, Accepted) for outcome in outcomes] == [False, False, True]
    if driver.gateway.capabilities.is_proven:
        assert [type(outcome) for outcome in outcomes[:2]] == [Rejected, Rejected]
    # Of an unproven venue a no may stay unclear; either way it is asked what became of the order.
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, Rejected)} == {"not_found"}


async def test_partly_filled_order_tells_its_amount_and_keeps_it_when_canceled(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "50", "0.5")
    await place(driver, order)
    await driver.trade(Side.SELL, D("0.5"), D(30))
    report = await driver.gateway.order(order)
    assert report is not None
    assert (report.event, report.filled) == (OrderEvent.PARTLY_FILLED, D(30))
    await driver.gateway.cancel([order])
    report = await driver.gateway.order(order)
    assert report is not None
    assert (report.event, report.filled) == (OrderEvent.CANCELED, D(30))
    (fill,) = await driver.gateway.order_fills(order)
    assert (fill.amount, fill.maker, fee_of(fill)) == (D(30), True, D(15) * D("0.0002"))


async def test_fills_are_complete_and_oldest_first(driver: Driver) -> None:
    orders = [an_order(driver, Side.BUY, "20") for _ in range(3)]
    for order in orders:
        await place(driver, order)
        await driver.wait()
    fills = await driver.gateway.fills(orders[0].symbol, long_ago(driver))
    assert [fill.trade_id for fill in fills] == [fill.trade_id for fill in driver.truth.fills()]
    assert [fill.venue_order_id for fill in fills] == [
        truth.venue_id for order in orders if (truth := driver.truth.order(client_id=order.client_id))
    ]
    assert await driver.gateway.order_fills(an_order(driver, Side.BUY, "20")) == []


async def test_amended_order_keeps_its_ids(driver: Driver) -> None:
    if driver.gateway.capabilities.amend is not AmendMode.IN_PLACE:
        pytest.skip("this venue does not change orders in place")
    order = an_order(driver, Side.BUY, "20", "0.4")
    (placed,) = await place(driver, order)
    outcome = await driver.gateway.amend(order, target_of(order, price=D("0.41"), amount=D(30)))
    assert isinstance(outcome, Accepted)
    assert isinstance(placed, Accepted)
    assert outcome.venue_id == placed.venue_id
    report = await driver.gateway.order(order)
    assert report is not None
    assert (report.price, report.amount, report.filled) == (D("0.41"), D(30), D(0))


async def test_amend_of_a_finished_order_is_not_found(driver: Driver) -> None:
    if driver.gateway.capabilities.amend is not AmendMode.IN_PLACE:
        pytest.skip("this venue does not change orders in place")
    order = an_order(driver, Side.BUY, "20")
    await place(driver, order)
    outcome = await driver.gateway.amend(order, target_of(an_order(driver, Side.BUY, "30", "0.4")))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "not_found"


def successor_of(driver: Driver, amount: str, price: str) -> tuple[Order, NewOrder]:
    order = an_order(driver, Side.BUY, amount, price)
    return order, NewOrder(order.client_id, order.symbol, target_of(order))


async def test_replaced_order_ends_and_its_successor_rests(driver: Driver) -> None:
    needs_replacing(driver)
    old, (successor, new) = an_order(driver, Side.BUY, "20", "0.4"), successor_of(driver, "30", "0.41")
    await place(driver, old)
    canceled, placed = await driver.gateway.replace(old, new)
    assert isinstance(canceled, Accepted)
    assert isinstance(placed, Accepted)
    [resting] = await driver.gateway.open_orders([old.symbol])
    assert (resting.client_id, resting.price, resting.amount) == (successor.client_id, D("0.41"), D(30))
    ended = await driver.gateway.order(old)
    assert ended is not None
    assert ended.event is OrderEvent.CANCELED


@pytest.mark.parametrize("came", ["a part was filled", "it was filled", "it was canceled", "it never was"])
async def test_only_an_untouched_order_gets_a_successor(driver: Driver, came: str) -> None:
    needs_replacing(driver)
    old, (successor, new) = an_order(driver, Side.BUY, "50", "0.5"), successor_of(driver, "50", "0.4998")
    if came != "it never was":
        await place(driver, old)
    if came == "it was canceled":
        await driver.gateway.cancel([old])
    elif came.endswith("filled"):
        await driver.trade(Side.SELL, D("0.5"), D(20) if came.startswith("a part") else D(50))
    canceled, placed = await driver.gateway.replace(old, new)
    assert isinstance(canceled, Rejected)
    assert isinstance(placed, Rejected)
    assert placed.reason == "not_attempted"
    assert times_at_venue(driver, successor) == 0


async def test_refused_successor_says_why_and_the_old_order_is_gone(driver: Driver) -> None:
    needs_replacing(driver)
    old, (successor, new) = an_order(driver, Side.BUY, "20", "0.4"), successor_of(driver, "900000", "0.4")
    await place(driver, old)
    canceled, placed = await driver.gateway.replace(old, new)
    assert isinstance(canceled, Accepted)
    assert isinstance(placed, Rejected)
    assert placed.reason == "insufficient_funds"
    assert times_at_venue(driver, successor) == 0
    assert await driver.gateway.open_orders([old.symbol]) == []


async def test_resting_order_is_filled_when_the_market_goes_through_it(driver: Driver) -> None:
    order = an_order(driver, Side.BUY, "20", "0.49")
    await place(driver, order)
    await driver.show(a_book("0.4897", "0.4899"))
    await eventually(
        driver,
        lambda: bool((truth := driver.truth.order(client_id=order.client_id)) and truth.status is OrderStatus.FILLED),
        "the order is filled",
    )
    (fill,) = await driver.gateway.order_fills(order)
    assert (fill.price, fill.maker) == (D("0.49"), True)
