"""Binance's habits with orders, each as the local venue reproduces it, and what the gateway makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.venues.binance.client import KEY, MARKET, SYMBOL, as_order, connected, new_order, take_down
from tests.venues.binance.server import BinanceVenue
from tests.venues.faults import FaultKind
from trading.core.orders import OrderEvent, OrderStatus, TimeInForce
from trading.exchanges.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled
from trading.exchanges.gateway import Accepted
from trading.exchanges.venues import Credentials

D = Decimal


@pytest.fixture
async def venue() -> AsyncIterator[BinanceVenue]:
    async with BinanceVenue() as running:
        yield running


# Words


async def test_orders_are_said_as_the_venue_wants_them(venue: BinanceVenue) -> None:
    """The venue refuses stray parameters (-1104) and the words PO and postOnly; it takes LIMIT_MAKER."""
    async with connected(venue) as gateway:
        maker = new_order("mgmaker", time_in_force=TimeInForce.POST_ONLY)
        (placed,) = await gateway.place([maker])
        assert isinstance(placed, Accepted)
        assert placed.report is not None
        assert (placed.report.client_id, placed.report.event) == ("mgmaker", OrderEvent.ACCEPTED)
        (taking,) = await gateway.place([new_order("mgtakes", price="62000", time_in_force=TimeInForce.POST_ONLY)])
        assert isinstance(taking, Rejected)
        assert (taking.reason, taking.code) == ("post_only_would_take", "-2010")


@pytest.mark.parametrize(
    ("order", "reason", "code"),
    [
        (new_order("mg0", amount="0.00002"), "below_min_cost", "-1013"),
        (new_order("mg0", amount="0.0010001"), "invalid_order", "-1013"),
        (new_order("mg0", price="61000.001"), "invalid_order", "-1013"),
        (new_order("mg0", amount="1"), "insufficient_funds", "-2010"),
        (new_order("mg0", symbol="NOPE/USDT"), "invalid_order", ""),
    ],
)
async def test_refusals_are_read_from_the_code_and_the_sentence(
    venue: BinanceVenue, order: object, reason: str, code: str
) -> None:
    async with connected(venue) as gateway:
        (outcome,) = await gateway.place([order])  # type: ignore[list-item]
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.code) == (reason, code)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (FaultKind.CODE, "-2015", BadCredentials),
        (FaultKind.CODE, "-1022", BadCredentials),
        (FaultKind.CODE, "-1021", Rejected),
        (FaultKind.CODE, "-1015", Throttled),
        (FaultKind.CODE, "-1007", OutcomeUnknown),
        (FaultKind.CODE, "-1000", OutcomeUnknown),
        (FaultKind.CODE, "-9999", OutcomeUnknown),
        (FaultKind.GATEWAY_TIMEOUT, "", OutcomeUnknown),
        (FaultKind.OK_HTML, "", OutcomeUnknown),
        (FaultKind.NO_ID, "", OutcomeUnknown),
        (FaultKind.UNAVAILABLE, "", OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("by_rest", [False, True])
async def test_an_answer_to_an_order_means_the_same_at_both_doors(
    venue: BinanceVenue, kind: FaultKind, code: str, expected: type[Exception], by_rest: bool
) -> None:
    async with connected(venue) as gateway:
        if by_rest:
            await take_down(venue, gateway)
        venue.fault(kind, "POST /api/v3/order" if by_rest else "order.place", code=code)
        (outcome,) = await gateway.place([new_order("mg0")])
        assert type(outcome) is expected


async def test_a_refused_key_is_told_also_after_it_has_worked(venue: BinanceVenue) -> None:
    """ccxt takes -2015 after a success for a ban (DDoSProtection)."""
    async with connected(venue) as gateway:
        await gateway.account()
        del venue.world.accounts["bn-key"]
        with pytest.raises(BadCredentials):
            await gateway.account()
    async with connected(venue, credentials=Credentials("bn-key-2", "wrong")) as gateway:
        with pytest.raises(BadCredentials):
            await gateway.account()


async def test_a_clock_that_is_off_is_refused_before_anything_happens(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        venue.world.clock_ahead = 6_000
        (outcome,) = await gateway.place([new_order("mglate")])
        assert isinstance(outcome, Rejected)
        assert outcome.code == "-1021"
        assert venue.truth()["orders"] == []


async def test_a_throttled_order_waits_as_long_as_told(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        venue.fault(FaultKind.TOO_MANY, "order.place", seconds=30)
        (outcome,) = await gateway.place([new_order("mg0")])
        assert isinstance(outcome, Throttled)
        assert 25 < outcome.retry_after <= 30


# Orders


async def test_a_client_id_is_refused_while_its_order_is_open_and_free_afterwards(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        order = new_order("mgtwice")
        (first,) = await gateway.place([order])
        (again,) = await gateway.place([order])
        assert isinstance(first, Accepted)
        assert isinstance(again, Rejected)
        assert again.reason == "duplicate_id"
        await gateway.cancel([as_order(order)])
        (third,) = await gateway.place([order])
        assert isinstance(third, Accepted)
        report = await gateway.order(as_order(order))
        assert report is not None
        assert (report.venue_id, report.event) == (third.venue_id, OrderEvent.ACCEPTED)


async def test_a_cancel_answers_under_its_own_id_and_is_told_under_the_orders(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        order = new_order("mggone")
        (placed,) = await gateway.place([order])
        (canceled,) = await gateway.cancel([as_order(order)])
        assert isinstance(placed, Accepted)
        assert isinstance(canceled, Accepted)
        assert canceled.venue_id == placed.venue_id
        assert canceled.report is not None
        assert (canceled.report.client_id, canceled.report.event) == ("mggone", OrderEvent.CANCELED)
        (again,) = await gateway.cancel([as_order(order)])
        assert isinstance(again, Rejected)
        assert (again.reason, again.code) == ("not_found", "-2011")


async def test_an_order_never_meets_our_own(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mgbid", price="61836.995".replace("5", ""), amount="0.001")])
        best = new_order("mgown", price="61837", amount="0.001")
        await gateway.place([best])
        (met,) = await gateway.place([new_order("mgmeets", "sell", price="61837", amount="0.001")])
        assert isinstance(met, Accepted)
        assert met.report is not None
        assert (met.report.event, met.report.reason) == (OrderEvent.EXPIRED, "self_trade")
        assert venue.truth()["fills"] == []
        report = await gateway.order(as_order(new_order("mgmeets")))
        assert report is not None
        assert report.event is OrderEvent.EXPIRED


async def test_balances_are_there_although_ccxts_own_request_over_the_socket_is_empty(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mglocks", price="60000", amount="0.1")])
        account = await gateway.account()
        assert (account.total["USDT"], account.free["USDT"]) == (10_000, 4_000)


async def test_open_orders_of_many_markets_are_asked_in_one(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        orders = [new_order("mgbtc"), new_order("mgeth", price="2000", amount="0.01", symbol="ETH/USDT")]
        await gateway.place(orders)
        few = await gateway.open_orders([SYMBOL, "ETH/USDT"])
        assert {report.client_id for report in few} == {"mgbtc", "mgeth"}
        assert venue.sockets.requests["openOrders.status"] == 2
        many = await gateway.open_orders([SYMBOL, *(f"X{number}/USDT" for number in range(20))])
        assert [report.client_id for report in many] == ["mgbtc"]
        assert venue.sockets.requests["openOrders.status"] == 3


async def test_histories_are_read_to_the_end(venue: BinanceVenue) -> None:
    venue.world.orders_per_ten_seconds = 10_000
    async with connected(venue) as gateway:
        account = venue.world.accounts[KEY.key]
        for number in range(1_010):
            name, order = f"mg{number}", new_order(f"mg{number}", price=None, amount="0.0001").target
            account.exchange.place(
                client_id=name,
                symbol=SYMBOL,
                side=order.side,
                type=order.type,
                amount=order.amount,
                now=venue.world.now(),
            )
        since = datetime.now(UTC) - timedelta(days=3)
        fills = await gateway.fills(SYMBOL, since)
        assert [fill.trade_id for fill in fills] == [fill["id"] for fill in venue.truth()["fills"]]
        assert len(fills) > 1_000
        history = await gateway.order_history(SYMBOL, since)
        assert {report.client_id for report in history} == {order["client_id"] for order in venue.truth()["orders"]}


# Replacing


async def test_a_replaced_order_is_gone_and_its_successor_rests(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mgold")])
        canceled, placed = await gateway.replace(as_order(new_order("mgold")), new_order("mgnew", price="60500"))
        assert isinstance(canceled, Accepted)
        assert canceled.report is not None
        assert canceled.report.event is OrderEvent.CANCELED
        assert isinstance(placed, Accepted)
        states = {order["client_id"]: order["status"] for order in venue.truth()["orders"]}
        assert states == {"mgold": OrderStatus.CANCELED, "mgnew": OrderStatus.OPEN}


async def test_an_order_that_has_begun_to_fill_is_not_replaced(venue: BinanceVenue) -> None:
    """The venue would place the whole amount again, whatever was filled meanwhile: ONLY_NEW."""
    async with connected(venue) as gateway:
        old = new_order("mgold", price="61836.99", amount="0.1")
        venue.world.show(MARKET, [], venue.world.books[MARKET].asks)
        await gateway.place([old])
        venue.world.trade(MARKET, old.target.side.opposite, D("61836.99"), D("0.04"))
        canceled, placed = await gateway.replace(as_order(old), new_order("mgnew", price="61000", amount="0.1"))
        assert isinstance(canceled, Rejected)
        assert canceled.code == "-2011"
        assert isinstance(placed, Rejected)
        assert [order["client_id"] for order in venue.truth()["orders"]] == ["mgold"]


async def test_an_order_that_is_gone_is_not_replaced(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        canceled, placed = await gateway.replace(as_order(new_order("mgnever")), new_order("mgnew"))
        assert isinstance(canceled, Rejected)
        assert canceled.reason == "not_found"
        assert isinstance(placed, Rejected)
        assert venue.truth()["orders"] == []


async def test_a_refused_successor_leaves_the_cancel_done_and_says_both(venue: BinanceVenue) -> None:
    """-2021 hides the truth in its data."""
    async with connected(venue) as gateway:
        await gateway.place([new_order("mgold")])
        canceled, placed = await gateway.replace(as_order(new_order("mgold")), new_order("mgnew", amount="5"))
        assert isinstance(canceled, Accepted)
        assert isinstance(placed, Rejected)
        assert placed.reason == "insufficient_funds"


@pytest.mark.parametrize("fault", [FaultKind.DROP_AFTER_ACCEPT, FaultKind.EMPTY, FaultKind.GATEWAY_TIMEOUT])
async def test_a_replace_without_an_answer_leaves_both_unknown(venue: BinanceVenue, fault: FaultKind) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mgold")])
        venue.fault(fault, "order.cancelReplace")
        outcomes = await gateway.replace(as_order(new_order("mgold")), new_order("mgnew"))
        assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, OutcomeUnknown]
