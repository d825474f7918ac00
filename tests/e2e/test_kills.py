"""kill -9 at twenty moments of the story: the same ending, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.story import FAST, BitgetStory, add_key, bitget_story, paper_story, to_start

pytestmark = [pytest.mark.timeout(600)]

PLACE, BATCH = "/api/v2/mix/order/place-order", "/api/v2/mix/order/batch-place-order"
CANCEL, CANCEL_BATCH = "/api/v2/mix/order/cancel-order", "/api/v2/mix/order/batch-cancel-orders"
LEVERAGE = "/api/v2/mix/account/set-leverage"


@dataclass
class Killer:
    """Kills the house and starts it again, and remembers when."""

    story: BitgetStory
    kills: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    armed: tuple[str, int] = ("", 0)
    """A path, and how often it had been asked for."""

    async def kill(
        self, moment: str, *, while_dead: Callable[[], Awaitable[object]] | None = None, till_up: bool = True
    ) -> None:
        """``till_up`` waits for the page; bots trade before it is there."""
        await self.story.house.kill()
        self.kills.append(moment)
        print(f"{time.monotonic() - self.began:6.1f} s  kill {len(self.kills):2}: {moment}", flush=True)
        if while_dead is not None:
            await while_dead()
        await (self.story.house.start() if till_up else self.story.house.spawn())

    async def at_request(self, moment: str, path: str, fault: str, act: Callable[[], Awaitable[object]]) -> None:
        """Kill while the venue holds its answer to the next such request, or has not even looked at it."""
        await self.arm(path, fault)
        await act()
        await self.at_armed(moment)

    async def arm(self, path: str, fault: str) -> None:
        """The next such request will be held."""
        self.armed = path, await self._count(path)
        await self.story.venue.control("fault", kind=fault, path=path, seconds=1.5)

    async def at_armed(self, moment: str, *, while_dead: Callable[[], Awaitable[object]] | None = None) -> None:
        """Kill when what is armed was asked for. What it does while it is dead may arm the next."""
        path, seen = self.armed
        deadline = time.monotonic() + 90
        while await self._count(path) == seen:
            assert time.monotonic() < deadline, f"never asked for {path}\n{self.story.house.log.read_text()[-4000:]}"
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

        async def heal() -> None:
            await self.story.venue.control("heal")
            if while_dead is not None:
                await while_dead()

        await self.kill(moment, while_dead=heal)

    async def _count(self, path: str) -> int:
        requests = (await self.story.venue.control("truth"))["requests"]
        return int(requests.get(f"POST {path}", 0))


@pytest.mark.xdist_group("e2e-bitget")
async def test_kill_9_at_twenty_moments(tmp_path: Path) -> None:
    async with bitget_story(tmp_path) as story:
        person, house = story.person, story.house
        killer = Killer(story)
        await add_key(person)
        await to_start(person, "Bitget", pause=12)  # longer than a slow machine takes to kill

        # Cycle 1: beginning. The draft survives, and whether the press was heard or not, one bot comes of it.
        await person.choose("▶️ Start")
        await killer.kill("right after Start was pressed")
        await _press_start_again(story)
        await asyncio.sleep(0.3)
        await killer.kill("a moment after Start was pressed again")
        await _press_start_again(story)
        await story.rested(14)
        assert len(books.rows(house.database, "SELECT id FROM bots")) == 1
        await killer.kill("at rest")
        await story.rested(14)

        async def fall() -> None:
            await story.fall(1)

        async def rise() -> None:
            await story.rise()

        await fall()
        await asyncio.sleep(0.05)
        await killer.kill("while the first level fills")
        await story.rested(13)
        await killer.at_request("the old take-profit's cancel, before the venue sees it", CANCEL, "delay", fall)
        await story.rested(12)
        await killer.at_request("the old take-profit's cancel, before its answer", CANCEL, "delay_answer", fall)
        await story.rested(11)
        await rise()
        await asyncio.sleep(0.1)
        await killer.kill("as the take-profit fills")
        await person.see("Cycle 1 finished", seconds=90)

        # Cycle 2: placing and pausing.
        await person.see("Cycle 2 began", seconds=90)
        await killer.kill("as the new cycle is told")
        await story.rested(14)
        await killer.at_request("the new take-profit, before the venue sees it", PLACE, "delay", fall)
        await story.rested(13)
        await killer.at_request("the new take-profit, between accept and answer", PLACE, "delay_answer", fall)
        await story.rested(12)
        await killer.kill("two levels fill while it is dead", while_dead=lambda: story.fall(2))
        await story.rested(10)
        await killer.arm(CANCEL_BATCH, "delay")
        await rise()
        # However long it takes to get up: the next grid is waited for before there can be one.
        await killer.at_armed(
            "the cancel of the rest, before the venue sees it", while_dead=lambda: killer.arm(BATCH, "delay")
        )
        await person.see("Cycle 2 finished", seconds=90)
        await killer.kill("in the pause", till_up=False)

        # Cycle 3: a whole grid on its way.
        await killer.at_armed("the new grid, before the venue sees it")
        await story.rested(14)

        async def rise_and_arm() -> None:
            await rise()
            await killer.arm(BATCH, "delay_answer")

        await killer.kill("the take-profit fills while it is dead", while_dead=rise_and_arm)
        await person.see("Cycle 3 finished", seconds=90)
        await killer.at_armed("the new grid, between accept and answer")
        await story.rested(14)

        # Cycle 4: killed while it gets up, and while it speaks.
        await story.fall(2)
        await person.see("entr", seconds=60)
        await killer.kill("while fills are told")
        for fraction in (0.2, 0.6):
            await house.kill()
            await house.spawn()
            await asyncio.sleep(fraction * house.seconds_to_page + fraction)
            await killer.kill(f"while it gets up ({fraction:.0%})")
        await story.rested(12)
        await killer.at_request("the cancel of the rest, before its answer", CANCEL_BATCH, "delay_answer", rise)
        await person.see("Cycle 4 finished", seconds=90)
        await story.rested(14)

        truth = await story.agree(90)
        assert len(killer.kills) >= 20
        assert len(books.rows(house.database, "SELECT id FROM bots")) == 1
        assert [row["number"] for row in books.rows(house.database, "SELECT number FROM cycles ORDER BY id")] == [
            1,
            2,
            3,
            4,
        ]
        nets = books.rows(house.database, "SELECT gross, fees, funding FROM cycles")
        net = sum(Decimal(row["gross"]) - Decimal(row["fees"]) + Decimal(row["funding"]) for row in nets)
        assert Decimal(truth["balances"]["USDT"]) - 1000 == net - _fees(house.database, "c5.")
        await person.read()
        assert books.told_fills_match(house.database)
        repeated = books.check_told(house.database, person.texts(), kills=len(killer.kills))
        print(f"told twice: {repeated}; {time.monotonic() - killer.began:.0f} s; requests {truth['requests']}")


async def _press_start_again(story: BitgetStory) -> None:
    """Until the bot is there: the preview's button still stands below the draft."""
    deadline = time.monotonic() + 60
    while not books.rows(story.house.database, "SELECT id FROM bots"):
        assert time.monotonic() < deadline, story.house.log.read_text()[-4000:]
        await story.person.read()
        starts = [
            message
            for message in story.person.messages.values()
            if any("Start" in button["text"] for row in message.buttons for button in row)
        ]
        if not starts:
            await asyncio.sleep(0.2)
            continue
        await story.person.press(max(starts, key=lambda message: message.id), "Start")
        await asyncio.sleep(1.0)


def _fees(database: Path, scope: str) -> Decimal:
    """What the fills of one cycle's slots have cost so far."""
    query = f"SELECT fee FROM fills JOIN orders USING (client_id) WHERE slot LIKE '{scope}%'"  # noqa: S608  ours
    return sum((Decimal(row["fee"]) for row in books.rows(database, query)), Decimal(0))


@pytest.mark.xdist_group("e2e-paper")
async def test_kill_9_on_paper(tmp_path: Path) -> None:
    minutes = [*["0.5"] * 3, "0.4857", "0.47", "0.455", *["0.455"] * 6, "0.47", "0.49", *["0.49"] * 200]
    async with paper_story(tmp_path, minutes) as story:
        person, house = story.person, story.house
        kills: list[str] = []

        async def kill(moment: str) -> None:
            await house.kill()
            kills.append(moment)
            print(f"kill {len(kills)}: {moment}", flush=True)
            await house.start()

        await to_start(person, "Paper$")
        await person.choose("Start on paper")
        await story.until(lambda truth: bool(truth["orders"]), "the first order")
        house.settings["PAPER_SPEED"] = FAST
        await kill("while orders are being placed")
        for levels in (13, 12, 11):
            await story.until(lambda truth, left=levels: len(books.entries(truth)) <= left, f"{levels} entries")  # type: ignore[misc]
            await kill(f"{levels} levels left")
        query = "SELECT client_id FROM orders WHERE role = 'take_profit' AND status = 'filled'"
        await story.until(lambda truth: bool(books.rows(house.database, query)), "the take-profit filled")
        await kill("as the take-profit filled")
        await person.see("Cycle 1 finished: take-profit", seconds=60)
        await kill("in the pause")
        await person.see("Cycle 2 began at 0.4900", seconds=60)
        await story.rested(14)
        await story.agree()
        await person.read()
        assert books.told_fills_match(house.database)
        print(books.check_told(house.database, person.texts(), kills=len(kills)))
