"""Calls to a venue as they are measured: by name, without the wait for the budget, refusals apart from failures."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.clocks import ManualClock
from tests.venues.bitget.client import SYMBOL, as_order, connected, new_order
from tests.venues.bitget.server import BitgetVenue
from tests.venues.faults import FaultKind
from trading.exchanges.errors import Rejected, VenueError
from trading.exchanges.gateway import Accepted
from trading.exchanges.limiter import Limiter, Priority
from trading.metering import CallFigures, Meter


@pytest.fixture
async def venue() -> AsyncIterator[BitgetVenue]:
    async with BitgetVenue() as running:
        yield running


def by_name(meter: Meter) -> dict[str, CallFigures]:
    return {each.call: each for each in meter.calls()}


async def test_each_call_has_its_name_its_count_and_its_time(venue: BitgetVenue) -> None:
    meter = Meter()
    async with connected(venue, meter=meter) as gateway:
        await gateway.book(SYMBOL)
        await gateway.book(SYMBOL)
        order = new_order("mgaaaa0000000000001")
        [placed] = await gateway.place([order])
        assert isinstance(placed, Accepted)
        await gateway.cancel([as_order(order)])
        found = by_name(meter)
        assert found["book"].venue == "bitget"
        assert (found["book"].count, found["place"].count, found["cancel"].count) == (2, 1, 1)
        assert found["markets"].count >= 1
        assert all(0 < each.latency.p50 < 5 for each in found.values())
        assert all(each.failed == 0 for each in found.values())


async def test_a_refusal_is_an_answer_and_a_broken_line_is_a_failure(venue: BitgetVenue) -> None:
    meter = Meter()
    async with connected(venue, meter=meter) as gateway:
        [refused] = await gateway.place([new_order("mgaaaa0000000000002", amount="100000000")])
        assert isinstance(refused, Rejected)
        assert by_name(meter)["place"].failed == 0
        venue.fault(FaultKind.DROP_BEFORE, "place-order")
        [lost] = await gateway.place([new_order("mgaaaa0000000000003")])
        assert isinstance(lost, VenueError)
        assert (by_name(meter)["place"].count, by_name(meter)["place"].failed) == (2, 1)


async def test_a_gateway_tells_how_much_of_its_budget_is_in_use(venue: BitgetVenue) -> None:
    async with connected(venue, limiter=Limiter(ManualClock(), rate=1000)) as gateway:
        before = gateway.budgets()["rest"].spent
        await gateway.book(SYMBOL)
        rest = gateway.budgets()["rest"]
        assert rest.spent > before
        assert rest.used_share == rest.spent / 1000


async def test_what_was_sent_a_minute_ago_is_not_in_use_any_more() -> None:
    clock = ManualClock()
    limiter = Limiter(clock, rate=60, burst=20)
    for weight in (1.0, 2.5):
        async with limiter.turn(Priority.WRITE, weight=weight):
            pass
        await clock.advance(40)
    assert limiter.figures().spent == 2.5
    await clock.advance(20)
    assert limiter.figures().spent == 0
