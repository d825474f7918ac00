"""A float whose owner sells half of what it holds: the rest goes on, and the owner's own coins stay untouched."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.spot import check_spot
from tests.simulation.test_pingpong_on_paper import Float
from tests.simulation.world import OWNER
from trading.core.instrument import Side
from trading.core.notices import PositionReduced


@pytest.mark.parametrize("crashes", [False, True])
async def test_a_float_sells_half_by_hand_and_then_only_what_is_left(crashes: bool, tmp_path: Path) -> None:
    bot = Float(tmp_path / "m.db")
    await bot.begin()
    await bot.until_held()
    await bot.world.until(lambda: [order.side for order in bot.exchange.open_orders()] == [Side.SELL])
    held = bot.position
    await bot.world.act(bot.house, bot.house.desk.reduce(OWNER, 1, 50, token="r"))
    if crashes:
        await bot.crash()
    await bot.world.until(lambda: bot.worker is not None and bot.worker.bench.record.by_hand.reduction is None)
    assert abs(bot.position - held / 2) < Decimal("0.2")
    facts = [each.notice for each in await bot.house.desk.waiting_notices(1000)]
    [fact] = [each for each in facts if isinstance(each, PositionReduced)]
    assert fact.closed == fact.wanted
    await bot.world.until(lambda: [order.side for order in bot.exchange.open_orders()] == [Side.SELL])
    [ask] = bot.exchange.open_orders()
    assert ask.amount <= bot.position
    for _ in range(30):
        await bot.move()
        assert bot.position > -1, "it never sells its owner's own coins"
    await check_spot(bot.world, bot.house, 1)
    await bot.world.close(bot.house)
