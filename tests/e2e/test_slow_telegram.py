"""A process whose Telegram is slow, floods, is away: its bots trade on as if nothing were, and everybody is told all.

The Bot API server is the test's own. Three people's grids trade one recorded market, which does the same thing again
and again, so every cycle must look like every other.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import pytest

from tests.e2e import books
from tests.e2e.house import CHAT_KEY, House, Person, free_port
from tests.e2e.story import PAPER_SYMBOL
from tgbot.localchat import LocalChat
from tgbot.localchat.people import Person as Account
from trading.desk.paper_house import PaperTerms
from trading.desk.running import Terms, trading
from trading.vault import new_master_key

pytestmark = [pytest.mark.timeout(400)]

ALICE, BORIS, CLARA = 1000001, 1000002, 1000003
PEOPLE = tuple(Account(number, name, "en", number == ALICE)
               for number, name in ((ALICE, "Alice"), (BORIS, "Boris"), (CLARA, "Clara")))  # fmt: skip
GRID = {"deposit": "50", "leverage": 5, "grid_levels": 5, "coverage_percent": "10", "martingale_multiplier": "1.3",
        "cooldown_seconds": 2}  # fmt: skip
CYCLE = [*["0.5"] * 6, "0.486", "0.486", "0.474", "0.474", "0.474", "0.5"]
"""Level 0 is bought on the plain, two levels in the fall, and all of it is sold in the rise."""
CYCLES = 60
SPEED, CANDLE = 4, 2
"""A candle is half a second of the machine's time, a cycle six."""
SLOW, BANNED = 2.0, 12
"""Seconds."""


def recording(folder: Path) -> Path:
    path, before = folder / "crv.csv", "0.5"
    lines = ["timestamp,open,high,low,close,volume"]
    for number, close in enumerate(CYCLE * CYCLES):
        high, low = max(before, close), min(before, close)
        lines.append(f"{1_700_000_000 + number * CANDLE},{before},{high},{low},{close},4000000")
        before = close
    path.write_text("\n".join(lines) + "\n")
    return path


@dataclass
class Scene:
    """The process, its Telegram, and what can be read of both."""

    house: House
    chat: LocalChat
    http: aiohttp.ClientSession

    def person(self, user: int) -> Person:
        return Person(self.house, self.http, user)

    async def cycles(self, count: int) -> range:
        """Let everybody's bots end so many cycles; answers their numbers."""
        last = max(self._finished(), default=0)
        await self._until(lambda: len(found := self._finished()) == len(PEOPLE) and min(found) >= last + count)
        return range(last + 1, last + count + 1)

    async def told(self) -> None:
        """Everything that has happened until now is told, or given up."""
        last = books.notices(self.house.database)[-1]["id"]
        await self._until(
            lambda: all(
                each["delivered_at"] or each["failure"]
                for each in books.notices(self.house.database)
                if each["id"] <= last
            )
        )

    def _finished(self) -> Sequence[int]:
        query = "SELECT MAX(number) AS last FROM cycles GROUP BY user_id"
        return [row["last"] for row in books.rows(self.house.database, query)]

    async def _until(self, reached: Any) -> None:
        async with asyncio.timeout(150):
            while not reached():
                assert self.house.process is not None
                assert self.house.process.returncode is None, self.house.log.read_text()[-3000:]
                await asyncio.sleep(0.05)


@asynccontextmanager
async def a_scene(folder: Path) -> AsyncIterator[Scene]:
    """Everybody has spoken, and has a grid on paper, when the process starts."""
    key, prices = new_master_key(), recording(folder)
    chat = LocalChat(database=folder / "telegram.db", key=CHAT_KEY, people=PEOPLE, port=free_port())
    settings = {
        "BOT_TOKEN": chat.token,
        "TELEGRAM_API_URL": chat.api_url,
        "ADMIN_IDS": str(ALICE),
        "ENCRYPTION_KEY": key,
        "PAPER_SPEED": str(SPEED),
        "PAPER_PRICES": json.dumps({PAPER_SYMBOL: str(prices)}),
    }
    house = House(folder, settings, port=int(chat.api_url.rpartition(":")[2]))
    await begin(house, key, prices)
    async with chat, aiohttp.ClientSession() as http:
        scene = Scene(house, chat, http)
        for account in PEOPLE:
            await scene.person(account.id).send("/start")
        try:
            await house.spawn()
            yield scene
        finally:
            await house.stop()


async def begin(house: House, key: str, prices: Path) -> None:
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{house.database}",
        master_keys=[key],
        admin_ids=frozenset({ALICE}),
        paper=PaperTerms(speed=0.01, prices={PAPER_SYMBOL: prices}),
    )
    async with trading(terms) as desk:
        for account in PEOPLE:
            await desk.arrive(account.id, account.name, account.username, "en")
            if not account.admin:
                await desk.decide_access(ALICE, account.id, approve=True)
            await desk.create(account.id, None, "grid", [PAPER_SYMBOL], GRID, accept_danger=True, token="begin")


async def test_trading_does_not_feel_what_telegram_does_and_everybody_is_told_all(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        house, chat, boris = scene.house, scene.chat, scene.person(BORIS)
        await boris.see("Makergram", seconds=150)
        await scene.cycles(1)
        phases = {"quick": await scene.cycles(1)}

        await chat.set_blocked(CLARA, True)
        chat.faults.delay = SLOW
        phases["slow"] = await scene.cycles(1)
        await boris.send("/status")
        await boris.see("▸ working", seconds=60)
        chat.faults.delay = 0.0
        await chat.set_blocked(CLARA, False)

        chat.faults.throttle(BANNED, "sendMessage")
        chat.faults.throttle(2, "sendMessage", times=8)
        chat.faults.throttle(1, "getUpdates", times=2)
        phases["storm"] = await scene.cycles(1)

        await chat.stop()
        phases["away"] = await scene.cycles(2)
        await chat.start()
        await scene.told()
        before = boris.newest().id
        await boris.send("/status")
        await boris.see("▸ working", seconds=60, after=before)

        chat.faults.delay = 1.0
        await house.stop()
        assert house.process is not None
        assert house.process.returncode == 0
        check_trading(house.database, phases)
        for account in PEOPLE:
            await check_told(scene, account.id)
        check_log(house.log.read_text())


def check_trading(database: Path, phases: Mapping[str, range]) -> None:
    """Each cycle of everybody is the same in every phase, and no fill waited for Telegram."""
    [first] = phases["quick"]
    usual = orders_of(database, ALICE, first)
    assert len(usual) == 6
    waits = {name: waits_in(database, numbers) for name, numbers in phases.items()}
    print({name: (round(median(each), 3), round(max(each), 3)) for name, each in waits.items()})
    for account in PEOPLE:
        for number in (number for numbers in phases.values() for number in numbers):
            assert orders_of(database, account.id, number) == usual, (account.name, number, waits)
    for name, each in waits.items():
        assert max(each) < max(SLOW, 4 * max(waits["quick"])), name
        assert median(each) < 3 * median(waits["quick"]) + 0.2, name


def orders_of(database: Path, user: int, cycle: int) -> Sequence[tuple[Any, ...]]:
    """What was ordered in a cycle, and what was filled at which prices."""
    query = f"""
        SELECT slot, role, o.side, type, o.amount, o.price, status, filled, group_concat(f.amount || ' at ' || f.price)
        FROM orders o LEFT JOIN fills f USING (client_id)
        WHERE o.user_id = {user} AND slot LIKE 'c{cycle}.%' GROUP BY client_id ORDER BY o.created_at, client_id
    """  # noqa: S608  numbers of ours
    return [(slot.partition(".")[2], *facts) for slot, *facts in map(dict.values, books.rows(database, query))]


def waits_in(database: Path, cycles: range) -> Sequence[float]:
    """How long it took from each fill at the venue until it was stored with what was made of it (real seconds)."""
    query = "SELECT o.user_id, slot, MAX(at) AS at FROM fills JOIN orders o USING (client_id) GROUP BY client_id"
    filled = {(row["user_id"], row["slot"]): row["at"] for row in books.rows(database, query)}
    stored = [
        *((each, each["slot"]) for each in books.notices(database, "entry_filled")),
        *((each, f"c{each['number']}.tp") for each in books.notices(database, "cycle_finished")),
    ]
    return [
        (notice["created_at"] - filled[notice["user_id"], slot]) / 1_000_000 / SPEED
        for notice, slot in stored
        if int(slot.partition(".")[0].removeprefix("c")) in cycles
    ]


async def check_told(scene: Scene, user: int) -> None:
    """What was stored is in the chat, in its order, once; and only who has blocked the bot has missed anything."""
    person, notices = scene.person(user), books.notices(scene.house.database)
    await person.read()
    own = [each for each in notices if each["user_id"] == user]
    missed = {each["failure"] for each in own} - {None}
    assert missed == ({"Forbidden: bot was blocked by the user"} if user == CLARA else set())
    assert told_in(person.texts()) == [fact for each in own if each["delivered_at"] for fact in facts_of(each)]


TOLD = re.compile(r"Cycle (?P<number>\d+) (?P<what>began|finished)|bought (?P<amount>[\d.]+) at (?P<price>[\d.]+)")


def told_in(texts: Sequence[str]) -> Sequence[tuple[Any, ...]]:
    found = [each for text in texts for each in TOLD.finditer(text)]
    return [
        (each["what"], int(each["number"])) if each["what"] else (Decimal(each["amount"]), Decimal(each["price"]))
        for each in found
    ]


def facts_of(notice: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    match notice["kind"]:
        case "cycle_started":
            return [("began", notice["number"])]
        case "cycle_finished":
            return [("finished", notice["number"])]
        case "entry_filled":
            return [(Decimal(notice["amount"]), Decimal(notice["price"]))]
    return []


def check_log(log: str) -> None:
    """All of it has really happened, and nothing broke."""
    for happened in ("waits 2 s for flood control", "Telegram is away", "blocked by the user", "Connect call failed"):
        assert happened in log, happened
    assert "Traceback" not in log
