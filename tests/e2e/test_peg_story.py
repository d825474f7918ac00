"""A price is pushed back into its band: what a person presses, and what the venue gets."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import books
from tests.e2e.house import House, at_home
from tests.e2e.peg_story import PegStory, Terms, bought, edit, peg_story, resting, sold, spent_by_interval, to_summary
from tests.e2e.story import Truth, add_key, answer

pytestmark = [pytest.mark.timeout(300)]

D = Decimal
KUCOIN = ("ku-key", "ku-secret", "ku-pass")
TERMS = Terms(
    base="PEPE",
    quote="USDT",
    price=D("0.00001234"),
    deviation=D("0.0000002"),
    buy_limit=D(20),
    sell_limit=D(1_500_000),
    base_kept=D(53_500_000),
    quote_kept=D(948),
    interval=6,
)
OPENING = {"USDT": "1000", "PEPE": "52000000"}
CALM = [("0.0000123", "90000000")], [("0.00001238", "90000000")]
SOON = 3 * TERMS.interval


async def begin(story: PegStory, account: str, **choices: str) -> None:
    """From a key to a bot that works, in a market that is calm."""
    await to_summary(story.person, account, story.terms)
    for setting, choice in choices.items():
        await story.person.choose(setting.replace("_", " "))
        await story.person.choose(choice)
        await story.person.see("Press a setting to change it")
    await story.person.choose("Preview and start")
    await story.person.see("Ready.", seconds=60)
    await story.person.choose("Start")
    await story.person.see(f"Bot started: #1 {story.terms.symbol}")


@pytest.mark.xdist_group("e2e-peg")
async def test_peg_story_on_kucoin(tmp_path: Path) -> None:
    async with peg_story(tmp_path, "kucoin", TERMS, KUCOIN, OPENING) as story:
        person = story.person
        await story.book(*CALM)
        await add_key(person, "KuCoin", KUCOIN)
        kept = books.bytes_of(tmp_path, "makergram*", "house.log")
        assert not [secret for secret in KUCOIN[1:] if secret.encode() in kept]

        await to_summary(person, "KuCoin", TERMS)
        await person.choose("Preview and start")
        ready = await person.see("Ready. Start trades real money.", seconds=60)
        for line in ("Buys at or below 0.00001214 USDT", "Sells at or above 0.00001254 USDT"):
            assert line in ready.text
        assert any(message.photo for message in person.messages.values())
        await person.choose("Start")
        await person.see("Bot started: #1 PEPE/USDT")
        await asyncio.sleep(1.5 * TERMS.interval)
        assert not books.ours((await story.truth())["orders"]), "the price is in its band"

        # What is offered below the band is bought: at those prices, up to the limit of the interval.
        await story.book([("0.0000119", "90000000")], [("0.000012", "1000000"), ("0.0000121", "1000000")])
        truth = await story.until(lambda truth: len(bought(truth)) >= 2, "the first sweep", 2 * SOON)
        assert bought(truth)[:2] == [("0.000012", "1000000"), ("0.0000121", "661157")]
        truth = await story.until(lambda truth: len(bought(truth)) == 3, "the rest, in the next interval", 2 * SOON)
        assert bought(truth)[2] == ("0.0000121", "338843")
        assert not resting(truth)

        # However much is offered: 20 in an interval, and 948 stay.
        await story.book([("0.0000119", "90000000")], [("0.000012", "90000000")])
        truth = await story.until(lambda truth: len(bought(truth)) == 5, "down to what is kept", 2 * SOON)
        await asyncio.sleep(1.5 * TERMS.interval)
        truth = await story.truth()
        assert len(bought(truth)) == 5
        assert D(948) <= D(truth["balances"]["USDT"]) < D("948.02")
        assert bought(truth)[3] == ("0.000012", "1666666")

        # What is bid above the band is sold into likewise.
        await story.book([("0.0000126", "700000"), ("0.00001256", "90000000")], [("0.0000128", "90000000")])
        truth = await story.until(lambda truth: len(sold(truth)) == 3, "sold down to what is kept", 2 * SOON)
        assert sold(truth)[:2] == [("0.0000126", "700000"), ("0.00001256", "800000")]
        # Fees may be taken in coins: what the fills of before could have cost is left alone.
        assert TERMS.base_kept <= D(truth["balances"]["PEPE"]) < TERMS.base_kept + 10_000
        await asyncio.sleep(1.5 * TERMS.interval)
        assert sold(await story.truth()) == sold(truth)

        await check_records(story, await story.agree())


async def check_records(story: PegStory, truth: Truth) -> None:
    """What the statistics and the exported sweeps say is what the venue has in its books."""
    person, base = story.person, story.terms.base
    fills = {
        side: [(D(price), D(amount)) for price, amount in taken(truth)]
        for side, taken in (("buy", bought), ("sell", sold))
    }
    await person.send("/bots")
    await person.choose("#1")
    await person.choose("Statistics")
    told = await person.see(f"Bought: {sum(amount for _, amount in fills['buy']):f} {base}")
    assert f"Sold: {sum(amount for _, amount in fills['sell']):f} {base}" in told.text
    for currency in (base, story.terms.quote):
        assert f"{round(D(truth['balances'][currency]), 8).normalize():f} {currency}" in told.text

    await person.choose("Export")
    await person.choose("Sweeps")
    await person.press(await person.see("How far back"), "All")
    exported = await person.see(lambda message: message.document is not None)
    rows = list(csv.DictReader(io.StringIO((await person.file(exported)).decode("utf-8-sig"))))
    assert f"Rows: {len(rows)}" in exported.text
    for side in fills:
        of_side = [row for row in rows if row["side"] == side]
        swept = [order for order in story.sweeps() if order["side"] == side]
        assert sum(D(row["amount"]) for row in of_side) == sum(D(order["filled"]) for order in swept)
        assert sum(D(row["cost"]) for row in of_side) == sum(D(order["filled_cost"]) for order in swept)
        assert {row["interval"] for row in of_side} == {
            order["slot"].partition(".")[0].removeprefix("s") for order in swept if D(order["filled"])
        }


def counted(story: PegStory) -> list[str]:
    """Which of our orders were filled, by what is in our books."""
    return [row["client_id"] for row in books.rows(story.house.database, "SELECT client_id FROM fills")]


def quotes(truth: Truth) -> dict[str, dict[str, str]]:
    return {order["side"]: dict(order) for order in resting(truth) if order["time_in_force"] == "post_only"}


@pytest.mark.xdist_group("e2e-peg-quotes")
async def test_quotes_rest_in_the_band_are_renewed_and_their_fills_survive_a_cut(tmp_path: Path) -> None:
    opening = {"USDT": "1000", "PEPE": "60000000"}
    terms = replace(TERMS, interval=12)
    async with peg_story(tmp_path, "kucoin", terms, KUCOIN, opening) as story:
        # Others stand outside the band, so that ours are first in the queue.
        wide = [("0.000012", "90000000")], [("0.0000127", "90000000")]
        await story.book(*wide)
        await add_key(story.person, "KuCoin", KUCOIN)
        await begin(story, "KuCoin", Activity_in_the_band="Quotes")
        first = quotes(await story.until(lambda truth: len(quotes(truth)) == 2, "a buy and a sell", 2 * terms.interval))
        assert D(first["buy"]["price"]) < D(first["sell"]["price"])
        await story.until(
            lambda truth: len(quotes(truth)) == 2 and not ids(quotes(truth)) & ids(first),
            "two others in the next interval",
            2 * terms.interval,
        )

        # Somebody takes a part of one while nothing can be heard: it is asked for.
        await story.venue.control("refuse", on=True)
        await story.venue.control("cut", scope="all")
        sold_to = await a_part_of_a_quote_is_taken(story)
        await story.until(lambda _: sold_to in counted(story), "what was missed is asked for", 60)
        await story.venue.control("heal")
        await story.until(lambda truth: truth["sockets"] >= 2, "both sockets again", 60)

        # The price falls, the quotes go and what is offered is bought; in the band again there are quotes again.
        await story.book([("0.0000119", "90000000")], [("0.0000121", "500000")])
        await story.until(
            lambda truth: any(price == "0.0000121" for price, _ in bought(truth)), "a sweep", 2 * terms.interval
        )
        await story.book(*wide)
        await story.until(lambda truth: len(quotes(truth)) == 2, "quotes", 2 * terms.interval)
        await the_quotes_go_at_once(story)
        truth = await story.agree()
        assert len(counted(story)) == len(books.ours(truth["fills"])), "each fill is counted once"
        assert len(bought(truth)) >= 2


async def a_part_of_a_quote_is_taken(story: PegStory) -> str:
    """Somebody sells to the buy that rests; answers its client id. It may be renewed at just that moment."""
    deadline = time.monotonic() + 60
    before = {fill["id"] for fill in (await story.truth())["fills"]}
    while True:
        if (buy := quotes(await story.truth()).get("buy")) is not None:
            part = str(int(D(buy["amount"]) / 2))
            await story.venue.control("trade", symbol=story.market, side="sell", price=buy["price"], amount=part)
        made = [fill for fill in books.ours((await story.truth())["fills"]) if fill["id"] not in before]
        if made:
            assert [(fill["side"], fill["maker"], fill["amount"]) for fill in made] == [("buy", True, part)]
            return str(made[0]["client_id"])
        assert time.monotonic() < deadline, "nobody could sell to it"
        await asyncio.sleep(0.1)


async def the_quotes_go_at_once(story: PegStory) -> None:
    """When they are switched off, and long before they would be renewed."""
    await edit(story.person, "#1", "Interval", "600")
    await story.until(lambda truth: len(quotes(truth)) == 2, "quotes of a long interval", 60)
    await edit(story.person, "#1", "Activity in the band", "off")
    await story.until(lambda truth: not resting(truth), "an edit acts at once", 60)


def ids(quoted: dict[str, dict[str, str]]) -> set[str]:
    return {order["id"] for order in quoted.values()}


@pytest.mark.xdist_group("e2e-peg-stream")
async def test_it_acts_at_once_and_where_the_stream_is_silent_it_asks(tmp_path: Path) -> None:
    terms = replace(TERMS, interval=60)
    async with peg_story(tmp_path, "kucoin", terms, KUCOIN, OPENING) as story:
        await story.book(*CALM)
        await add_key(story.person, "KuCoin", KUCOIN)
        await begin(story, "KuCoin", Reaction="At once")
        await asyncio.sleep(3)
        began = time.monotonic()
        await story.book([("0.0000119", "90000000")], [("0.000012", "500000")])
        await story.until(lambda truth: bool(bought(truth)), "a sweep in the middle of the interval", 30)
        print(f"swept {time.monotonic() - began:.2f} s after the price had left its band")
        await story.until(lambda truth: not resting(truth), "nothing under way")

        # A stream that is up and says nothing: each further sweep is decided on a book that was asked for.
        await story.venue.control("mute", scope="public")
        before, asked = len(story.sweeps()), await story.requests("orderbook")
        for count in range(1, 3):
            await story.book([("0.0000119", "90000000")], [("0.000012", "450000")])
            await story.until(lambda truth, n=count: len(bought(truth)) == 1 + n, "a sweep", 40)  # type: ignore[misc]
            sent = len(story.sweeps()) - before
            assert sent <= await story.requests("orderbook") - asked
        assert sent == 2
        assert spent_by_interval(story.house.database, "buy")
        await story.agree()


@pytest.mark.xdist_group("e2e-peg-silent")
async def test_each_interval_looks_at_a_book_also_where_the_stream_is_silent_or_missing(tmp_path: Path) -> None:
    async with peg_story(tmp_path, "kucoin", TERMS, KUCOIN, OPENING) as story:
        await story.book(*CALM)
        await add_key(story.person, "KuCoin", KUCOIN)
        await begin(story, "KuCoin")
        for trouble in ({"door": "mute", "scope": "public"}, {"door": "refuse", "on": True}):
            await story.venue.control(**trouble)
            await story.venue.control("cut", scope="public") if trouble["door"] == "refuse" else None
            taken = len(bought(await story.truth()))
            began = time.monotonic()
            await story.book([("0.0000119", "90000000")], [("0.000012", "500000")])
            await story.until(lambda truth, n=taken: len(bought(truth)) > n, "a sweep", 25)  # type: ignore[misc]
            print(f"{trouble}: swept after {time.monotonic() - began:.1f} s")
            await story.book(*CALM)
            await asyncio.sleep(TERMS.interval)
        await story.agree()


@pytest.mark.xdist_group("e2e-peg-self")
async def test_self_trade_is_refused_on_a_live_venue_wherever_it_comes_from(tmp_path: Path) -> None:
    opening = {"USDT": "1000", "PEPE": "60000000"}
    async with peg_story(tmp_path, "kucoin", TERMS, KUCOIN, opening) as story:
        person, house = story.person, story.house
        await story.book(*CALM)
        await add_key(person, "KuCoin", KUCOIN)
        await to_summary(person, "KuCoin", TERMS)
        await person.choose("Activity in the band")
        question = await person.see("Activity in the band?")
        offered = [button["text"] for row in question.buttons for button in row]
        assert any("Quotes" in text for text in offered)
        assert not any("Self-trade" in text for text in offered)

        # Typed, it comes as far as the preview, and a Start that was never shown as far as the desk.
        await person.send("self-trade")
        await person.see("Activity in the band: Self-trade")
        await person.choose("Preview and start")
        refused = await person.see("It cannot start like this", seconds=60)
        assert "Self-trading on a public market is wash trading" in refused.text
        assert not any("Start" in button["text"] for row in refused.buttons for button in row)
        mark = refused.button("Cancel")["data"].split(":")[2]
        await person.forge(refused, f"dG:{mark}:1:forged-token")
        await asyncio.sleep(2)
        assert not books.rows(house.database, "SELECT id FROM bots")

        # With the way out that is offered it starts; an edit that is forged does nothing.
        await person.choose("Quotes")
        await person.see("Ready.", seconds=60)
        await person.choose("Start")
        started = await person.see("Bot started: #1 PEPE/USDT")
        await person.forge(started, "bc:1:activity:2")
        await story.until(lambda truth: len(quotes(truth)) == 2, "quotes", SOON)

        # Stored by whatever way, it is not done either, and the reason is told once.
        await house.stop()
        with closing(sqlite3.connect(house.database)) as stored, stored:
            [[config]] = stored.execute("SELECT config FROM bots")
            config = json.dumps(json.loads(config) | {"activity": "self-trade"})
            stored.execute("UPDATE bots SET config = ?", (config,))
        placed = len((await story.truth())["orders"])
        await house.start()
        await person.see("Self-trading is refused")
        await story.until(lambda truth: not resting(truth), "no quotes, and no pair", SOON)
        await asyncio.sleep(2 * TERMS.interval)
        assert len((await story.truth())["orders"]) == placed
        assert len(books.notices(house.database, "self_trade_refused")) == 1

        # The rest of it works.
        await story.book([("0.0000119", "90000000")], [("0.000012", "500000")])
        await story.until(lambda truth: len(bought(truth)) == 1, "a sweep", SOON)
        await story.agree()


@pytest.mark.xdist_group("e2e-peg-kills")
async def test_kill_9_during_a_sweep_doubles_nothing_and_keeps_the_limits(tmp_path: Path) -> None:
    place = "POST /api/v1/hf/orders"
    terms = replace(TERMS, interval=15, quote_kept=D(900))
    # Every interval buys for 20, also while the house gets up: there is enough for an hour.
    opening = {**OPENING, "USDT": "6000"}
    async with peg_story(tmp_path, "kucoin", terms, KUCOIN, opening) as story:
        await story.book(*CALM)
        await add_key(story.person, "KuCoin", KUCOIN)
        await begin(story, "KuCoin", Reaction="At once")
        await asyncio.sleep(2)
        for number, fault in enumerate(("drop_after_accept", "delay_answer", "delay")):
            seen = await story.requests(place)
            await story.venue.control("fault", kind=fault, path=place, seconds=2)
            await story.book(
                [("0.0000119", "90000000")],
                [("0.000012", "400000"), ("0.00001205", "500000"), ("0.0000121", "90000000")],
            )
            deadline = time.monotonic() + 40
            while await story.requests(place) == seen:
                assert time.monotonic() < deadline, story.house.log.read_text()[-4000:]
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.03)
            await story.house.kill()
            print(f"kill {number + 1}: {fault}, {len((await story.truth())['fills'])} fills on the venue")
            if fault == "delay":
                await story.book(*CALM)
            await story.house.start()
            await story.venue.control("heal")
            await story.agree(60)
        await story.book(*CALM)
        truth = await story.agree()
        assert max(spent_by_interval(story.house.database, "buy").values()) > 19
        assert len({fill["id"] for fill in truth["fills"]}) == len(counted(story))


@pytest.mark.xdist_group("e2e-peg-binance")
async def test_a_shorter_peg_story_on_binance(tmp_path: Path) -> None:
    terms = Terms("CRV", "USDT", D("0.5"), D("0.005"), D(20), D(50), D(100), D(50), 6)
    key = ("bn-key", "bn-secret")
    async with peg_story(tmp_path, "binance", terms, key, {"USDT": "200", "CRV": "300"}) as story:
        calm = [("0.4998", "9000")], [("0.5002", "9000")]
        await story.book(*calm)
        await add_key(story.person, "Binance", key)
        await begin(story, "Binance")
        await story.book([("0.48", "9000")], [("0.49", "20.5"), ("0.495", "9000")])
        truth = await story.until(lambda truth: len(bought(truth)) >= 2, "a sweep", SOON)
        assert bought(truth)[:2] == [("0.49", "20.5"), ("0.495", "20.1")]
        await story.book([("0.506", "9000")], [("0.51", "9000")])
        await story.until(lambda truth: ("0.506", "50") in sold(truth), "a sale", SOON)
        await story.book(*calm)
        await edit(story.person, "#1", "Activity in the band", "Quotes")
        await story.until(lambda truth: len(quotes(truth)) == 2, "a buy and a sell", SOON)
        sold_to = await a_part_of_a_quote_is_taken(story)
        await story.until(lambda _: sold_to in counted(story), "a fill of a quote", 60)
        await the_quotes_go_at_once(story)
        await check_records(story, await story.agree())


@pytest.mark.xdist_group("e2e-peg-paper")
async def test_on_paper_a_peg_may_trade_with_itself(tmp_path: Path) -> None:
    """What the paper account holds from the beginning is enough: 10,000 USDT and 0.05 BTC."""
    async with at_home(tmp_path, PAPER_SPEED="1") as (house, person):
        await person.send("/start")
        await person.see("Makergram")
        for words in ("New bot", "Peg", "Paper$", "BTC/USDT"):
            await person.choose(words)
        question = await person.see(lambda message: "Required price?" in message.text and bool(message.buttons))
        await person.press(question, question.buttons[0][0]["text"])
        for words, value in (("Deviation?", "4000"), ("Buy limit?", "1000")):
            await person.see(words)
            await person.send(value)
        await person.see("Press a setting to change it")
        await answer(person, "Interval", "5")
        await person.choose("Activity in the band")
        await person.choose("Self-trade")
        await person.choose("Preview and start")
        ready = await person.see("Ready. On paper", seconds=60)
        assert "allowed here only because there is nobody to deceive" in ready.text
        await person.choose("Start on paper")
        await person.see("Bot started: #1 BTC/USDT")
        deadline = time.monotonic() + 60
        while len(_with_itself(house)) < 3:
            assert time.monotonic() < deadline, house.log.read_text()[-4000:]
            await asyncio.sleep(0.1)
        await edit(person, "#1", "Activity in the band", "off")
        await person.see("✅ Activity in the band: off")
        await asyncio.sleep(2)
        for maker, taker in _with_itself(house):
            assert (maker["price"], maker["amount"]) == (taker["price"], taker["amount"])
            assert {maker["side"], taker["side"]} == {"buy", "sell"}
            assert (maker["time_in_force"], taker["time_in_force"]) == ("post_only", "ioc")
        truth = books.paper_truth(house.database, person.user)
        moved = {"BTC/USDT": D(truth["balances"]["BTC"]) - D("0.05")}
        assert not books.differences(house.database, {**truth, "positions": moved})


def _with_itself(house: House) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Maker's and taker's fill of each interval in which the two met."""
    query = "SELECT f.*, o.slot, o.time_in_force FROM fills f JOIN orders o USING (client_id) ORDER BY f.maker DESC"
    intervals: dict[str, list[dict[str, Any]]] = {}
    for fill in books.rows(house.database, query):
        intervals.setdefault(fill["slot"].partition(".")[0], []).append(fill)
    return [(fills[0], fills[1]) for fills in intervals.values() if [fill["maker"] for fill in fills] == [1, 0]]
