"""Spot bots under random trouble. SIMULATION_SEEDS=100 for more of them."""

from __future__ import annotations

import asyncio
import os
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.spot import CRV, SpotMarket, check_spot
from tests.simulation.spot_life import Character, SpotLife
from trading.core.instrument import Side
from trading.core.planning import Mode

SEEDS = int(os.environ.get("SIMULATION_SEEDS", "8"))
FIRST = int(os.environ.get("SIMULATION_FIRST", "0"))
SLACK = Decimal("1.02")


def worth_of_bids(life: SpotLife) -> Decimal:
    bids = [order for order in life.exchange.open_orders() if order.side is Side.BUY]
    return sum((order.remaining * (order.price or 0) for order in bids), Decimal(0))


def bought(life: SpotLife) -> Decimal:
    return max(Decimal(0), life.exchange.balances()["CRV"] - life.world.balances["CRV"])


def the_float_stays_small(life: SpotLife) -> None:
    assert len(life.exchange.open_orders()) <= 1
    assert worth_of_bids(life) + bought(life) * life.market.price <= 120 * SLACK


def the_peg_keeps_what_it_must(life: SpotLife) -> None:
    balances = life.exchange.balances()
    assert balances["USDT"] >= 4500, balances
    assert balances["CRV"] >= 7000, balances


def the_quotes_stay_within_the_deposit(life: SpotLife) -> None:
    asks = [order for order in life.exchange.open_orders() if order.side is Side.SELL]
    assert worth_of_bids(life) <= 800 * SLACK
    assert sum((order.remaining * (order.price or 0) for order in asks), Decimal(0)) <= 1600 * SLACK
    assert bought(life) * life.market.price <= 800 * Decimal("1.1")


CHARACTERS = {
    "pingpong": Character(
        "pingpong",
        {"order_size": "50", "budget": "120"},
        ({"order_size": "40"}, {"order_size": "55"}, {"requote_ms": 0}, {"requote_ms": 800}),
        lambda: SpotMarket(CRV, Decimal("0.5")),
        the_float_stays_small,
    ),
    "peg": Character(
        "peg",
        {
            "price": "0.5",
            "deviation": "0.002",
            "base_min_balance": "7000",
            "base_order_limit": "300",
            "quote_min_balance": "4500",
            "quote_order_limit": "150",
            "interval_seconds": 5,
            "activity": "quotes",
        },
        (
            {"deviation": "0.001"},
            {"deviation": "0.003"},
            {"activity": "off"},
            {"activity": "quotes"},
            {"react": "stream"},
        ),
        lambda: SpotMarket(CRV, Decimal("0.5"), ticks=10, gap=3),
        the_peg_keeps_what_it_must,
    ),
    "liquidity": Character(
        "liquidity",
        {
            "deposit": "700",
            "reference_venue": "paper",
            "reference_symbol": "CRV/USDC",
            "min_depth": "500",
            "max_order": "200",
            "reset_minutes": 1,
        },
        ({"deposit": "600"}, {"deposit": "700"}, {"orders_per_side": 4}, {"orders_per_side": 6}, {"max_order": "150"}),
        lambda: SpotMarket(CRV, Decimal("0.5"), ticks=40, depth=Decimal(100), gap=10),
        the_quotes_stay_within_the_deposit,
        wander=(0.3, 1.5, 2.5),
        steps=30,
    ),
}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
@pytest.mark.parametrize("name", CHARACTERS)
async def test_nothing_is_lost_or_doubled_and_no_limit_is_passed(name: str, seed: int, tmp_path: Path) -> None:
    life = SpotLife.of(CHARACTERS[name], seed, tmp_path / "m.db")
    try:
        await life.live()
        await life.settle()
    finally:
        print(f"{name}, seed {seed}: rate {life.chaos.rate}, {life.crashes} crashes", *life.log, sep="\n  ")
    worker = life.worker
    if worker is not None:
        assert not worker.bench.books.in_flight
        assert worker.bench.record.mode is not Mode.CLOSE
    ours = await check_spot(life.world, life.house, 1)
    print(f"{len(ours.orders)} orders, {len(ours.fills)} fills, net {ours.record.ledger.net}")
    await life.world.close(life.house)
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
