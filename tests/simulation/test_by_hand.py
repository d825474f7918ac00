"""A house that dies while its owner reduces a position, or takes off an order: nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.simulation.chaos import Always
from tests.simulation.checks import check, stored
from tests.simulation.line import counting, when
from tests.simulation.story import Story
from tests.simulation.world import CRV, OWNER, World
from trading.core.notices import OrderTakenOff, PositionReduced
from trading.core.orders import Role
from trading.desk.answers import DeskError
from trading.desk.manual_answers import order_number
from trading.runtime.worker import Worker

Act = Callable[[Story], Coroutine[Any, Any, None]]


def worker(story: Story) -> Worker | None:
    return story.house.supervisor.worker(1)


def has_done(story: Story) -> bool:
    """Nothing is under way by hand, and what rests is what the bot wants."""
    bot = worker(story)
    if bot is None or not bot.can_trade() or bot.bench.books.in_flight:
        return False
    by_hand = bot.bench.record.by_hand
    exits = [order for order in bot.bench.books.live.values() if order.role is Role.TAKE_PROFIT]
    is_covered = [order.remaining for order in exits] == [story.position]
    return by_hand.reduction is None and not by_hand.withdrawn and is_covered


async def wish(story: Story, work: Callable[[str], Coroutine[Any, Any, object]]) -> None:
    """The owner presses, and again if the house died before it had stored that."""
    for attempt in range(3):
        await story.stand_up()
        await story.until(lambda: worker(story) is not None)
        if attempt and await was_taken(story):
            return
        try:
            if await story.world.act(story.house, work(f"w{attempt}")) is not None:
                return
        except DeskError as refused:
            assert refused.code in ("reduction_underway", "order_is_gone", "already_done"), refused
            return


async def was_taken(story: Story) -> bool:
    """Whether the wish was stored before the house died."""
    by_hand = (await stored(story.house, 1)).record.by_hand
    has_told = any(isinstance(fact, OrderTakenOff) for fact in await facts(story))
    return bool(by_hand.count or by_hand.withdrawn) or has_told


async def facts(story: Story) -> list[Any]:
    return [each.notice for each in await story.house.desk.waiting_notices(1000)]


async def reduce(story: Story) -> None:
    held = story.position
    await wish(story, lambda token: story.house.desk.reduce(OWNER, 1, 50, token=token))
    await story.until(lambda: has_done(story))
    half = CRV.floor_amount(held / 2)
    assert story.position == held - half
    [fact] = [fact for fact in await facts(story) if isinstance(fact, PositionReduced)]
    assert (fact.wanted, fact.closed, fact.left) == (half, half, held - half)


async def cancel(story: Story) -> None:
    bot = worker(story)
    assert bot is not None
    levels = [order for order in bot.bench.books.live.values() if order.role is Role.ENTRY]
    number = order_number(levels[0])
    assert number is not None
    await wish(story, lambda token: story.house.desk.cancel_order(OWNER, 1, number, token=token))
    await story.until(lambda: has_done(story) and story.resting() == 3)
    await story.world.pass_time(30)
    await story.stand_up()
    await story.until(lambda: has_done(story))
    assert story.resting() == 3
    assert len([fact for fact in await facts(story) if isinstance(fact, OrderTakenOff)]) == 1


async def live(path: Path, act: Act, dies_at: Callable[[str], bool] | None, lost: int = 0) -> int:
    """A grid that rests, then the owner's act, in which the house may die or ``lost`` answers go astray.

    Answers how often it died.
    """
    faults = Always(frozenset({"place", "cancel", "amend"}), 0)
    story = Story(World(path, faults=faults))
    await story.create()
    await story.until(lambda: story.resting() == 4 and has_done(story))
    story.house.life.dies_at = dies_at or story.house.life.dies_at
    faults.times = lost
    await act(story)
    await check(story.world, story.house, 1, cycles=False)
    await story.world.close(story.house)
    return story.deaths


@pytest.mark.parametrize("act", [reduce, cancel])
@pytest.mark.parametrize(
    "point", ["commit.before", "commit.after", "place.before", "place.after", "cancel.before", "cancel.after"]
)
async def test_a_kill_on_the_way_does_nothing_twice_and_loses_nothing(point: str, act: Act, tmp_path: Path) -> None:
    points: list[str] = []
    await live(tmp_path / "whole.db", act, counting(point, points))
    for number in range(1, min(len(points), 8) + 1):
        print(f"killed at the {number}. {point}")
        assert await live(tmp_path / f"{number}.db", act, when(point, number)) == 1


@pytest.mark.parametrize("act", [reduce, cancel])
@pytest.mark.parametrize("lost", [1, 3])
async def test_an_answer_that_is_lost_does_nothing_twice(lost: int, act: Act, tmp_path: Path) -> None:
    await live(tmp_path / "m.db", act, None, lost)
