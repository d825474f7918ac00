"""The story of a float on Binance: what a person presses, and what the market does to its one order."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e import books
from tests.e2e.house import CHAT_KEY, Message, Person, VenueProcess, at_home, venue
from tests.e2e.story import Story, Truth, answer

KEY, SECRET = "bn-key", "bn-secret"
FIRST = {"USDT": Decimal(10_000), "BTC": Decimal(1), "ETH": Decimal(10), "CRV": Decimal(10_000)}
"""What the account holds before anything happens."""


async def add_key(person: Person) -> None:
    """From the menu to a stored Binance key, field by field."""
    await person.send("/start")
    await person.choose("Keys")
    await person.choose("Add a key")
    await person.see("Before you send a key")
    await person.choose("Binance")
    for place, secret in enumerate((KEY, SECRET), 1):
        await person.see(f"step {place} of 2")
        await person.send(secret)
    await person.choose("Just")
    await person.see("works and is stored encrypted")


async def to_summary(person: Person, pair: str, budget: str, size: str) -> None:
    """From the menu to the summary of a float on Binance."""
    await person.send("/start")
    await person.see("Makergram")
    await person.choose("New bot")
    await person.choose("Ping-pong")
    await person.choose("Binance")
    await person.see("Which pair?")
    await person.send(pair.lower())
    await person.press(await person.see(f"Found for “{pair.lower()}”"), pair)
    await person.choose("Done")
    await person.see("Budget?")
    await person.send(budget)
    await person.see("Order size?")
    await person.send(size)
    await person.see("Press a setting to change it")


async def set_advanced(person: Person, **values: str) -> None:
    """Change advanced settings, by their titles with underscores for spaces, and come back."""
    await person.choose("Advanced")
    for name, value in values.items():
        await answer(person, name.replace("_", " "), value)


async def press_after(person: Person, before: int, words: str) -> None:
    """Press such a button of a message that came after ``before``; older ones may have it too."""

    def has(message: Message) -> bool:
        return any(words in button["text"] for row in message.buttons for button in row)

    await person.press(await person.see(has, after=before), words)


async def open_bot(person: Person) -> int:
    """The card of bot 1, below everything that was told; answers the id of the message before it."""
    before = person.newest().id
    await person.send("/bots")
    listed = await person.see("Your bots", after=before)
    await person.press(listed, "#1 ")
    return before


async def change(person: Person, setting: str, value: str, *, shown: str = "") -> None:
    """Change one setting of bot 1 on its card; ``shown`` is how the card writes the value, where it differs."""
    before = await open_bot(person)
    await press_after(person, before, "Edit")
    await press_after(person, before, setting)
    await person.see(f"{setting}?", after=before)
    await person.send(value)
    await person.choose("Apply")
    await person.see(f"✅ {setting}: {shown or value}")


async def exported(person: Person, house_url: str) -> list[dict[str, str]]:
    """The executions as the chat gives them: /export, the only bot, all of it, a document."""
    before = person.newest().id
    await person.send("/export")
    await person.press(await person.see("the records of which bot?", after=before), "#1 ")
    await press_after(person, before, "Executions")
    await person.press(await person.see("How far back", after=before), "All")
    told = await person.see(lambda message: message.document is not None, after=before)
    return parse_csv(await content_of(told, house_url))


async def content_of(message: Message, house_url: str) -> bytes:
    document: Any = message.document
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{house_url}/client/file/{document['id']}", params={"key": CHAT_KEY}) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return await answer.read()


def parse_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@dataclass
class FloatStory(Story):
    """A house, its admin and a Binance beside it; ``market`` (as BTCUSDT) is where its bot trades."""

    venue: VenueProcess
    market: str = "BTCUSDT"

    async def truth(self) -> Truth:
        """The venue's own books; on spot the positions are what the orders of one symbol have moved."""
        told: dict[str, Any] = await self.venue.control("truth")
        told["orders"] = [{**order, "reduce_only": False} for order in told["orders"]]
        held: dict[str, Decimal] = {}
        for fill in books.ours(told["fills"]):
            moved = Decimal(fill["amount"]) * (1 if fill["side"] == "buy" else -1)
            base = fill["symbol"].partition("/")[0]
            paid = Decimal(fill["fee"]) if fill["fee_currency"] == base else Decimal(0)
            held[fill["symbol"]] = held.get(fill["symbol"], Decimal(0)) + moved - paid
        told["positions"] = {symbol: str(amount) for symbol, amount in held.items() if amount}
        resting = self.live(told)
        assert len(resting) <= 1, f"one order at a time: {resting}"
        return told

    def live(self, truth: Truth) -> list[Mapping[str, Any]]:
        """Our orders that rest on the venue."""
        return [order for order in books.ours(truth["orders"]) if order["status"] in books.LIVE]

    async def resting(self, side: str, price: str | None = None) -> Mapping[str, Any]:
        """The one order, once it rests on this side (and at this price)."""

        def fits(truth: Truth) -> bool:
            return [
                order
                for order in self.live(truth)
                if order["side"] == side and price in (None, order["price"]) and self._is_stored(order)
            ] != []

        return self.live(await self.until(fits, f"a {side} at {price or 'the best price'}", 40))[0]

    def _is_stored(self, order: Mapping[str, Any]) -> bool:
        """We know that it rests; before that it is on its way."""
        query = "SELECT client_id FROM orders WHERE status IN ('open', 'partly_filled')"
        return order["client_id"] in {row["client_id"] for row in books.rows(self.house.database, query)}

    async def show(self, bid: str, ask: str, size: str = "1") -> None:
        """The market of others: exactly these best prices, and nothing behind them."""
        await self.venue.control("book", symbol=self.market, bids=[[bid, size]], asks=[[ask, size]])

    async def take(self, order: Mapping[str, Any], amount: str | None = None) -> None:
        """Somebody takes our order, or a part of it, from beyond its price."""
        side, price = ("sell", Decimal(order["price"]) * Decimal("0.99"))
        if order["side"] == "sell":
            side, price = ("buy", Decimal(order["price"]) * Decimal("1.01"))
        left = Decimal(order["amount"]) - Decimal(order["filled"])
        tick = Decimal("0.00001") if self.market == "ETHBTC" else Decimal("0.01")
        await self.venue.control(
            "trade", symbol=self.market, side=side, price=str(price.quantize(tick)), amount=amount or str(left)
        )

    async def rest_requests(self) -> dict[str, int]:
        return dict((await self.venue.control("truth"))["requests"])

    def executions(self) -> list[dict[str, Any]]:
        return books.rows(self.house.database, "SELECT * FROM samples WHERE kind = 'execution' ORDER BY id")

    async def executed(self, count: int, seconds: float = 60) -> None:
        """Until so many executions are in our books."""
        await self.until(lambda _: len(self.executions()) >= count, f"{count} executions", seconds)
        assert len(self.executions()) == count

    async def agree(self, seconds: float = 60) -> Truth:
        """Orders, fills and what each fill moved: our books and the venue's."""
        truth = await super().agree(seconds)
        moved = dict.fromkeys(FIRST, Decimal(0))
        query = "SELECT f.*, o.side AS way FROM fills f JOIN orders o USING (client_id)"
        for fill in books.rows(self.house.database, query):
            base, quote = fill["symbol"].split("/")
            sign = 1 if fill["way"] == "buy" else -1
            moved[base] += sign * Decimal(fill["amount"])
            moved[quote] -= sign * Decimal(fill["amount"]) * Decimal(fill["price"])
            moved[fill["fee_currency"]] -= Decimal(fill["fee"])
        apart = {coin: Decimal(truth["balances"][coin]) - FIRST[coin] - change for coin, change in moved.items()}
        # The wire tells fees to eight places, each rounded by half of one.
        most = Decimal("0.000000005") * len(truth["fills"])
        assert all(abs(difference) <= most for difference in apart.values()), apart
        return truth


@asynccontextmanager
async def float_story(folder: Path, market: str = "BTCUSDT", **settings: str) -> AsyncIterator[FloatStory]:
    async with (
        venue("binance") as there,
        at_home(folder, VENUE_URLS=f'{{"binance": "{there.address}"}}', **settings) as (house, person),
    ):
        yield FloatStory(house, person, there, market)


def legs_told(texts: Sequence[str]) -> list[int]:
    """The numbers of the legs that were told, as often as they were."""
    lines = [line for text in texts for line in text.splitlines() if ": bought " in line or ": sold " in line]
    return [int(line.partition(":")[0]) for line in lines]
