"""What a person sees and the venue gets, from /start to the second cycle."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.house import House
from tests.e2e.story import (
    CREDENTIALS,
    FAST,
    add_key,
    bitget_story,
    choose_pair,
    paper_story,
    take_profit_of,
    to_start,
)

pytestmark = [pytest.mark.timeout(300)]

PAUSE = 6


@pytest.mark.xdist_group("e2e-bitget")
async def test_grid_story_on_bitget(tmp_path: Path) -> None:
    async with bitget_story(tmp_path) as story:
        person, house = story.person, story.house
        await add_key(person)
        for secret in CREDENTIALS:
            assert all(secret not in message.text for message in person.messages.values())
            assert all(secret not in text for text in person.heard)
        assert "…-key" in person.newest().text
        kept = books.bytes_of(tmp_path, "makergram*", "house.log")
        # Not the key itself: its tail is kept openly, and what stands before it is sealed, so any letters.
        assert not [secret for secret in CREDENTIALS[1:] if secret.encode() in kept]

        # Ten dollars at 20x and 15 levels: the first levels are below the minimum, and liquidation is near.
        await choose_pair(person, "Bitget")
        await person.send("10")
        summary = await person.see("Press a setting to change it")
        for line in ("Deposit: 10 USDT", "Leverage: ×20", "Grid levels: 15", "Take-profit: 2 %"):
            assert line in summary.text
        await person.choose("Preview and start")
        refused = await person.see("It cannot start like this")
        assert "7 orders are below the exchange's minimum of 5 USDT" in refused.text
        assert "Liquidation near" in refused.text
        shown = [button["text"] for row in refused.buttons for button in row]
        assert not any("Start" in text for text in shown)

        # An offer that may start, but not without a second yes.
        await person.choose("Deposit 42")
        await person.see("read the warnings", seconds=60)
        await person.choose("Start")
        sure = await person.see("Are you sure?")
        await person.press(sure, "Edit" if any("Edit" in b["text"] for row in sure.buttons for b in row) else "Back")
        assert not (await story.truth())["orders"]
        await person.see("read the warnings", seconds=60)
        await person.choose("🛡 Leverage")
        await person.see("Ready. Start trades real money.", seconds=60)
        await person.choose("Start")
        await person.see("Bot started: #1 CRV/USDT")
        await person.see("Cycle 1 began at 0.5001: 15 orders")
        truth = await story.rested(14)
        assert len(books.ours(truth["orders"])) == 16

        # The pause is a setting like any other, also while the bot works.
        await person.choose("#1 CRV/USDT")
        await person.choose("Edit")
        await person.choose("Cycle pause")
        await person.see("Cycle pause?")
        await person.send(str(PAUSE))
        review = await person.see("Nothing is changed yet")
        assert "No order changes" in review.text
        await person.choose("Apply")
        await person.see(f"✅ Cycle pause: {PAUSE} s")

        # The market falls through three levels.
        entries = books.entries(truth)
        await story.fall(3)
        truth = await story.rested(11)
        bought = [fill for fill in books.ours(truth["fills"]) if fill["side"] == "buy"]
        assert [fill["price"] for fill in bought[1:]] == [order["price"] for order in entries[:3]]
        [take_profit] = books.exits(truth)
        assert Decimal(take_profit["amount"]) == sum(Decimal(fill["amount"]) for fill in bought)
        assert Decimal(take_profit["price"]) == take_profit_of(bought)
        await person.see(f"moved to {take_profit['price']}")
        await person.see(f"Position {take_profit['amount']}")
        # In one message or in several: they are gathered for a moment only.
        told = "\n".join(person.texts())
        assert [f"bought {fill['amount']} at {fill['price']}" in told for fill in bought[1:]] == [True] * 3

        # It rises, the take-profit fills, the rest is canceled.
        await story.rise()
        truth = await story.until(
            lambda truth: not books.position(truth) and not books.entries(truth), "flat and nothing left"
        )
        net = Decimal(truth["balances"]["USDT"]) - 1000
        assert net > 0
        finished = await person.see("Cycle 1 finished: take-profit")
        assert f"Net +{net:.2f} USDT" in finished.text
        assert f"Next cycle in 0:0{PAUSE}" in finished.text
        [cycle] = books.rows(house.database, "SELECT * FROM cycles")
        assert Decimal(cycle["gross"]) - Decimal(cycle["fees"]) + Decimal(cycle["funding"]) == net

        # A pause, and a new grid at the new price.
        new = await person.see("Cycle 2 began at")
        price = Decimal(re.findall(r"began at ([0-9.]+)", new.text)[0])
        assert price == Decimal(take_profit["price"]) + 6 * Decimal("0.0001")
        truth = await story.rested(14)
        [began, ended] = books.rows(
            house.database,
            "SELECT min(o.created_at) AS at FROM orders o WHERE slot LIKE 'c2.%' UNION ALL SELECT ended_at FROM cycles",
        )
        assert began["at"] - ended["at"] >= PAUSE * 1_000_000
        await story.agree()
        await person.read()
        assert not any(books.check_told(house.database, person.texts(), kills=0).values())
        assert books.told_fills_match(house.database)


MINUTES = [*["0.5"] * 3, "0.4857", "0.47", "0.455", *["0.455"] * 20, "0.47", "0.49", *["0.49"] * 200]
"""A minute a second: the market falls through three levels and rises above their take-profit."""


_OF_FIRST_CYCLE = "FROM fills f JOIN orders o USING (client_id) WHERE slot LIKE 'c1.%'"


@pytest.mark.xdist_group("e2e-paper")
async def test_grid_story_on_paper(tmp_path: Path) -> None:
    async with paper_story(tmp_path, MINUTES) as story:
        person, house = story.person, story.house
        await to_start(person, "Paper$")
        await person.choose("Start on paper")
        await person.see("Cycle 1 began at 0.5000: 15 orders")
        entries = books.entries(await story.rested(14))
        await house.stop()
        house.settings["PAPER_SPEED"] = FAST
        await house.start()

        finished = await person.see("Cycle 1 finished: take-profit", seconds=60)
        assert "Next cycle in 1:00" in finished.text
        bought = books.rows(house.database, f"SELECT f.* {_OF_FIRST_CYCLE} AND role = 'entry' ORDER BY f.id")
        [take_profit] = books.rows(house.database, f"SELECT DISTINCT o.* {_OF_FIRST_CYCLE} AND role = 'take_profit'")
        assert [Decimal(fill["price"]) for fill in bought[1:]] == [Decimal(order["price"]) for order in entries[:3]]
        assert Decimal(take_profit["filled"]) == sum(Decimal(fill["amount"]) for fill in bought)
        assert Decimal(take_profit["price"]) == take_profit_of(bought)
        await person.see("Cycle 2 began at 0.4900", seconds=60)
        await story.rested(14)
        [cycle] = books.rows(house.database, "SELECT * FROM cycles")
        [began] = books.rows(house.database, "SELECT min(created_at) AS at FROM orders WHERE slot LIKE 'c2.%'")
        assert began["at"] - cycle["ended_at"] >= 60_000_000
        net = Decimal(cycle["gross"]) - Decimal(cycle["fees"]) + Decimal(cycle["funding"])
        assert net > 0
        assert f"Net +{net:.2f} USDT" in finished.text
        truth = await story.agree()
        fees = sum(Decimal(fill["fee"]) for fill in truth["fills"] if fill["client_id"] not in _first_cycle(house))
        # At some hours of the day the second cycle pays funding already.
        paid = [Decimal(payment["amount"]) for payment in books.rows(house.database, "SELECT amount FROM funding")]
        later = sum(paid, Decimal(0)) - Decimal(cycle["funding"])
        assert Decimal(truth["balances"]["USDT"]) - 10_000 == net - fees + later
        await person.read()
        assert not any(books.check_told(house.database, person.texts(), kills=0).values())
        assert books.told_fills_match(house.database)


def _first_cycle(house: House) -> set[str]:
    return {order["client_id"] for order in books.rows(house.database, "SELECT * FROM orders WHERE slot LIKE 'c1.%'")}
