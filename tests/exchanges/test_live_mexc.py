"""MEXC's habits, each as the local venue reproduces it, and what the gateway makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import ccxt.pro
import pytest

from tests.venues.faults import FaultKind
from tests.venues.mexc.driver import KEY
from tests.venues.mexc.server import MexcVenue
from tests.venues.spot.both import hearing_book, hearing_private, listening, of, until
from tests.venues.spot.client import SYMBOL, as_order, connected, new_order
from trading.clock import FastClock
from trading.core.instrument import Side
from trading.core.orders import OrderEvent, OrderReport
from trading.exchanges.errors import BadCredentials, Rejected, Unavailable
from trading.exchanges.gateway import Accepted
from trading.exchanges.live.connection import rewritten

D = Decimal
MARKET = "CRVUSDT"
STREAM = "/api/v3/userDataStream"


@pytest.fixture
async def venue() -> AsyncIterator[MexcVenue]:
    async with MexcVenue() as running:
        yield running


@pytest.fixture
async def bare(venue: MexcVenue) -> AsyncIterator[Any]:
    """ccxt's own class, as it comes."""
    exchange = ccxt.pro.mexc({"apiKey": KEY.key, "secret": KEY.secret})
    exchange.urls["api"] = rewritten(exchange.urls["api"], venue.address)
    exchange.timeout_on_exit = 0
    exchange.set_markets(await exchange.fetch_spot_markets())
    yield exchange
    await exchange.close()


# Orders


async def test_answers_to_placing_and_canceling_say_neither_status_nor_client_id(venue: MexcVenue, bare: Any) -> None:
    params = {"clientOrderId": "mg0"}
    placed = await bare.create_order(SYMBOL, "limit", "buy", "20", "0.45", params)
    assert (placed["status"], placed["clientOrderId"]) == (None, None)
    canceled = await bare.cancel_order(None, SYMBOL, params)
    assert (canceled["status"], canceled["clientOrderId"]) == (None, None)
    async with connected("mexc", venue, credentials=KEY) as gateway:
        (outcome,) = await gateway.place([new_order("mg1")])
        assert isinstance(outcome, Accepted)
        assert {"mg1": outcome.venue_id} == {
            order["client_id"]: order["id"] for order in venue.truth()["orders"] if order["status"] == "open"
        }


async def test_a_partly_filled_cancel_has_three_names_and_one_meaning(venue: MexcVenue, bare: Any) -> None:
    assert bare.parse_ws_order_status("5") == "closed"
    assert bare.parse_order_status("PARTIALLY_CANCELED") == "canceled"
    async with connected("mexc", venue, credentials=KEY) as gateway, hearing_private(gateway) as ear:
        order = new_order("mg0", amount="60", price="0.5")
        await gateway.place([order])
        venue.world.trade(MARKET, Side.SELL, D("0.5"), D(20))
        await gateway.cancel([as_order(order)])
        await until(lambda: of(ear, OrderReport) and of(ear, OrderReport)[-1].event is OrderEvent.CANCELED)
        report = await gateway.order(as_order(order))
        assert report is not None
        assert (report.event, report.filled) == (OrderEvent.CANCELED, 20)


async def test_finished_and_unknown_orders_are_refused_alike_and_mean_ask(venue: MexcVenue, bare: Any) -> None:
    async with connected("mexc", venue, credentials=KEY) as gateway:
        await gateway.place([new_order("mg0", price=None)])
        with pytest.raises(ccxt.BadRequest):
            await bare.cancel_order(None, SYMBOL, {"clientOrderId": "mg0"})
        outcomes = await gateway.cancel([as_order(new_order("mg0")), as_order(new_order("mgnever"))])
        assert [(outcome.reason, outcome.code) for outcome in outcomes if isinstance(outcome, Rejected)] == [
            ("not_found", "-2011")
        ] * 2


async def test_an_unknown_order_is_none(venue: MexcVenue, bare: Any) -> None:
    with pytest.raises(ccxt.ExchangeError) as raised:
        await bare.fetch_order(None, SYMBOL, {"clientOrderId": "mgnever"})
    assert type(raised.value) is ccxt.ExchangeError
    async with connected("mexc", venue, credentials=KEY) as gateway:
        assert await gateway.order(as_order(new_order("mgnever"))) is None
        assert await gateway.order_fills(as_order(new_order("mgnever"))) == []


async def test_a_wrong_key_looks_like_a_bad_request_and_is_told_as_what_it_is(venue: MexcVenue, bare: Any) -> None:
    bare.apiKey = "nobody"
    with pytest.raises(ccxt.BadRequest):
        await bare.fetch_balance()
    async with connected("mexc", venue, credentials=type(KEY)("nobody", KEY.secret)) as gateway:
        with pytest.raises(BadCredentials):
            await gateway.account()


async def test_twenty_orders_are_one_request_and_one_question(venue: MexcVenue) -> None:
    async with connected("mexc", venue, credentials=KEY) as gateway:
        outcomes = await gateway.place([new_order(f"mg{number:02}", amount="12") for number in range(20)])
        told = [order["id"] for order in venue.truth()["orders"]]
        assert [outcome.venue_id for outcome in outcomes if isinstance(outcome, Accepted)] == told
        assert venue.requests["POST /api/v3/batchOrders"] == 1
        assert venue.requests["GET /api/v3/openOrders"] == 1


async def test_only_spot_markets_are_asked_for(venue: MexcVenue) -> None:
    async with connected("mexc", venue, credentials=KEY):
        assert set(venue.requests) == {"GET /api/v3/exchangeInfo"}


async def test_the_account_does_not_say_what_the_key_may_do(venue: MexcVenue) -> None:
    async with connected("mexc", venue, credentials=KEY) as gateway:
        await gateway.place([new_order("mg0", amount="100", price="0.4")])
        account = await gateway.account()
        assert (account.can_withdraw, account.total["USDT"]) == (None, 1000)
        assert account.free["USDT"] == D(1000) - 40 * D("1.0006")


async def test_a_clock_that_is_off_is_a_refusal(venue: MexcVenue) -> None:
    venue.fault(FaultKind.CODE, "POST /api/v3/order", code="700003")
    async with connected("mexc", venue, credentials=KEY) as gateway:
        (outcome,) = await gateway.place([new_order("mg0")])
        assert isinstance(outcome, Rejected)
        assert outcome.reason == "other"


# The book


async def test_ccxt_alone_waits_for_26_frames(venue: MexcVenue, bare: Any) -> None:
    waiting = asyncio.ensure_future(bare.watch_order_book(SYMBOL))
    await until(lambda: any(session.topics for session in venue.sockets.sessions))
    for number in range(20):
        venue.world.set_price(MARKET, D("0.5") + D(number + 1) / 1000)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    for number in range(10):
        venue.world.set_price(MARKET, D("0.6") + D(number + 1) / 1000)
    assert (await asyncio.wait_for(waiting, 5))["bids"]


# The listen key


def _keys(venue: MexcVenue) -> tuple[int, int]:
    """How many were made, and how often one was extended."""
    return venue.requests[f"POST {STREAM}"], venue.requests[f"PUT {STREAM}"]


async def test_the_listen_key_is_kept_alive_as_long_as_somebody_listens_and_no_longer(venue: MexcVenue) -> None:
    clock = FastClock(speed=6_000)  # 20 minutes in 0.2 seconds
    async with connected("mexc", venue, credentials=KEY, clock=clock) as gateway:
        async with hearing_private(gateway):
            await until(lambda: _keys(venue)[1] >= 3)
            assert _keys(venue)[0] == 1
        extended = _keys(venue)[1]
        await asyncio.sleep(0.5)
        assert _keys(venue)[1] == extended


async def test_nothing_extends_a_key_after_the_gateway_is_closed(venue: MexcVenue) -> None:
    """ccxt's own timer survives ``close()``; it is never set, for the key is ours."""
    clock = FastClock(speed=6_000)
    async with connected("mexc", venue, credentials=KEY, clock=clock) as gateway, hearing_private(gateway):
        await gateway.close()
        before = _keys(venue)[1]
        await asyncio.sleep(0.5)
        assert _keys(venue)[1] == before
    timers = [handle for handle in asyncio.get_running_loop()._scheduled if "spawn" in repr(handle)]  # type: ignore[attr-defined]
    assert timers == []


async def test_ccxts_own_timer_survives_close(venue: MexcVenue, bare: Any) -> None:
    asyncio.ensure_future(bare.watch_orders()).add_done_callback(lambda done: done.cancelled() or done.exception())
    await until(lambda: any(session.topics for session in venue.sockets.sessions))
    await bare.close()
    timers = [handle for handle in asyncio.get_running_loop()._scheduled if "spawn" in repr(handle)]  # type: ignore[attr-defined]
    assert len(timers) == 1
    timers[0].cancel()


async def test_a_key_that_expired_is_replaced(venue: MexcVenue) -> None:
    """The venue closes the stream after 60 minutes; ccxt alone would dial again with the dead key."""
    async with connected("mexc", venue, credentials=KEY) as gateway:
        async with hearing_private(gateway) as ear:
            venue.jump(timedelta(minutes=61).total_seconds())
            await until(lambda: ear.error)
            assert isinstance(ear.error, Unavailable)
        async with hearing_private(gateway) as ear:
            await gateway.place([new_order("mg0")])
            await until(lambda: of(ear, OrderReport))
        assert _keys(venue)[0] == 2


async def test_ccxt_alone_reuses_a_dead_key(venue: MexcVenue, bare: Any) -> None:
    asyncio.ensure_future(bare.watch_orders()).add_done_callback(lambda done: done.cancelled() or done.exception())
    await until(lambda: any(session.topics for session in venue.sockets.sessions))
    venue.jump(timedelta(minutes=61).total_seconds())
    await asyncio.sleep(0.1)
    with pytest.raises(ccxt.BaseError):
        await asyncio.wait_for(bare.watch_orders(), 5)
    assert _keys(venue)[0] == 1


async def test_a_key_that_is_kept_alive_outlives_the_hour(venue: MexcVenue) -> None:
    clock = FastClock(speed=6_000)
    async with connected("mexc", venue, credentials=KEY, clock=clock) as gateway, hearing_private(gateway) as ear:
        for _ in range(3):
            before = _keys(venue)[1]
            await until(lambda before=before: _keys(venue)[1] > before)  # type: ignore[misc]
            venue.jump(timedelta(minutes=40).total_seconds())
        await gateway.place([new_order("mg0")])
        await until(lambda: of(ear, OrderReport))
        assert ear.error is None
        assert _keys(venue)[0] == 1


async def test_a_key_that_cannot_be_extended_for_an_hour_ends_the_stream(venue: MexcVenue) -> None:
    clock = FastClock(speed=6_000)
    async with connected("mexc", venue, credentials=KEY, clock=clock) as gateway, hearing_private(gateway) as ear:
        venue.fault(FaultKind.CODE, f"PUT {STREAM}", count=10_000, code="730002")
        await until(lambda: ear.error, 10)
        assert isinstance(ear.error, Unavailable)


async def test_a_key_that_cannot_be_made_is_unavailable(venue: MexcVenue) -> None:
    async with connected("mexc", venue, credentials=KEY) as gateway:
        venue.fault(FaultKind.BAD_GATEWAY, f"POST {STREAM}", count=20)
        async with listening(gateway.watch_private([SYMBOL])) as ear:
            await until(lambda: ear.error)
            assert isinstance(ear.error, Unavailable)
        venue.faults.clear()
        async with hearing_private(gateway), hearing_book(gateway):
            pass
