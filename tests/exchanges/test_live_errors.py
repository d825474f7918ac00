"""What each fault on the way to the venue means to the caller: the table of what ccxt raises, row by row."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import ccxt
import pytest

from tests.venues.bitget.client import KEY, SYMBOL, as_order, connected, new_order
from tests.venues.bitget.server import BitgetVenue
from tests.venues.faults import FaultKind
from trading.core.instrument import MarketKind
from trading.exchanges.errors import (
    BadCredentials,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    VenueError,
)
from trading.exchanges.gateway import Accepted
from trading.exchanges.live import live_gateway
from trading.exchanges.live.profiles import BITGET_PERPETUAL, Profile
from trading.exchanges.live.translation import translated
from trading.exchanges.venues import Credentials

PLACE = "place-order"


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        yield running


# What a fault does to a write, and whether the order exists afterwards.
WRITES = [
    (FaultKind.DROP_BEFORE, OutcomeUnknown, False),
    (FaultKind.DROP_AFTER_ACCEPT, OutcomeUnknown, True),
    (FaultKind.INTERNAL, OutcomeUnknown, False),
    (FaultKind.BAD_GATEWAY, OutcomeUnknown, False),
    (FaultKind.UNAVAILABLE, OutcomeUnknown, False),
    (FaultKind.FORBIDDEN, OutcomeUnknown, False),
    (FaultKind.GATEWAY_TIMEOUT, OutcomeUnknown, True),
    (FaultKind.CUT_BODY, OutcomeUnknown, True),
    (FaultKind.OK_HTML, OutcomeUnknown, True),
    (FaultKind.CUT_JSON, OutcomeUnknown, True),
    (FaultKind.EMPTY, OutcomeUnknown, True),
    (FaultKind.EMPTY_OBJECT, OutcomeUnknown, True),
    (FaultKind.NO_ID, OutcomeUnknown, True),
    (FaultKind.CODE, OutcomeUnknown, False),
    (FaultKind.TOO_MANY, Throttled, False),
]


@pytest.mark.parametrize(("kind", "meaning", "arrived"), WRITES)
@pytest.mark.parametrize("size", [1, 3])
async def test_a_fault_on_placing(
    venue: BitgetVenue, kind: FaultKind, meaning: type[VenueError], arrived: bool, size: int
) -> None:
    venue.fault(kind, PLACE)
    async with connected(venue) as gateway:
        orders = [new_order(f"mgfault{number}") for number in range(size)]
        outcomes = await gateway.place(orders)
        assert [type(outcome) for outcome in outcomes] == [meaning] * size
        assert len(venue.truth()["orders"]) == (size if arrived else 0)
        found = [await gateway.order(as_order(order)) is not None for order in orders]
        assert found == [arrived] * size


@pytest.mark.parametrize(("kind", "meaning", "arrived"), WRITES)
async def test_a_fault_on_canceling(
    venue: BitgetVenue, kind: FaultKind, meaning: type[VenueError], arrived: bool
) -> None:
    async with connected(venue) as gateway:
        orders = [new_order("mga"), new_order("mgb")]
        await gateway.place(orders)
        venue.fault(kind, "cancel", count=2)
        single = await gateway.cancel([as_order(orders[0])])
        batch = await gateway.cancel([as_order(order) for order in orders])
        assert {type(outcome) for outcome in [*single, *batch]} == {meaning}
        states = {order["status"] for order in venue.truth()["orders"]}
        assert states == ({"canceled"} if arrived else {"open"})


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.DROP_BEFORE,
        FaultKind.INTERNAL,
        FaultKind.BAD_GATEWAY,
        FaultKind.GATEWAY_TIMEOUT,
        FaultKind.CUT_BODY,
        FaultKind.OK_HTML,
        FaultKind.CUT_JSON,
        FaultKind.EMPTY,
        FaultKind.EMPTY_OBJECT,
        FaultKind.CODE,
    ],
)
async def test_a_broken_answer_is_never_read_as_an_empty_list(venue: BitgetVenue, kind: FaultKind) -> None:
    async with connected(venue) as gateway:
        await gateway.place([new_order("mgopen"), new_order("mghold", price=None)])
        venue.fault(kind, "/api/", count=1000)
        for read in (
            gateway.open_orders([SYMBOL]),
            gateway.positions(),
            gateway.account(),
            gateway.order(as_order(new_order("mgopen"))),
            gateway.book(SYMBOL),
            gateway.tickers(),
        ):
            with pytest.raises(Unavailable):
                await read


async def test_a_read_survives_two_broken_answers(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        venue.fault(FaultKind.OK_HTML, "all-position", count=2)
        assert await gateway.positions() == []


async def test_no_answer_in_time_is_unknown_for_an_order_and_unavailable_for_a_question(venue: BitgetVenue) -> None:
    async with connected(venue, request_seconds=0.3) as gateway:
        venue.fault(FaultKind.DELAY_ANSWER, PLACE, seconds=1)
        (outcome,) = await gateway.place([new_order("mgslow")])
        assert isinstance(outcome, OutcomeUnknown)
        venue.fault(FaultKind.DELAY, "all-position", seconds=1, count=3)
        with pytest.raises(Unavailable):
            await gateway.positions()
        assert await gateway.order(as_order(new_order("mgslow"))) is not None


async def test_nothing_left_when_nobody_listens(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await venue.stop()
        with pytest.raises(Unavailable):
            await gateway.positions()
        (outcome,) = await gateway.place([new_order("mgnobody")])
        assert isinstance(outcome, NotSent)


async def test_nothing_left_when_the_name_does_not_resolve(venue: BitgetVenue) -> None:
    error = ccxt.ExchangeNotAvailable("bitget POST https://nowhere.invalid/")
    error.__cause__ = socket.gaierror(-2, "Name or service not known")
    with pytest.raises(NotSent), translated(BITGET_PERPETUAL, write=True):
        raise error


async def test_a_closed_gateway_sends_nothing(venue: BitgetVenue) -> None:
    async with connected(venue) as gateway:
        await gateway.close()
        (outcome,) = await gateway.place([new_order("mgclosed")])
        assert isinstance(outcome, NotSent)
    assert venue.truth()["orders"] == []


async def test_a_refusal_for_rate_says_how_long_to_wait(venue: BitgetVenue) -> None:
    venue.fault(FaultKind.TOO_MANY, PLACE, seconds=7)
    async with connected(venue) as gateway:
        (outcome,) = await gateway.place([new_order("mgmany")])
        assert isinstance(outcome, Throttled)
        assert outcome.retry_after == 7
        assert gateway.limiter.figures().rate == 50_000


@pytest.mark.parametrize(
    "wrong",
    [
        Credentials("nobody", "bg-secret", "bg-pass"),
        Credentials("bg-key", "wrong", "bg-pass"),
        Credentials("bg-key", "bg-secret", "wrong"),
    ],
)
async def test_a_wrong_key_is_told_and_never_shown(venue: BitgetVenue, wrong: Credentials) -> None:
    async with connected(venue, credentials=wrong) as gateway:
        (outcome,) = await gateway.place([new_order("mgwrong")])
        assert isinstance(outcome, BadCredentials)
        with pytest.raises(BadCredentials) as told:
            await gateway.account()
        for text in (str(outcome), str(told.value)):
            assert not any(part in text for part in ("bg-secret", "bg-pass", "wrong", "http", "ACCESS-SIGN:"))
        assert "secret" not in repr(wrong)


@pytest.mark.parametrize(
    ("order", "reason", "code"),
    [
        (new_order("mgr", amount="1"), "below_min_cost", "45110"),
        (new_order("mgr", amount="20.01"), "invalid_order", "40808"),
        (new_order("mgr", price="0.45001"), "invalid_order", "45115"),
        (new_order("mgr", amount="900000"), "insufficient_funds", "40762"),
        (new_order("mgr", "sell", price="0.6", reduce_only=True), "reduce_only", "22002"),
    ],
)
@pytest.mark.parametrize("company", [0, 1])
async def test_a_refusal_is_proven_by_its_code(
    venue: BitgetVenue, order: object, reason: str, code: str, company: int
) -> None:
    async with connected(venue) as gateway:
        others = [new_order(f"mgother{number}") for number in range(company)]
        outcomes = await gateway.place([*others, order])  # type: ignore[list-item]
        refused = outcomes[-1]
        assert isinstance(refused, Rejected)
        assert (refused.reason, refused.code) == (reason, code)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes[:-1])


async def test_a_code_that_is_not_listed_proves_nothing(venue: BitgetVenue) -> None:
    """40015 comes for a duplicate id as well as for a venue in trouble."""
    venue.fault(FaultKind.CODE, PLACE, code="40015")
    venue.fault(FaultKind.CODE, PLACE, code="40710")
    async with connected(venue) as gateway:
        for number in range(2):
            (outcome,) = await gateway.place([new_order(f"mgcode{number}")])
            assert isinstance(outcome, OutcomeUnknown)


@pytest.mark.parametrize(
    "raised",
    [
        ccxt.InvalidOrder("x"),
        ccxt.InsufficientFunds("x"),
        ccxt.BadRequest("x"),
        ccxt.OperationFailed("x"),
        ccxt.NetworkError("x"),
        ccxt.BadResponse("x"),
        ccxt.NullResponse("x"),
        ccxt.CancelPending("x"),
        ccxt.OrderNotFound("x"),
        ccxt.ExchangeError("x"),
        ValueError("x"),
        KeyError("x"),
    ],
)
def test_a_class_without_a_code_proves_nothing(raised: Exception) -> None:
    for profile in (BITGET_PERPETUAL, Profile(kind=MarketKind.SPOT)):
        with pytest.raises(OutcomeUnknown) as told, translated(profile, write=True):
            raise raised
        assert told.value.__cause__ is raised
        with pytest.raises(Unavailable), translated(profile, write=False):
            raise raised


def test_what_is_told_holds_no_address_and_no_body() -> None:
    text = 'bitget POST https://api.bitget.com/api/v2?sign=abc 400 {"code":"45110","msg":"see https://x.y/z?k=1"}'
    with pytest.raises(Rejected) as told, translated(BITGET_PERPETUAL, write=True):
        raise ccxt.InvalidOrder(text)
    assert told.value.reason == "below_min_cost"
    assert "http" not in str(told.value)
    assert "sign" not in str(told.value)


async def test_a_canceled_caller_leaves_the_gateway_usable(venue: BitgetVenue) -> None:
    venue.fault(FaultKind.DELAY, PLACE, seconds=0.3)
    async with connected(venue) as gateway:
        placing = asyncio.create_task(_place(gateway))
        await asyncio.sleep(0.1)
        placing.cancel()
        await asyncio.gather(placing, return_exceptions=True)
        assert gateway.limiter.figures().in_use == 0
        (outcome,) = await gateway.place([new_order("mgafter")])
        assert isinstance(outcome, Accepted)


async def _place(gateway: object) -> None:
    await gateway.place([new_order("mggone")])  # type: ignore[attr-defined]


async def test_an_unknown_venue_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        live_gateway("nowhere", KEY)
