"""A person steers by hand: half of a position closed, a level taken off, balances, prices, and panic."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.house import Person, at_home
from tests.e2e.story import PaperStory, choose_pair, recording
from tests.e2e.test_people import english_in, speak

pytestmark = [pytest.mark.timeout(300)]


async def begin(person: Person) -> None:
    """A grid on paper with a deposit that can be split."""
    await choose_pair(person, "Paper$")
    await person.send("500")
    await person.see("Press a setting to change it")
    await person.choose("Preview and start")
    await person.choose("🛡 Leverage", seconds=60)
    await person.choose("Start on", seconds=60)
    await person.see("Bot started: #1 CRV/USDT")


@pytest.mark.xdist_group("e2e-by-hand")
async def test_a_position_is_halved_a_level_taken_off_and_all_closed_in_a_panic(tmp_path: Path) -> None:
    prices = recording(tmp_path, ["0.5"] * 5)
    async with at_home(tmp_path, PAPER_PRICES=prices, PAPER_SPEED="1") as (house, person):
        story = PaperStory(house, person)
        await begin(person)
        truth = await story.rested(14)
        [before] = [abs(amount) for amount in books.ledgers(house.database).values()]

        # Half of the position; killed in the middle of it, and started again.
        await person.send("/bots")
        await person.choose("CRV/USDT")
        await person.choose("Reduce or close")
        await person.see("Close how much?")
        await person.choose("50 %")
        sure = await person.see("Close a part now?")
        await person.press(sure, "Yes, close 50 %")
        await house.kill()
        await house.start()
        await person.see("by hand. Against the average entry, less the closing fee", seconds=60)
        truth = await story.rested(14)
        await story.agree()
        [after] = [abs(amount) for amount in books.ledgers(house.database).values()]
        assert abs(after - before / 2) <= Decimal("0.1")
        reports = [json.loads(each["body"]) for each in books.notices(house.database, "position_reduced")]
        assert [Decimal(each["closed"]) for each in reports] == [before - after]

        # One level.
        await person.send("/orders")
        await person.choose("📋 #1")
        await person.see("On the exchange: 15")
        price = max(Decimal(order["price"]) for order in books.entries(truth))
        await person.choose(f"buy {price:f}")
        question = await person.see("Cancel this order?")
        assert "does not come back in this cycle" in question.text
        await person.press(question, "Yes, cancel the order")
        await person.see("Canceled by hand: buy")
        await story.rested(13)

        # Balances, prices, and a number behind a command.
        await person.send("/balance")
        balance = await person.see("Worth")
        assert "USDT" in balance.text
        await person.send("/price")
        await person.press(await person.see("Which pair?"), "CRV/USDT")
        assert "Spread" in (await person.see("Bid: ")).text
        await person.send("/pause 1")
        await story.rested(0)
        await person.send("/resume 1")
        await story.rested(13)

        await person.send("/panic")
        await person.choose("Yes, close everything now")
        done = await person.see("Panic done: ", seconds=60)
        assert "14 orders canceled, closed" in done.text
        assert "on average. Against the average entry, less the closing fee: -" in done.text
        await person.see("Stopped: panic")
        truth = await story.agree()
        assert not books.ledgers(house.database)
        assert not [order for order in truth["orders"] if order["status"] in books.LIVE]


@pytest.mark.xdist_group("e2e-by-hand")
async def test_the_short_one_in_russian(tmp_path: Path) -> None:
    prices = recording(tmp_path, ["0.5"] * 5)
    async with at_home(tmp_path, PAPER_PRICES=prices, PAPER_SPEED="1") as (house, person):
        story = PaperStory(house, person)
        await speak(house, person, "ru")
        await person.send("/start")
        for words in ("Новый бот", "Сетка", "Бумага", "CRV", "Готово"):
            await person.choose(words)
        await person.see("Депозит?")
        await person.send("500")
        await person.choose("Предпросмотр")
        await person.choose("🛡 Плечо", seconds=60)
        await person.choose("Старт на бумаге", seconds=60)
        await person.see("Запущен 1 бот")
        await story.rested(14)
        await person.send("/bots")
        await person.choose("CRV/USDT")
        await person.choose("Уменьшить или закрыть")
        await person.choose("75 %")
        await person.choose("Да, закрыть 75 %")
        await person.see("Закрыто вручную", seconds=60)
        await person.send("/orders")
        await person.choose("📋 #1")
        await person.choose("✖ покупка")
        await person.choose("Да, снять ордер")
        await person.see("Снято вручную: покупка")
        await person.send("/balance")
        await person.see("Стоимость")
        await person.send("/price crv")
        await person.see("Спред")
        await person.send("/stop")
        await person.choose("Остановить всех")
        await person.choose("Закрыть всё")
        await person.choose("Да, закрыть по рынку")
        await person.see("Останавливаются: 1")
        await person.see("Остановлен")
        await story.agree()
        assert not books.ledgers(house.database)
        buttons = {b["text"] for message in person.messages.values() for row in message.buttons for b in row}
        leftovers = {text: english_in(text) for text in {*person.heard, *person.toasts, *buttons}}
        assert not {text: words for text, words in leftovers.items() if words}
