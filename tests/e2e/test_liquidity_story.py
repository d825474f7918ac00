"""An obligation from /start to its report: what a person sees, what others see, what the venue has in its books."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import books
from tests.e2e.liquidity import STALE, LiquidityStory, liquidity_story, resting
from tests.e2e.story import Truth

pytestmark = [pytest.mark.timeout(420)]

D = Decimal


@pytest.mark.xdist_group("e2e-liquidity")
async def test_the_story_of_an_obligation(tmp_path: Path) -> None:
    async with liquidity_story(tmp_path) as story:
        person = story.person
        await story.begin(**{"Renew every": "1"})
        await story.quoting()
        assert not any("withdrawn" in text for text in person.heard), "a start is no trouble"

        await _follows_the_reference(story)
        await _guards_against_prices_apart(story)
        await _widens_and_withdraws_without_reference(story)
        await _is_filled_and_has_inventory(story)
        await _is_short_of_coins(story)
        await _outlives_its_listen_key(story)
        await _renews_one_by_one(story)
        await story.settle()
        await _reports(story)
        await story.settle()
        for kind in ("reference_stale", "price_sources_apart", "obligation_breached", "side_reduced"):
            assert books.notices(story.house.database, kind), kind


async def _follows_the_reference(story: LiquidityStory) -> None:
    before = await story.shown()
    story.price = D("0.505")
    await story.until(
        lambda it: max(D(o["price"]) for o in resting(it) if o["side"] == "buy") >= D("0.5005"), "bids up"
    )
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
    await story.person.choose("Open")
    await story.person.see("Holds 100 CRV, bought at 0.49")


async def _is_short_of_coins(story: LiquidityStory) -> None:
    before = story.person.newest().id
    for coins in ("1100", "6100"):
        await story.mexc.control("key", key="mx-key", balances={"CRV": coins})
        if coins == "1100":
            await story.person.see(
                "Asks show less than they should: not enough money or coin", after=before, seconds=90
            )
    await story.quoting(seconds=90)


async def _outlives_its_listen_key(story: LiquidityStory) -> None:
    """Sixty minutes pass and nobody extended it: the venue hangs up, the next key is another one."""
    before = (await story.truth())["requests"]["POST /api/v3/userDataStream"]
    await story.mexc.control("jump", seconds=3700)
    await story.until(lambda it: it["requests"]["POST /api/v3/userDataStream"] > before, "a new listen key")
    await story.taken("sell", D(60))
    await story.until(lambda it: len(it["fills"]) == 2, "a fill")
    await story.agree()
    await story.quoting()


async def _renews_one_by_one(story: LiquidityStory) -> None:
    """Within the minute every order is another one, and at no moment more than one of a side is missing."""
    first = {order["client_id"] for order in resting(await story.quoting())}
    before = {order["client_id"] for order in (await story.truth())["orders"]}
    await story.until(lambda it: not first & {order["client_id"] for order in resting(it)}, "all renewed", seconds=90)
    orders = (await story.quoting())["orders"]
    renewing = [order for order in orders if order["client_id"] in first or order["client_id"] not in before]
    fewest = {side: _fewest(renewing, side) for side in ("buy", "sell")}
    assert min(fewest.values()) >= 4, f"{fewest}, of 5 each; a stand-in may keep a side whole"


def _fewest(orders: Sequence[Mapping[str, Any]], side: str) -> int:
    """How many of a side rested when it were fewest since the first order ended, by the venue's own times."""
    mine = [order for order in orders if order["side"] == side]
    ends = [(order["updated_at"], -1) for order in mine if order["status"] not in books.LIVE]
    moves = sorted([(order["created_at"], 1) for order in mine] + ends)
    rested, fewest = 0, len(mine)
    for at, change in moves:
        rested += change
        fewest = min(fewest, rested) if at >= min(ends)[0] else fewest
    return fewest


async def _reports(story: LiquidityStory) -> None:
    """The picture, the files and what others saw meanwhile all say the same."""
    message = await story.statistics()
    told = {name: D(value) for name, value in re.findall(r"(Spread|Depth|Both) kept: ([0-9.]+) %", message.text)}
    seconds = await story.exported("Obligation by second")
    breaches = await story.exported("Breaches")
    days = await story.exported("Obligation by day")  # two of them round midnight UTC

    known = [row for row in seconds if row["spread"] != "unknown"]
    shares = {name: D(100) * sum(row[name] == "yes" for row in known) / len(known) for name in ("spread", "depth")}
    for name, share in shares.items():
        assert abs(told[name.title()] - share) < 4, (told, shares)
        assert abs(_of_all_days(days, f"{name}_kept_percent") - share) < 4, (days, shares)

    compared = [
        (row, saw) for row in known if (saw := _seen_around(story, datetime.fromisoformat(row["at"]))) is not None
    ]
    assert len(compared) > len(known) / 2
    assert [(row, saw) for row, saw in compared if (row["spread"] == "yes", row["depth"] == "yes") != saw] == []

    lengths = Counter[str]()
    for row in breaches:
        lengths[row["cause"]] += float(row["seconds"])  # type: ignore[assignment]  # counts seconds
    assert lengths["sources_apart"] > 2 * STALE - 4
    assert lengths["reference_stale"] > STALE
    assert lengths["our_balance"] > 1
    # One over midnight is one of both days.
    assert len(breaches) <= sum(int(day["breaches"]) for day in days) <= len(breaches) + len(days) - 1
    for start, end in _broken_stretches(story):
        around = [
            datetime.fromisoformat(row["start"]) <= end and datetime.fromisoformat(row["end"]) >= start
            for row in breaches
        ]
        assert any(around), (start, end, breaches)


def _of_all_days(days: Sequence[Mapping[str, str]], percent: str) -> Decimal:
    hours = sum(D(day["hours_covered"]) for day in days)
    return sum((D(day[percent]) * D(day["hours_covered"]) for day in days), D(0)) / hours


def _seen_around(story: LiquidityStory, moment: datetime) -> tuple[bool, bool] | None:
    """Spread and depth as others saw them kept at a moment; None when nobody looked, or when it changed round it."""
    near = [(abs((at - moment).total_seconds()), shown) for at, shown in story.seen]
    saw = {(shown.keeps_spread, shown.keeps_depth) for away, shown in near if away < 3}
    return saw.pop() if len(saw) == 1 and min(near, key=lambda each: each[0])[0] < 0.8 else None


def _broken_stretches(story: LiquidityStory) -> list[tuple[datetime, datetime]]:
    """When others saw the obligation broken for more than two seconds, since the first time it was kept."""
    found, since, was_kept, before = [], None, False, story.seen[0][0]
    for at, shown in story.seen:
        was_kept = was_kept or shown.keeps_the_obligation
        if not shown.keeps_the_obligation and was_kept:
            since, before = since or at, at
        elif since is not None:
            found.append((since, before))
            since = None
    return [(start, end) for start, end in found if (end - start).total_seconds() > 2]


@pytest.mark.xdist_group("e2e-liquidity-kills")
async def test_kill_9_and_messages_that_are_lost(tmp_path: Path) -> None:
    async with liquidity_story(tmp_path) as story:
        house, fills = story.house, 0
        # Longer than it is away: quotes whose price was not seen for twice as long are withdrawn.
        await story.begin(**{"Stale after": "60"})
        resting_before = {order["client_id"] for order in resting(await story.quoting())}

        await house.kill()
        await house.start()
        await story.agree()
        assert {order["client_id"] for order in resting(await story.quoting())} == resting_before, "adopted as it was"

        for number, (request, fault) in enumerate(
            (r, f) for r in ("POST", "DELETE") for f in ("delay", "delay_answer")
        ):
            story.price = D("0.5") if number % 2 else D("0.505")
            await _killed_at(story, request, fault)
            await story.until(lambda it: _is_near(it, story.price), "it has moved")
            await story.agree()
            await story.quoting(seconds=60)

        await house.kill()
        await story.taken("buy", D(120))
        await house.start()
        await _counted(story, fills := fills + 1)
        await story.quoting(seconds=60)

        await story.mexc.control("refuse", on=True)
        await story.mexc.control("cut")
        await story.taken("sell", D(70))
        await _counted(story, fills := fills + 1)
        await story.mexc.control("heal")
        await story.quoting(seconds=60)

        await story.mexc.control("mute", scope="private")
        await story.taken("buy", D(50))
        await _counted(story, fills := fills + 1, seconds=120)
        await story.mexc.control("heal")

        await story.mexc.control("gap", count=3)
        story.price = D("0.495")
        await story.quoting(seconds=60)
        await story.settle()


def _is_near(truth: Truth, price: Decimal) -> bool:
    """The best bid and the best ask are 0.8 % away, within a tick and the tolerance: none is left of before a move."""
    bids, asks = ([D(o["price"]) for o in resting(truth) if o["side"] == side] for side in ("buy", "sell"))
    near = price * D("0.0045")
    return bool(bids and asks) and abs(max(bids) - price * D("0.992")) < near > abs(min(asks) - price * D("1.008"))


async def _killed_at(story: LiquidityStory, method: str, fault: str) -> None:
    """kill -9 while the venue holds its answer to the next such request, or has not even looked at it."""

    async def count() -> int:
        requests = (await story.truth())["requests"]
        names = [name for name in requests if name.startswith(f"{method} ") and "rder" in name]
        return sum(requests[name] for name in names)

    before = await count()
    await story.mexc.control("fault", kind=fault, path=f"{method} /api/v3/", count=100, seconds=1.5)
    story.price += D("0.008")
    deadline = time.monotonic() + 60
    while await count() == before:
        assert time.monotonic() < deadline, story.house.log.read_text()[-3000:]
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    await story.house.kill()
    await story.mexc.control("heal")
    await story.house.start()


async def _counted(story: LiquidityStory, fills: int, seconds: float = 60) -> None:
    truth = await story.agree(seconds)
    assert len(truth["fills"]) == fills
    assert len(books.rows(story.house.database, "SELECT trade_id FROM fills")) == fills
