"""An obligation kept on virtual time: two markets, quotes that follow the reference, and every way to end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.checks import Stored
from tests.simulation.spot import CRV, TWIN, SpotMarket, check_spot, never_crosses_itself, samples_of, spot_world
from tests.simulation.world import OWNER, World, _Standing
from trading.core.instrument import Side
from trading.core.simulated_exchange import SimulatedExchange
from trading.desk.answers import DeskError, StopChoice
from trading.runtime.worker import Worker

CONFIG = {
    "deposit": "700",
    "reference_venue": "paper",
    "reference_symbol": "CRV/USDC",
    "min_depth": "500",
    "max_order": "200",
    "reset_minutes": 1,
}
OTHER = replace(TWIN, symbol="CRV/DAI", quote="DAI")


class Obliged:
    """One bot in its world: the target has a wide spread and little depth, the reference is deep."""

    def __init__(self, path: Path) -> None:
        self.market = SpotMarket(CRV, Decimal("0.5"), ticks=300, depth=Decimal(100), gap=10)
        self.twin = SpotMarket(TWIN, Decimal("0.5"), depth=Decimal(5000))
        self.other = SpotMarket(OTHER, Decimal("0.505"), depth=Decimal(5000))
        self.world = spot_world(World(path), self.market, self.twin, self.other)
        self.standing: _Standing | None = None

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

    def sides(self) -> tuple[int, int]:
        resting = Counter(order.side for order in self.exchange.open_orders())
        return resting[Side.BUY], resting[Side.SELL]

    async def begin(self, **config: object) -> None:
        self.standing = await self.world.build()
        wanted = {**CONFIG, **config}
        work = self.house.desk.create(OWNER, None, "liquidity", ["CRV/USDT"], wanted, accept_danger=True, token="c")
        assert await self.world.act(self.house, work)

    async def go_on(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            await self.world.pass_time(0.5)
            never_crosses_itself(self.exchange)

    def move(self, ticks: int) -> None:
        for market in (self.market, self.twin, self.other):
            market.price += Decimal(ticks) / 10_000

    async def crash(self) -> None:
        await self.world.crash(self.house)
        await self.world.pass_time(3)
        self.standing = await self.world.build()

    async def kept(self) -> Counter[str]:
        rows = await samples_of(self.house, 1, "obligation")
        return Counter("kept" if row["spread"] == row["depth"] == "yes" else row["cause"] for row in rows)

    async def end(self) -> Stored:
        ours = await check_spot(self.world, self.house, 1)
        await self.world.close(self.house)
        return ours


async def test_the_obligation_is_kept_second_by_second_over_resets_and_a_moving_price(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    assert life.sides() == (5, 5)
    for step in (3, -5, 8, 10, -12, -9, 4, 6, -5, 0):
        life.move(step)
        await life.go_on(12)
    kept = await life.kept()
    books = await samples_of(life.house, 1, "book")
    print(kept, "books", len(books))
    assert kept["kept"] / kept.total() > 0.9
    assert abs(kept.total() - 130) <= 3, "a sample for each second"
    assert {row["market"] for row in books} == {"target", "reference"}
    ours = await life.end()
    assert {order.slot.partition(".")[0] for order in ours.orders} >= {"g1", "g2"}


async def test_fills_are_counted_and_the_inventory_stays_within_the_deposit(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    for step in (-190, -10, 200, 200, -10, -190) * 2:
        life.market.price += Decimal(step) / 10_000
        await life.go_on(3)
        life.twin.price = life.market.price
        await life.go_on(12)
        assert life.worker is not None
        assert abs(life.worker.bench.books.ledger.cost) <= 700
    ours = await life.end()
    refused = Counter(order.refusal for order in ours.orders if order.refusal)
    print(len(ours.orders), "orders", len(ours.fills), "fills", dict(refused))
    assert len(ours.fills) > 10


async def test_a_quiet_reference_is_asked_and_one_that_is_gone_withdraws_the_quotes(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(300)
    kept = await life.kept()
    assert kept["kept"] >= kept.total() - 15, kept
    assert not kept["reference_stale"]
    assert not kept["reference_gone"] > 3
    life.twin.levels = 0
    await life.go_on(60)
    assert life.sides() == (0, 0)
    life.twin.levels = 5
    await life.go_on(20)
    assert life.sides() == (5, 5)
    await life.end()


@pytest.mark.parametrize("stale_seconds", [3, 5])
async def test_a_quiet_reference_is_asked_for_as_soon_as_the_settings_mind(stale_seconds: int, tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin(stale_seconds=stale_seconds)
    await life.go_on(10)
    before = await life.kept()
    await life.go_on(100)
    assert set(await life.kept() - before) == {"kept"}
    await life.world.act(life.house, life.house.desk.edit(OWNER, 1, {"stale_seconds": 8 - stale_seconds}))
    before = await life.kept()
    await life.go_on(30)
    assert set(await life.kept() - before) == {"kept"}
    assert not [notice for notice in (await life.end()).notices if getattr(notice, "kind", "") == "reference_stale"]


async def test_an_edit_of_the_reference_is_followed_and_the_old_price_forgotten(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    await life.world.act(life.house, life.house.desk.edit(OWNER, 1, {"reference_symbol": "CRV/DAI"}))
    await life.go_on(20)
    assert life.worker is not None
    assert life.worker.bench.market["reference"][0].symbol == "CRV/DAI"
    assert life.sides() == (5, 5)
    await life.end()


async def test_a_reference_that_does_not_exist_is_refused_and_the_one_there_is_goes_on(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    for nowhere in ({"reference_symbol": "NO/SUCH"}, {"reference_venue": "nowhere"}):
        with pytest.raises(DeskError, match="edit_refused"):
            await life.house.desk.edit(OWNER, 1, nowhere)
    await life.go_on(20)
    assert life.sides() == (5, 5)
    await life.end()


async def test_by_default_the_same_pair_of_another_simulated_venue_is_followed(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    life.market.ticks = 40
    await life.begin(reference_venue="kucoin", reference_symbol="")
    await life.go_on(30)
    assert life.sides() == (5, 5)
    assert life.worker is not None
    seen, own = life.worker.bench.market["reference"][0], life.worker.bench.market[""][0]
    assert seen.symbol == own.symbol == "CRV/USDT"
    assert seen.mid is not None
    assert abs(seen.mid - Decimal("0.5")) < Decimal("0.5") * Decimal("0.003")
    kept = await life.kept()
    assert kept["kept"] > kept.total() * 0.7, kept
    await life.end()


@pytest.mark.parametrize("pause", [0.3, 1.0, 2.6])
async def test_a_crash_at_any_moment_leaves_the_same_quotes(pause: float, tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    for _ in range(6):
        life.move(7)
        await life.world.pass_time(pause)
        await life.crash()
    await life.go_on(20)
    assert life.sides() == (5, 5)
    await life.end()


async def test_a_paused_bot_quotes_nothing_until_it_is_resumed(tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    await life.world.act(life.house, life.house.desk.pause(OWNER, 1))
    await life.go_on(5)
    assert life.sides() == (0, 0)
    await life.world.act(life.house, life.house.desk.resume(OWNER, 1))
    await life.go_on(10)
    assert life.sides() == (5, 5)
    assert "paused" in await life.kept()
    await life.end()


@pytest.mark.parametrize("with_crash", [False, True])
@pytest.mark.parametrize("choice", [*StopChoice, "panic"])
async def test_each_way_to_stop_comes_to_its_end(choice: StopChoice | str, with_crash: bool, tmp_path: Path) -> None:
    life = Obliged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(10)
    life.market.price -= Decimal("0.0220")
    await life.go_on(3)
    life.market.price += Decimal("0.0220")
    await life.go_on(5)
    bought = life.exchange.balances()["CRV"] - 8000
    assert bought > 0
    desk = life.house.desk
    stopping = (
        desk.stop(OWNER, 1, choice, token="s") if isinstance(choice, StopChoice) else desk.panic(OWNER, token="s")
    )
    await life.world.act(life.house, stopping)
    if with_crash:
        await life.crash()
    await life.go_on(20)
    assert life.sides() == (0, 0)
    left = life.exchange.balances()["CRV"] - 8000
    is_sold = choice in (StopChoice.CLOSE_ALL, "panic")
    assert left < CRV.smallest_amount(Decimal("0.5")) if is_sold else left == bought
    ours = await life.end()
    assert not ours.record.active
