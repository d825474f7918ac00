"""The tour of the README in a real browser, on the real process: from /start to a running paper grid in ten presses.

With TOUR_PICTURES set to a folder the pictures are kept, for the README and for people to look at.
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.house import CHAT_KEY, at_home

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1200, "height": 850}
PART = r"^(9\d\d|1[0-3]\d\d) USDT$"
"""A twentieth of a new paper account; prices say how much that is."""
PRESSES = {
    "en": ["New bot", "^Grid$", "Paper$", "^CRV.USDT", "Done", PART, "Preview", "Leverage .?5$", "Start on"],
    "ru": [
        *("Новый бот", "^Сетка$", "Бумага$", "^CRV.USDT", "Готово", PART, "Предпросмотр", "лечо .?5$"),
        "Запустить|Старт",
    ],
}


class Tour:
    """A person who presses what is newest on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self._name, self._number, self.presses = page, name, 0, 0

    async def press(self, words: str) -> None:
        button = self.page.get_by_role("log").get_by_role("button", name=re.compile(words)).last
        await expect(button).to_be_visible(timeout=30_000)
        await button.click()
        self.presses += 1
        # Until it is answered what is on the page is of before the press.
        await expect(self.page.locator("button.waiting")).to_have_count(0, timeout=30_000)

    async def see(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_visible(timeout=30_000)

    async def keep(self, what: str) -> None:
        folder = os.environ.get("TOUR_PICTURES")
        if folder:
            await asyncio.sleep(0.7)
            self._number += 1
            await self.page.screenshot(path=Path(folder) / f"{self._name}-{self._number}-{what}.png")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "size", "scheme"), [("en", DESKTOP, "light"), ("ru", PHONE, "dark")], ids=["en-desktop", "ru-phone"]
)
async def test_a_stranger_has_a_paper_grid_within_ten_presses(
    browser: Browser, tmp_path: Path, language: str, size: dict[str, int], scheme: str
) -> None:
    async with at_home(tmp_path, PAPER_SPEED="60") as (house, _):
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        await page.goto(f"{house.url}/?key={CHAT_KEY}")
        tour = Tour(page, f"{language}-{size['width']}")
        if language == "ru":
            await page.evaluate(
                "fetch('/client/language', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({user: 1000001, language: 'ru'})})"
            )
        box = page.get_by_role("textbox")
        await box.fill("/start")
        await box.press("Enter")
        for words in PRESSES[language]:
            await tour.press(words)
            await tour.keep("step")
        assert tour.presses <= 10
        await tour.see("🎯")
        await tour.keep("running")
        await box.fill("/status")
        await box.press("Enter")
        await tour.see("📊")
        await tour.keep("status")
        await page.close()
