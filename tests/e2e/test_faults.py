"""Everything that can go wrong on the wire, during the story: the same ending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.story import BitgetStory, add_key, bitget_story, to_start

pytestmark = [pytest.mark.timeout(420)]

PLACE, BATCH = "place-order", "batch-place-order"
CANCEL, CANCEL_BATCH = "cancel-order", "batch-cancel-orders"


async def begin(story: BitgetStory) -> None:
    await add_key(story.person)
    await to_start(story.person, "Bitget", pause=2)


async def cycle(story: BitgetStory, number: int, *, falls: int = 3) -> None:
    """One cycle to its end, whatever is wrong meanwhile; levels are taken one by one."""
    await story.rested(14, 120)
    for fallen in range(1, falls + 1):
        await story.fall(1)
        await story.rested(14 - fallen, 120)
    await story.rise()
    await story.person.see(f"Cycle {number} finished: take-profit", seconds=120)


async def ending(story: BitgetStory, cycles: int) -> None:
    """Both books agree, the result is the venue's own, and everything was told once."""
    await story.rested(14, 120)
    truth = await story.agree(120)
    found = books.rows(story.house.database, "SELECT number, gross, fees, funding FROM cycles ORDER BY id")
    assert [row["number"] for row in found] == list(range(1, cycles + 1))
    net = sum(Decimal(row["gross"]) - Decimal(row["fees"]) + Decimal(row["funding"]) for row in found)
    query = f"SELECT fee FROM fills JOIN orders USING (client_id) WHERE slot LIKE 'c{cycles + 1}.%'"  # noqa: S608  ours
    open_fees = sum(Decimal(row["fee"]) for row in books.rows(story.house.database, query))
    assert Decimal(truth["balances"]["USDT"]) - 1000 == net - open_fees
    await story.person.read()
    assert not any(books.check_told(story.house.database, story.person.texts(), kills=0).values())
    assert books.told_fills_match(story.house.database)


async def cut_streams(story: BitgetStory) -> None:
    """Streams break and cannot come back while a level fills."""
    await story.venue.control("refuse", on=True)
    await story.venue.control("cut", scope="all")


async def silence(story: BitgetStory) -> None:
    """Sockets stay open and say nothing, not even pongs."""
    await story.venue.control("silence", scope="private")
    await story.venue.control("silence", scope="public")


async def mute(story: BitgetStory) -> None:
    """Pongs come, and nothing else: nothing but asking shows that something is missing."""
    await story.venue.control("mute", scope="private")


async def duplicates(story: BitgetStory) -> None:
    await story.venue.control("duplicate", on=True)


async def garbage(story: BitgetStory) -> None:
    await story.venue.control("garbage", scope="all")
    await story.venue.control("checksum", count=2)


@pytest.mark.xdist_group("e2e-streams")
async def test_broken_streams_during_the_story(tmp_path: Path) -> None:
    troubles: list[Callable[[BitgetStory], Awaitable[None]]] = [cut_streams, silence, mute, duplicates, garbage]
    async with bitget_story(tmp_path) as story:
        await begin(story)
        await story.person.choose("▶️ Start")
        for number, trouble in enumerate(troubles, 1):
            await story.rested(14, 120)
            await trouble(story)
            print(f"cycle {number}: {trouble.__name__}", flush=True)
            await cycle(story, number, falls=2)
            await story.venue.control("heal")
        await ending(story, len(troubles))


@pytest.mark.xdist_group("e2e-writes")
async def test_faults_of_writes_during_the_story(tmp_path: Path) -> None:
    """By cycle: what becomes of the grid's orders, of take-profits and of cancels."""
    troubles = [
        [("504_html", BATCH), ("200_html", "/" + PLACE), ("502_html", "/" + CANCEL)],
        [("502_html", BATCH), ("drop_after_accept", "/" + PLACE), ("200_html", "/" + CANCEL)],
        [("drop_after_accept", BATCH), ("cut_json", "/" + PLACE), ("504_html", CANCEL_BATCH)],
        [("429", BATCH), ("no_id", "/" + PLACE), ("drop_before", "/" + CANCEL), ("empty", CANCEL_BATCH)],
    ]
    async with bitget_story(tmp_path, REQUESTS_PER_MINUTE="600") as story:
        await begin(story)
        for number, wanted in enumerate(troubles, 1):
            for kind, path in wanted:
                await story.venue.control("fault", kind=kind, path=path)
            print(f"cycle {number}: {wanted}", flush=True)
            if number == 1:
                await story.person.choose("▶️ Start")
            await cycle(story, number, falls=2)
        await ending(story, len(troubles))
