"""What the form asks of each strategy before its summary, what it suggests, and what it says to an answer at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.words import LANGUAGES, words_for
from trading.desk.answers import DeskError
from trading.desk.fitting import is_shared
from trading.strategies import STRATEGIES


def room_for(strategy: str, language: str = "en") -> ChatRoom:
    desk = FakeDesk(language)
    desk.offered, desk.equity = (strategy,), Decimal(10_000)
    return make_room(desk)


async def to_the_first_question(room: ChatRoom, *presses: str) -> Visitor:
    bob = room.bob
    await bob.say("/new")
    for pressed in presses or ("Paper", "CRV/USDT", "Done"):
        await bob.press(pressed)
    return bob


def shown(bob: Visitor) -> list[str]:
    return parsed(bob.last.text).splitlines()


def numbers(bob: Visitor) -> list[str]:
    return [text for text in bob.last.buttons if text[:1].isdigit()]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_float_asks_for_its_budget_and_for_the_size_of_one_order(language: str) -> None:
    words = words_for(language)
    bob = await to_the_first_question(
        room_for("pingpong", language), words.plain("paper"), "CRV/USDT", words.plain("button-done", count=1)
    )
    assert words.plain("field-budget") in shown(bob)[0]
    await bob.press("300 USD")
    assert words.plain("field-order_size") in shown(bob)[0]
    assert "50" not in bob.text, "no size is good for everybody, so none stands there as if it were"
    assert numbers(bob) == ["15 USDT", "30 USDT", "75 USDT", "150 USDT"]
    await bob.press("75 USDT")
    assert f"{words.plain('field-order_size')}: 75 USDT" in shown(bob)


async def test_another_currency_of_the_size_asks_for_the_size_again() -> None:
    bob = await to_the_first_question(room_for("pingpong"))
    for pressed in ("300 USD", "75 USDT", "Size currency", "CRV"):
        await bob.press(pressed)
    assert shown(bob)[0] == "✏️ Order size?"
    assert numbers(bob) == ["30 CRV", "60 CRV", "150 CRV", "300 CRV"]
    await bob.say("100")
    assert {"Order size: 100 CRV", "Size currency: CRV", "Budget: 300 USD"} <= set(shown(bob))
    await bob.press("Size currency")
    await bob.press("CRV")
    assert "Order size: 100 CRV" in shown(bob), "the same currency leaves the size as it is"


async def test_what_the_exchange_would_refuse_is_said_at_once_and_kept() -> None:
    bob = await to_the_first_question(room_for("pingpong"))
    await bob.press("300 USD")
    await bob.say("2")
    assert shown(bob)[0] == "⛔ One order is below the exchange's minimum of 5 USDT."
    assert "It would work with 5.1 USDT" in bob.text
    assert "Order size: 2 USDT" in shown(bob)
    await bob.press("Order size")
    await bob.say("20")
    assert "⛔" not in bob.text


async def test_nothing_is_said_of_what_a_question_to_come_may_mend() -> None:
    bob = await to_the_first_question(room_for("pingpong"))
    await bob.say("20")
    assert shown(bob)[0] == "✏️ Order size?"
    assert numbers(bob) == ["5 USDT", "10 USDT"]


async def test_a_market_that_cannot_be_seen_gives_no_advice_and_stops_nothing() -> None:
    room = room_for("pingpong")
    room.desk.failing["preview"] = DeskError("venue_away", venue="Paper", detail="no answer")
    bob = await to_the_first_question(room)
    await bob.say("300")
    assert numbers(bob) == ["50 USDT", "250 USDT", "500 USDT", "1000 USDT"]
    await bob.say("60")
    assert "Order size: 60 USDT" in shown(bob)


async def test_a_price_is_kept_on_one_pair_so_its_press_is_the_answer() -> None:
    room = room_for("peg")
    bob = await to_the_first_question(room, "Paper", "CRV/USDT")
    assert shown(bob)[0] == "✏️ Required price?"
    for answer in ("0.5", "0.01", "200"):
        await bob.say(answer)
    assert {"Pair: CRV/USDT", "Buy limit: 200 USDT", "Sell limit: 400 CRV"} <= set(shown(bob))
    await bob.press("Required price")
    await bob.say("0.8")
    assert "Sell limit: 250 CRV" in shown(bob), "nobody said how many coins, so they follow the price"
    await bob.press("Preview")
    await bob.press("Start on paper")
    await bob.press("I know the risk")
    [(_, _, _, symbols, config, _)] = room.desk.changes
    assert (symbols, config["base_order_limit"]) == (("CRV/USDT",), "250")


async def test_orders_of_an_obligation_follow_the_depth_that_is_promised() -> None:
    bob = await to_the_first_question(room_for("liquidity"))
    for pressed in ("1250 USDT", "MEXC", "Least depth"):
        await bob.press(pressed)
    await bob.say("300")
    assert {"Least depth: 300 USDT", "Smallest order: 15 USDT", "Largest order: 150 USDT"} <= set(shown(bob))


async def test_another_pair_asks_again_what_was_said_in_the_old_ones_coins() -> None:
    room = room_for("pingpong")
    bob = await to_the_first_question(room)
    for pressed in ("300 USD", "75 USDT", "Back", "Back", "Back", "CRV/USDT", "CRV/USDT", "Done"):
        await bob.press(pressed)
    assert shown(bob)[0] == "✏️ Order size?", "the pair was taken away and chosen anew"
    assert "Budget" not in shown(bob)[0]


@pytest.mark.parametrize(("strategy", "bound"), [("grid", "10000000"), ("pingpong", "10000000"), ("peg", "1000000000")])
async def test_bounds_that_nobody_comes_near_are_not_told(strategy: str, bound: str) -> None:
    bob = await to_the_first_question(room_for(strategy), "Paper", "CRV/USDT", *(["Done"] if strategy != "peg" else []))
    assert "a number above 0." in bob.text
    assert bound not in bob.text
    await bob.say("0")
    assert "more than 0" in bob.text


async def test_a_preset_and_a_link_never_say_how_large_an_order_is() -> None:
    room = room_for("pingpong")
    bob = await to_the_first_question(room)
    for pressed in ("Presets", "Careful"):
        await bob.press(pressed)
    assert "Budget?" in bob.text
    await bob.press("300 USD")
    assert "Order size?" in bob.text
    model = STRATEGIES["pingpong"].config_model
    assert {name for name in model.model_fields if not is_shared(model, name)} == {"budget", "order_size", "csv_path"}
