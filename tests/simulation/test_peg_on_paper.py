"""The peg's whole life on virtual time: pushing a price back, quoting inside its band, and every way to end."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.checks import Stored
from tests.simulation.spot import CRV, SpotMarket, check_spot, never_crosses_itself, spot_world
from tests.simulation.world import OWNER, World, _Standing
from trading.core.instrument import Side
from trading.core.simulated_exchange import SimulatedExchange
from trading.desk.answers import StopChoice
from trading.runtime.worker import Worker

CONFIG = {
    "price": "0.5",
    "deviation": "0.002",
    "base_min_balance": "7500",
    "base_order_limit": "200",
    "quote_min_balance": "4800",
    "quote_order_limit": "100",
    "interval_seconds": 10,
}


class Pegged:
    """One bot in its world, and the hand that moves the market."""

    def __init__(self, path: Path) -> None:
        self.market = SpotMarket(CRV, Decimal("0.5000"), ticks=10, gap=3)
        self.world = spot_world(World(path), self.market)
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

    def balance(self, currency: str) -> Decimal:
        return self.exchange.balances()[currency]

    async def begin(self, **config: object) -> None:
        self.standing = await self.world.build()
        wanted = {**CONFIG, **config}
        work = self.house.desk.create(OWNER, None, "peg", ["CRV/USDT"], wanted, accept_danger=True, token="c")
        assert await self.world.act(self.house, work)

    async def go_on(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            await self.world.pass_time(0.5)
            never_crosses_itself(self.exchange)

    async def crash(self) -> None:
        await self.world.crash(self.house)
        await self.world.pass_time(3)
        self.standing = await self.world.build()

    async def end(self) -> Stored:
        ours = await check_spot(self.world, self.house, 1)
        await self.world.close(self.house)
        return ours


def spent_by_interval(ours: Stored, side: Side) -> dict[str, Decimal]:
    spent: dict[str, Decimal] = {}
    for order in ours.orders:
        if order.side is side:
            worth = order.filled_cost if side is Side.BUY else order.filled
            interval = order.slot.partition(".")[0]
            spent[interval] = spent.get(interval, Decimal(0)) + worth
    return spent


async def test_a_price_below_its_band_is_bought_up_to_the_limit_of_each_interval_and_the_quote_kept(
    tmp_path: Path,
) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(15)
    assert not life.exchange.fills()
    life.market.price = Decimal("0.4950")
    await life.go_on(60)
    assert Decimal(4800) <= life.balance("USDT") < Decimal(4810), "it buys down to what must be kept"
    ours = await life.end()
    spent = spent_by_interval(ours, Side.BUY)
    print("spent by interval", spent)
    assert len(spent) >= 2
    assert all(worth <= 100 for worth in spent.values())


async def test_each_interval_is_looked_at_by_a_job_of_the_timers_and_by_nothing_else(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin()
    await life.go_on(3)
    worker = life.worker
    assert worker is not None

    def number() -> int:
        return int(worker.bench.state.number)

    first = number()
    for wanted in range(first + 1, first + 4):
        await life.go_on(10)
        assert number() == wanted
    # The market goes on, and its book is heard; without the job nothing looks at it, though the price left its band.
    life.house.timers.cancel("wake-1")
    before = number()
    life.market.price = Decimal("0.4950")
    await life.go_on(25)
    assert number() == before
    assert not life.exchange.fills()
    await worker.wake()
    await life.go_on(12)
    assert life.exchange.fills()
    await life.end()


async def test_a_price_above_its_band_is_sold_into_and_the_base_kept(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin()
    life.market.price = Decimal("0.5050")
    await life.go_on(60)
    assert life.balance("CRV") == 7500
    ours = await life.end()
    assert all(amount <= 200 for amount in spent_by_interval(ours, Side.SELL).values())


@pytest.mark.parametrize("pause", [0.2, 1.0, 4.7, 9.9])
async def test_a_crash_at_any_moment_of_a_sweep_spends_no_more(pause: float, tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin(activity="quotes")
    life.market.price = Decimal("0.4950")
    for _ in range(4):
        await life.world.pass_time(pause)
        await life.crash()
    await life.go_on(40)
    assert life.balance("USDT") >= 4800
    ours = await life.end()
    assert all(worth <= 100 for worth in spent_by_interval(ours, Side.BUY).values())


async def test_quotes_rest_inside_the_band_are_renewed_and_can_be_taken(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin(activity="quotes")
    for number in range(12):
        life.market.price = Decimal("0.5000") + Decimal((-12, 0, 12, 0)[number % 4]) / 10_000
        await life.go_on(6)
        prices = [order.price for order in life.exchange.open_orders()]
        assert all(price and Decimal("0.498") < price < Decimal("0.502") for price in prices)
    ours = await life.end()
    assert {order.side for order in ours.orders} == {Side.BUY, Side.SELL}
    assert any(fill.maker for fill in ours.fills)
    print(len(ours.orders), "quotes", len(ours.fills), "fills")


async def test_it_trades_with_itself_only_here(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin(activity="self-trade")
    await life.world.pass_time(25)
    fills = life.exchange.fills()
    assert len(fills) >= 4
    assert sum(fill.amount * fill.side.sign for fill in fills) == 0
    ours = await life.end()
    assert len({fill.trade_id for fill in ours.fills}) in (len(fills), len(fills) // 2)


async def test_a_pause_takes_the_quotes_off_and_an_edit_acts_at_once(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin(activity="quotes")
    await life.go_on(5)
    assert life.exchange.open_orders()
    await life.world.act(life.house, life.house.desk.pause(OWNER, 1))
    life.market.price = Decimal("0.4950")
    await life.go_on(15)
    assert not life.exchange.open_orders()
    assert life.balance("USDT") == 5000
    await life.world.act(life.house, life.house.desk.edit(OWNER, 1, {"deviation": "0.02"}))
    await life.world.act(life.house, life.house.desk.resume(OWNER, 1))
    await life.go_on(15)
    assert life.exchange.open_orders()
    assert life.balance("USDT") == 5000
    await life.end()


@pytest.mark.parametrize("with_crash", [False, True])
@pytest.mark.parametrize("choice", [*StopChoice, "panic"])
async def test_each_way_to_stop_comes_to_its_end(choice: StopChoice | str, with_crash: bool, tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin(activity="quotes")
    life.market.price = Decimal("0.4950")
    await life.go_on(12)
    life.market.price = Decimal("0.5000")
    await life.go_on(12)
    bought = life.balance("CRV") - 8000
    assert bought > 50
    desk = life.house.desk
    stopping = (
        desk.stop(OWNER, 1, choice, token="s") if isinstance(choice, StopChoice) else desk.panic(OWNER, token="s")
    )
    await life.world.act(life.house, stopping)
    if with_crash:
        await life.crash()
    await life.go_on(30)
    assert not life.exchange.open_orders()
    is_sold = choice in (StopChoice.CLOSE_ALL, "panic")
    left = life.balance("CRV") - 8000
    assert left < CRV.smallest_amount(Decimal("0.5")) if is_sold else left == bought
    ours = await life.end()
    assert not ours.record.active


async def test_coins_that_were_sold_are_not_bought_again_by_a_close(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    await life.begin()
    life.market.price = Decimal("0.5050")
    await life.go_on(12)
    sold = 8000 - life.balance("CRV")
    assert sold > 0
    await life.world.act(life.house, life.house.desk.panic(OWNER, token="p"))
    await life.go_on(20)
    assert 8000 - life.balance("CRV") == sold
    assert not (await life.end()).record.active


async def test_a_limit_is_measured_by_the_currency_of_its_market(tmp_path: Path) -> None:
    life = Pegged(tmp_path / "m.db")
    life.standing = await life.world.build()
    # The account is worth 9000 USDT, but only 5000 of it are USDT.
    wanted = {**CONFIG, "quote_order_limit": "5001"}
    card = await life.house.desk.preview(OWNER, None, "peg", "CRV/USDT", wanted)
    (note,) = [each for each in card.preview.findings if each.code == "quote_limit_above_funds"]
    assert note.values["available"] == "199.8001998", "of 5000 USDT 4800 are kept, and fees come on top"
    # Alone it may start and spend what there is.
    work = life.house.desk.create(OWNER, None, "peg", ["CRV/USDT"], wanted, accept_danger=True, token="c")
    assert await life.world.act(life.house, work)
    await life.world.close(life.house)
