"""A replay in a process of its own: the same to the last digit, in nobody's way, and gone when nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from asyncio.subprocess import Process
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.replay.test_replay import BTC, BUSY, CALM, DEPOSIT, SETTINGS, run, synthetic
from trading.replay import Job, ReplayError, replay_apart
from trading.strategies.grid import GridConfig

FUNDING = D("0.0001")


def job(settings: dict[str, Any], count: int, **changes: Any) -> Job:
    facts: dict[str, Any] = {
        "strategy": "grid",
        "config": GridConfig(**settings).model_dump_json(),
        "instrument": BTC,
        "balance": DEPOSIT,
        "funding_rate": FUNDING,
        "seed": 0,
        "sample_every": timedelta(hours=1),
        "count": count,
    }
    return Job(**{**facts, **changes})


@pytest.fixture
def standstill(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[int]:
    """The processes started for replays, each stopped where it begins: none is through before it is looked at."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("no list of processes on this machine")
    start, started = asyncio.create_subprocess_exec, asyncio.Queue[int]()

    async def started_and_stopped(*words: str, **settings: Any) -> Process:
        child = await start(*words, **settings)
        os.kill(child.pid, signal.SIGSTOP)
        started.put_nowait(child.pid)
        return child

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started_and_stopped)
    return started


def there(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
async def test_apart_is_the_same_to_the_last_digit(settings: dict[str, Any]) -> None:
    candles, heard = synthetic(1500), list[float]()
    found = await replay_apart(job(settings, len(candles)), candles, heard.append)
    assert found == run(candles, settings)
    assert heard == sorted(heard) and heard[-1] == 1.0
    assert await replay_apart(job(settings, len(candles)), candles) == found


async def test_the_loop_goes_on_ticking_while_a_month_of_minutes_is_replayed() -> None:
    """A task that wants to be woken every few milliseconds, as trading does, hardly notices."""
    candles = synthetic(40_000)
    late: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            late.append(time.perf_counter() - before - 0.005)

    ticking, began = asyncio.create_task(tick()), time.perf_counter()
    result = await replay_apart(job(BUSY, len(candles)), candles)
    took = time.perf_counter() - began
    ticking.cancel()
    late.sort()
    median, p99, worst = late[len(late) // 2], late[int(len(late) * 0.99)], late[-1]
    print(f"\n{len(late)} ticks, late by {median * 1000:.1f} ms, 99 % {p99 * 1000:.1f} ms, worst {worst * 1000:.1f} ms")
    assert len(result.fills) > 100
    assert len(late) > 50
    assert worst < took / 4, "in this process the loop would have stood still for all of it"


async def test_who_stops_waiting_ends_the_process(standstill: asyncio.Queue[int]) -> None:
    task = asyncio.create_task(replay_apart(job(BUSY, 500), synthetic(500)))
    child = await asyncio.wait_for(standstill.get(), 60)
    assert there(child)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not there(child)


async def test_a_process_that_dies_is_an_error_and_not_a_wait_for_ever(standstill: asyncio.Queue[int]) -> None:
    task = asyncio.create_task(replay_apart(job(BUSY, 500), synthetic(500)))
    os.kill(await asyncio.wait_for(standstill.get(), 60), signal.SIGKILL)
    with pytest.raises(ReplayError, match="before its time"):
        await asyncio.wait_for(task, 30)


async def test_candles_out_of_order_are_refused_with_the_reason() -> None:
    candles = synthetic(20)
    with pytest.raises(ReplayError, match="comes after"):
        await replay_apart(job(CALM, 22), [*candles, candles[2], candles[3]])


async def test_the_process_is_told_none_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch, standstill: asyncio.Queue[int]
) -> None:
    """What it could pass on it is not given."""
    monkeypatch.setenv("ENCRYPTION_KEY", "far-secret-5551")
    task = asyncio.create_task(replay_apart(job(BUSY, 500), synthetic(500)))
    child = await asyncio.wait_for(standstill.get(), 60)
    environment = await asyncio.to_thread(Path(f"/proc/{child}/environ").read_bytes)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert b"PYTHONPATH" in environment
    assert b"far-secret" not in environment
