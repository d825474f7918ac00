"""Bots that cannot be loaded or planned: told once, stopped and deleted all the same, but not for a bad line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.bot import Wanting, record
from tests.runtime.test_house import Rooms, quote
from tests.simulation.world import OWNER, SYMBOL, World
from trading.core.instrument import Side
from trading.core.notices import OrdersLeft
from trading.core.orders import OrderType, Role
from trading.core.planning import Mode, Plan, View
from trading.desk.answers import DeskError, StopChoice
from trading.exchanges.errors import Unavailable
from trading.storage import bots, orders

ENTRY = replace(quote("0.5", "in"), type=OrderType.MARKET, price=None, one_shot=True, role=Role.ENTRY)
EXIT = replace(quote("0.6", "out"), side=Side.SELL, role=Role.TAKE_PROFIT, reduce_only=True)


async def with_position(path: Path) -> World:
    """A house was here, whose bot holds 20 and has an entry and an exit at rest."""
    world = World(path / "m.db")
    found = Rooms(world, await world.build(strategies={"wanting": Wanting((ENTRY, EXIT, quote()))}))
    await found.add()
    await world.until(lambda: found.resting() == 2)
    await world.close(found.standing)
    return world


async def without_its_strategy(world: World) -> Rooms:
    """The house after an update in which the bot's strategy is no more."""
    found = Rooms(world, await world.build(strategies={}))
    await world.pass_time(2)
    assert (await found.stored()).cause == "crash"
    return found


async def stop(found: Rooms, choice: StopChoice) -> None:
    desk = found.standing.desk
    await found.world.act(found.standing, desk.stop(OWNER, 1, choice, token="stop"))


def held(found: Rooms) -> Any:
    position = found.world.gateways[OWNER].books_of_the_venue.position(SYMBOL)
    return position.amount if position is not None else 0


async def until_inactive(found: Rooms, seconds: int = 120) -> None:
    for _ in range(seconds):
        if not (await found.stored()).active:
            return
        await found.world.pass_time(1)
    raise AssertionError("it is still active")


@pytest.mark.parametrize("choice", [StopChoice.CANCEL_ORDERS, StopChoice.CLOSE_ALL, None])
async def test_a_bot_that_cannot_be_loaded_is_ended_and_what_is_left_is_told(
    tmp_path: Path, choice: StopChoice | None
) -> None:
    world = await with_position(tmp_path)
    found = await without_its_strategy(world)
    raw = world.gateways[OWNER]
    desk = found.standing.desk
    with pytest.raises(DeskError, match="bot_is_running"):
        await world.act(found.standing, desk.delete(OWNER, 1, token="d1"))
    if choice is None:
        await world.act(found.standing, desk.panic(OWNER, token="panic"))
    else:
        await stop(found, choice)
    await until_inactive(found)
    assert (raw.books_of_the_venue.open_orders(), held(found)) == ([], 20)
    assert await found.standing.storage.read(lambda c: orders.live_orders(c, 1)) == []
    [fact] = [fact for fact in await found.told() if fact.kind == "bot_stopped"]
    assert (fact.position, fact.cause) == (20, "panic" if choice is None else "user")
    await world.act(found.standing, desk.delete(OWNER, 1, token="d2"))
    await world.close(found.standing)


async def test_orders_that_cannot_be_canceled_are_named_to_their_owner(tmp_path: Path) -> None:
    world = await with_position(tmp_path)
    found = await without_its_strategy(world)

    async def unknown_market(point: str) -> None:
        if point.split(".", maxsplit=1)[0] in ("cancel", "order", "open_orders"):
            raise KeyError(SYMBOL)

    world.gateways[OWNER].suffer(unknown_market)
    await stop(found, StopChoice.CANCEL_ORDERS)
    await until_inactive(found)
    live = await found.standing.storage.read(lambda c: orders.live_orders(c, 1))
    [left] = [fact for fact in await found.told() if isinstance(fact, OrdersLeft)]
    assert len(live) == found.resting() == 2
    told = [(each.side, each.amount, each.price, each.client_id) for each in left.orders]
    assert told == [(order.side, order.remaining, order.price, order.client_id) for order in live]
    await world.close(found.standing)


async def test_nobody_is_given_up_while_the_venue_is_away(tmp_path: Path) -> None:
    world = await with_position(tmp_path)
    found = await without_its_strategy(world)

    async def away(point: str) -> None:
        raise Unavailable("502")

    world.gateways[OWNER].suffer(away)
    await stop(found, StopChoice.CLOSE_ALL)
    await world.pass_time(120)
    assert (await found.stored()).active
    assert found.resting() == 2
    world.gateways[OWNER].suffer(None)
    await until_inactive(found)
    assert found.resting() == 0
    await world.close(found.standing)


async def test_a_bot_whose_plan_raises_is_closed_whole(tmp_path: Path) -> None:
    world = await with_position(tmp_path)

    def raise_it(view: View) -> Plan:
        raise RuntimeError("a bug")

    found = Rooms(world, await world.build(strategies={"wanting": Wanting(also=raise_it)}))
    await world.pass_time(3)
    assert (await found.stored()).cause == "crash"
    await world.act(found.standing, found.standing.desk.panic(OWNER, token="panic"))
    await until_inactive(found)
    assert (found.resting(), held(found)) == (0, 0)
    [fact] = [fact for fact in await found.told() if fact.kind == "panic_report"]
    assert (fact.canceled, fact.closed, fact.left) == (2, 20, None)
    await world.close(found.standing)


async def test_a_bot_that_crashes_on_its_way_to_its_end_is_tried_once_more_and_then_given_up(tmp_path: Path) -> None:
    class Broken(Wanting):
        tries = 0

        def budget(self, config: Any, state: Any) -> Any:
            self.tries += 1
            raise RuntimeError("a bug")

    world, broken = await with_position(tmp_path), Broken()
    found = Rooms(world, await world.build(strategies={"wanting": broken}))
    await world.pass_time(3)
    before = broken.tries
    await stop(found, StopChoice.CLOSE_ALL)
    await until_inactive(found)
    assert broken.tries == before + 2
    assert (found.resting(), held(found)) == (0, 20)
    assert [fact.position for fact in await found.told() if fact.kind == "bot_stopped"] == [20]
    await world.close(found.standing)


async def test_a_crash_is_told_once_however_often_the_venue_is_tried_and_the_process_begins(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    wanting = {"wanting": Wanting((quote(),))}
    first = await world.build(strategies=wanting)
    for each in (replace(record(), id=0, strategy="gone"), replace(record(), id=0)):
        await first.storage.write(lambda c, each=each: bots.add_bot(c, each))
    await world.close(first)
    for _ in range(2):
        found = Rooms(world, await world.build(strategies=wanting))
        reached, supervisor = _Unreached(), found.supervisor
        supervisor._loader.load = reached.behind(supervisor._loader.load)
        await world.pass_time(31)
        assert reached.tries > 3
        reached.is_away = False
        await world.pass_time(6)
        assert found.worker(2).is_at_work
        assert [fact.cause for fact in await found.told() if fact.kind == "bot_paused"] == ["crash"]
        assert (await found.stored()).mode is Mode.NO_ENTRIES
        await world.close(found.standing)


class _Unreached:
    """The venue does not tell the rules of the second bot's market."""

    def __init__(self) -> None:
        self.is_away, self.tries = True, 0

    def behind(self, load: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def loading(bot_id: int, station: Any) -> Any:
            if bot_id == 2 and self.is_away:
                self.tries += 1
                raise Unavailable("502")
            return await load(bot_id, station)

        return loading
