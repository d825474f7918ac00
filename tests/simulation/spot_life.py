"""A spot bot under random faults, random crashes, a random owner and a market that wanders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.simulation.chaos import Chaos
from tests.simulation.spot import TWIN, SpotMarket, never_crosses_itself, spot_world
from tests.simulation.world import OWNER, World, _Standing
from trading.core.diff import AmendMode
from trading.core.simulated_exchange import SimulatedExchange
from trading.desk.answers import DeskError, StopChoice
from trading.runtime.worker import Worker

MIDDLE = Decimal("0.5")


@dataclass(frozen=True)
class Character:
    """Which strategy, how it is set, what its owner may change, and how the market behaves round it."""

    strategy: str
    config: Mapping[str, object]
    edits: tuple[Mapping[str, object], ...]
    market: Callable[[], SpotMarket]
    always: Callable[[SpotLife], None]
    steps: int = 50
    wander: tuple[float, ...] = (0.05, 0.2, 0.6)


@dataclass
class SpotLife:
    """One run: the world, the house that stands at the moment, and what happened."""

    character: Character
    world: World
    market: SpotMarket
    twin: SpotMarket
    chance: Random
    chaos: Chaos
    standing: _Standing | None = None
    tokens: int = 0
    crashes: int = 0
    log: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, character: Character, seed: int, path: Path) -> SpotLife:
        chance, market = Random(seed), character.market()
        twin = SpotMarket(TWIN, market.price, depth=Decimal(5000))
        world = spot_world(World(path), market, twin)
        world.garbled = Random(seed + 1)
        # Every other seed lives on a venue that replaces orders, as Binance does.
        world.amend = AmendMode.REPLACE if seed % 2 else AmendMode.IN_PLACE
        chaos = Chaos(Random(seed + 2), world.clock, rate=chance.choice([0.0, 0.05, 0.2]))
        chaos.is_calm, world.faults = True, chaos
        return cls(character, world, market, twin, chance, chaos)

    @property
    def house(self) -> _Standing:
        assert self.standing is not None
        return self.standing

    @property
    def exchange(self) -> SimulatedExchange:
        return self.world.gateways[OWNER].books_of_the_venue

    @property
    def worker(self) -> Worker | None:
        return self.house.supervisor.worker(1)

    async def begin(self) -> None:
        self.standing = await self.world.build()
        who = self.character
        work = self.house.desk.create(
            OWNER, None, who.strategy, [self.market.instrument.symbol], who.config, accept_danger=True, token="c"
        )
        assert await self.world.act(self.house, work)

    async def live(self) -> None:
        await self.begin()
        self.house.life.dies_at, self.chaos.is_calm = self._dies, False
        for _ in range(self.character.steps):
            self.move_market()
            await self.go_on(self.chance.choice([0.5, 2, 4, 8]))
            await self._happen(self.chance.random())
            if self.chance.random() < 0.4:
                await self.ask("start")

    async def settle(self) -> None:
        """Nothing goes wrong any more, and the last house is a new one."""
        self.chaos.is_calm, self.world.garbled = True, None
        await self.world.crash(self.house)
        self.standing = await self.world.build()
        for _ in range(200):
            await self.world.pass_time(1)
            self.look()

    async def crash(self) -> None:
        await self.world.crash(self.house)
        self.crashes += 1
        await self.world.pass_time(self.chance.choice([0.1, 3, 20]))
        self.standing = await self.world.build(dies_at=self._dies)

    async def go_on(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            await self.world.pass_time(0.5)
            if self.house.life.is_dead:
                await self.crash()
            self.look()

    def look(self) -> None:
        never_crosses_itself(self.exchange)
        self.character.always(self)

    async def ask(self, name: str) -> None:
        """The owner presses a button."""
        desk, token = self.house.desk, f"t{self.tokens}"
        self.tokens += 1
        self.log.append(name)
        work = {
            "pause": lambda: desk.pause(OWNER, 1),
            "resume": lambda: desk.resume(OWNER, 1),
            "refresh": lambda: desk.refresh(OWNER, 1),
            "edit": lambda: desk.edit(OWNER, 1, self.chance.choice(self.character.edits)),
            "keep": lambda: desk.stop(OWNER, 1, StopChoice.KEEP_EXIT, token=token),
            "cancel": lambda: desk.stop(OWNER, 1, StopChoice.CANCEL_ORDERS, token=token),
            "close": lambda: desk.stop(OWNER, 1, StopChoice.CLOSE_ALL, token=token),
            "panic": lambda: desk.panic(OWNER, token=token),
            "start": lambda: desk.start(OWNER, 1, accept_danger=True, token=token),
        }[name]
        try:
            await self.world.act(self.house, work())
        except DeskError as refused:
            self.log.append(f"  refused: {refused}")

    def move_market(self) -> None:
        percent = Decimal(str(self.chance.choice(self.character.wander) * self.chance.choice([-1, 1])))
        back = (MIDDLE - self.market.price) / MIDDLE * 10
        tick = self.market.instrument.price_tick
        self.market.price = (self.market.price * (1 + (percent + back) / 100)).quantize(tick)
        self.twin.price = self.market.price + tick * self.chance.randint(-3, 3)

    async def _happen(self, happening: float) -> None:
        if happening < 0.05:
            self.world.gateways[OWNER].cut_streams()
        elif happening < 0.10:
            self.log.append("crash")
            await self.crash()
        elif happening < 0.28:
            await self.ask(self.chance.choice(["pause", "resume", "resume", "edit", "edit", "refresh"]))
        elif happening < 0.33:
            await self.ask(self.chance.choice(["keep", "cancel", "close", "panic"]))

    def _dies(self, point: str) -> bool:
        if self.chance.random() < 0.002:
            self.log.append(f"died at {point}")
            return True
        return False
