"""The paper account in a real browser, on the real process: a balance, a seed, a file of one's own, a fresh start."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.tours import Screen, a_tour, on_every_screen
from tests.e2e.house import at_home

WORDS = {
    "en": {
        "paper": "Paper account",
        "balance": "Set a balance",
        "prices": "Prices",
        "seed": "Another seed",
        "switch": "Yes, switch",
        "file": "My own file",
        "market": "^CRV.USDT spot",
        "wrong": "Line 3",
        "taken": "your file for CRV",
        "reset": "Begin anew",
        "reset_yes": "Yes, begin anew",
        "seeded": "seed 42",
        "live": "Binance, live",
        "back": "Back",
    },
    "ru": {
        "paper": "Бумажный счёт",
        "balance": "Задать баланс",
        "prices": "Цены",
        "seed": "Другое зерно",
        "switch": "Да, переключить",
        "file": "Мой файл",
        "market": "^CRV.USDT спот",
        "wrong": "Строка 3",
        "taken": "ваш файл для CRV",
        "reset": "Начать заново",
        "reset_yes": "Да, начать заново",
        "seeded": "зерно 42",
        "live": "Binance, живые",
        "back": "Назад",
    },
}
GOOD = "timestamp,open,high,low,close,volume\n" + "".join(
    f"2024-01-01T00:{minute:02}:00,0.8,0.81,0.79,0.8,5000\n" for minute in range(30)
)


@pytest.mark.timeout(240)
@on_every_screen
async def test_a_person_prices_and_fills_their_paper_account(browser: Browser, tmp_path: Path, screen: Screen) -> None:
    words = WORDS[screen.language]
    async with at_home(tmp_path) as (house, _), a_tour(browser, house, screen, "paper") as tour:

        async def press(*names: str) -> None:
            for name in names:
                await tour.press(words[name])

        await tour.say("/start")
        await tour.see("Makergram")
        await tour.keep("home")
        await press("paper", "balance")
        await tour.say("USDT 2500")
        await tour.see("2500")
        await tour.keep("set")
        await press("prices", "live", "back", "seed")
        await tour.say("42")
        await press("switch")
        await tour.see(words["seeded"])
        await press("prices", "file", "market")
        await tour.bring("my candles.csv", GOOD.replace("00:01:00,0.8", "00:01:00,much", 1))
        await tour.see(words["wrong"])
        await tour.keep("wrong")
        await tour.bring("my candles.csv", GOOD)
        await tour.see(words["taken"])
        await tour.keep("taken")
        [kept] = (tmp_path / "paper").iterdir()
        assert kept.read_text() == GOOD
        await press("reset", "reset_yes")
        await tour.see("10000")
        await tour.keep("reset")
