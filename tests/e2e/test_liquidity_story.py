"""An obligation from /start to its report: what a person sees, what others see, what the venue has in its books."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.liquidity import STALE, LiquidityStory, liquidity_story, resting

pytestmark = [pytest.mark.timeout(420)]

D = Decimal


@pytest.mark.xdist_group("e2e-liquidity")
async def test_the_story_of_an_obligation(tmp_path: Path) -> None:
    async with liquidity_story(tmp_path) as story:
        person = story.person
        await story.begin(**{"Renew every": "1"})
        truth = await story.quoting()
        first = {order["client_id"] for order in resting(truth)}
        assert not any("withdrawn" in text for text in person.heard), "a start is no trouble"

        await _follows_the_reference(story)
        await _guards_against_prices_apart(story)
        await _widens_and_withdraws_without_reference(story)
        await _is_filled_and_has_inventory(story)
        await _is_short_of_coins(story)
        await _outlives_its_listen_key(story)
        await _renews_one_by_one(story, first)
        await story.settle()
        await _reports(story)
        truth = await story.settle()
        for kind in ("reference_stale", "price_sources_apart", "obligation_breached", "side_reduced"):
            assert books.notices(story.house.database, kind), kind


async def _follows_the_reference(story: LiquidityStory) -> None:
    before = await story.shown()
    story.price = D("0.505")
    await story.until(lambda it: max(D(o["price"]) for o in resting(it) if o["side"] == "buy") >= D("0.5005"), "bids up")
    await story.quoting()
    after = await story.shown()
    assert after.mid > before.mid
    story.price = D("0.5")
    await story.until(lambda it: min(D(o["price"]) for o in resting(it) if o["side"] == "sell") <= D("0.5045"), "down")
    await story.quoting()


async def _guards_against_prices_apart(story: LiquidityStory) -> None:
    await story.others("0.499", "0.501", "500")
    await story.quoting()
    story.price = D("0.53")
    told = await story.person.see("The two markets differ by")
    assert "0.5000 here, 0.5300 there" in told.text
    await story.until(lambda it: not resting(it), "withdrawn while prices are apart")
    await story.person.see("Quotes withdrawn: the two markets' prices are too far apart")
    story.price = D("0.5")
    await story.person.see("Quoting again")
    await story.others("0.48", "0.52")
    await story.quoting()


async def _widens_and_withdraws_without_reference(story: LiquidityStory) -> None:
    before = story.person.newest().id
    await story.kucoin.control("refuse", on=True)
    await story.kucoin.control("silence", scope="public")
    await story.kucoin.control("fault", kind="502_html", path="/api/", count=10_000)
    await story.until(lambda it: 0 < len(resting(it)) < 10, "only the farther half stays")
    await story.person.see("The price on kucoin cannot be trusted", after=before)
    await story.until(lambda it: not resting(it), "withdrawn")
    await story.person.see("Quotes withdrawn", after=before)
    await story.person.see("Obligation not kept", after=before)
    await story.kucoin.control("heal")
    await story.kucoin.control("cut")
    await story.quoting(seconds=60)
    await story.person.see("Quoting again", after=before)
    await story.person.see("Obligation kept again", after=before)


async def _is_filled_and_has_inventory(story: LiquidityStory) -> None:
    await story.taken("buy", D(100))
    await story.until(lambda it: bool(it["fills"]), "a fill")
    await story.quoting()
    await story.person.send("/start bot1")
    await story.person.see("Holds 100 CRV, bought at 0.49")


async def _is_short_of_coins(story: LiquidityStory) -> None:
    before = story.person.newest().id
    for coins in ("1100", "6100"):
        await story.mexc.control("key", key="mx-key", balances={"CRV": coins})
        if coins == "1100":
            await story.person.see("Asks show less than they should: not enough money or coin", after=before, seconds=90)
    await story.quoting(seconds=90)


async def _outlives_its_listen_key(story: LiquidityStory) -> None:
    """Sixty minutes pass and nobody extended it: the venue hangs up, the next key is another one."""
    requests = (await story.truth())["requests"]
    assert requests["POST /api/v3/userDataStream"] == 1
    await story.mexc.control("jump", seconds=3700)
    await story.until(lambda it: it["requests"]["POST /api/v3/userDataStream"] == 2, "a new listen key")
    await story.taken("sell", D(60))
    await story.until(lambda it: len(it["fills"]) == 2, "a fill")
    await story.agree()
    await story.quoting()


async def _renews_one_by_one(story: LiquidityStory, first: set[str]) -> None:
    """Everything is renewed within the minute, and others never see an empty side."""
    fewest = 5
    while first & {order["client_id"] for order in resting(await story.truth())}:
        shown = await story.shown()
        fewest = min(fewest, len(shown.bids) - 1, len(shown.asks) - 1)
        await asyncio.sleep(0.05)
    assert fewest >= 4
    await story.quoting()


async def _reports(story: LiquidityStory) -> None:
    message = await story.statistics()
    print(message.text)
    seconds = await story.exported("Obligation by second")
    breaches = await story.exported("Breaches")
    days = await story.exported("Obligation by day")
    print(seconds[:2], breaches, days, len(seconds))


__all__ = ["STALE", "books", "datetime", "re"]
