"""Spot bots in a real browser, on the real process: within ten presses from New bot to orders that rest.

What the first preview refuses is mended by its own button.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.test_tour import DESKTOP, PHONE, Tour
from tests.e2e.house import CHAT_KEY, at_home

LIQUIDITY = {
    "en": ["New bot", "Liquidity", "Paper$", "^BTC.USDT", "Done", "^1250 USDT$", "kucoin", "Preview", "Start on"],
    "ru": ["Новый бот", "Ликвидность", "Бумага$", "^ETH.USDT", "Готово", "^1250 USDT$", "kucoin", "Предпросмотр",
           "Старт"],
}  # fmt: skip
PINGPONG = {
    "en": ["New bot", "Ping-pong", "Paper$", "^ETH.BTC", "Done", "^300 USD$", "Preview", "Dollar market", "Start on"],
    "ru": ["Новый бот", "Пинг-понг", "Бумага$", "^ETH.BTC", "Готово", "^300 USD$", "Предпросмотр", "Долларовая пара",
           "Старт"],
}  # fmt: skip
PEG = {
    "en": ["New bot", "Peg", "Paper$", "^CRV.USDT", "Done", "^0", "^0", "^100 USDT$", "Preview", "Start on"],
    "ru": ["Новый бот", "Пег", "Бумага$", "^CRV.USDT", "Готово", "^0", "^0", "^100 USDT$", "Предпросмотр", "Старт"],
}
SIZES = {"en": DESKTOP, "ru": PHONE}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_spot_bots_run_on_paper_within_ten_presses_each(browser: Browser, tmp_path: Path, language: str) -> None:
    async with at_home(tmp_path, PAPER_SPEED="10") as (house, _):
        page = await browser.new_page(viewport=SIZES[language])
        await page.goto(f"{house.url}/?key={CHAT_KEY}")
        if language == "ru":
            await page.evaluate(
                "fetch('/client/language', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({user: 1000001, language: 'ru'})})"
            )
        box = page.get_by_role("textbox")
        for number, (name, presses) in enumerate(
            (("liquidity", LIQUIDITY), ("pingpong", PINGPONG), ("peg", PEG)), start=1
        ):
            tour = Tour(page, f"{language}-{name}")
            await box.fill("/start")
            await box.press("Enter")
            for words in presses[language]:
                await tour.press(words)
                await tour.keep("step")
            assert tour.presses <= 10
            await tour.see(f"#{number} ")
            if name == "pingpong":
                await tour.see("🔹")
        await box.fill("/status")
        await box.press("Enter")
        await tour.see("📊")
        await tour.keep("status")
        assert await page.get_by_text("🙈").count() == 0, "the reference on paper is there from the beginning"
        await page.close()
