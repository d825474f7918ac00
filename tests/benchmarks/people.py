"""200 people with 500 grids on paper in one process: answers, the loop's lag, memory, and a start."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tests.tgbot.telegram import Telegram, Visitor, bot_on
from tgbot.app import build_dispatcher
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.desk.paper_house import PaperTerms
from trading.desk.running import Terms, trading
from trading.vault import new_master_key

PEOPLE, BOTS, ASKED = int(os.environ.get("BENCH_PEOPLE", "200")), int(os.environ.get("BENCH_BOTS", "500")), 300
ADMIN = 1
GRID = {"deposit": "50", "leverage": 5, "grid_levels": 5, "coverage_percent": "10", "martingale_multiplier": "1.3"}


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder)))


async def _run(folder: Path) -> None:
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{folder}/bench.db",
        master_keys=(new_master_key(),),
        admin_ids=frozenset({ADMIN}),
        paper=PaperTerms(speed=1.0),
        desk=DeskLimits(max_bots=50),
        exports=folder / "exports",
    )
    gc.collect()
    gc.freeze()  # as the process does once it is ready
    empty = _memory()
    async with trading(terms) as desk:
        began = time.perf_counter()
        await _make_bots(desk)
        print(f"  {BOTS} bots made in {time.perf_counter() - began:.1f} s")
        await _until_trading(desk)
        await asyncio.sleep(5)
        await _answers(desk, folder)
        await asyncio.sleep(5)
        await _machine(desk, empty)
    began = time.perf_counter()
    async with trading(terms) as desk:
        opened = time.perf_counter() - began
        await _until_trading(desk)
        print(f"  started again: the chat can ask after {opened:.1f} s, all {BOTS} trade after "
              f"{time.perf_counter() - began:.1f} s")  # fmt: skip


async def _make_bots(desk: Desk) -> None:
    for person in range(100, 100 + PEOPLE):
        await desk.arrive(person, f"Person {person}", None, "en")
        await desk.decide_access(ADMIN, person, approve=True)
    markets = [each.symbol for each in await desk.find_markets(100, None, "grid", "", limit=20)]
    for number in range(BOTS):
        person = 100 + number % PEOPLE
        symbol = markets[(person + number // PEOPLE) % len(markets)]
        await desk.create(person, None, "grid", [symbol], GRID, accept_danger=True, token=f"t{number}")


async def _until_trading(desk: Desk) -> None:
    """Every bot's picture is whole: it has compared its orders with the venue's."""
    for number in range(1, BOTS + 1):
        while (worker := desk._house.supervisor.worker(number)) is None:  # noqa: ASYNC110  nothing tells of it
            await asyncio.sleep(0.01)
        await worker.recovered.wait()


async def _answers(desk: Desk, folder: Path) -> None:
    telegram, chance = Telegram(), random.Random(2)
    bot, dispatcher = bot_on(telegram), build_dispatcher(desk, burst=1_000_000)
    bare = _took_each(lambda: _bare(folder / "bench.db"), ASKED)
    for command in ("/bots", "/status"):
        took = []
        for _ in range(ASKED):
            visitor = Visitor(dispatcher, bot, telegram, 100 + chance.randrange(PEOPLE))
            began = time.perf_counter()
            await visitor.say(command)
            took.append(time.perf_counter() - began)
            telegram.calls.clear()
            await asyncio.sleep(0.01)
        assert all("#" in shown.text or "CRV" in shown.text or shown.buttons for shown in telegram.shown.values())
        _line(command, took, bare)


def _line(name: str, took: Sequence[float], bare: Sequence[float]) -> None:
    half, most = _percentile(took, 0.5), _percentile(took, 0.99)
    print(f"  {name:<8} p50 {half * 1e3:6.1f} ms   p99 {most * 1e3:6.1f} ms   {half / _percentile(bare, 0.5):6.1f} and "
          f"{most / _percentile(bare, 0.99):6.1f} x the same rows read and formatted bare")  # fmt: skip


def _bare(path: Path) -> str:
    """One person's bots with nothing round them."""
    with closing(sqlite3.connect(path, timeout=10)) as database:
        rows = database.execute("SELECT id, name, symbol, mode, ledger FROM bots WHERE user_id = 101").fetchall()
    return "\n".join(f"#{number} {name} {symbol} {mode} {ledger}" for number, name, symbol, mode, ledger in rows)


def _took_each(work: Callable[[], object], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return took


def _percentile(took: Sequence[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


async def _machine(desk: Desk, empty: int) -> None:
    system = (await desk.statistics(ADMIN)).system
    assert system is not None
    if system.lag is not None:
        print(f"  the loop's lag: p50 {system.lag.p50 * 1e3:.1f} ms, p95 {system.lag.p95 * 1e3:.1f} ms, "
              f"most {system.lag.longest * 1e3:.1f} ms")  # fmt: skip
    grown = _memory() - empty
    print(f"  memory: {_memory() / 2**20:.0f} MiB, {grown / BOTS / 2**10:.0f} KiB a bot")


def _memory() -> int:
    """What the process holds now (bytes); 0 where the system does not say."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    run()
