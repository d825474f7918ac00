"""The paper account from chat: its money, a live exchange's prices that go away and come back, a file of one's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import books
from tests.e2e.float_story import press_after
from tests.e2e.house import House, Message, Person, VenueProcess, at_home, free_port, venue

pytestmark = [pytest.mark.timeout(300)]

CANDLES = "timestamp,open,high,low,close,volume\n" + "".join(
    f"2024-01-01T{minute // 60:02}:{minute % 60:02}:00,{open_},31.2,28.8,{close},5000\n"
    for minute in range(120)
    for open_, close in [(29, 31) if minute % 2 else (31, 29)]
)


class Binance:
    """An exchange's server that can go away as a whole, and come back on the same port."""

    def __init__(self) -> None:
        self._port = free_port()
        self._stack = AsyncExitStack()
        self._venue: VenueProcess | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def come(self, bid: str, ask: str) -> None:
        self._venue = await self._stack.enter_async_context(venue("binance", "--port", str(self._port)))
        await self.show(bid, ask)

    async def go(self) -> None:
        await self._stack.aclose()

    async def show(self, bid: str, ask: str) -> None:
        """These best prices of BTC/USDT, and nothing behind them."""
        assert self._venue is not None
        await self._venue.control("book", symbol="BTCUSDT", bids=[[bid, "1"]], asks=[[ask, "1"]])

    async def orders(self) -> list[Any]:
        assert self._venue is not None
        return list((await self._venue.control("truth"))["orders"])


@asynccontextmanager
async def paper_house(folder: Path) -> AsyncIterator[tuple[House, Person, Binance]]:
    there = Binance()
    await there.come("61000", "61010")
    try:
        async with at_home(folder, VENUE_URLS=f'{{"binance": "{there.address}"}}', PAPER_SPEED="20") as (house, person):
            yield house, person, there
    finally:
        await there.go()


async def to_preview(person: Person, strategy: str, pair: str, *answers: str) -> Message:
    """From the menu to a preview that can be started."""
    before = max(person.messages, default=0)
    await person.send("/start")
    await person.see("Makergram", after=before)
    for words in ("New bot", strategy, "Paper"):
        await press_after(person, before, words)
    await person.see("Which pair?", after=before)
    await person.send(pair)
    await person.press(await person.see(f"Found for “{pair}”", after=before), pair)
    for words in ("Done", *answers, "Preview and start"):
        await press_after(person, before, words)
    return await person.see("Ready. On paper", seconds=60, after=before)


def resting(house: House) -> list[tuple[str, str]]:
    query = "SELECT side, price FROM orders WHERE status IN ('open', 'partly_filled')"
    return [(row["side"], row["price"]) for row in books.rows(house.database, query)]


def fills(house: House) -> list[tuple[str, Decimal]]:
    return [(row["side"], Decimal(row["price"])) for row in books.rows(house.database, "SELECT * FROM fills")]


async def until(what: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


async def see_held(person: Person, line: str) -> Message:
    """The card of the account with this line of its table, however wide its columns are."""
    return await person.see(lambda message: line in " ".join(message.text.split()))


async def set_money(person: Person) -> None:
    """A balance typed, a fresh start, and another balance by its coin's button."""
    await person.send("/start")
    await person.see("Makergram", seconds=90)
    await person.choose("Paper account")
    await person.choose("Set a balance")
    await person.see("Paper balance.")
    await person.send("USDT 123")
    await see_held(person, "USDT 123 123 ")
    await person.choose("Begin anew")
    await person.choose("Yes, begin anew")
    await see_held(person, "USDT 10000 10000 ")
    await person.choose("Set a balance")
    await person.choose("USDT · 10000")
    await person.see("How much USDT")
    await person.send("3000")
    await see_held(person, "USDT 3000 3000 ")


@pytest.mark.xdist_group("e2e-paper")
async def test_paper_trades_on_a_live_exchanges_prices_and_then_on_a_recorded_file(tmp_path: Path) -> None:
    async with paper_house(tmp_path) as (house, person, there):
        await set_money(person)
        await person.choose("Prices")
        await person.choose("Binance, live")
        sure = await person.see("Switch paper prices to: Binance, live?")
        assert "Real order books in real time" in sure.text
        await person.choose("Yes, switch")
        card = await person.see("Prices: Binance, live")
        assert "Paper time runs like your clock." in card.text
        assert "USDT 3000 3000 " in " ".join(card.text.split()), "the balances stay"

        ready = await to_preview(person, "Ping-pong", "BTC/USDT", "300 USD", "75 USDT")
        assert "Prices: Binance, live" in ready.text
        assert "On the account: 3000.00 USDT" in ready.text
        assert "price 61005" in ready.text
        await person.choose("Start on paper")
        await person.see("Bot started: #1 BTC/USDT")

        # It quotes in that exchange's book, and fills only when the book comes to it.
        await until(lambda: resting(house) == [("buy", "61000")])
        await there.show("61004", "61010")
        await until(lambda: resting(house) == [("buy", "61004")])
        assert fills(house) == []
        await there.show("61001", "61002")
        await until(lambda: fills(house) == [("buy", Decimal(61004))])
        await person.see("1: bought 0.00122 at 61004", seconds=90)
        await until(lambda: resting(house) == [("sell", "61002")])

        # The exchange goes away: that is said, nothing is made up, and nothing can be begun.
        await there.go()
        gone = await person.see("Binance does not answer, so paper has no prices.", seconds=60)
        await person.send("/start")
        await person.choose("Paper account")
        await person.see("There are no prices now, so nothing fills.", after=gone.id)
        await person.send("/new")
        for words in ("Ping-pong", "Paper$"):
            await person.choose(words)
        await person.toasted("does not answer now. Nothing was changed")
        assert len(fills(house)) == 1

        # It comes back where it was. What happened there meanwhile happened to nobody here.
        await there.come("61001", "61002")
        await person.see("Binance answers again", seconds=60)
        assert len(fills(house)) == 1
        await there.show("61003", "61005")
        await until(lambda: fills(house)[1:] == [("sell", Decimal(61002))])
        assert await there.orders() == [], "nothing of it ever reached the exchange"

        # A file of one's own instead. Its bots have to stop first.
        await person.send("/start")
        await person.choose("Paper account")
        await person.choose("Prices")
        await person.choose("Stop the paper bot")
        await person.see("Stopped: you asked for it", seconds=60)
        assert resting(house) == []
        await person.send("/start")
        for words in ("Paper account", "Prices", "My own file"):
            await person.choose(words)
        await person.choose("ETH/USDT spot")
        await person.see("Send a CSV file of candles")
        await person.bring("mine.csv", CANDLES)
        card = await person.see("Prices: your file for ETH/USDT spot")
        assert "Paper time runs 20× as fast as your clock." in card.text
        ready = await to_preview(person, "Ping-pong", "BTC/USDT", "300 USD", "75 USDT")
        assert "Prices: made up" in ready.text, "of other markets than the file's"
        ready = await to_preview(person, "Ping-pong", "ETH/USDT", "300 USD", "75 USDT")
        assert "Prices: from your file" in ready.text
        await person.choose("Start on paper")
        await until(lambda: len(fills(house)) > 4)
        assert all(Decimal(28) < price < Decimal(32) for _, price in fills(house)[2:])
        await person.see("#2 ETH/USDT")
