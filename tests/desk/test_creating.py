"""Bots created: all or none, each refusal by its name, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.desk.place import BTC_SYMBOL, CRV_SYMBOL, DANGEROUS, GRID, OTHER, OWNER, Place, a_bot, refused
from trading.core.instrument import Side
from trading.core.notices import BotStarted
from trading.desk.answers import Activity, BotCard, DeskError, InvalidSettings
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits

BOTH = (CRV_SYMBOL, BTC_SYMBOL)
BTC_TOO = {**GRID, "deposit": "500"}
"""Enough for the smallest step of both markets."""


async def made(desk: Desk, *symbols: str, config: Mapping[str, Any] = GRID, token: str = "t") -> list[BotCard]:  # noqa: S107
    wanted = symbols or (CRV_SYMBOL,)
    return list(await desk.create(OWNER, None, "grid", wanted, config, accept_danger=True, token=token))


async def test_a_bot_begins_at_once_and_its_card_tells_everything(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        card = await desk.bot(OWNER, bot.id)
        assert (card.name, card.title, card.venue_title, card.is_paper) == ("grid CRV/USDT", "CRV/USDT", "Paper", True)
        assert (card.activity, card.open_orders, card.deposit) == (Activity.RUNNING, 5, Decimal(50))
        assert card.position == place.held() > 0
        assert card.take_profit is not None
        assert card.average is not None
        assert card.take_profit > card.average
        assert (card.price_is_stale, card.cycles, card.last_error) == (False, 0, "")
        assert card.instrument is not None
        assert card.unrealized is not None
        told = [stored.notice for stored in await desk.waiting_notices()]
        assert told[0] == BotStarted(symbol=CRV_SYMBOL)


async def test_several_pairs_become_several_bots_of_their_own(place: Place) -> None:
    async with place.open() as desk:
        cards = await made(desk, *BOTH, CRV_SYMBOL, config=BTC_TOO)
        assert [card.symbol for card in cards] == [*BOTH]
        assert [card.name for card in cards] == ["grid CRV/USDT", "grid BTC/USDT"]


async def test_when_one_pair_is_refused_none_is_made(place: Place) -> None:
    async with place.open() as desk:
        async with refused("unknown_market"):
            await made(desk, CRV_SYMBOL, "NO/USDT:USDT")
        async with refused("preview_refused"):
            # 4 USDT a level are below the venue's minimum.
            await made(desk, *BOTH, config={**GRID, "deposit": "10"})
        assert await desk.bots(OWNER) == []


@pytest.mark.parametrize("symbols", [[], [f"C{n}/USDT:USDT" for n in range(11)]])
async def test_pairs_are_one_to_ten(place: Place, symbols: list[str]) -> None:
    async with place.open() as desk, refused("pairs_count"):
        await desk.create(OWNER, None, "grid", symbols, GRID, accept_danger=True, token="t")


async def test_wrong_settings_are_refused_before_anything_else(place: Place) -> None:
    async with place.open() as desk:
        with pytest.raises(InvalidSettings):
            await made(desk, config={"deposit": "-1"})


async def test_a_token_makes_bots_once_and_a_refused_call_may_be_made_again_with_it(place: Place) -> None:
    async with place.open() as desk:
        async with refused("danger_not_accepted"):
            await desk.create(OWNER, None, "grid", [CRV_SYMBOL], DANGEROUS, accept_danger=False, token="t")
        await desk.create(OWNER, None, "grid", [CRV_SYMBOL], DANGEROUS, accept_danger=True, token="t")
        for symbol in BOTH:
            async with refused("already_done"):
                await made(desk, symbol)
        assert len(await desk.bots(OWNER)) == 1
        # Another person's token of the same text is another token.
        await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="t")


async def test_two_presses_at_once_make_one_bot(place: Place) -> None:
    async with place.open() as desk:
        results = await asyncio.gather(made(desk), made(desk), made(desk), return_exceptions=True)
        assert sorted(result.code for result in results if isinstance(result, DeskError)) == ["already_done"] * 2
        assert len(await desk.bots(OWNER)) == 1


async def test_two_forms_at_once_make_one_bot_for_a_pair(place: Place) -> None:
    async with place.open() as desk:
        results = await asyncio.gather(made(desk, token="t1"), made(desk, token="t2"), return_exceptions=True)
        assert [result.code for result in results if isinstance(result, DeskError)] == ["symbol_busy"]
        assert len(await desk.bots(OWNER)) == 1


async def test_one_bot_for_a_pair_and_account_but_everybody_has_their_own(place: Place) -> None:
    async with place.open() as desk:
        await made(desk)
        async with refused("symbol_busy"):
            await made(desk, token="t2")
        await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="t")


async def test_a_position_of_somebody_elses_is_in_the_way(place: Place) -> None:
    async with place.open() as desk:
        await desk.preview(OWNER, None, "grid", CRV_SYMBOL, GRID)
        await place.by_hand(Side.BUY, "20")
        with pytest.raises(DeskError) as caught:
            await made(desk)
        assert caught.value.code == "position_exists"
        assert caught.value.values == {"symbol": "CRV/USDT", "amount": "20"}


async def test_deposits_of_all_bots_together_are_at_most_what_the_account_holds(place: Place) -> None:
    async with place.open() as desk:
        await made(desk, config={**GRID, "deposit": "6000"})
        with pytest.raises(DeskError) as caught:
            await made(desk, BTC_SYMBOL, config={**GRID, "deposit": "6000"}, token="t2")
        assert caught.value.code == "deposits_exceed_equity"
        assert caught.value.values["deposits"] == "12000"
        await made(desk, BTC_SYMBOL, config={**GRID, "deposit": "3000"}, token="t2")


async def test_two_pairs_of_one_form_share_the_account_too(place: Place) -> None:
    async with place.open() as desk, refused("deposits_exceed_equity"):
        await made(desk, *BOTH, config={**GRID, "deposit": "6000"})


async def test_an_admins_cap_on_deposits_holds(place: Place) -> None:
    place.limits = DeskLimits(max_deposit=Decimal(40))
    async with place.open() as desk, refused("deposit_over_cap"):
        await made(desk)


async def test_nobody_has_more_bots_than_are_allowed_also_by_two_forms_at_once(place: Place) -> None:
    place.limits = DeskLimits(max_bots=1)
    async with place.open() as desk:
        async with refused("too_many_bots"):
            await made(desk, *BOTH)
        forms = [made(desk, symbol, config=BTC_TOO, token=symbol) for symbol in BOTH]
        results = await asyncio.gather(*forms, return_exceptions=True)
        assert [result.code for result in results if isinstance(result, DeskError)] == ["too_many_bots"]


async def test_nothing_is_made_while_the_venue_is_away(place: Place) -> None:
    async with place.open() as desk:
        await desk.preview(OWNER, None, "grid", CRV_SYMBOL, GRID)
        place.away()
        async with refused("venue_away"):
            await made(desk)
        assert await desk.bots(OWNER) == []


async def test_a_panic_reaches_a_bot_that_is_just_being_made(place: Place) -> None:
    async with place.open() as desk:
        results = await asyncio.gather(made(desk), desk.panic(OWNER, token="panic"), return_exceptions=True)
        assert isinstance(results[0], DeskError)
        assert results[0].code == "panic_meanwhile"
        assert results[1] == []
        assert await desk.bots(OWNER) == []


async def test_a_second_bot_of_a_pair_has_a_name_of_its_own(place: Place) -> None:
    async with place.open() as desk:
        first = await a_bot(desk, place)
        await desk.panic(OWNER, token="panic")
        await place.ended(first.id)
        [second] = await made(desk)
        assert second.name == "grid CRV/USDT 2"
