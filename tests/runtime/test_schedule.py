"""Timers over APScheduler, with the machine's own time, shortly; and the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from tests.simulation.world import OWNER, World
from trading.clock import FastClock, SystemClock
from trading.core.notices import VenueAway
from trading.runtime.schedule import Schedule


async def counted(arrange: Callable[[Schedule, Callable[[], Awaitable[None]]], None], seconds: float) -> int:
    runs, schedule = 0, Schedule()

    async def job() -> None:
        nonlocal runs
        runs += 1

    schedule.start()
    try:
        arrange(schedule, job)
        await asyncio.sleep(seconds)
    finally:
        schedule.stop()
        await asyncio.sleep(0)
    return runs


async def test_a_moment_comes_once_also_when_it_is_over() -> None:
    clock = SystemClock()
    assert await counted(lambda s, job: s.at("a", clock, clock.now() - timedelta(hours=1), job), 0.15) == 1
    assert await counted(lambda s, job: s.at("a", clock, clock.now() + timedelta(seconds=0.05), job), 0.2) == 1


async def test_a_moment_is_a_job_of_apscheduler_at_that_moment() -> None:
    clock, schedule = SystemClock(), Schedule()
    schedule.start()
    when = clock.now() + timedelta(seconds=60)

    async def job() -> None:
        return

    schedule.at("wake-1", clock, when, job)
    schedule.every("books", clock, 5, job)
    jobs = {each.id: each for each in schedule._scheduler.get_jobs()}
    assert isinstance(jobs["wake-1"].trigger, DateTrigger)
    assert abs(jobs["wake-1"].next_run_time - when) < timedelta(seconds=1)
    assert isinstance(jobs["books"].trigger, IntervalTrigger)
    schedule.stop()


async def test_jobs_that_are_made_together_do_not_come_together() -> None:
    schedule = Schedule()

    async def job() -> None:
        return

    schedule.start()
    try:
        for account in range(100):
            schedule.every(f"status paper {account}", SystemClock(), 2.0, job)
        firsts = sorted(each.next_run_time for each in schedule._scheduler.get_jobs())
    finally:
        schedule.stop()
    for quarter in range(4):
        begin = firsts[0] + timedelta(seconds=quarter * 0.5)
        assert 10 <= sum(begin <= first < begin + timedelta(seconds=0.5) for first in firsts) <= 40


async def test_a_name_is_one_job_and_can_be_canceled() -> None:
    clock = SystemClock()

    def twice_then_none(schedule: Schedule, job: Callable[[], Awaitable[None]]) -> None:
        for _ in range(2):
            schedule.at("a", clock, clock.now() + timedelta(seconds=0.05), job)
        schedule.every("b", clock, 0.05, job)
        schedule.cancel("b")
        schedule.cancel("never there")

    assert await counted(twice_then_none, 0.25) == 1


async def test_a_fast_clock_makes_intervals_shorter() -> None:
    assert await counted(lambda s, job: s.every("a", FastClock(60.0), 6.0, job), 0.36) >= 2


async def test_a_job_that_fails_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    def failing(schedule: Schedule, job: Callable[[], Awaitable[None]]) -> None:
        async def fail() -> None:
            await job()
            raise RuntimeError("a bug")

        schedule.every("a", SystemClock(), 0.05, fail)

    assert await counted(failing, 0.3) >= 2
    assert "the job a failed" in caplog.text


async def test_the_outbox_keeps_what_was_not_delivered_and_wakes_who_waits(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    standing = await world.build()
    outbox = standing.desk._house.outbox
    waiting = asyncio.ensure_future(outbox.wait())
    await outbox.tell(OWNER, [VenueAway(venue="paper"), VenueAway(venue="far")])
    await asyncio.wait_for(waiting, 0.5)
    first, second = await outbox.waiting(10)
    await outbox.delivered([first.id])
    assert [left.id for left in await outbox.waiting(10)] == [second.id]
    await outbox.postpone(second.id, world.clock.now() + timedelta(seconds=5))
    assert not await outbox.waiting(10)
    await world.pass_time(6)
    assert [left.attempts for left in await outbox.waiting(10)] == [1]
    await outbox.failed(second.id, "blocked")
    assert not await outbox.waiting(10)
    await world.close(standing)
