"""A test of a bot's settings and its records as a workbook, in a real browser, on the real process.

With TOUR_PICTURES set to a folder the pictures are kept for people to look at.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser, expect

from tests.browser.test_tour import DESKTOP, PHONE, PRESSES, Tour
from tests.desk.test_trials import a_file
from tests.e2e.house import CHAT_KEY, Person, at_home

WORDS = {
    "en": {"done": "Done, the result", "file": "Done, the file", "sheets": ["Contents", "Cycles", "Orders", "Fills"]},
    "ru": {"done": "Готово, результат", "file": "Готово, файл", "sheets": ["Содержание", "Циклы", "Ордера", "Сделки"]},
}
TEST = {
    "en": {"days": "^1 day$", "own": "own file", "all": "All my bots", "more": "Another test", "period": "^All$"},
    "ru": {"days": "^1 день$", "own": "Свой файл", "all": "Все мои боты", "more": "Другой тест", "period": "^Всё$"},
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("language", "size", "scheme"), [("en", DESKTOP, "light"), ("ru", PHONE, "dark")], ids=["en-desktop", "ru-phone"]
)
async def test_settings_are_tried_and_records_taken_away(
    browser: Browser, tmp_path: Path, language: str, size: dict[str, int], scheme: str
) -> None:
    async with at_home(tmp_path, PAPER_SPEED="60") as (house, person):
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        await page.goto(f"{house.url}/?key={CHAT_KEY}")
        tour = Tour(page, f"files-{language}")
        if language == "ru":
            await page.evaluate(
                "fetch('/client/language', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({user: 1000001, language: 'ru'})})"
            )
        box, said, words = page.get_by_role("textbox"), TEST[language], WORDS[language]

        async def say(text: str) -> None:
            await box.fill(text)
            await box.press("Enter")

        await say("/start")
        for press in PRESSES[language][:-1]:
            await tour.press(press)
        # The form, before Start.
        await tour.press("^🧪")
        await tour.keep("days")
        await tour.press(said["days"])
        await tour.see(str(words["done"]))
        await tour.keep("result-of-form")
        await say("/new")
        for press in PRESSES[language][1:]:
            await tour.press(press)
        await tour.see("🎯")
        # The bot, over a file.
        await say("/test")
        await tour.keep("bots")
        await tour.press("📄 #1")
        await tour.press(said["own"])
        await tour.keep("file-asked")
        (tmp_path / "candles.csv").write_bytes(a_file(3000))
        await page.locator("#file").set_input_files(tmp_path / "candles.csv")
        await tour.keep("file-sent")
        await expect(page.get_by_text(str(words["done"]))).to_have_count(2, timeout=60_000)
        await tour.keep("result-of-file")
        # Everything as one workbook.
        await say("/export")
        await tour.keep("export")
        await tour.press(said["all"])
        await tour.keep("period")
        await tour.press(said["period"])
        await tour.see(str(words["file"]))
        await tour.keep("workbook")
        sheets = await _sheets(person)
        assert [name.rsplit(" ", maxsplit=1)[-1] for name in sheets] == words["sheets"]
        await page.close()


async def _sheets(person: Person) -> list[str]:
    await person.read()
    file = await person.see(lambda message: bool(message.document))
    content = await person.file(file)
    book = await asyncio.to_thread(load_workbook, BytesIO(content))
    return list(book.sheetnames)
