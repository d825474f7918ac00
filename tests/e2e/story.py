"""The story of a grid, step by step: what a person presses, and what the market does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from tests.e2e import books
from tests.e2e.house import House, Person, VenueProcess, at_home, venue

CREDENTIALS = ("bg-key", "bg-secret", "bg-pass")
MARKET = "CRVUSDT"
TICK = Decimal("0.0001")
Truth = Mapping[str, Any]


async def add_key(person: Person, title: str = "Bitget", secrets: Sequence[str] = CREDENTIALS) -> None:
    """From the menu to a stored key, field by field."""
    await person.send("/start")
    await person.choose("Keys")
    await person.choose("Add a key")
    warning = await person.see("Before you send a key")
    assert "may not withdraw" in warning.text
    await person.choose(title)
    for place, secret in enumerate(secrets, 1):
        await person.see(f"step {place} of {len(secrets)}")
        await person.send(secret)
    await person.choose("Just")
    await person.see("works and is stored encrypted")


async def choose_pair(person: Person, account: str) -> None:
    """From the menu to the question for the deposit."""
    await person.send("/start")
    await person.see("Makergram")
    await person.choose("New bot")
    await person.choose("Grid")
    await person.choose(account)
    await person.choose("CRV")
    await person.choose("Done")
    await person.see("Deposit?")


async def answer(person: Person, setting: str, value: str) -> None:
    """Change one setting in the summary."""
    await person.choose(setting)
    await person.see(f"{setting}?")
    await person.send(value)
    await person.see(lambda message: f"{setting}: {value}" in message.text)


async def to_start(person: Person, account: str, pause: int = 60, deposit: str = "10") -> None:
    """To a preview with a Start button: 15 levels that survive, as offered for ten dollars at 20x."""
    await choose_pair(person, account)
    await person.send(deposit)
    await person.see("Press a setting to change it")
    if pause != 60:
        await answer(person, "Cycle pause", str(pause))
    await person.choose("Preview and start")
    await person.see("It cannot start like this")
    await person.choose("🛡 Leverage")
    await person.see("Ready.", seconds=60)


@dataclass
class Story:
    """A house and its admin. ``truth`` is what the venue has in its own books."""

    house: House
    person: Person

    async def truth(self) -> Truth:
        raise NotImplementedError

    async def until(self, holds: Callable[[Truth], bool], what: str, seconds: float = 90) -> Truth:
        """The venue's books once they satisfy ``holds``."""
        deadline = time.monotonic() + seconds
        while not holds(truth := await self.truth()):
            assert time.monotonic() < deadline, f"never: {what}\n{self._picture(truth)}"
            await asyncio.sleep(0.03)
        return truth

    async def rested(self, levels: int, seconds: float = 90) -> Truth:
        """``levels`` entries rest, and one take-profit covers what is held."""
        return await self.until(
            lambda truth: len(books.entries(truth)) == levels and books.is_covered(truth),
            f"{levels} entries and a take-profit",
            seconds,
        )

    async def agree(self, seconds: float = 60) -> Truth:
        """Wait until both books say the same and everything was told."""
        deadline = time.monotonic() + seconds
        while True:
            truth = await self.truth()
            wrong = books.differences(self.house.database, truth)
            wrong += [f"not told: {each['body']}" for each in books.undelivered(self.house.database)]
            if not wrong:
                return truth
            assert time.monotonic() < deadline, f"{wrong}\n{self._picture(truth)}"
            await asyncio.sleep(0.2)

    def _picture(self, truth: Truth) -> str:
        lines = [
            f"{o['client_id']} {o['side']} {o['filled']}/{o['amount']} at {o['price']} {o['status']}"
            for o in truth["orders"]
        ]
        log = self.house.log.read_text()[-6000:]
        return "\n".join([*lines, str(truth["positions"]), str(truth["balances"]), str(self.person.texts()[-3:]), log])


@dataclass
class BitgetStory(Story):
    """A house, its admin and a Bitget beside it."""

    venue: VenueProcess

    async def truth(self) -> Truth:
        truth: Truth = await self.venue.control("truth")
        books.check_exits(truth)
        return truth

    async def price(self, price: Decimal) -> None:
        await self.venue.control("price", symbol=MARKET, price=str(price))

    async def fall(self, levels: int) -> Decimal:
        """The market falls just through the next ``levels`` entries. Answers the price of the last one."""
        reached = Decimal(books.entries(await self.truth())[levels - 1]["price"])
        await self.price(reached - 5 * TICK)
        return reached

    async def rise(self) -> Decimal:
        """The market rises just above the take-profit. Answers its price."""
        goal = Decimal(books.exits(await self.truth())[0]["price"])
        await self.price(goal + 5 * TICK)
        return goal


@asynccontextmanager
async def bitget_story(folder: Path, **settings: str) -> AsyncIterator[BitgetStory]:
    async with (
        venue("bitget") as bitget,
        at_home(folder, VENUE_URLS=f'{{"bitget": "{bitget.address}"}}', **settings) as (house, person),
    ):
        yield BitgetStory(house, person, bitget)


def take_profit_of(fills: list[Mapping[str, Any]], percent: str = "2") -> Decimal:
    """Where the take-profit of these fills has to be: the average and some percent, on the tick above."""
    amount = sum(Decimal(fill["amount"]) for fill in fills)
    cost = sum(Decimal(fill["amount"]) * Decimal(fill["price"]) for fill in fills)
    goal = cost / amount * (1 + Decimal(percent) / 100)
    return (goal / TICK).to_integral_value(ROUND_CEILING) * TICK


PAPER_SYMBOL = "CRV/USDT:USDT"
SLOW, FAST = "0.05", "60"
"""While a person presses buttons next to no paper time passes; then a minute is a second."""


def recording(folder: Path, minutes: Sequence[str]) -> str:
    """A recorded market of one-minute candles that end at these prices, as PAPER_PRICES wants it."""
    lines, before = ["timestamp,open,high,low,close,volume"], minutes[0]
    for number, close in enumerate(minutes):
        high, low = max(before, close), min(before, close)
        lines.append(f"{1_700_000_000 + number * 60},{before},{high},{low},{close},4000000")
        before = close
    path = folder / "crv.csv"
    path.write_text("\n".join(lines) + "\n")
    return json.dumps({PAPER_SYMBOL: str(path)})


@dataclass
class PaperStory(Story):
    """A house whose paper market plays a recording, and its admin."""

    async def truth(self) -> Truth:
        truth = books.paper_truth(self.house.database, self.person.user)
        books.check_exits(truth)
        return truth


@asynccontextmanager
async def paper_story(folder: Path, minutes: Sequence[str]) -> AsyncIterator[PaperStory]:
    prices = recording(folder, minutes)
    async with at_home(folder, PAPER_PRICES=prices, PAPER_SPEED=SLOW) as (house, person):
        yield PaperStory(house, person)
