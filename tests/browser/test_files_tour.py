"""A test of a bot's settings and its records as a workbook, in a real browser, on the real process."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser, expect

from tests.browser.tours import LONG_PATIENCE, TO_A_GRID, Screen, a_tour, on_every_screen
from tests.desk.test_trials import a_file
from tests.e2e.house import Person, at_home

WORDS = {
    "en": {"done": "Done, the result", "file": "Done, the file", "sheets": ["Contents", "Cycles", "Orders", "Fills"]},
    "ru": {"done": "Готово, результат", "file": "Готово, файл", "sheets": ["Содержание", "Циклы", "Ордера", "Сделки"]},
}
TEST = {
    "en": {"days": "^1 day$", "own": "own file", "all": "All my bots", "more": "Another test", "period": "^All$"},
    "ru": {"days": "^1 день$", "own": "Свой файл", "all": "Все мои боты", "more": "Другой тест", "period": "^Всё$"},
}


@pytest.mark.timeout(600)
@on_every_screen
async def test_settings_are_tried_and_records_taken_away(browser: Browser, tmp_path: Path, screen: Screen) -> None:
    said, words = TEST[screen.language], WORDS[screen.language]
    async with (
        at_home(tmp_path, PAPER_SPEED="60") as (house, person),
        a_tour(browser, house, screen, "files") as tour,
    ):
        await tour.say("/start")
        await tour.press(*TO_A_GRID[screen.language][:-1])
        # The form, before Start.
        await tour.press("^🧪", said["days"])
        await tour.see(str(words["done"]), LONG_PATIENCE)
        await tour.keep("result-of-form")
        await tour.say("/new")
        await tour.press(*TO_A_GRID[screen.language][1:])
        await tour.see("🎯")
        # The bot, over a file.
        await tour.say("/test")
        await tour.press("📄 #1", said["own"])
        await tour.bring("candles.csv", a_file(3000).decode())
        await tour.keep("file-sent")
        await expect(tour.page.get_by_text(str(words["done"]))).to_have_count(2, timeout=LONG_PATIENCE)
        await tour.keep("result-of-file")
        # Everything as one workbook.
        await tour.say("/export")
        await tour.press(said["all"], said["period"])
        await tour.see(str(words["file"]), LONG_PATIENCE)
        await tour.keep("workbook")
        sheets = await _sheets(person)
        assert [name.rsplit(" ", maxsplit=1)[-1] for name in sheets] == words["sheets"]


async def _sheets(person: Person) -> list[str]:
    await person.read()
    file = await person.see(lambda message: bool(message.document))
    content = await person.file(file)
    book = await asyncio.to_thread(load_workbook, BytesIO(content))
    return list(book.sheetnames)
