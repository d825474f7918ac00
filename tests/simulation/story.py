"""One whole story that goes on wherever the house dies: a grid falls, takes its profit, rests and begins again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.simulation.chaos import Always
from tests.simulation.checks import check, stored
from tests.simulation.world import OWNER, SYMBOL, World, _Standing
from trading.core.simulated_exchange import SimulatedExchange
from trading.desk.answers import DeskError, StopChoice

CONFIG = {"deposit": "50", "leverage": 5, "grid_levels": 4, "coverage_percent": "10", "cooldown_seconds": 5}


@dataclass
class Story:
    """``dies_at`` is that of the first house; those after it live on."""

    world: World
    dies_at: Callable[[str], bool] | None = None
    standing: _Standing | None = None
    deaths: int = 0

    @property
    def house(self) -> _Standing:
        assert self.standing is not None
        return self.standing

    @property
    def exchange(self) -> SimulatedExchange:
        return self.world.gateways[OWNER].books_of_the_venue

    @property
    def position(self) -> Decimal:
        held = self.exchange.position(SYMBOL)
        return held.amount if held else Decimal(0)

    def resting(self) -> int:
        return len(self.exchange.open_orders()) if OWNER in self.world.gateways else 0

    async def stand_up(self) -> None:
        """Build the house anew if it died."""
        if self.standing is not None and self.standing.life.is_dead:
            await self.world.crash(self.standing)
            self.standing, self.deaths = None, self.deaths + 1
        if self.standing is None:
            self.standing = await self.world.build(dies_at=self.dies_at if not self.deaths else None)

    async def until(self, reached: Callable[[], bool], seconds: float = 150) -> None:
        waited = 0.0
        while self.house.life.is_dead or not reached():
            assert waited < seconds, "it did not happen in time"
            await self.world.pass_time(0.5)
            waited += 0.5
            await self.stand_up()

    async def create(self) -> None:
        """The owner presses Start, and again if the house dies before there is a bot."""
        for attempt in range(3):
            await self.stand_up()
            if await self.house.desk.bots(OWNER) if not self.house.life.is_dead else ():
                return
            work = self.house.desk.create(
                OWNER, None, "grid", [SYMBOL], CONFIG, accept_danger=True, token=f"c{attempt}"
            )
            await self.world.act(self.house, work)
            await self.stand_up()

    async def stop(self) -> None:
        for attempt in range(3):
            await self.stand_up()
            try:
                work = self.house.desk.stop(OWNER, 1, StopChoice.CLOSE_ALL, token=f"s{attempt}")
                if await self.world.act(self.house, work) is not None:
                    return
            except DeskError:
                return

    async def tell(self) -> None:
        await self.stand_up()
        await self.create()
        await self.until(lambda: self.resting() == 4)
        self.world.market.price = Decimal("0.4800")
        await self.until(lambda: self.position > 150 and self.resting() == 3)
        self.world.market.price = Decimal("0.5200")
        await self.until(lambda: self.position == 0 or self.resting() == 4)
        await self.until(lambda: self.position > 0 and self.resting() == 4)
        await self.stop()
        await self.until(lambda: self.position == 0 and not self.resting())
        await self.world.pass_time(20)
        await self.stand_up()
        await self.world.pass_time(20)

    async def end(self) -> None:
        """Everything agrees, and the story ended as it always does."""
        ours = await stored(self.house, 1)
        assert not ours.record.active
        assert [(result.number, result.cause) for result in ours.cycles] == [(1, "take_profit"), (2, "closed_by_user")]
        await check(self.world, self.house, 1)
        await self.world.close(self.house)


async def tell(path: Path, dies_at: Callable[[str], bool] | None = None, faults: Always | None = None) -> Story:
    story = Story(World(path, faults=faults), dies_at)
    await story.tell()
    await story.end()
    return story
