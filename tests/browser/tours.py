"""A person in front of the chat page of the real process, who presses what is newest.

With TOUR_PICTURES set to a folder every step is kept as a picture, for the README and for people to look at; then every
tour is walked at both widths in both schemes, else in two of the four.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, ElementHandle, Page, expect
from playwright.async_api import Error as PlaywrightError

from tests.e2e.house import ADMIN, CHAT_KEY, OFFERS, House
from tgbot.words import words_for

PART = r"^([5-9]\d\d|1[05]00) USDT$"
"""A twentieth of a new paper account: the first of its parts. Prices say how much that is."""
TO_A_GRID = {
    "en": ("New bot", "^Grid$", "Paper$", "^CRV.USDT", "^✅", PART, "Preview", "Leverage .?5$", "Start on"),
    "ru": ("Новый бот", "^Сетка$", "Бумага$", "^CRV.USDT", "^✅", PART, "Предпросмотр", "лечо .?5$", "Старт на"),
}
PICTURES = os.environ.get("TOUR_PICTURES")
PATIENCE, LONG_PATIENCE, A_PRESS = 30_000, 120_000, 5_000
"""Milliseconds."""


@dataclass(frozen=True)
class Screen:
    """In which language, how wide and how bright somebody looks at the page."""

    language: str
    width: int
    height: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}"


SCREENS = [Screen("en", 1200, 850, "light"), Screen("ru", 390, 844, "dark")]
if PICTURES:
    SCREENS += [Screen("en", 390, 844, "light"), Screen("ru", 1200, 850, "dark")]
on_every_screen = pytest.mark.parametrize(
    # Browsers are heavy: one of each language at a time.
    "screen",
    [pytest.param(screen, marks=pytest.mark.xdist_group(f"browser-{screen.language}")) for screen in SCREENS],
    ids=str,
)


class Tour:
    """One person's page. Buttons are named by a pattern of what stands on them, or by their keys in the locales."""

    def __init__(self, page: Page, screen: Screen, name: str) -> None:
        self.page, self.screen, self._name = page, screen, name
        self._number = self.presses = 0

    async def say(self, text: str) -> None:
        box = self.page.get_by_role("textbox")
        await box.fill(text)
        await box.press("Enter")

    async def press(self, *patterns: str) -> None:
        for pattern in patterns:
            while (button := await self._pressed(pattern)) is None:
                pass
            self.presses += 1
            # Until it is answered what is on the page is of before the press.
            await expect(self.page.locator("button.waiting")).to_have_count(0, timeout=PATIENCE)
            if (await button.inner_text()).startswith(OFFERS):
                await button.wait_for_element_state("hidden", timeout=PATIENCE)
            await self.keep("pressed")

    async def _pressed(self, pattern: str) -> ElementHandle | None:
        """The button; None where it was drawn anew between the finger's coming down and its going up."""
        named = self.page.get_by_role("button", name=re.compile(pattern))
        message = self.page.get_by_role("log").locator(".message", has=named).last
        buttons = message.get_by_role("button", name=re.compile(pattern))
        wanted = buttons.first if pattern == PART else buttons.last
        await expect(wanted).to_be_visible(timeout=PATIENCE)
        button = await wanted.element_handle()
        try:
            async with self.page.expect_response("**/client/press*", timeout=A_PRESS) as told:
                await button.click()
        except PlaywrightError:
            return None
        return button if (await told.value).ok else None

    async def press_key(self, *keys: str, **values: object) -> None:
        for key in keys:
            await self.press(re.escape(words_for(self.screen.language).plain(key, **values)))

    async def see(self, words: str, patience: float = PATIENCE) -> None:
        await expect(self.page.get_by_text(words).last).to_be_visible(timeout=patience)

    async def see_key(self, key: str, **values: object) -> None:
        await self.see(words_for(self.screen.language).plain(key, **values))

    async def bring(self, name: str, content: str) -> None:
        """Send a file."""
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        await self.page.locator("#file").set_input_files(file)  # type: ignore[arg-type]

    async def keep(self, what: str) -> None:
        if PICTURES:
            await asyncio.sleep(0.7)
            self._number += 1
            await self.page.screenshot(path=Path(PICTURES) / f"{self._name}-{self.screen}-{self._number:02}-{what}.png")


@asynccontextmanager
async def a_tour(browser: Browser, house: House, screen: Screen, name: str, person: int = ADMIN) -> AsyncIterator[Tour]:
    """The page as ``person`` sees it."""
    size = {"width": screen.width, "height": screen.height}
    context = await browser.new_context(viewport=size, color_scheme=screen.scheme)  # type: ignore[arg-type]
    await context.add_init_script(f"localStorage.setItem('person', '{person}')")
    page = await context.new_page()
    await page.goto(f"{house.url}/?key={CHAT_KEY}")
    await page.get_by_role("textbox").wait_for()
    await page.evaluate(
        "([user, language]) => fetch('/client/language', {method: 'POST',"
        " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({user, language})})",
        [person, screen.language],
    )
    yield Tour(page, screen, name)
    await context.close()
