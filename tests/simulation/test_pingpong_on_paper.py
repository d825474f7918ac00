"""The float's whole life on virtual time: from the desk to its end, over restarts, in a market that moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.checks import stored
from tests.simulation.spot import CRV, SpotMarket, check_spot, never_crosses_itself, samples_of, spot_world
from tests.simulation.world import OWNER, World, _Standing
from trading.core.planning import Mode
from trading.core.simulated_exchange import SimulatedExchange
from trading.desk.answers import StopChoice
from trading.runtime.worker import Worker

CONFIG = {"order_size": "50", "budget": "300"}
UP_AND_DOWN = [-8, -8, 6, 9, 9, -4, -9, -9, 5, 9]


class Float:
    """One bot in its world, and the hand that moves the market."""

    def __init__(self, path: Path) -> None:
        self.market = SpotMarket(CRV, Decimal("0.5000"))
        self.world = spot_world(World(path), self.market)
        self.standing: _Standing | None = None
        self.moves = 0

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

    @property
    def position(self) -> Decimal:
        return self.exchange.balances()["CRV"] - self.world.balances["CRV"]

    async def begin(self, **config: object) -> None:
        self.standing = await self.world.build()
        wanted = {**CONFIG, **config}
        work = self.house.desk.create(OWNER, None, "pingpong", ["CRV/USDT"], wanted, accept_danger=False, token="c")
        assert await self.world.act(self.house, work)

    async def move(self, seconds: float = 2) -> None:
        """The market goes a step on its round, and the bot lives on."""
        self.market.price += Decimal(UP_AND_DOWN[self.moves % len(UP_AND_DOWN)]) / 10_000
        self.moves += 1
        for _ in range(int(seconds * 2)):
            await self.world.pass_time(0.5)
            never_crosses_itself(self.exchange)
            assert len(self.exchange.open_orders()) <= 1, "one order at a time"

    async def crash(self) -> None:
        await self.world.crash(self.house)
        await self.world.pass_time(3)
        self.standing = await self.world.build()

    async def has_ended(self) -> bool:
        return self.worker is None and not (await stored(self.house, 1)).record.active

    async def until_held(self) -> None:
        for _ in range(60):
            if self.position > 50:
                return
            await self.move()
        raise AssertionError("nothing was bought")

    async def until_ended(self) -> None:
        for _ in range(60):
            if await self.has_ended():
                return
            await self.move()
        raise AssertionError("it did not end")

    async def stop(self, choice: StopChoice) -> None:
        await self.world.act(self.house, self.house.desk.stop(OWNER, 1, choice, token=f"s{choice}"))


async def test_it_buys_and_sells_and_buys_again_and_writes_a_row_for_each(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin(max_legs=8)
    await life.until_ended()
    ours = await check_spot(life.world, life.house, 1)
    assert not ours.record.active
    assert ours.record.cause == "max_legs"
    rows = await samples_of(life.house, 1, "execution")
    assert len(rows) == 8
    assert len(ours.cycles) == 4
    assert all(fill.maker for fill in ours.fills)
    counts = [int(row["total_cnt"]) for row in rows]
    assert counts == sorted(counts)
    assert counts[-1] == len([order for order in ours.orders if order.venue_id])
    print("net", ours.record.ledger.net, "orders", len(ours.orders), "moves", life.moves)
    await life.world.close(life.house)


@pytest.mark.parametrize("pause", [0.0, 0.4, 1.1])
async def test_a_crash_at_any_step_of_the_market_changes_nothing(pause: float, tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin(max_legs=6)
    for number in range(200):
        await life.move(1)
        if number % 3 == 1:
            await life.world.pass_time(pause)
            await life.crash()
        if await life.has_ended():
            break
    await life.until_ended()
    ours = await check_spot(life.world, life.house, 1)
    assert ours.record.cause == "max_legs"
    assert len(await samples_of(life.house, 1, "execution")) == 6
    await life.world.close(life.house)


async def test_coins_that_were_bought_are_no_position_that_could_be_gone(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.until_held()
    held = life.position
    life.market.price -= Decimal("0.0100")
    await life.world.pass_time(300)
    ours = await check_spot(life.world, life.house, 1)
    assert life.position == held == ours.record.ledger.position
    assert "position_gone" not in [fact.kind for fact in ours.notices]
    await life.world.close(life.house)


async def test_a_paused_float_buys_nothing_but_sells_what_it_has(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.until_held()
    await life.world.act(life.house, life.house.desk.pause(OWNER, 1))
    for _ in range(30):
        await life.move()
    assert life.position <= 0
    assert not life.exchange.open_orders()
    await life.world.act(life.house, life.house.desk.resume(OWNER, 1))
    await life.until_held()
    await check_spot(life.world, life.house, 1)
    await life.world.close(life.house)


@pytest.mark.parametrize("with_crash", [False, True])
@pytest.mark.parametrize("choice", list(StopChoice))
async def test_each_way_to_stop_comes_to_its_end(choice: StopChoice, with_crash: bool, tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.until_held()
    held = life.position
    await life.stop(choice)
    if with_crash:
        await life.crash()
    await life.until_ended()
    ours = await check_spot(life.world, life.house, 1)
    assert not ours.record.active
    assert not life.exchange.open_orders()
    if choice is StopChoice.CANCEL_ORDERS:
        assert life.position == held
    else:
        assert abs(life.position) < CRV.smallest_amount(Decimal("0.5"))
    await life.world.close(life.house)


async def test_panic_sells_at_most_what_is_left_of_it(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.until_held()
    # The owner has withdrawn nearly everything: more cannot be sold, and nothing is waited for.
    await life.world.gateways[OWNER].set_balances({"CRV": Decimal(60)})
    await life.world.pass_time(2)
    await life.world.act(life.house, life.house.desk.panic(OWNER, token="p"))
    await life.until_ended()
    assert life.exchange.balances()["CRV"] < CRV.smallest_amount(Decimal("0.5"))
    await life.world.close(life.house)


async def test_an_edit_acts_from_the_next_pair_on_and_a_stopped_float_begins_again_with_what_it_holds(
    tmp_path: Path,
) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.until_held()
    edited = await life.world.act(life.house, life.house.desk.edit(OWNER, 1, {"order_size": "80"}))
    assert edited is not None
    assert edited.deferred == ("order_size",)
    await life.stop(StopChoice.CANCEL_ORDERS)
    await life.until_ended()
    held = life.position
    # All the quote money but what the budget still needs beside the coins it has is gone.
    await life.world.gateways[OWNER].set_balances({"USDT": Decimal(280)})
    spent = life.world.balances["USDT"] - life.exchange.balances()["USDT"]
    started = life.house.desk.start(OWNER, 1, accept_danger=False, token="again")
    assert await life.world.act(life.house, started)
    await life.world.pass_time(3)
    [sell] = life.exchange.open_orders()
    assert (sell.side.value, sell.amount) == ("sell", CRV.floor_amount(held))
    await life.until_held()
    print("spent meanwhile", spent)
    await life.world.close(life.house)


async def test_a_base_fee_is_lent_by_the_reserve_and_the_ledger_knows_of_it(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin(max_legs=20)
    await life.until_ended()
    ours = await check_spot(life.world, life.house, 1)
    buys = [fill for fill in ours.fills if fill.side.value == "buy"]
    assert {fill.fee_currency for fill in buys} == {"CRV"}
    assert ours.record.ledger.position == -sum(fill.fee for fill in buys)
    await life.world.close(life.house)


async def test_a_market_without_a_word_for_minutes_is_asked_for_its_price(tmp_path: Path) -> None:
    life = Float(tmp_path / "m.db")
    await life.begin()
    await life.world.pass_time(400)
    assert life.worker is not None
    assert life.worker.can_trade()
    assert life.worker.bench.record.mode is Mode.RUNNING
    assert len(life.exchange.open_orders()) == 1
    await life.world.close(life.house)


async def test_the_dollar_market_is_that_of_its_own_venue(tmp_path: Path) -> None:
    pair = replace(CRV, symbol="CRV/BTC", quote="BTC", price_tick=Decimal("0.0000001"), min_cost=Decimal("0.0001"))
    dollars = replace(CRV, symbol="BTC/USDT", base="BTC", price_tick=Decimal("0.01"), amount_step=Decimal("0.00001"))
    life = Float(tmp_path / "m.db")
    coin = SpotMarket(pair, Decimal("0.0000083"))
    spot_world(life.world, coin, SpotMarket(dollars, Decimal(60_000)))
    life.standing = await life.world.build()
    config = {**CONFIG, "order_size": "0.001", "usd_market": "BTC/USDT", "usd_per_quote": "60000"}
    work = life.house.desk.create(OWNER, None, "pingpong", ["CRV/BTC"], config, accept_danger=False, token="c")
    assert await life.world.act(life.house, work)
    await life.world.pass_time(90)
    assert life.worker is not None
    assert life.worker.bench.fresh_books(life.world.clock.now()).keys() <= {"", "usd"}
    assert life.worker.can_trade()
    assert len(life.exchange.open_orders()) == 1
    await life.world.close(life.house)
