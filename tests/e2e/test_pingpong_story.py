"""What a person sees of a float and what the venue gets of it, from /start to its end, whatever happens between."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.float_story import (
    SECRET,
    FloatStory,
    add_key,
    change,
    exported,
    float_story,
    legs_told,
    open_bot,
    parse_csv,
    press_after,
    set_advanced,
    to_summary,
)
from tests.e2e.story import Truth, answer

pytestmark = [pytest.mark.timeout(400)]

PLACE = "order.place"
COLUMNS = ["ts_decision", "ts_full_execution", "change_btc", "change_usd", "total_cnt"]


async def start(story: FloatStory, pair: str) -> None:
    """From the summary to a running bot."""
    await story.person.choose("Preview and start")
    await story.person.see("Ready. Start trades real money.", seconds=60)
    await story.person.choose("▶️ Start")
    await story.person.see(f"Bot started: #1 {pair}")


async def start_again(story: FloatStory, pair: str, runs: int) -> None:
    before = await open_bot(story.person)
    await press_after(story.person, before, "▶️ Start")
    sure = await story.person.see(f"Start #1 {pair} again?", after=before)
    await story.person.press(sure, "▶️ Start")
    await story.until(lambda _: len(books.notices(story.house.database, "bot_started")) == runs, "the bot started")


async def ended(story: FloatStory, cause: str) -> None:
    """The bot stopped, and for this reason; nothing of it rests."""
    await story.person.see(f"Stopped: {cause}", seconds=60)
    await story.until(lambda truth: not story.live(truth), "nothing rests")


def check_told(story: FloatStory, legs: list[int], kills: int = 0) -> None:
    """Each leg was told, once; each kill repeats at most one message."""
    assert [each["number"] for each in books.notices(story.house.database, "leg_executed")] == legs
    messages = [told for text in story.person.texts() if (told := legs_told([text]))]
    left, repeats = Counter(legs), 0
    for told in map(Counter, messages):
        repeats += bool(told - left)
        left -= told
    assert not left, messages
    assert repeats <= kills, messages


def rows_of(folder: Path) -> list[dict[str, str]]:
    """What the continuous file has."""
    [grown] = folder.rglob("legs.csv")
    return parse_csv(grown.read_bytes())


async def check_records(story: FloatStory, folder: Path, count: int) -> list[dict[str, str]]:
    """The records from chat, and the file that grew meanwhile: the same rows, each once."""
    rows = await exported(story.person, story.house.url)
    assert len(rows) == count == len({row["ts_full_execution"] for row in rows})
    await story.until(lambda _: rows_of(folder) == rows, "the file has the same rows", 30)
    for row in rows:
        assert list(row) == COLUMNS
        assert datetime.fromisoformat(row["ts_decision"]) <= datetime.fromisoformat(row["ts_full_execution"])
        assert int(row["total_cnt"]) >= 1
    return rows


@pytest.mark.xdist_group("e2e-binance")
async def test_float_story_on_binance(tmp_path: Path) -> None:
    async with float_story(tmp_path) as story:
        person = story.person
        await add_key(person)
        # The key's last four signs are stored as they are, so its name may be there by chance: behind what is sealed.
        assert SECRET.encode() not in books.bytes_of(tmp_path, "makergram*", "house.log")

        await story.show("61836.99", "61837.01")
        await to_summary(person, "BTC/USDT", "300", "50")
        await answer(person, "Legs", "2")
        await set_advanced(person, CSV_file="legs.csv")
        await start(story, "BTC/USDT")

        # A buy with the best of the others; it follows them, and what it got on its way stays.
        order = await story.resting("buy", "61836.99")
        assert order["amount"] == "0.0008"
        at_start = await story.rest_requests()
        await story.show("61840", "61840.50")
        await story.take(await story.resting("buy", "61840"), "0.0003")
        await story.until(lambda truth: any(o["status"] == "partly_filled" for o in story.live(truth)), "a part")
        await story.show("61841", "61841.50")
        order = await story.resting("buy", "61841")
        assert order["amount"] == "0.0005"
        assert not story.executions()
        await story.take(order)
        await story.executed(1)
        await person.see("1: bought 0.0008 at 61840.62", seconds=60)
        order = await story.resting("sell", "61841.5")
        assert order["amount"] == "0.0008"
        await story.show("61840", "61841.20")
        await story.take(await story.resting("sell", "61841.2"))
        await ended(story, "all legs done")
        assert await story.rest_requests() == at_start, "everything went over sockets, the book's snapshot too"
        await person.see("2: sold 0.0008 at 61841.20")
        await person.see("It holds nothing any more")

        # Wide spreads: their sum ends the second run while it holds something; that is said.
        await change(person, "Legs", "off", shown="no limit")
        await change(person, "Spread sum limit", "1")
        await story.show("61840", "61842")
        await start_again(story, "BTC/USDT", 2)
        await story.take(await story.resting("buy", "61840"))
        await ended(story, "the spread sum limit is reached")
        await person.see("What it bought and did not sell stays on the account: 0.0008 BTC")

        # The third run sells that first; a fall of the price then uses up the budget.
        await change(person, "Spread sum limit", "off", shown="none")
        await change(person, "Budget", "60")
        await start_again(story, "BTC/USDT", 3)
        order = await story.resting("sell", "61842")
        at_start = await story.rest_requests()
        await story.take(order)
        await story.take(await story.resting("buy", "61840"))
        await story.resting("sell", "61842")
        await story.show("45000", "45000.50")
        await story.take(await story.resting("sell", "45000.5"))
        await ended(story, "the budget is used up")

        assert await story.rest_requests() == at_start
        await story.agree()
        check_told(story, [1, 2, 1, 1, 2, 3])
        rows = await check_records(story, tmp_path, 6)
        assert [row["total_cnt"] for row in rows] == ["3", "5", "1", "1", "2", "4"]
        assert [row["change_usd"] for row in rows[:2]] == ["0.48", "0.7"]


async def kill_at_place(story: FloatStory, fault: str, act: Callable[[], Awaitable[object]]) -> None:
    """kill -9 while the venue holds its answer to the next order, or has not even looked at it."""
    seen = placed(await story.truth())
    await story.venue.control("fault", kind=fault, path=PLACE, seconds=2)
    await act()
    await story.until(lambda truth: placed(truth) > seen, "an order on its way", 30)
    await asyncio.sleep(0.05)
    await story.house.kill()
    await story.venue.control("heal")


def placed(truth: Truth) -> int:
    return int(truth["socket_requests"].get(PLACE, 0))


@pytest.mark.xdist_group("e2e-binance-faults")
async def test_float_survives_kills_and_cut_sockets(tmp_path: Path) -> None:
    async with float_story(tmp_path) as story:
        person, house = story.person, story.house
        await add_key(person)
        await story.show("61840", "61841.20")
        await to_summary(person, "BTC/USDT", "300", "50")
        await answer(person, "Legs", "8")
        await set_advanced(person, CSV_file="legs.csv")
        await start(story, "BTC/USDT")
        await story.take(await story.resting("buy"))
        await story.take(await story.resting("sell"))
        await story.executed(2)

        # Killed while it rests, and taken while it is dead.
        order = await story.resting("buy", "61840")
        await house.kill()
        await story.take(order)
        await house.start()
        await story.executed(3)

        # Killed between accept and answer, and taken while it is dead.
        order = await story.resting("sell")
        await kill_at_place(story, "delay_answer", lambda: story.take(order))
        [order] = story.live(await story.truth())
        assert order["side"] == "buy"
        await story.take(order)
        await house.start()
        await story.executed(5)

        # Killed before the venue saw the order: it is proven that it never came, and it is placed once.
        order = await story.resting("sell")
        await kill_at_place(story, "delay", lambda: story.take(order))
        assert not story.live(await story.truth())
        await house.start()
        order = await story.resting("buy")
        await story.executed(6)

        # Sockets cut, and taken meanwhile: recovered by asking, over REST only while there is no socket.
        before = await story.rest_requests()
        for scope in ("market", "api"):
            await story.venue.control("refuse", scope=scope)
        await story.venue.control("cut", scope="all")
        await story.take(order)
        taken = f"SELECT id FROM fills WHERE client_id = '{order['client_id']}'"  # noqa: S608  ours
        await story.until(lambda _: bool(books.rows(house.database, taken)), "the fill is known")
        while_cut = await story.rest_requests()
        assert while_cut.get("GET /api/v3/myTrades", 0) + while_cut.get("GET /api/v3/order", 0) > 0
        assert not {"GET /api/v3/myTrades", "GET /api/v3/order", "POST /api/v3/order"} & before.keys()
        await story.venue.control("heal")
        await story.executed(7)
        order = await story.resting("sell")
        assert "is down: requests go by REST" in house.log.read_text()
        await story.until(lambda truth: truth["sockets"] == 2, "both sockets are back")
        await story.show("61840", "61841.10")
        order = await story.resting("sell", "61841.1")  # so the book is whole again
        healed = await story.rest_requests()
        await story.take(order)
        await story.executed(8)
        await ended(story, "all legs done")
        assert await story.rest_requests() == healed

        await story.agree()
        check_told(story, list(range(1, 9)), kills=3)
        rows = await check_records(story, tmp_path, 8)
        counts = [int(row["total_cnt"]) for row in rows]
        assert counts == sorted(counts)
        assert counts[-1] == len(books.rows(house.database, "SELECT * FROM orders WHERE status <> 'rejected'"))


@pytest.mark.xdist_group("e2e-binance-cross")
async def test_float_story_on_a_pair_without_dollars(tmp_path: Path) -> None:
    async with float_story(tmp_path, "ETHBTC") as story:
        person = story.person
        await add_key(person)
        await story.show("0.04", "0.04002")
        await to_summary(person, "ETH/BTC", "300", "0.001")
        await answer(person, "Legs", "2")
        await person.choose("Preview and start")
        await person.see("It cannot start like this")
        await person.choose("Edit")
        await set_advanced(person, USD_rate="60000", Dollar_market="BTC/USDT")
        await start(story, "ETH/BTC")
        order = await story.resting("buy", "0.04")
        assert order["amount"] == "0.025"
        await story.show("0.04001", "0.04004")
        await story.take(await story.resting("buy", "0.04001"))
        await story.take(await story.resting("sell", "0.04004"))
        await ended(story, "all legs done")
        await person.see("2: sold 0.025 at 0.04004")
        await story.agree()
        rows = await exported(person, story.house.url)
        assert list(rows[0]) == ["ts_decision", "ts_full_execution", "change_eth", "change_btc", "total_cnt"]
        assert [(row["change_btc"], row["total_cnt"]) for row in rows] == [("0.00001", "2"), ("0", "3")]
