"""Markets found, settings checked, previews shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.desk.place import (
    BTC_SYMBOL,
    CRV_SYMBOL,
    DANGEROUS,
    GRID,
    OTHER,
    OWNER,
    SPOT_SYMBOL,
    Place,
    a_bot,
    refused,
)
from trading.desk.answers import InvalidSettings
from trading.desk.desk import Desk


async def found(desk: Desk, text: str, limit: int = 8) -> list[str]:
    return [card.symbol for card in await desk.find_markets(OWNER, None, "grid", text, limit)]


@pytest.mark.parametrize("text", ["crv", "CRV/usdt", "crv-usdt", "crvusdt", "crv usdt", "CRV/USDT:USDT", "rvus"])
async def test_a_market_is_found_by_whatever_part_a_person_types(place: Place, text: str) -> None:
    async with place.open() as desk:
        [card] = await desk.find_markets(OWNER, None, "grid", text)
        assert (card.symbol, card.title, card.last) == (CRV_SYMBOL, "CRV/USDT", Decimal("0.49995"))


async def test_nothing_is_found_by_what_no_market_holds(place: Place) -> None:
    async with place.open() as desk:
        assert await found(desk, "doge") == []
        assert await found(desk, "???") == []


async def test_no_text_means_the_busiest_and_only_markets_that_the_strategy_trades(place: Place) -> None:
    async with place.open() as desk:
        every = await desk.find_markets(OWNER, None, "grid", "")
        assert {card.symbol for card in every} == {CRV_SYMBOL, BTC_SYMBOL}
        volumes = [card.quote_volume or 0 for card in every]
        assert volumes == sorted(volumes, reverse=True)
        assert len(await found(desk, "", limit=1)) == 1


async def test_markets_are_not_asked_for_again_within_seconds_but_are_afterwards(place: Place) -> None:
    async with place.open() as desk:
        assert await found(desk, "crv") == [CRV_SYMBOL]
        place.away()
        assert await found(desk, "btc") == [BTC_SYMBOL]
        await place.pass_time(20)
        async with refused("venue_away"):
            await found(desk, "btc")


async def test_a_venue_that_cannot_be_opened_is_away(place: Place) -> None:
    place.away()
    async with place.open() as desk:
        async with refused("venue_away"):
            await found(desk, "crv")
        async with refused("venue_away"):
            await desk.preview(OWNER, None, "grid", CRV_SYMBOL, GRID)


async def test_recent_pairs_are_those_of_ones_own_bots_on_that_account(place: Place) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        assert await desk.recent_symbols(OWNER, None) == [CRV_SYMBOL]
        assert await desk.recent_symbols(OTHER, None) == []


async def test_settings_come_back_complete(place: Place) -> None:
    async with place.open() as desk:
        checked = desk.check_settings("grid", {"deposit": "50"})
        assert (checked["deposit"], checked["grid_levels"], checked["direction"]) == ("50", 15, "long")


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("deposit", "0", "must be more than 0"),
        ("deposit", "a lot", "must be a number"),
        ("deposit", "NaN", "must be a number"),
        ("leverage", "126", "must be at most 125"),
        ("leverage", "2.5", "must be a whole number"),
        ("leverage", 2.5, "must be a whole number"),
        ("grid_levels", "1", "must be at least 2"),
        ("direction", "up", "must be 'long' or 'short'"),
        ("colour", "red", "is not a setting of this strategy"),
    ],
)
async def test_a_wrong_setting_is_told_by_its_field_in_plain_words(
    place: Place, setting: str, value: object, sentence: str
) -> None:
    async with place.open() as desk:
        with pytest.raises(InvalidSettings) as caught:
            desk.check_settings("grid", {setting: value})
        assert caught.value.problems == {setting: sentence}


async def test_settings_that_do_not_fit_together_are_told_as_a_whole(place: Place) -> None:
    async with place.open() as desk:
        with pytest.raises(InvalidSettings) as caught:
            desk.check_settings("grid", {"active_levels": 20})
        assert caught.value.problems[""].startswith("active_levels (20) must be below grid_levels (15)")


async def test_an_unknown_strategy_is_refused(place: Place) -> None:
    async with place.open() as desk, refused("unknown_strategy"):
        desk.check_settings("moon", {})


async def test_a_preview_shows_orders_price_money_and_a_picture(place: Place) -> None:
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "grid", CRV_SYMBOL, GRID)
        assert len(card.preview.rows) == 5
        assert card.preview.price == Decimal("0.5")
        assert (card.title, card.is_paper, card.equity) == ("CRV/USDT", True, Decimal(10_000))
        assert len(card.candles) == 96
        assert not card.preview.is_refused
        assert not card.preview.is_dangerous
        assert (await desk.preview_picture(card, labels={})).startswith(b"\x89PNG")


async def test_a_preview_refuses_what_the_venue_would_and_offers_what_would_work(place: Place) -> None:
    async with place.open() as desk:
        card = await desk.preview(OWNER, None, "grid", CRV_SYMBOL, {"deposit": "10"})
        assert card.preview.is_refused
        [deposit] = [offer for offer in card.preview.offers if set(offer.changes) == {"deposit"}][:1]
        mended = await desk.preview(OWNER, None, "grid", CRV_SYMBOL, {"deposit": "10", **deposit.changes})
        assert not mended.preview.is_refused


async def test_a_preview_names_danger(place: Place) -> None:
    async with place.open() as desk:
        assert (await desk.preview(OWNER, None, "grid", CRV_SYMBOL, DANGEROUS)).preview.is_dangerous


@pytest.mark.parametrize("symbol", ["NO/USDT:USDT", "", SPOT_SYMBOL])
async def test_a_market_that_is_not_there_or_not_for_this_strategy_is_unknown(place: Place, symbol: str) -> None:
    async with place.open() as desk:
        async with refused("unknown_market"):
            await desk.preview(OWNER, None, "grid", symbol, GRID)
        async with refused("unknown_market"):
            await desk.create(OWNER, None, "grid", [symbol], GRID, accept_danger=True, token="t")
