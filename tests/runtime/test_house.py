"""Worker, supervisor, streams and storage together: what may go wrong, and to whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kinds import BOOK
from tests.runtime.bot import NOW, Wanting, record, target
from tests.simulation.world import CRV, OWNER, SYMBOL, ScriptedMarket, World, _Standing
from trading.clock import Clock
from trading.core.client_ids import client_id
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.notices import BotResumed
from trading.core.orders import OrderStatus, OrderType, Role
from trading.core.planning import Band, Mode, Plan, TargetOrder, View, Wake
from trading.core.telling import Notice
from trading.desk.answers import StopChoice
from trading.exchanges.errors import (
    BadCredentials,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    VenueError,
)
from trading.exchanges.gateway import Gateway, NewOrder
from trading.exchanges.paper_venue import PaperVenue
from trading.runtime.accounts import AccountId
from trading.runtime.events import Wish, WorkerEnded
from trading.runtime.station import RuntimeLimits
from trading.runtime.worker import Worker
from trading.storage import StorageFailed, bots, keys, notices, orders, samples
from trading.storage.records import BotRecord
from trading.strategies import STRATEGIES

GRID = {"deposit": "50", "leverage": 5, "grid_levels": 4, "coverage_percent": "10"}


class Rooms:
    """A world with one house, and shorthands."""

    def __init__(self, world: World, standing: _Standing) -> None:
        self.world, self.standing = world, standing

    @property
    def supervisor(self) -> Any:
        return self.standing.supervisor

    def worker(self, bot_id: int = 1) -> Worker:
        found = self.supervisor.worker(bot_id)
        assert isinstance(found, Worker)
        return found

    def resting(self) -> int:
        return len(self.world.gateways[OWNER].books_of_the_venue.open_orders())

    async def add(self, strategy: str = "wanting", **more: Any) -> BotRecord:
        made = replace(record(), id=0, strategy=strategy, created_at=NOW - timedelta(hours=1), **more)
        stored: BotRecord = await self.standing.storage.write(lambda c: bots.add_bot(c, made))
        await self.world.act(self.standing, self.supervisor.launch(stored))
        await self.world.pass_time(1)
        return stored

    async def grid(self) -> None:
        desk = self.standing.desk
        await self.world.act(
            self.standing, desk.create(OWNER, None, "grid", [SYMBOL], GRID, accept_danger=True, token="t")
        )
        await self.world.until(lambda: self.resting() == 4)

    async def told(self) -> list[Notice]:
        now = self.world.clock.now()
        waiting = await self.standing.storage.read(lambda c: notices.undelivered(c, 1000, now, BOOK))
        return [each.notice for each in waiting]

    async def stored(self, bot_id: int = 1) -> BotRecord:
        found = await self.standing.storage.read(lambda c: bots.find_bot(c, bot_id))
        assert found is not None
        return found


@asynccontextmanager
async def rooms(path: Path, *strategies: Wanting, limits: RuntimeLimits | None = None) -> AsyncIterator[Rooms]:
    world = World(path / "m.db")
    known = {**STRATEGIES, **{strategy.name: strategy for strategy in strategies}}
    standing = await world.build(limits, strategies=known)
    try:
        yield Rooms(world, standing)
    finally:
        await world.close(standing)


def quote(price: str = "0.48", slot: str = "bid") -> TargetOrder:
    return target(slot, price=Decimal(price))


def writes_of(found: Rooms, point_of_them: str = "commit.before") -> list[str]:
    """Every commit from now on, or whatever else reaches out of the house."""
    made: list[str] = []
    before = found.standing.life.dies_at

    def note(point: str) -> bool:
        made.extend([point] if point == point_of_them else [])
        return before(point)

    found.standing.life.dies_at = note
    return made


async def test_a_book_inside_the_wake_costs_no_plan_and_a_tick_without_change_no_write(tmp_path: Path) -> None:
    strategy = Wanting((quote(),), wake=Wake(bands={"bid": Band(Decimal("0.4"), Decimal("0.6"))}))
    async with rooms(tmp_path, strategy) as found:
        await found.add()
        await found.world.until(lambda: found.resting() == 1)
        await found.world.pass_time(2)
        made, plans = writes_of(found), len(strategy.plans)
        for price in ("0.51", "0.52", "0.53"):
            found.world.market.price = Decimal(price)
            await found.world.pass_time(0.5)
        assert len(strategy.plans) == plans
        await found.worker().tick()
        assert len(strategy.plans) == plans + 1
        assert not made
        found.world.market.price = Decimal("0.7")
        await found.world.pass_time(0.5)
        assert len(strategy.plans) > plans + 1


async def test_a_strategy_that_raises_stops_only_its_own_bot_and_keeps_its_orders(tmp_path: Path) -> None:
    bad = Wanting((quote(),), name="bad")
    async with rooms(tmp_path, bad, Wanting((quote("0.47"),))) as found:
        await found.add("bad")
        await found.add()
        await found.world.until(lambda: found.resting() == 2)

        def raise_it(view: View) -> Plan:
            raise RuntimeError("a bug")

        bad.also = raise_it
        await found.worker(1).wake()
        await found.world.pass_time(1)
        assert found.supervisor.worker(1) is None
        assert found.worker(2).is_at_work
        assert found.resting() == 2
        held = await found.stored()
        assert (held.active, held.mode, held.cause, held.last_error) == (True, Mode.NO_ENTRIES, "crash", "RuntimeError")
        assert [fact.cause for fact in await found.told() if fact.kind == "bot_paused"] == ["crash"]


async def test_a_bot_that_cannot_be_loaded_keeps_no_other_from_starting(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    first = await world.build(strategies={"wanting": Wanting((quote(),))})
    broken = replace(record(), id=0, config='{"number": "many"}')
    unknown = replace(record(), id=0, strategy="gone")
    fine = replace(record(), id=0)
    for each in (broken, unknown, fine):
        await first.storage.write(lambda c, each=each: bots.add_bot(c, each))
    await world.close(first)
    found = Rooms(world, await world.build(strategies={"wanting": Wanting((quote(),))}))
    await world.pass_time(3)
    assert found.worker(3).is_at_work
    assert [(await found.stored(n)).cause for n in (1, 2, 3)] == ["crash", "crash", ""]
    await world.close(found.standing)


async def test_a_bot_is_never_run_twice(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        stored = await found.add()
        first = found.worker()
        for _ in range(3):
            found.supervisor.launch_later(stored)
        await asyncio.gather(*(found.supervisor.launch(stored) for _ in range(3)))
        await found.world.pass_time(3)
        assert found.worker() is first
        assert len(list(found.supervisor.workers())) == 1
        assert found.resting() == 1


async def test_a_bot_that_was_stopped_before_its_venue_came_back_is_not_run(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting()) as found:
        stopped = replace(record(), id=0, active=False)
        stored = await found.standing.storage.write(lambda c: bots.add_bot(c, stopped))
        await found.supervisor.launch(replace(stored, active=True))
        assert found.supervisor.worker(stored.id) is None


async def test_while_the_database_fails_nothing_leaves_and_after_it_everything_does_once(tmp_path: Path) -> None:
    strategy = Wanting()
    async with rooms(tmp_path, strategy) as found:
        await found.add()
        worker = found.worker()
        real, failures = worker._station.storage, 3

        class Failing:
            epoch, path = real.epoch, real.path
            read = real.read

            async def write(self, job: Callable[[Any], Any]) -> Any:
                nonlocal failures
                failures -= 1
                if failures == 1:
                    await real.write(job)  # it survived, and nobody was told
                if failures >= 0:
                    raise StorageFailed("disk full")
                return await real.write(job)

        object.__setattr__(worker._station, "storage", Failing())
        told_once = BotResumed(symbol=SYMBOL)
        seen = 0

        def plan(view: View) -> Plan:
            nonlocal seen
            seen += 1
            return Plan(strategy.state_model(number=1), orders=(quote(),), notices=(told_once,) if seen == 1 else ())

        strategy.also = plan
        await worker.wake()
        await found.world.pass_time(0.5)
        assert found.resting() == 0
        await found.world.pass_time(5)
        assert found.resting() == 1
        assert [fact.kind for fact in await found.told()].count("bot_resumed") == 1
        object.__setattr__(worker._station, "storage", real)


async def test_a_deleted_bot_ends_quietly(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        await found.add()
        worker = found.worker()
        await found.standing.storage.write(lambda c: bots.delete_bot(c, 1, OWNER))
        with pytest.raises(WorkerEnded):
            await found.world.act(found.standing, worker.wish(Wish(mode=Mode.NO_ENTRIES)))
        await found.world.pass_time(1)
        assert found.supervisor.worker(1) is None
        with pytest.raises(WorkerEnded):
            await worker.wish(Wish(mode=Mode.RUNNING))


async def test_a_wish_is_stored_while_the_picture_is_not_whole(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        await found.add()

        async def away(point: str) -> None:
            if point.split(".", maxsplit=1)[0] in ("open_orders", "watch_private"):
                raise Unavailable("502")

        found.world.gateways[OWNER].suffer(away)
        found.world.gateways[OWNER].cut_streams()
        await found.world.pass_time(2)
        assert not found.worker().bench.is_recovered
        await found.world.act(found.standing, found.worker().wish(Wish(mode=Mode.NO_ENTRIES, cause="user")))
        assert (await found.stored()).mode is Mode.NO_ENTRIES
        await found.world.pass_time(30)
        assert found.supervisor.venues_away() == ("paper",)
        found.world.gateways[OWNER].suffer(None)
        await found.world.pass_time(40)
        assert found.worker().can_trade()
        kinds = [fact.kind for fact in await found.told()]
        assert (kinds.count("venue_away"), kinds.count("venue_back")) == (1, 1)


async def test_a_private_stream_that_cannot_be_had_does_not_keep_a_bot_from_its_work(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        await found.add()

        async def no_stream(point: str) -> None:
            if point.startswith("watch_private"):
                raise Unavailable("502")

        found.world.gateways[OWNER].suffer(no_stream)
        found.world.gateways[OWNER].cut_streams()
        for _ in range(20):
            await found.world.pass_time(1)
            assert found.worker().can_trade(), "each failed dial must not discard what was just proven"
        found.world.gateways[OWNER].suffer(None)
        gaps = found.worker().gaps
        await found.world.pass_time(40)
        assert found.worker().gaps == gaps + 1, "what came before it listened again was heard by nobody"
        assert found.worker().can_trade()


async def test_funding_is_read_soon_after_each_full_hour(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        await found.add()
        await found.world.pass_time(100)
        asked: list[datetime] = []

        async def listen(point: str) -> None:
            if point == "funding.before":
                asked.append(found.world.clock.now())

        found.world.gateways[OWNER].suffer(listen)
        began = found.world.clock.now()
        hour = began.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        await found.world.pass_time((hour - began).total_seconds() + 200)
        assert len(asked) == 1, asked
        assert timedelta(seconds=30) <= asked[0] - hour <= timedelta(seconds=91)


async def test_an_invalid_wish_is_answered_and_harms_nobody(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),))) as found:
        await found.add()
        with pytest.raises(ValueError, match="number"):
            await found.world.act(found.standing, found.worker().wish(Wish(config='{"number": "many"}')))
        assert found.worker().is_at_work


async def test_shutdown_withdraws_entries_where_it_is_told_to_and_a_restart_places_them_again(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    found = Rooms(world, await world.build())
    await found.grid()
    closing = asyncio.ensure_future(found.supervisor.close(cancel_entries=True))
    while not closing.done():
        await world.pass_time(0.5)
    assert [order.reduce_only for order in world.gateways[OWNER].books_of_the_venue.open_orders()] == [True]
    await world.close(found.standing)
    again = Rooms(world, await world.build())
    await world.until(lambda: again.resting() == 4)
    assert again.worker().bench.record.mode is Mode.RUNNING
    await world.close(again.standing)


async def test_a_clean_end_leaves_no_order_in_doubt(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    found = Rooms(world, await world.build(strategies={"wanting": Wanting((quote(),))}))
    await found.add()
    await world.close(found.standing)
    again = await world.build(strategies={"wanting": Wanting((quote(),))})
    stored = await again.storage.read(lambda c: orders.live_orders(c, 1))
    assert [order.status for order in stored] == [OrderStatus.OPEN]
    await world.close(again)


@pytest.mark.parametrize(
    ("wished", "least", "most"),
    [((None,), 27, 33), ((10,), 6, 8), ((1,), 55, 63), ((10, 4), 15, 18), ((10, None), 27, 33)],
    ids=["house", "ten", "one", "smallest", "beside_the_house"],
)
async def test_orders_are_asked_for_as_often_as_the_bot_wishes_that_wants_it_most(
    tmp_path: Path, wished: tuple[float | None, ...], least: int, most: int
) -> None:
    """In a minute, in which the whole picture is proved once or twice besides."""
    world = World(tmp_path / "m.db")
    symbols = [f"{name}/USDT:USDT" for name in ("CRV", "BTC")]
    world.venue = PaperVenue(
        world.clock, [ScriptedMarket(replace(CRV, symbol=symbol), Decimal("0.5")) for symbol in symbols]
    )
    strategies = {f"wish{n}": Wanting((quote(),), name=f"wish{n}", checked_every=each) for n, each in enumerate(wished)}
    found = Rooms(world, await world.build(strategies=strategies))
    for name, symbol in zip(strategies, symbols, strict=False):
        await found.add(name, symbol=symbol)
    await world.until(lambda: found.resting() == len(wished))
    asked = writes_of(found, "open_orders.before")
    await world.pass_time(60)
    assert least <= len(asked) <= most
    await world.close(found.standing)


async def test_a_second_symbol_on_a_key_does_not_deafen_the_first(tmp_path: Path) -> None:
    other = ScriptedMarket(replace(CRV, symbol="BTC/USDT:USDT"), Decimal("0.5"))
    world = World(tmp_path / "m.db")
    world.venue = PaperVenue(world.clock, [world.market, other])
    once = Wanting((replace(quote(), one_shot=True),))
    found = Rooms(world, await world.build(strategies={"wanting": once}))
    await found.add()
    await world.until(lambda: found.resting() == 1)
    joining = asyncio.ensure_future(found.add(symbol="BTC/USDT:USDT"))
    world.market.price = Decimal("0.47")
    await world.until(lambda: joining.done() and found.worker(1).bench.books.ledger.position == 20, seconds=3)
    await world.close(found.standing)


async def test_a_bot_that_cannot_trade_for_too_long_is_told_once(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting((quote(),)), limits=RuntimeLimits(stalled_after=timedelta(minutes=1))) as found:
        await found.add()
        await found.supervisor.watchdog()
        found.worker().bench.is_recovered = False
        for _ in range(4):
            await found.supervisor.watchdog()
            await found.world.clock.advance(0)
            found.world.clock._now += timedelta(seconds=40)
        assert [fact.kind for fact in await found.told()].count("trading_stalled") == 1


async def test_equity_is_sampled(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting()) as found:
        await found.add()
        await found.supervisor.sample()
        sampled = await found.standing.storage.read(lambda c: c.exec_driver_sql("SELECT kind FROM samples").all())
        assert [row[0] for row in sampled] == ["equity"]


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_the_trade_that_ends_a_bot_is_in_its_last_sample_of_equity(tmp_path: Path, is_deleted: bool) -> None:
    async with rooms(tmp_path) as found:
        await found.grid()
        await found.world.until(lambda: found.worker().bench.books.ledger.position > 0)
        await found.supervisor.sample()
        before = found.worker().bench.books.ledger.net
        found.world.market.price = Decimal("0.505")
        await found.world.act(found.standing, found.standing.desk.stop(OWNER, 1, StopChoice.CLOSE_ALL, token="s"))
        await found.world.until(lambda: found.supervisor.worker(1) is None)
        if is_deleted:
            await found.standing.storage.write(lambda c: bots.delete_bot(c, 1, OWNER))
        for _ in range(3):
            await found.supervisor.sample()
        sampled = await found.standing.storage.read(lambda c: samples.samples_of(c, 1, "equity"))
        if is_deleted:
            assert not sampled
            return
        earned = (await found.stored()).ledger.net
        assert [Decimal(sample.body["net"]) for sample in sampled] == [before, earned]
        assert before != earned
        assert Decimal(sampled[-1].body["unrealized"]) == 0


async def test_the_summary_after_a_restart_counts_what_was_filled_meanwhile(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    found = Rooms(world, await world.build(strategies={"wanting": Wanting((quote(),))}))
    await found.add()
    await world.until(lambda: found.resting() == 1)
    await world.crash(found.standing)
    world.market.price = Decimal("0.47")
    await world.pass_time(60)
    again = Rooms(world, await world.build(strategies={"wanting": Wanting()}))
    await world.pass_time(5)
    [fact] = [fact for fact in await again.told() if fact.kind == "restored"]
    assert (fact.bots, fact.orders, fact.fills, fact.lost) == (1, 0, 1, 0)
    assert again.worker().bench.books.ledger.position == 20
    await world.close(again.standing)


async def test_an_order_of_ours_that_nobody_knows_is_canceled_and_a_strangers_is_not(tmp_path: Path) -> None:
    async with rooms(tmp_path, Wanting()) as found:
        await found.add()
        ours = client_id(found.standing.storage.epoch, 1, 999)
        raw = found.world.gateways[OWNER]
        await raw.place([NewOrder(ours, SYMBOL, quote()), NewOrder("web-1", SYMBOL, quote("0.47"))])
        await found.world.pass_time(70)
        left = [order.client_id for order in raw.books_of_the_venue.open_orders()]
        assert left == ["web-1"]
        assert [fact.outcome for fact in await found.told() if fact.kind == "unknown_orders"] == ["canceled"]


async def test_a_close_by_hand_is_noticed_priced_and_ends_the_cycle(tmp_path: Path) -> None:
    async with rooms(tmp_path) as found:
        await found.grid()
        raw = found.world.gateways[OWNER]
        held = raw.books_of_the_venue.position(SYMBOL)
        assert held is not None
        by_hand = TargetOrder("x", Role.CLOSE, Side.SELL, OrderType.MARKET, held.amount, reduce_only=True)
        await raw.place([NewOrder("web-2", SYMBOL, by_hand)])
        await found.world.until(lambda: found.worker().bench.books.ledger.position == 0, seconds=30)
        await found.world.pass_time(3)
        facts = await found.told()
        assert [fact.cause for fact in facts if fact.kind == "cycle_finished"] == ["closed_elsewhere"]
        assert [fact.kind for fact in facts].count("position_gone") == 1
        assert raw.books_of_the_venue.balances()["USDT"] - 10_000 == found.worker().bench.books.ledger.net


async def test_a_stream_of_books_wakes_a_bot_whose_book_was_stale(tmp_path: Path) -> None:
    strategy = Wanting((quote(),), wake=Wake(bands={"bid": Band(Decimal("0.1"), Decimal("0.9"))}))
    async with rooms(tmp_path, strategy) as found:
        await found.add()
        worker, now = found.worker(), found.world.clock.now()
        book: Book = worker.bench.market[""][0]
        worker.bench.market[""] = (book, now - timedelta(minutes=5))
        plans = len(strategy.plans)
        worker.see_book("", book, now)
        await found.world.pass_time(0.1)
        assert len(strategy.plans) == plans + 1


async def test_a_refused_key_stops_entries_keeps_orders_and_is_told_once(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    found = Rooms(world, await world.build(strategies={"wanting": Wanting((quote(),))}))
    connections: Any = found.supervisor._rooms.connector

    class Keyed:
        """Every key opens the owner's paper account."""

        async def connect(self, account: AccountId) -> tuple[Gateway, Clock]:
            gateway, clock = await connections.connect(replace(account, key_id=None))
            return gateway, clock

    found.supervisor._rooms.connector = Keyed()
    at = world.clock.now()
    key = await found.standing.storage.write(
        lambda c: keys.add_key(
            c, user_id=OWNER, venue="far", label="mine", tail="1234", can_withdraw=False, created_at=at,
            seal=lambda _: "sealed",
        )
    )  # fmt: skip
    await found.add(key_id=key.id)
    await world.until(lambda: found.resting() == 1)

    async def refuse(point: str) -> None:
        raise BadCredentials("bad signature")

    world.gateways[OWNER].suffer(refuse)
    await world.pass_time(130)
    held = await found.stored()
    assert (held.active, held.mode, held.cause) == (True, Mode.NO_ENTRIES, "credentials")
    assert found.resting() == 1
    assert [fact.kind for fact in await found.told()].count("key_invalid") == 1
    await world.close(found.standing)


async def test_a_change_that_is_always_refused_does_not_hammer_the_venue(tmp_path: Path) -> None:
    strategy = Wanting((quote(),))
    async with rooms(tmp_path, strategy) as found:
        await found.add()
        await found.world.until(lambda: found.resting() == 1)
        asked: list[str] = []

        async def refuse(point: str) -> None:
            asked.append(point)
            if point in ("amend.before", "place.before"):
                raise Rejected("other", detail="no")

        found.world.gateways[OWNER].suffer(refuse)
        strategy.wanted = (quote("0.47"),)
        await found.worker().wake()
        await found.world.pass_time(60)
        assert asked.count("amend.before") == 1
        assert asked.count("cancel.before") == 1
        assert asked.count("place.before") <= 5


@pytest.mark.parametrize("trouble", [NotSent("no route"), Throttled(2), OutcomeUnknown("timeout")])
async def test_a_venue_that_takes_no_writes_is_not_hammered(trouble: VenueError, tmp_path: Path) -> None:
    strategy = Wanting((quote(),))
    async with rooms(tmp_path, strategy) as found:
        await found.add()
        await found.world.until(lambda: found.resting() == 1)
        asked: list[str] = []

        async def refuse(point: str) -> None:
            asked.append(point)
            if point.split(".", maxsplit=1)[0] in ("amend", "place", "cancel") and point.endswith("before"):
                raise trouble

        found.world.gateways[OWNER].suffer(refuse)
        strategy.wanted = (quote("0.47"), quote("0.46", "bid2"))
        await found.worker().wake()
        await found.world.pass_time(30)
        assert 1 <= asked.count("amend.before") <= 65
        assert asked.count("place.before") <= 31
        found.world.gateways[OWNER].suffer(None)
        strategy.wanted = ()
        await found.worker().wake()
        await found.world.until(lambda: found.resting() == 0, seconds=60)


async def test_a_liquidation_is_noticed_and_its_price_is_the_venues(tmp_path: Path) -> None:
    async with rooms(tmp_path) as found:
        await found.grid()
        world, raw = found.world, found.world.gateways[OWNER]
        world.market.price = Decimal("0.2")
        await world.pass_time(40)
        assert raw.books_of_the_venue.position(SYMBOL) is None
        stored = await found.stored()
        assert stored.ledger.position == 0
        facts = await found.told()
        assert [fact.liquidated for fact in facts if fact.kind == "position_gone"] == [True]
        assert [fact.cause for fact in facts if fact.kind == "cycle_finished"] == ["liquidated"]
        assert stored.cause == "liquidated"
        assert raw.books_of_the_venue.balances()["USDT"] - 10_000 == stored.ledger.net
