"""The request budget, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from tests.clocks import ManualClock
from trading.exchanges.errors import Crowded, NotSent, Throttled, Unavailable
from trading.exchanges.limiter import Limiter, Priority

START = datetime(2026, 1, 1, tzinfo=UTC)


class Desk:
    """Callers of a limiter; ``served`` says who got a turn, in order."""

    def __init__(self, **options: float) -> None:
        self.clock = ManualClock(START)
        self.limiter = Limiter(self.clock, chance=lambda: 0.0, **options)  # type: ignore[arg-type]
        self.served: list[str] = []
        self.times: list[float] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.tasks: list[asyncio.Task[None]] = []

    def ask(self, name: str, priority: Priority, **options: object) -> asyncio.Task[None]:
        async def call() -> None:
            async with self.limiter.turn(priority, **options):  # type: ignore[arg-type]
                self.served.append(name)
                self.times.append((self.clock.now() - START).total_seconds())
                await self.gate.wait()

        task = asyncio.create_task(call())
        self.tasks.append(task)
        return task


@asynccontextmanager
async def desk(**options: float) -> AsyncIterator[Desk]:
    made = Desk(**options)
    try:
        yield made
    finally:
        for task in made.tasks:
            task.cancel()
        await asyncio.gather(*made.tasks, return_exceptions=True)


async def test_a_burst_leaves_at_once_and_the_rest_at_the_rate() -> None:
    async with desk(rate=60, burst=10) as d:
        for number in range(15):
            d.ask(str(number), Priority.WRITE)
        await d.clock.advance(0)
        assert len(d.served) == 10
        await d.clock.advance(60)
        assert d.times[10:] == pytest.approx([1.2, 2.4, 3.6, 4.8, 6.0])


@pytest.mark.parametrize("burst", [1, 20, 50, 90])
async def test_no_minute_sees_more_than_the_rate(burst: float) -> None:
    async with desk(rate=100, burst=burst) as d:
        for number in range(400):
            d.ask(str(number), Priority.WRITE)
        await d.clock.advance(200)
        for start in d.times:
            assert sum(start <= time < start + 60 for time in d.times) <= 101


async def test_an_idle_minute_fills_the_bucket_again() -> None:
    async with desk(rate=60, burst=10) as d:
        for number in range(10):
            d.ask(str(number), Priority.WRITE)
        await d.clock.advance(60)
        for number in range(10):
            d.ask(f"again {number}", Priority.WRITE)
        await d.clock.advance(0)
        assert len(d.served) == 20


async def test_urgent_goes_first_and_equals_keep_their_order() -> None:
    async with desk(rate=60, burst=1) as d:
        d.ask("first", Priority.WRITE)
        await d.clock.advance(0)
        for name, priority in [
            ("read 1", Priority.READ),
            ("write 1", Priority.WRITE),
            ("exit", Priority.EXIT),
            ("write 2", Priority.WRITE),
            ("read 2", Priority.READ),
            ("cancel", Priority.CANCEL),
        ]:
            d.ask(name, priority)
        await d.clock.advance(60)
        assert d.served == ["first", "cancel", "exit", "write 1", "write 2", "read 1", "read 2"]


async def test_no_more_than_five_at_a_time_and_reads_leave_one_place() -> None:
    async with desk(rate=1000) as d:
        d.gate.clear()
        for number in range(6):
            d.ask(f"read {number}", Priority.READ)
        await d.clock.advance(0)
        assert len(d.served) == 4
        d.ask("cancel", Priority.CANCEL)
        await d.clock.advance(0)
        assert d.served[-1] == "cancel"
        assert d.limiter.figures().in_use == 5
        d.gate.set()
        await d.clock.advance(0)
        assert len(d.served) == 7
        assert d.limiter.figures().in_use == 0


async def test_reads_leave_a_part_of_the_burst_to_writes() -> None:
    async with desk(rate=60, burst=8) as d:
        for number in range(20):
            d.ask(f"read {number}", Priority.READ)
        await d.clock.advance(0)
        assert len(d.served) == 6
        d.ask("take-profit", Priority.EXIT)
        await d.clock.advance(0)
        assert d.served[-1] == "take-profit"


async def test_weights_count() -> None:
    async with desk(rate=60, burst=10) as d:
        d.ask("heavy", Priority.WRITE, weight=8)
        d.ask("heavy too", Priority.WRITE, weight=8)
        await d.clock.advance(0)
        assert d.served == ["heavy"]
        await d.clock.advance(7.3)
        assert d.served == ["heavy", "heavy too"]


async def test_a_request_heavier_than_the_bucket_goes_when_it_is_full() -> None:
    async with desk(rate=60, burst=4) as d:
        d.ask("markets", Priority.READ, weight=12)
        await d.clock.advance(0)
        assert d.served == ["markets"]
        d.ask("next", Priority.WRITE)
        await d.clock.advance(5)
        assert d.served == ["markets"]
        await d.clock.advance(15)
        assert d.served == ["markets", "next"]


async def test_a_deadline_that_passes_in_the_queue_means_not_sent() -> None:
    async with desk(rate=60, burst=1) as d:
        d.ask("first", Priority.WRITE)
        d.ask("second", Priority.WRITE)
        late = d.ask("late", Priority.WRITE, patience=1.5)
        await d.clock.advance(10)
        assert d.served == ["first", "second"]
        with pytest.raises(NotSent):
            await late
        assert d.limiter.figures().queued == 0


async def test_who_gives_up_leaves_no_trace() -> None:
    async with desk(rate=60, burst=1) as d:
        d.ask("first", Priority.WRITE)
        gone = d.ask("gone", Priority.CANCEL)
        d.ask("second", Priority.WRITE)
        await asyncio.sleep(0)
        gone.cancel()
        await d.clock.advance(10)
        assert d.served == ["first", "second"]
        assert d.limiter.figures().queued == 0
        assert d.limiter.figures().in_use == 0


async def test_a_turn_that_is_canceled_gives_its_place_back() -> None:
    async with desk(rate=1000, concurrency=1) as d:
        d.gate.clear()
        holder = d.ask("holder", Priority.WRITE)
        d.ask("next", Priority.WRITE)
        await d.clock.advance(0)
        holder.cancel()
        await d.clock.advance(0)
        assert d.served == ["holder", "next"]


def _failing(*errors: Exception) -> tuple[Callable[[], Awaitable[str]], list[Exception]]:
    left = list(errors)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return "answer"

    return call, left


async def test_a_refusal_for_rate_pauses_everybody_and_lowers_the_budget() -> None:
    async with desk(rate=100) as d:
        call, _ = _failing(Throttled(10))
        with pytest.raises(Throttled):
            async with d.limiter.turn(Priority.WRITE):
                await call()
        assert d.limiter.figures().rate == 50
        d.ask("cancel", Priority.CANCEL)
        await d.clock.advance(9.9)
        assert d.served == []
        await d.clock.advance(0.2)
        assert d.served == ["cancel"]
        assert d.limiter.figures().rate == pytest.approx(55)


async def test_repeated_refusals_wait_longer_each_time() -> None:
    async with desk(rate=100) as d:
        pauses = []
        for _ in range(4):
            with pytest.raises(Throttled):
                async with d.limiter.turn(Priority.WRITE):
                    raise Throttled(0)
            pauses.append(d.limiter.figures().paused_seconds)
            await d.clock.advance(100)
        assert pauses == pytest.approx([0.5, 1, 2, 4])


async def test_the_jitter_comes_from_the_source_that_is_passed_in() -> None:
    clock = ManualClock(START)
    limiter = Limiter(clock, chance=lambda: 0.8)
    with pytest.raises(Throttled):
        async with limiter.turn(Priority.WRITE):
            raise Throttled(10)
    assert limiter.figures().paused_seconds == pytest.approx(12)


async def test_a_read_is_tried_three_times() -> None:
    async with desk(rate=100) as d:
        call, left = _failing(Unavailable("a"), Unavailable("b"))
        reading = asyncio.create_task(d.limiter.read(call))
        await d.clock.advance(5)
        assert await reading == "answer"
        call, left = _failing(Unavailable("a"), Unavailable("b"), Unavailable("c"), Unavailable("d"))
        reading = asyncio.create_task(d.limiter.read(call))
        await d.clock.advance(5)
        with pytest.raises(Unavailable, match="c"):
            await reading
        assert len(left) == 1


async def test_a_read_that_finds_no_place_is_unavailable() -> None:
    async with desk(rate=60, burst=1) as d:
        for number in range(30):
            d.ask(str(number), Priority.WRITE)
        call, _ = _failing()
        reading = asyncio.create_task(d.limiter.read(call, patience=3))
        heard: list[float] = []
        d.limiter.on_throttled = heard.append
        await d.clock.advance(4)
        with pytest.raises(Crowded):
            await reading
        assert heard == [0]
