"""Keys of exchanges that nobody has proven: chosen by name, told what they can do, warned of at every start."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.place import (
    CRV_SYMBOL,
    GRID,
    OWNER,
    SECRET,
    FarKey,
    Place,
    a_bot,
    credentials,
    refused,
)
from trading.desk.answers import DeskError, KeyCard, StopChoice
from trading.desk.desk import Desk

KEY = "okx-key-abcd7777"


@pytest.fixture(autouse=True)
def far(place: Place) -> FarKey:
    place.keys[KEY] = FarKey()
    return place.keys[KEY]


async def okx_key(desk: Desk, kind: str = "perpetual") -> KeyCard:
    return await desk.add_key(OWNER, "okx", "", credentials(KEY), kind=kind)


def test_a_desk_does_not_load_ccxt_to_start() -> None:
    code = "import sys, trading.desk.running, tgbot.composition; assert not {'ccxt', 'ccxt.pro'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("okx", "OKX"),
        ("OKX", "OKX"),
        ("hyper", "Hyperliquid"),
        ("crypto.com", "Crypto.com"),
        ("kucoinf", "KuCoin Futures"),
    ],
)
async def test_a_part_of_a_name_finds_an_exchange(place: Place, text: str, first: str) -> None:
    async with place.open() as desk:
        found = await desk.find_venues(text)
        assert found[0].title == first
        assert not found[0].is_proven


@pytest.mark.parametrize("text", ["", "   ", "mtgox", "🙂"])
async def test_what_is_no_exchange_finds_nothing(place: Place, text: str) -> None:
    async with place.open() as desk:
        assert await desk.find_venues(text) == []


async def test_no_more_are_shown_than_are_asked_for(place: Place) -> None:
    async with place.open() as desk:
        assert len(await desk.find_venues("b", 3)) == 3


async def test_a_key_remembers_its_market_and_what_its_venue_can_do(place: Place) -> None:
    async with place.open() as desk:
        added = await okx_key(desk)
    async with place.open() as desk:
        [key] = await desk.keys(OWNER)
    assert key == added
    assert (key.venue_title, key.tail, key.is_proven, key.market_kinds) == (
        "OKX",
        "7777",
        False,
        frozenset({"perpetual"}),
    )
    assert key.abilities["post_only"]
    assert key.abilities["leverage"]


async def test_a_test_of_the_key_reads_the_balance_and_tells_again_what_the_venue_can_do(place: Place) -> None:
    async with place.open() as desk:
        key = await okx_key(desk)
        check = await desk.test_key(OWNER, key.id)
        assert check.ok
        assert check.equity == 1000
        assert (await desk.keys(OWNER))[0].abilities == key.abilities


@pytest.mark.parametrize("kind", ["", "option"])
async def test_of_two_kinds_of_markets_one_must_be_chosen(place: Place, kind: str) -> None:
    async with place.open() as desk, refused("unknown_venue"):
        await okx_key(desk, kind)


@pytest.mark.parametrize(("venue", "reason"), [("upbit", "no_own_trades"), ("cex", "no_client_id")])
async def test_a_venue_on_which_no_bot_could_trade_is_refused_with_its_reason(
    place: Place, venue: str, reason: str
) -> None:
    async with place.open() as desk:
        with pytest.raises(DeskError) as caught:
            await desk.add_key(OWNER, venue, "", credentials(KEY))
        assert (caught.value.code, caught.value.values) == ("venue_unfit", {"reason": reason})
        assert await desk.keys(OWNER) == []


async def test_every_credential_that_the_venue_wants_is_asked_for(place: Place) -> None:
    async with place.open() as desk:
        [woo] = [venue for venue in await desk.find_venues("woo x") if venue.id == "woo"]
        assert woo.credentials == ("apiKey", "secret", "uid")
        with pytest.raises(DeskError) as caught:
            await desk.add_key(OWNER, "woo", "", {"apiKey": KEY, "secret": SECRET}, kind="spot")
        assert caught.value.values == {"fields": "uid"}


async def test_the_preview_warns_of_a_venue_that_is_not_proven(place: Place) -> None:
    async with place.open() as desk:
        key = await okx_key(desk)
        live = await desk.preview(OWNER, key.id, "grid", CRV_SYMBOL, GRID)
        paper = await desk.preview(OWNER, None, "grid", CRV_SYMBOL, GRID)
    assert [(found.code, found.severity) for found in live.preview.findings][:1] == [("unproven_venue", "danger")]
    assert "unproven_venue" not in {found.code for found in paper.preview.findings}


async def test_a_proven_venue_needs_no_second_yes(place: Place) -> None:
    async with place.open() as desk:
        key = await desk.add_key(OWNER, "bitget", "", credentials(KEY))
        assert key.is_proven
        [card] = await desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], GRID, accept_danger=False, token="go")
        assert card.is_proven


async def test_every_start_on_an_unproven_venue_needs_a_second_yes(place: Place) -> None:
    async with place.open() as desk:
        key = await okx_key(desk)
        async with refused("danger_not_accepted"):
            await desk.create(OWNER, key.id, "grid", [CRV_SYMBOL], GRID, accept_danger=False, token="go")
        bot = await a_bot(desk, place, key_id=key.id)
        assert not bot.is_proven
        assert bot.venue_title == "OKX"
        stopping = asyncio.create_task(desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop"))
        await place.ended(bot.id)
        await stopping
        async with refused("danger_not_accepted"):
            await desk.start(OWNER, bot.id, accept_danger=False, token="again")
        assert not (await desk.start(OWNER, bot.id, accept_danger=True, token="again")).is_proven


async def test_without_a_stream_of_own_orders_a_bot_lives_by_asking(place: Place, far: FarKey) -> None:
    far.has_stream = False
    async with place.open() as desk:
        key = await okx_key(desk)
        bot = await a_bot(desk, place, key_id=key.id, cooldown_seconds=3600)
        held = place.held(KEY)
        assert held > 0
        place.price("0.47")
        await place.until(lambda: place.held(KEY) > held, seconds=20)
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.position == place.held(KEY), seconds=20)
        place.price("0.55")
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.position == 0, seconds=20)
        assert place.held(KEY) == 0
        assert (await desk.bot(OWNER, bot.id)).realized_net > 0
