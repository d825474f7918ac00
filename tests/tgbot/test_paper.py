"""The paper account in chat: money, beginning anew, prices, files."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from aiogram.types import Document

from tests.tgbot.fake_desk import GUEST, FakeDesk
from tests.tgbot.fake_paper import FRESH
from tests.tgbot.room import ChatRoom, make_room
from tgbot.cards.paper import balances_card, file_card, market_card, paper_card, prices_card, reset_card, switch_card
from tgbot.words import words_for
from trading.desk.answers import DeskError
from trading.desk.paper_prices import MOST_UPLOAD, PaperPrices, PriceKind

D = Decimal
LIVE = PaperPrices(PriceKind.LIVE, venue="binance")


async def at_paper(desk: FakeDesk | None = None) -> ChatRoom:
    room = make_room(desk)
    await room.bob.say("/keys")
    await room.bob.press("Paper account")
    return room


@pytest.mark.parametrize(
    ("speed", "said"),
    [("2", "в 2 раза быстрее"), ("1E+1", "в 10 раз быстрее"), ("21", "в 21 раз быстрее"), ("0.5", "×0.5 к вашим")],
)
def test_how_fast_paper_lives_is_said_as_a_person_would(speed: str, said: str) -> None:
    assert said in paper_card(words_for("ru"), replace(FRESH, speed=D(speed))).text


async def test_the_paper_account_is_reached_from_home_and_from_the_keys() -> None:
    room = make_room()
    await room.bob.say("/start")
    await room.bob.press("Paper account")
    home = room.bob.last.text
    await room.bob.say("/keys")
    await room.bob.press("Paper account")
    assert room.bob.last.text == home
    assert "10000" in home
    assert "seed 7" in home


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("prices", [PaperPrices(PriceKind.SIMULATED), PaperPrices(PriceKind.OPERATOR), LIVE,
                                    PaperPrices(PriceKind.UPLOADED, symbol="CRV/USDT", file="x.csv")])  # fmt: skip
def test_every_card_says_that_it_is_paper(language: str, prices: PaperPrices) -> None:
    words = words_for(language)
    account = replace(FRESH, prices=prices, operator=("CRV/USDT:USDT",), running=2, away="no <prices>", has_ended=True)
    for card in (
        paper_card(words, account),
        balances_card(words, account),
        balances_card(words, account, "USDT"),
        reset_card(words, account, "t"),
        prices_card(words, account, "t"),
        prices_card(words, replace(account, running=0), "t"),
        switch_card(words, account, LIVE, "t"),
        market_card(words, account),
        file_card(words, "CRV/USDT:USDT", 2),
    ):
        assert "📄" in card.text
        assert "<prices>" not in card.text


@pytest.mark.parametrize(
    ("said", "currency", "amount"),
    [
        ("USDT 5000", "USDT", D(5000)),
        ("usdt 5 000,5", "USDT", D("5000.5")),
        ("5000 usdt", "USDT", D(5000)),
        ("btc=0", "BTC", D(0)),
        ("  USDT   7 ", "USDT", D(7)),
    ],
)
async def test_a_balance_is_typed_with_its_coin(said: str, currency: str, amount: Decimal) -> None:
    room = await at_paper()
    await room.bob.press("Set a balance")
    await room.bob.say(said)
    assert room.desk.changes == [("set_paper_balance", GUEST, currency, amount)]
    assert "Paper account" in room.bob.last.text


async def test_a_pressed_coin_needs_only_the_number() -> None:
    room = await at_paper()
    await room.bob.press("Set a balance")
    await room.bob.press("USDT")
    assert "How much" in room.bob.last.text
    for wrong in ("much", "-5", "1e5", "٣"):
        await room.bob.say(wrong)
        assert "number from 0 up" in room.bob.last.text
    await room.bob.say("10,000")
    assert "Is that 10000 or 10.000?" in room.bob.last.text
    await room.bob.say("250")
    assert room.desk.changes == [("set_paper_balance", GUEST, "USDT", D(250))]


async def test_why_a_balance_is_refused_is_said_and_the_question_stays() -> None:
    desk = FakeDesk()
    desk.give_bot(GUEST)
    room = await at_paper(desk)
    await room.bob.press("Set a balance")
    await room.bob.say("USDT 5")
    assert "cannot become less while paper bots trade it (#1 CRV/USDT)" in room.bob.last.text
    await room.bob.say("XYZ 5")
    assert "does not know XYZ" in room.bob.last.text
    await room.bob.say("USDT 50000")
    assert room.desk.changes == [("set_paper_balance", GUEST, "USDT", D(50_000))]


async def test_beginning_anew_asks_stops_the_bots_and_acts_once() -> None:
    desk = FakeDesk()
    desk.give_bot(GUEST)
    room = await at_paper(desk)
    await room.bob.press("Begin anew")
    assert "one paper bot is stopped" in room.bob.last.text
    toast = await room.bob.press("Yes, begin anew")
    assert toast is not None
    assert "stopping" in toast
    assert room.desk.changes == []
    asked = room.bob.last
    data = asked.buttons["♻️ Yes, begin anew"]
    assert await room.bob.press_data(data) == "The paper account is as good as new"
    assert await room.bob.press_data(data) == "Already done."
    assert room.desk.changes == [("reset_paper", GUEST)]


async def test_prices_are_switched_after_a_question_that_says_what_is_lost() -> None:
    room = await at_paper()
    await room.bob.press("Prices")
    assert "✓ Made up" in room.bob.last.buttons
    await room.bob.press("Binance, live")
    assert "Binance, live?" in room.bob.last.text
    assert "only when the book crosses its price" in room.bob.last.text
    assert "positions on paper are gone" in room.bob.last.text
    data = room.bob.last.buttons["✅ Yes, switch"]
    await room.bob.press("Yes, switch")
    assert room.desk.changes == [("choose_paper_prices", GUEST, LIVE)]
    assert "Binance, live" in room.bob.last.text
    assert "📄" in room.bob.last.text
    assert await room.bob.press_data(data) == "Already done."


async def test_while_paper_bots_run_prices_can_only_be_freed() -> None:
    desk = FakeDesk()
    room = await at_paper(desk)
    await room.bob.press("Prices")
    await room.bob.press("Binance, live")
    desk.give_bot(GUEST)
    toast = await room.bob.press("Yes, switch")
    assert toast is not None
    assert "Stop them first" in toast
    assert not [label for label in room.bob.last.buttons if "live" in label]
    assert await room.bob.press("Stop the paper bot") == "Stopping one bot…"
    assert "All paper bots have stopped." in room.bob.text
    await room.bob.press("Bitget, live")
    await room.bob.press("Yes, switch")
    assert [change[0] for change in desk.changes] == ["stop_paper_bots", "choose_paper_prices"]


async def test_a_seed_is_typed() -> None:
    room = await at_paper()
    await room.bob.press("Prices")
    await room.bob.press("Another seed")
    for wrong in ("many", "1.5", "9" * 18):
        await room.bob.say(wrong)
        assert "whole number of at most 17 digits" in room.bob.last.text
    await room.bob.say("-12345678901234567")
    await room.bob.press("Yes, switch")
    seed = PaperPrices(PriceKind.SIMULATED, seed=-12345678901234567)
    assert room.desk.changes == [("choose_paper_prices", GUEST, seed)]


async def test_a_venue_that_is_away_is_told_and_nothing_is_switched() -> None:
    desk = FakeDesk()
    desk.failing["choose_paper_prices"] = DeskError("venue_away", venue="Binance", detail="")
    room = await at_paper(desk)
    await room.bob.press("Prices")
    await room.bob.press("Binance, live")
    await room.bob.press("Yes, switch")
    assert "does not answer now" in room.bob.last.text
    assert desk.changes == []


def document(size: int = 100) -> Document:
    return Document(file_id="f1", file_unique_id="u1", file_name="../../evil.csv", file_size=size)


async def at_the_file(desk: FakeDesk | None = None) -> ChatRoom:
    room = await at_paper(desk)
    await room.bob.press("Prices")
    await room.bob.press("My own file")
    await room.bob.press("CRV/USDT spot")
    return room


async def test_a_file_is_taken_for_the_market_that_was_pressed() -> None:
    room = await at_the_file()
    room.telegram.uploads["f1"] = b"timestamp,open\n"
    await room.bob.say(document=document())
    assert room.desk.brought == [("CRV/USDT", b"timestamp,open\n")]
    assert "your file for CRV/USDT spot" in room.bob.last.text


async def test_a_mistake_in_a_file_is_told_with_its_line_and_may_be_mended() -> None:
    desk = FakeDesk()
    desk.failing["upload_paper_prices"] = DeskError("paper_file_wrong", line="17", why="outside")
    room = await at_the_file(desk)
    room.telegram.uploads["f1"] = b"x"
    await room.bob.say(document=document())
    assert "<b>Line 17:</b> open and close must lie between low and high." in room.bob.last.text
    del desk.failing["upload_paper_prices"]
    await room.bob.say(document=document())
    assert len(desk.brought) == 1


async def test_a_file_that_is_too_large_is_not_even_fetched() -> None:
    room = await at_the_file()
    await room.bob.say(document=document(MOST_UPLOAD + 1))
    assert "at most 2 MB" in room.bob.last.text
    assert room.desk.brought == []
    assert not [call for call in room.telegram.calls if type(call).__name__ == "GetFile"]
