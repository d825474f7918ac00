"""What the whole picture of a bot is read for, and that two readings at one time do not bear each other out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.runtime.bot import Wanting, target
from tests.runtime.test_house import Rooms, rooms
from tests.simulation.world import OWNER, SYMBOL, World
from trading.core.ledger import Funding
from trading.core.notices import ExitMissing
from trading.core.orders import OrderType, Role
from trading.exchanges.errors import Unavailable
from trading.runtime.recovery import FILL_OVERLAP
from trading.storage import fills
from trading.strategies import STRATEGIES


class Deaf(Random):
    """Loses every message of the private stream."""

    def random(self) -> float:
        return 0


@asynccontextmanager
async def house(world: World, *strategies: Wanting) -> AsyncIterator[Rooms]:
    standing = await world.build(strategies={**STRATEGIES, **{strategy.name: strategy for strategy in strategies}})
    try:
        yield Rooms(world, standing)
    finally:
        await world.close(standing)


@asynccontextmanager
async def deaf_grid(path: Path) -> AsyncIterator[Rooms]:
    """A grid with a position, and more than a second before anything is looked at by itself."""
    async with house(World(path / "m.db", garbled=Deaf())) as found:
        await found.grid()
        await found.world.until(lambda: found.worker().bench.books.ledger.position > 0)
        await found.world.pass_time(5.75)
        yield found


async def test_a_take_profit_that_fills_while_two_proofs_are_read_is_counted_once(tmp_path: Path) -> None:
    async with deaf_grid(tmp_path) as found:
        world, worker = found.world, found.worker()
        raw = world.gateways[OWNER]

        async def fill_before_the_position_is_read(point: str) -> None:
            if point == "positions.before":
                world.market.price = Decimal("0.52")
                await world.clock.sleep(0.5)

        raw.suffer(fill_before_the_position_is_read)
        proofs = [asyncio.ensure_future(found.supervisor.refresh(1)) for _ in range(3)]
        await world.until(lambda: all(proof.done() for proof in proofs), seconds=20, step=0.25)
        raw.suffer(None)
        await world.pass_time(15)
        held = raw.books_of_the_venue.position
        assert worker.bench.books.ledger.position == (position.amount if (position := held(worker.symbol)) else 0)
        facts = await found.told()
        assert "position_gone" not in [fact.kind for fact in facts]
        assert [fact.cause for fact in facts if fact.kind == "cycle_finished"] == ["take_profit"]


async def test_an_entry_whose_fills_are_not_listed_yet_has_no_take_profit_and_that_is_told_once(tmp_path: Path) -> None:
    entry = target("in", role=Role.ENTRY, type=OrderType.MARKET, price=None, one_shot=True)
    strategy = Wanting((entry,), keeps_exits=True)

    async def no_fills(point: str) -> None:
        if point in ("fills.before", "order_fills.before"):
            raise Unavailable("502")

    world = World(tmp_path / "m.db", garbled=Deaf())
    async with house(world, strategy) as found:
        strategy.wanted = ()
        await found.add()
        strategy.wanted = (entry,)
        world.gateways[OWNER].suffer(no_fills)
        await found.worker().wake()
        await world.pass_time(20)
        assert found.worker().bench.books.unsettled
        assert [fact.position for fact in await found.told() if isinstance(fact, ExitMissing)] == [entry.amount]


@pytest.mark.parametrize("paid_after", [None, timedelta(hours=-8), timedelta(minutes=20)])
async def test_after_a_restart_funding_is_read_from_the_newest_payment_or_the_start(
    tmp_path: Path, paid_after: timedelta | None
) -> None:
    """Not from the last fill: what was paid before it may not have been heard when the process died."""
    async with rooms(tmp_path) as found:
        await found.grid()
        started = (await found.stored()).started_at
        assert started is not None
        if paid_after is not None:
            payment = Funding("f1", SYMBOL, Decimal("-0.1"), started + paid_after)
            await found.standing.storage.write(lambda c: fills.add_funding(c, 1, OWNER, [payment]))

    async def nothing_is_read(point: str) -> None:
        if point == "fills.before":
            raise Unavailable("502")

    async with house(World(tmp_path / "m.db", faults=nothing_is_read)) as again:
        await again.world.pass_time(5)
        worker = again.worker()
        assert not worker.bench.is_recovered
        assert worker.bench.last_fill_at is not None
        begin = started + max(paid_after or timedelta(0), timedelta(0))
        assert worker.funding_since == max(worker.bench.record.created_at, begin - FILL_OVERLAP)


async def test_who_asks_while_the_picture_is_read_waits_for_the_next_and_shares_it(tmp_path: Path) -> None:
    async with deaf_grid(tmp_path) as found:
        asked: list[str] = []

        async def slowly(point: str) -> None:
            asked.append(point)
            await found.world.clock.sleep(0.1)

        found.world.gateways[OWNER].suffer(slowly)
        proofs = [asyncio.ensure_future(found.supervisor.refresh(1)) for _ in range(5)]
        await found.world.until(lambda: all(proof.done() for proof in proofs), seconds=20, step=0.1)
        assert asked.count("positions.before") == 2
        reads = [point for point in asked if point in ("fills.before", "positions.before")]
        assert reads == ["fills.before", "positions.before"] * 2
