"""Whole spot bots on markets that did exist; what they wrote is checked against the recordings themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest

from tests.simulation.checks import Stored
from tests.simulation.frames import DATA, MISSING, Frames
from tests.simulation.spot import check_spot, never_crosses_itself, samples_of
from tests.simulation.world import OWNER, World
from trading.core.instrument import Instrument, MarketKind, Side
from trading.exchanges.market_source import MarketSource
from trading.exchanges.paper_venue import PaperVenue
from trading.exchanges.recorded_market import recorded_market
from trading.replay import Replay, ReplayResult, read_candles
from trading.strategies import STRATEGIES

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)

SPOT = DATA / "binance_spot_BTCUSDT_2024-08-08_raw_ws.jsonl.gz"
FUTURES = DATA / "binance_usdm_BTCUSDT_2024-08-08_raw_ws.jsonl.gz"
CANDLES = DATA / "ETHBTC_5m_2018-01-10_30.csv.gz"
TICK = 0.25
BTC = Instrument(
    venue="paper",
    symbol="BTC/USDT",
    kind=MarketKind.SPOT,
    base="BTC",
    quote="USDT",
    price_tick=D("0.01"),
    amount_step=D("0.00001"),
    min_amount=D("0.00001"),
    min_cost=D(5),
    maker_fee=D("0.001"),
    taker_fee=D("0.001"),
)
ETHBTC = replace(
    BTC,
    symbol="ETH/BTC",
    base="ETH",
    quote="BTC",
    price_tick=D("0.00001"),
    amount_step=D("0.0001"),
    min_amount=D("0.0001"),
    min_cost=D("0.0001"),
)


def recorded_world(path: Path, balances: dict[str, D], recordings: dict[Path, Instrument]) -> tuple[World, datetime]:
    """A world whose recordings begin now."""
    world = World(path)
    origin = world.clock.now()
    sources: list[MarketSource] = [recorded_market(file, rules, origin) for file, rules in recordings.items()]
    world.venue = PaperVenue(world.clock, [*sources, world.market], tick_seconds=TICK)
    world.balances = balances
    return world, origin


async def float_through(path: Path) -> tuple[Stored, list[dict[str, str]], list[dict[str, str]], datetime]:
    world, origin = recorded_world(path, {"USDT": D(1000), "BTC": D("0.01")}, {SPOT: BTC})
    house = await world.build()
    config = {"order_size": "50", "budget": "300"}
    made = house.desk.create(OWNER, None, "pingpong", ["BTC/USDT"], config, accept_danger=False, token="c")
    assert await world.act(house, made)
    for _ in range(330):
        await world.pass_time(1)
        never_crosses_itself(world.gateways[OWNER].books_of_the_venue)
    ours = await check_spot(world, house, 1, "BTC/USDT")
    rows, details = [[dict(row) for row in await samples_of(house, 1, kind)] for kind in _KINDS]
    await world.close(house)
    return ours, rows, details, origin


_KINDS = ("execution", "execution_detail")


async def test_every_row_of_the_float_is_what_the_recording_shows(tmp_path: Path) -> None:
    ours, rows, details, origin = await float_through(tmp_path / "m.db")
    frames = Frames.read(SPOT, origin)
    assert len(rows) == len(details) >= 6
    fills_by_leg = Counter(fill.side for fill in ours.fills)
    for row, detail in zip(rows, details, strict=True):
        assert list(row) == ["ts_decision", "ts_full_execution", "change_btc", "change_usd", "total_cnt"]
        before, decided, _ = _shown(frames, datetime.fromisoformat(row["ts_decision"]))
        # The venue tells a trade between two ticks at the second of them, with the book of that moment.
        at_execution = _shown(frames, datetime.fromisoformat(row["ts_full_execution"]))
        began, ended = D(detail["spread_decision"]), D(detail["spread_full_execution"])
        assert began in [ask - bid for bid, ask in (before, decided)], (row, before, decided)
        at_end = [(bid + ask) / 2 for bid, ask in at_execution if ask - bid == ended]
        assert at_end, (row, ended, at_execution)
        assert D(row["change_usd"]) == ended - began
        assert D(row["change_btc"]) in [((ended - began) / mid).quantize(D("1E-12")) for mid in at_end]
    counts = [int(row["total_cnt"]) for row in rows]
    assert counts == sorted(counts)
    assert counts[0] >= 1
    ledger = ours.record.ledger
    print(f"{len(rows)} legs, {len(ours.orders)} orders, fills {dict(fills_by_leg)}, net {ledger.net:.6f}")
    print("changes", Counter(row["change_usd"] for row in rows))
    assert all(fill.maker for fill in ours.fills)


def _shown(frames: Frames, moment: datetime) -> list[tuple[D, D]]:
    """What the venue showed at the tick before this moment's, at its own, and at the next."""
    tick = timedelta(seconds=TICK)
    newest = frames.origin + (moment - frames.origin) // tick * tick
    return [frames.at(newest + number * tick) for number in (-1, 0, 1)]


async def test_the_float_meets_the_same_recording_the_same_way(tmp_path: Path) -> None:
    first, second = [await float_through(tmp_path / f"{number}.db") for number in (1, 2)]
    assert first[1:] == second[1:]
    assert first[0].record.ledger == second[0].record.ledger


async def test_an_obligation_on_the_recorded_market_is_kept_after_the_recorded_reference(tmp_path: Path) -> None:
    futures = replace(BTC, symbol="BTC/USDM", quote="USDM", price_tick=D("0.1"), amount_step=D("0.001"))
    recordings = {SPOT: BTC, FUTURES: futures}
    world, _ = recorded_world(tmp_path / "m.db", {"USDT": D(10_000), "BTC": D("0.2")}, recordings)
    house = await world.build()
    config = {
        "deposit": "6000",
        "reference_venue": "paper",
        "reference_symbol": "BTC/USDM",
        "max_spread_percent": "0.1",
        "depth_window_percent": "0.1",
        "price_tolerance_percent": "0.02",
        "min_depth": "5000",
        "max_order": "2000",
        "reset_minutes": 1,
    }
    made = house.desk.create(OWNER, None, "liquidity", ["BTC/USDT"], config, accept_danger=True, token="c")
    assert await world.act(house, made)
    exchange = world.gateways[OWNER].books_of_the_venue
    for _ in range(300):
        await world.pass_time(1)
        never_crosses_itself(exchange)
        worth = {
            side: sum((o.remaining * (o.price or D(0)) for o in exchange.open_orders() if o.side is side), D(0))
            for side in Side
        }
        assert max(worth.values()) <= D(12_000), worth
    ours = await check_spot(world, house, 1, "BTC/USDT")
    seconds = await samples_of(house, 1, "obligation")
    kept = Counter("kept" if row["spread"] == row["depth"] == "yes" else row["cause"] for row in seconds)
    refused = Counter(order.refusal for order in ours.orders if order.refusal)
    print(
        f"{dict(kept)}; {len(ours.orders)} orders, {len(ours.fills)} fills, net {ours.record.ledger.net:.6f}, {refused}"
    )
    assert kept["kept"] / kept.total() > 0.9
    assert abs(kept.total() - 300) <= 2
    assert abs(ours.record.ledger.cost) <= 6000
    await world.close(house)


def pegged(react: str) -> ReplayResult:
    strategy = STRATEGIES["peg"]
    config = {
        "price": "0.095",
        "deviation": "0.004",
        "base_min_balance": "150",
        "base_order_limit": "5",
        "quote_min_balance": "5",
        "quote_order_limit": "0.5",
        "interval_seconds": 3600,
        "react": react,
    }
    checked = strategy.config_model.model_validate(config)
    return Replay(strategy, checked, ETHBTC, {"BTC": D(20), "ETH": D(200)}).run(read_candles(CANDLES))


@pytest.mark.parametrize("react", ["interval", "stream"])
def test_a_peg_replayed_over_recorded_candles_keeps_its_limits_and_repeats_itself(react: str) -> None:
    found = pegged(react)
    ledger = found.ledger
    print(
        f"{react}: {len(found.fills)} fills, {found.orders_placed} orders, {found.plans_made} plans,"
        f" position {ledger.position}, net {ledger.net:.6f}, fees {ledger.fees:.6f}"
    )
    quote, base = D(20), D(200)
    by_hour: Counter[tuple[Side, datetime]] = Counter()
    for fill in found.fills:
        beyond = fill.price <= D("0.091") if fill.side is Side.BUY else fill.price >= D("0.099")
        assert beyond, fill
        quote -= fill.side.sign * fill.amount * fill.price + (fill.fee if fill.fee_currency == "BTC" else 0)
        base += fill.side.sign * fill.amount - (fill.fee if fill.fee_currency == "ETH" else 0)
        assert quote >= 5
        assert base >= 150
        worth = fill.amount * fill.price if fill.side is Side.BUY else fill.amount
        by_hour[fill.side, fill.at.replace(minute=0, second=0, microsecond=0)] += worth  # type: ignore[assignment]
    assert {fill.side for fill in found.fills} == set(Side)
    assert found.wallet == quote
    assert not found.refusals
    again = pegged(react)
    assert (again.fills, again.ledger, again.plans_made) == (found.fills, ledger, found.plans_made)
