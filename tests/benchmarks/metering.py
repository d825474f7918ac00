"""What measuring costs: a metered call against a bare one, and a request through the budget that counts itself."""

from __future__ import annotations

import asyncio

from tests.benchmarks.measure import line, seconds
from trading.clock import SystemClock
from trading.exchanges.limiter import Limiter, Priority
from trading.metering import Meter, naming

CALLS, TURNS, READINGS = 100_000, 5_000, 200


def run() -> None:
    meter = Meter()
    bare = seconds(lambda: [_answer() for _ in range(CALLS)])
    took = seconds(lambda: [_metered(meter) for _ in range(CALLS)])
    line("metered calls", CALLS, took, "a call of an empty function", bare)
    bare = seconds(lambda: asyncio.run(_requests(None)))
    took = seconds(lambda: asyncio.run(_requests(meter)))
    line("requests through the budget, metered", TURNS, took, "the same, not metered", bare)
    bare = seconds(lambda: [sorted(range(512)) for _ in range(READINGS)])
    line("readings of all percentiles", READINGS, seconds(lambda: [meter.calls() for _ in range(READINGS)]),
         "sorting 512 numbers", bare)  # fmt: skip


def _answer() -> None:
    """What a venue takes a hundred milliseconds for."""


def _metered(meter: Meter) -> None:
    with meter.call("bitget", "place"):
        _answer()


async def _requests(meter: Meter | None) -> None:
    limiter = Limiter(SystemClock(), rate=10_000_000)
    for _ in range(TURNS):
        async with limiter.turn(Priority.WRITE):
            if meter is None:
                _answer()
            else:
                with naming("place"), meter.call("bitget"):
                    _answer()


if __name__ == "__main__":
    run()
