"""What the process measures of itself."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from trading.metering import WINDOW, Meter, naming, spread_of
from trading.runtime.lag import EVERY_SECONDS, watch_lag


class Refusal(Exception):
    """An answer that is a no."""


def ticking(*moments: float) -> Meter:
    return Meter(iter(moments).__next__)


def test_a_call_is_counted_with_its_time() -> None:
    meter = ticking(1.0, 1.25)
    with meter.call("bitget", "place"):
        pass
    [found] = meter.calls()
    assert (found.venue, found.call, found.count, found.failed) == ("bitget", "place", 1, 0)
    assert found.latency.p50 == 0.25


def test_failures_are_counted_and_refusals_are_answers() -> None:
    meter = Meter(map(float, count()).__next__)
    for error, expected in ((ValueError, 1), (Refusal, 1), (asyncio.CancelledError, 1), (ValueError, 2)):
        with pytest.raises(error), meter.call("mexc", "book", answers=(Refusal,)):
            raise error
        assert meter.calls()[0].failed == expected
    assert meter.calls()[0].count == 4


async def test_calls_have_the_name_of_what_they_are_made_for() -> None:
    meter = Meter()

    async def ask(call: str) -> None:
        with naming(call):
            await asyncio.sleep(0)
            with meter.call("kucoin"):
                await asyncio.sleep(0)

    await asyncio.gather(ask("place"), ask("cancel"), ask("place"))
    with meter.call("kucoin"):
        pass
    assert {(each.call, each.count) for each in meter.calls()} == {("place", 2), ("cancel", 1), ("other", 1)}


def test_percentiles_are_values_that_were_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]
    found = spread_of(hundred)
    assert found is not None
    assert (found.p50, found.p95, found.longest) == (50.0, 95.0, 100.0)
    alone = spread_of([7.0])
    assert alone is not None
    assert (alone.p50, alone.p95, alone.longest) == (7.0, 7.0, 7.0)
    assert spread_of([]) is None


def test_only_the_newest_are_kept() -> None:
    meter = Meter()
    for number in range(3 * WINDOW):
        meter.lagged(float(number))
    lag = meter.lag()
    assert lag is not None
    assert lag.longest == 3 * WINDOW - 1
    assert lag.p50 > 2 * WINDOW


async def test_a_loop_that_is_held_up_is_late() -> None:
    meter = Meter()
    watching = asyncio.create_task(watch_lag(meter))
    await asyncio.sleep(0)
    began = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < EVERY_SECONDS + 0.2:
        pass  # what must never be done on a loop
    await asyncio.sleep(0.05)
    watching.cancel()
    lag = meter.lag()
    assert lag is not None
    assert lag.longest >= 0.2
