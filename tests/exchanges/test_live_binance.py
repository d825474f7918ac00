"""Binance's habits, each as the local venue reproduces it, and what the gateway makes of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.venues.binance.client import MARKET, SYMBOL, as_order, connected, new_order, take_down
from tests.venues.binance.server import BinanceVenue
from tests.venues.faults import FaultKind
from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.core.orders import OrderEvent
from trading.exchanges.errors import NotSent, OutcomeUnknown, Rejected, Unavailable
from trading.exchanges.gateway import Accepted
from trading.exchanges.live import live_gateway
from trading.exchanges.venues import venue as known_venue

D = Decimal
AN_HOUR_AGO = timedelta(hours=1)


@pytest.fixture
async def venue() -> AsyncIterator[BinanceVenue]:
    async with BinanceVenue() as running:
        yield running


# What is known of it


async def test_markets_are_read_exactly_with_the_accounts_own_fees(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        assert set(gateway.instruments()) == {"BTC/USDT", "ETH/BTC", "ETH/USDT", "CRV/USDT"}
        btc = gateway.instruments()[SYMBOL]
        assert (btc.price_tick, btc.amount_step, btc.min_cost, btc.kind) == (
            D("0.01"),
            D("0.00001"),
            5,
            MarketKind.SPOT,
        )
        assert (btc.maker_fee, btc.taker_fee) == (D("0.0002"), D("0.0006"))
        able = gateway.capabilities
        assert (able.amend, able.place_batch, able.cancel_batch) == (AmendMode.REPLACE, 1, 1)
        assert not able.open_orders_need_symbol
        assert not able.has_positions
        assert able.receive_window >= timedelta(seconds=5)
        assert [field.name for field in known_venue("binance").fields] == ["key", "secret"]


async def test_without_a_key_the_venues_usual_fees_hold(venue: BinanceVenue) -> None:
    async with connected(venue, credentials=None) as gateway:
        assert gateway.instruments()[SYMBOL].taker_fee == D("0.001")
        assert (await gateway.book(SYMBOL)).bid is not None


@pytest.mark.parametrize("able", [True, False])
async def test_whether_a_key_may_withdraw_is_the_keys_own_word_not_the_accounts(
    venue: BinanceVenue, able: bool
) -> None:
    venue.world.accounts["bn-key"].can_withdraw_by_key = able
    async with connected(venue) as gateway:
        assert (await gateway.account()).can_withdraw is able


async def test_a_key_that_cannot_ask_about_itself_is_used_all_the_same(venue: BinanceVenue) -> None:
    venue.fault(FaultKind.CODE, "apiRestrictions", code="-2015", count=9)
    async with connected(venue) as gateway:
        assert (await gateway.account()).can_withdraw is None


# Sockets only


async def test_after_the_start_nothing_goes_by_rest(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        before = dict(venue.requests)
        books = gateway.watch_book(SYMBOL)
        await anext(books)
        events = gateway.watch_private([SYMBOL])
        await anext(events)
        first, second = new_order("mgfirst"), new_order("mgsecond", price="60000")
        (placed,) = await gateway.place([first])
        assert isinstance(placed, Accepted)
        await gateway.order(as_order(first))
        await gateway.replace(as_order(first), second)
        await gateway.cancel([as_order(second)])
        await gateway.place([new_order("mgtaker", price=None)])
        await gateway.order_fills(as_order(new_order("mgtaker")))
        since = datetime.now(UTC) - AN_HOUR_AGO
        await gateway.fills(SYMBOL, since)
        await gateway.order_history(SYMBOL, since)
        await gateway.open_orders([SYMBOL])
        await gateway.account()
        await gateway.book(SYMBOL)
        changed = asyncio.ensure_future(anext(books))
        await asyncio.sleep(0)
        venue.world.set_price(MARKET, D(61_900))
        assert (await changed).bid == D("61899.99")
        await anext(events)
        for stream in (books, events):
            await stream.aclose()  # type: ignore[attr-defined]
        assert dict(venue.requests) == before
        assert gateway.detours == 0
        asked = venue.sockets.requests
        assert asked["depth"] == 2  # the stream's snapshot and the book
        assert (asked["order.place"], asked["order.cancelReplace"], asked["order.cancel"]) == (2, 1, 1)


async def test_while_the_order_socket_is_down_requests_go_by_rest_and_that_is_said(
    venue: BinanceVenue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with connected(venue) as gateway:
        await take_down(venue, gateway)
        order = new_order("mgrest")
        (placed,) = await gateway.place([order])
        assert isinstance(placed, Accepted)
        report = await gateway.order(as_order(order))
        assert report is not None
        assert report.event is OrderEvent.ACCEPTED
        (canceled,) = await gateway.cancel([as_order(order)])
        assert isinstance(canceled, Accepted)
        assert gateway.detours == 3
        assert venue.requests["POST /api/v3/order"] == venue.requests["DELETE /api/v3/order"] == 1
        assert sum("down: requests go by REST" in record.message for record in caplog.records) == 1
        refusals = await gateway.place([new_order("mgpoor", amount="5"), new_order("mgsmall", amount="0.00002")])
        assert [refused.reason for refused in refusals if isinstance(refused, Rejected)] == [
            "insufficient_funds",
            "below_min_cost",
        ]
        venue.sockets.refuse.clear()
        gateway._wire.exchange.ws_dial_backoff.clear()
        await gateway.account()
        assert any("order socket is back" in record.message for record in caplog.records)


async def test_an_order_that_may_have_left_is_never_sent_again_by_rest(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        venue.fault(FaultKind.DROP_AFTER_ACCEPT, "order.place")
        (outcome,) = await gateway.place([new_order("mgonce")])
        assert isinstance(outcome, OutcomeUnknown)
        assert venue.requests["POST /api/v3/order"] == 0
        assert len(venue.truth()["orders"]) == 1


async def test_with_neither_socket_nor_rest_nothing_is_sent(venue: BinanceVenue) -> None:
    async with connected(venue) as gateway:
        await venue.stop()
        (outcome,) = await gateway.place([new_order("mgnowhere")])
        assert isinstance(outcome, NotSent)
        with pytest.raises(Unavailable):
            await gateway.account()


async def test_an_answer_that_never_comes_has_our_own_deadline(venue: BinanceVenue) -> None:
    async with connected(venue, request_seconds=0.3) as gateway:
        venue.sockets.silent.add("api")
        (outcome,) = await gateway.place([new_order("mgsilent")])
        assert isinstance(outcome, OutcomeUnknown)
        venue.sockets.silent.clear()
        # The silent socket was given up: the next question dials anew.
        report = await gateway.order(as_order(new_order("mgsilent")))
        assert report is not None
        assert report.event is OrderEvent.ACCEPTED


async def test_orders_have_a_budget_of_their_own(venue: BinanceVenue) -> None:
    async with connected(venue, order_limiter=None) as gateway:
        figures = gateway._wire.orders.limiter.figures()
        assert figures.rate > gateway.limiter.figures().rate / 100
        # 100 new orders in ten seconds are the venue's limit: a burst and ten seconds of refilling stay below it.
        assert figures.tokens / 6 + 10 * (figures.rate - 60) / 60 / 6 < 100


def test_every_address_is_moved() -> None:
    gateway = live_gateway("binance", None, kind=MarketKind.SPOT, address="http://127.0.0.1:9")
    assert gateway._wire.exchange.api_address == "ws://127.0.0.1:9/ws-api/v3"
