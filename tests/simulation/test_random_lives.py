"""Bots under random faults, random crashes and a random owner. SIMULATION_SEEDS=100 for more of them."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.simulation.chaos import Chaos
from tests.simulation.checks import check, venue_orders
from tests.simulation.world import OWNER, SYMBOL, World, _Standing
from trading.core.instrument import Side
from trading.core.orders import OrderType, Role
from trading.core.planning import Mode, TargetOrder
from trading.desk.answers import DeskError, StopChoice
from trading.exchanges.gateway import NewOrder
from trading.runtime.worker import Worker

SEEDS = int(os.environ.get("SIMULATION_SEEDS", "24"))
FIRST = int(os.environ.get("SIMULATION_FIRST", "0"))
STEPS = 60


@dataclass
class Life:
    """One run: the world, the house that stands at the moment, and what happened."""

    seed: int
    world: World
    chance: Random
    chaos: Chaos
    direction: str
    bot_id: int = 0
    standing: _Standing | None = None
    tokens: int = 0
    crashes: int = 0
    is_broken_off: bool = False
    """Stopped in the middle of a cycle, keeping the position: that cycle has no result."""
    is_closed_by_hand: bool = False
    log: list[str] = field(default_factory=list)

    @property
    def house(self) -> _Standing:
        assert self.standing is not None
        return self.standing

    async def build(self, *, mortal: bool) -> None:
        self.standing = await self.world.build(dies_at=self._dies if mortal else None)

    def _dies(self, point: str) -> bool:
        if self.chance.random() < 0.002:
            self.log.append(f"died at {point}")
            return True
        return False

    async def crash(self) -> None:
        await self.world.crash(self.house)
        self.crashes += 1
        await self.world.pass_time(self.chance.choice([0.1, 3, 20]))
        await self.build(mortal=True)

    async def go_on(self, seconds: float) -> None:
        passed = 0.0
        while passed < seconds:
            await self.world.pass_time(0.5)
            passed += 0.5
            if self.house.life.is_dead:
                await self.crash()

    async def ask(self, name: str) -> None:
        """The owner presses a button."""
        desk, token = self.house.desk, f"t{self.tokens}"
        self.tokens += 1
        self.log.append(name)
        work = {
            "pause": lambda: desk.pause(OWNER, self.bot_id),
            "resume": lambda: desk.resume(OWNER, self.bot_id),
            "refresh": lambda: desk.refresh(OWNER, self.bot_id),
            "edit": lambda: desk.edit(
                OWNER, self.bot_id, {"take_profit_percent": self.chance.choice(["1", "2", "3"]), "cooldown_seconds": 5}
            ),
            "keep": lambda: desk.stop(OWNER, self.bot_id, StopChoice.KEEP_EXIT, token=token),
            "cancel": lambda: desk.stop(OWNER, self.bot_id, StopChoice.CANCEL_ORDERS, token=token),
            "close": lambda: desk.stop(OWNER, self.bot_id, StopChoice.CLOSE_ALL, token=token),
            "panic": lambda: desk.panic(OWNER, token=token),
            "start": lambda: desk.start(OWNER, self.bot_id, accept_danger=True, token=token),
        }[name]
        if name == "cancel":
            self.is_broken_off = True
        try:
            await self.world.act(self.house, work())
        except DeskError as refused:
            self.log.append(f"  refused: {refused}")

    async def close_by_hand(self) -> None:
        raw = self.world.gateways[OWNER]
        held = raw.books_of_the_venue.position(SYMBOL)
        if held is None or not raw._paper.is_open or worker_of(self) is None:
            # Nobody watches the position of a bot that is stopped.
            return
        self.log.append("closed by hand")
        self.is_closed_by_hand = True
        self.chaos.is_calm, before = True, self.chaos.is_calm
        side = Side.SELL if held.amount > 0 else Side.BUY
        target = TargetOrder("hand", Role.CLOSE, side, OrderType.MARKET, abs(held.amount), reduce_only=True)
        await raw.place([NewOrder(f"hand{self.tokens}", SYMBOL, target)])
        self.tokens += 1
        self.chaos.is_calm = before

    def move_market(self) -> None:
        market, chance = self.world.market, self.chance
        percent = Decimal(str(round(chance.choice([0.1, 0.5, 1.5, 3]) * chance.choice([-1, 1]), 2)))
        middle = (Decimal("0.5") - market.price) / Decimal("0.5") * 2
        price = market.price * (1 + (percent + middle) / 100)
        market.price = price.quantize(Decimal("0.0001"))


def config(direction: str) -> dict[str, object]:
    return {
        "deposit": "50",
        "leverage": 5,
        "grid_levels": 5,
        "coverage_percent": "10",
        "take_profit_percent": "1",
        "cooldown_seconds": 5,
        "direction": direction,
    }


async def live(seed: int, path: Path) -> Life:
    chance = Random(seed)
    world = World(path)
    world.garbled = Random(seed + 1)
    chaos = Chaos(Random(seed + 2), world.clock, rate=chance.choice([0.0, 0.05, 0.2]))
    chaos.is_calm, world.faults = True, chaos
    run = Life(seed, world, chance, chaos, chance.choice(["long", "short"]))
    await run.build(mortal=False)
    made = await world.act(
        run.house,
        run.house.desk.create(OWNER, None, "grid", [SYMBOL], config(run.direction), accept_danger=True, token="c"),
    )
    assert made
    run.bot_id = made[0].id
    run.house.life.dies_at, chaos.is_calm = run._dies, False
    for _ in range(STEPS):
        run.move_market()
        await run.go_on(chance.choice([0.5, 2, 4, 8]))
        happening = chance.random()
        if happening < 0.05:
            world.gateways[OWNER].cut_streams()
        elif happening < 0.10:
            run.log.append("crash")
            await run.crash()
        elif happening < 0.13:
            await run.close_by_hand()
        elif happening < 0.28:
            await run.ask(chance.choice(["pause", "resume", "resume", "edit", "edit", "refresh"]))
        elif happening < 0.33:
            await run.ask(chance.choice(["keep", "cancel", "close", "panic"]))
        if chance.random() < 0.4:
            await run.ask("start")
    return run


def worker_of(run: Life) -> Worker | None:
    return run.house.supervisor.worker(run.bot_id)


def takes_profit_of_all(run: Life) -> bool:
    """A running bot with a position has its whole take-profit at the venue."""
    worker, exchange = worker_of(run), run.world.gateways[OWNER].books_of_the_venue
    if worker is None or worker.bench.record.mode in (Mode.CANCEL, Mode.CLOSE):
        return True
    held = exchange.position(SYMBOL)
    resting = [order for order in exchange.open_orders() if order.reduce_only and order.price is not None]
    return sum(order.remaining for order in resting) == (abs(held.amount) if held else 0)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
async def test_no_order_is_lost_or_doubled_and_every_fill_counts_once(seed: int, tmp_path: Path) -> None:
    run = await live(seed, tmp_path / "m.db")
    print(f"seed {seed}: {run.direction}, rate {run.chaos.rate}, {run.crashes} crashes", *run.log, sep="\n  ")
    run.chaos.is_calm, run.world.garbled = True, None
    await run.world.crash(run.house)
    await run.build(mortal=False)
    await run.world.pass_time(200)
    worker = worker_of(run)
    if worker is not None:
        assert worker.can_trade()
        assert not worker.bench.books.in_flight
    assert takes_profit_of_all(run)
    # A bot that was stopped before it was certain that its position is gone looks no further.
    is_position_known = worker is not None or not run.is_closed_by_hand
    await check(run.world, run.house, run.bot_id, cycles=not run.is_broken_off, money=is_position_known)
    assert venue_orders(run.world.gateways[OWNER].books_of_the_venue)
    await run.world.close(run.house)
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
