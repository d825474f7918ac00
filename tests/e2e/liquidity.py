"""A market maker by agreement and its two venues: MEXC, where it quotes, and KuCoin, whose price it looks at."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e import books
from tests.e2e.house import CHAT_KEY, Message, Person, VenueProcess, at_home, venue
from tests.e2e.story import Story, Truth, answer

SYMBOL, TARGET, REFERENCE = "CRV/USDT", "CRVUSDT", "CRV-USDT"
CREDENTIALS = ("mx-key", "mx-secret")
COINS = {"USDT": Decimal(3000), "CRV": Decimal(6000)}
SPREAD, DEPTH, WINDOW = Decimal(2), Decimal(1000), Decimal(2)
"""The obligation of the story, as the form offers it: percent, quote money on each side, percent."""
STALE = 3
SLOW_ANSWER = timedelta(seconds=0.2)
"""When a book was like this is not known, where it took longer to get it."""
D = Decimal
PRICE = D("0.5")


@dataclass(frozen=True)
class Shown:
    """The target's book as anybody may ask for it, best first."""

    bids: Sequence[tuple[Decimal, Decimal]]
    asks: Sequence[tuple[Decimal, Decimal]]

    @property
    def mid(self) -> Decimal:
        return (self.bids[0][0] + self.asks[0][0]) / 2

    @property
    def spread_percent(self) -> Decimal:
        return (self.asks[0][0] - self.bids[0][0]) * 100 / self.mid

    @property
    def depths(self) -> tuple[Decimal, Decimal]:
        """Quote money of bids and of asks within the window."""
        reach = self.mid * WINDOW / 100
        bids, asks = (
            sum((price * amount for price, amount in side if abs(price - self.mid) <= reach), D(0))
            for side in (self.bids, self.asks)
        )
        return bids, asks

    @property
    def keeps_spread(self) -> bool:
        return bool(self.bids and self.asks) and self.spread_percent <= SPREAD

    @property
    def keeps_depth(self) -> bool:
        return bool(self.bids and self.asks) and min(self.depths) >= DEPTH

    @property
    def keeps_the_obligation(self) -> bool:
        return self.keeps_spread and self.keeps_depth


@dataclass
class LiquidityStory(Story):
    """A house, its admin, both venues, and a reference price that moves a little all the time, as prices do."""

    mexc: VenueProcess
    kucoin: VenueProcess
    session: aiohttp.ClientSession
    coins: dict[str, Decimal] = field(default_factory=lambda: dict(COINS))
    price: Decimal = PRICE
    seen: list[tuple[datetime, Shown]] = field(default_factory=list)
    """The target's book from the outside, a few times a second, since ``watch`` began, where it came in good time."""

    async def watch(self) -> None:
        """Look at the target as others do, for what the bot says of itself to be held against."""
        while True:
            asked_at = datetime.now(UTC)
            shown = await self.shown()
            if (took := datetime.now(UTC) - asked_at) < SLOW_ANSWER:
                self.seen.append((asked_at + took / 2, shown))
            await asyncio.sleep(0.15)

    async def truth(self) -> Truth:
        """What MEXC has in its books; ``positions`` are what our fills there add up to."""
        truth = await self.mexc.control("truth")
        for order in truth["orders"]:
            order["reduce_only"] = False
        return {**truth, "positions": {SYMBOL: str(net_of(truth["fills"]))}}

    # The markets

    async def tick(self) -> None:
        """The reference trembles round its price."""
        for number in range(1_000_000):
            await self.kucoin.control("price", symbol=REFERENCE, price=str(self.price), amount=str(5000 + number % 2))
            await asyncio.sleep(0.4)

    async def others(self, bid: str, ask: str, amount: str = "200") -> None:
        """What others show on the target."""
        await self.mexc.control("book", symbol=TARGET, bids=[[bid, amount]], asks=[[ask, amount]])

    async def taken(self, side: str, amount: Decimal) -> None:
        """Somebody sells to our best bid, or buys from our best ask."""
        wanted = "sell" if side == "buy" else "buy"
        mine = [order for order in resting(await self.truth()) if order["side"] == side]
        best = (max if side == "buy" else min)(mine, key=lambda order: D(order["price"]))
        await self.mexc.control("trade", symbol=TARGET, side=wanted, price=best["price"], amount=str(amount))

    async def shown(self) -> Shown:
        params = {"symbol": TARGET, "limit": 100}
        async with self.session.get(f"{self.mexc.address}/api/v3/depth", params=params) as told:
            book = await told.json()
        bids, asks = ([(D(price), D(amount)) for price, amount, *_ in book[side]] for side in ("bids", "asks"))
        return Shown(bids, asks)

    async def quoting(self, bids: int = 5, asks: int = 5, seconds: float = 30) -> Truth:
        """So many rest, and the obligation is kept as far as others see."""
        wanted = Counter(buy=bids, sell=asks)
        truth = await self.until(lambda it: sides(it) == wanted, f"{bids} bids and {asks} asks", seconds)
        deadline = time.monotonic() + seconds
        while not (await self.shown()).keeps_the_obligation:
            assert time.monotonic() < deadline, f"never kept: {await self.shown()}"
            await asyncio.sleep(0.05)
        return truth

    # The end

    async def settle(self) -> Truth:
        """Both books agree, and the balances are what the fills make of those of the beginning."""
        truth = await self.agree()
        fills = truth["fills"]
        spent = sum((sign_of(fill) * D(fill["price"]) * D(fill["amount"]) + D(fill["fee"]) for fill in fills), D(0))
        assert D(truth["balances"]["CRV"]) == self.coins["CRV"] + net_of(fills)
        assert D(truth["balances"]["USDT"]) == self.coins["USDT"] - spent
        booked = books.rows(self.house.database, "SELECT trade_id FROM fills")
        assert len(booked) == len({each["trade_id"] for each in booked}) == len(fills)
        return truth

    # The chat

    async def begin(self, **settings: str) -> None:
        """From /start to quotes that rest; ``settings`` are answers on the page of advanced ones, by their names."""
        person = self.person
        await add_key(person)
        await to_summary(person)
        await person.choose("Advanced")
        await person.see("the defaults suit most people")
        for name, value in {"Stale after": str(STALE), **settings}.items():
            await answer(person, name, value)
        await person.choose("Preview and start")
        preview = await person.see("Ready. Start trades real money.", seconds=60)
        assert "Spread shown: 1.6 %" in preview.text
        assert any(message.photo for message in person.messages.values())
        await person.choose("▶️ Start")
        await person.see("Bot started: #1 CRV/USDT")

    async def statistics(self) -> Message:
        """The newest message with the obligation's picture."""
        after = self.person.newest().id
        await self.person.choose("Open")
        await self.person.choose("Statistics")
        return await self.person.see(lambda it: bool(it.photo) and "Spread kept" in it.text, after=after)

    async def exported(self, table: str) -> list[dict[str, str]]:
        """The rows of a CSV file, from /export on."""
        after = self.person.newest().id
        await self.person.send("/export")
        await self.person.see("the records of which bot", after=after)
        steps = (("#1 CRV/USDT", "What shall be in the file"), (table, "How far back"), ("All", ""))
        for words, heard in steps:
            await self.person.choose(words)
            await self.person.see(heard, after=after)
        told = await self.person.see(lambda it: bool(it.document), after=after)
        return list(csv.DictReader(io.StringIO((await self._file(told.document)).decode("utf-8-sig"))))

    async def _file(self, document: Any) -> bytes:
        async with self.session.get(f"{self.house.url}/client/file/{document['id']}?key={CHAT_KEY}") as told:
            assert told.status == 200
            return await told.read()


@asynccontextmanager
async def liquidity_story(folder: Path, **settings: str) -> AsyncIterator[LiquidityStory]:
    async with venue("mexc") as mexc, venue("kucoin") as kucoin, aiohttp.ClientSession() as session:
        urls = json.dumps({"mexc": mexc.address, "kucoin": kucoin.address})
        await mexc.control("key", key=CREDENTIALS[0], balances={coin: str(amount) for coin, amount in COINS.items()})
        async with at_home(folder, VENUE_URLS=urls, REQUESTS_PER_MINUTE="600", **settings) as (house, person):
            story = LiquidityStory(house, person, mexc, kucoin, session)
            await story.others("0.48", "0.52")
            tasks = [asyncio.create_task(work) for work in (story.tick(), story.watch())]
            try:
                yield story
                assert not any(task.done() for task in tasks), tasks
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def add_key(person: Person) -> None:
    """From the menu to a stored MEXC key, field by field."""
    await person.send("/start")
    await person.choose("Keys")
    await person.choose("Add a key")
    await person.see("Before you send a key")
    await person.choose("MEXC")
    for place, secret in enumerate(CREDENTIALS, 1):
        await person.see(f"step {place} of 2")
        await person.send(secret)
    await person.choose("Just")
    await person.see("works and is stored encrypted")


async def to_summary(person: Person) -> None:
    """From the menu to all settings of a liquidity bot, the reference being KuCoin."""
    await person.send("/start")
    await person.see("this is Makergram")
    for words in ("New bot", "Liquidity", "MEXC", "CRV/USDT", "Done"):
        await person.choose(words)
    await person.see("Deposit?")
    await person.send("1250")
    question = await person.see("Reference exchange?")
    offered = [button["text"] for row in question.buttons for button in row]
    assert offered[:3] == ["Binance", "KuCoin", "MEXC"], "one's own exchange comes last"
    await person.choose("KuCoin")
    summary = await person.see("Press a setting to change it")
    for line in ("Deposit: 1250 USDT", "Reference exchange: KuCoin", "Orders per side: 5", "Least depth: 1000 USDT"):
        assert line in summary.text


def resting(truth: Truth) -> list[Mapping[str, Any]]:
    return [order for order in books.ours(truth["orders"]) if order["status"] in books.LIVE]


def sides(truth: Truth) -> Counter[str]:
    return Counter(order["side"] for order in resting(truth))


def sign_of(fill: Mapping[str, Any]) -> int:
    return 1 if fill["side"] == "buy" else -1


def net_of(fills: Sequence[Mapping[str, Any]]) -> Decimal:
    """Base currency bought less sold."""
    return sum((sign_of(fill) * D(fill["amount"]) for fill in fills), D(0))
