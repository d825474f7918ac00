"""The grid's whole story on virtual time: rest, fall, one take-profit, pause, begin again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.simulation.world import OWNER, SYMBOL, World, told
from trading.core.orders import Role
from trading.runtime.worker import Worker

CONFIG = {"deposit": "50", "leverage": 5, "grid_levels": 5, "coverage_percent": "10", "martingale_multiplier": "1.3"}


def resting(worker: Worker) -> int:
    return sum(1 for order in worker.bench.books.live.values() if order.status.value == "open")


async def test_a_grid_takes_its_profit_pauses_and_begins_again(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    async with world.house() as (desk, supervisor):
        [card] = await desk.create(OWNER, None, "grid", [SYMBOL], CONFIG, accept_danger=True, token="t1")
        worker = supervisor.worker(card.id)
        assert worker is not None
        await world.until(lambda: resting(worker) == 5)  # four levels and the take-profit of level 0
        world.market.price = Decimal("0.4740")
        await world.until(lambda: worker.bench.books.ledger.position > 200)
        await world.until(lambda: resting(worker) == 3)
        await world.until(
            lambda: (
                [o.remaining for o in worker.bench.books.live.values() if o.role is Role.TAKE_PROFIT]
                == [worker.bench.books.ledger.position]
            )
        )
        world.market.price = Decimal("0.52")
        await world.until(lambda: worker.bench.books.ledger.position == 0)
        await world.until(lambda: not worker.bench.books.live)
        net = worker.bench.books.ledger.net
        assert net > 0
        await world.until(lambda: resting(worker) == 5, seconds=90)
        print([n.kind for n in await told(desk)])
