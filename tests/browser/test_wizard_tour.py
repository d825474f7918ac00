"""Presets, an edit that is looked at, and a link of settings that a second person opens, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_tour import DESKTOP, PART, PHONE, Tour
from tests.e2e.house import CHAT_KEY, at_home

MAKE = {
    "en": ["New bot", "^Grid$", "Paper$", "^CRV.USDT", "Done", "Presets", "Balanced", PART, "Preview", "Start on"],
    "ru": [
        *("Новый бот", "^Сетка$", "Бумага$", "^CRV.USDT", "Готово", "Заготовки", "Умеренно", PART),
        *("Предпросмотр", "Запустить|Старт"),
    ],
}
SAID = {
    "en": {
        "open": "^#1 CRV", "edit": "Edit", "field": "^Take-profit$", "would": "What would happen now", "apply": "Apply",
        "done": "Take-profit: 3 %", "share": "Share", "signed": "signed", "here": "Here is the link",
        "shared": "Shared settings", "use": "New bot with these settings",
        "save": "Save as preset", "kept": "Kept: Calm",
    },
    "ru": {
        "open": "^#1 CRV", "edit": "Изменить", "field": "^Тейк-профит$", "would": "Что произойдёт сейчас",
        "apply": "Применить", "done": "Тейк-профит: 3 %", "share": "Поделиться", "signed": "подписью",
        "here": "Ссылка готова", "shared": "Настройки по ссылке", "use": "Новый бот с этими настройками",
        "save": "В заготовки", "kept": "Сохранено: Calm",
    },
}  # fmt: skip


async def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "size", "scheme"), [("en", DESKTOP, "light"), ("ru", PHONE, "dark")], ids=["en-desktop", "ru-phone"]
)
async def test_settings_are_taken_up_looked_at_and_handed_on(
    browser: Browser, tmp_path: Path, language: str, size: dict[str, int], scheme: str
) -> None:
    said = SAID[language]
    async with at_home(tmp_path, PAPER_SPEED="60") as (house, _):
        page = await browser.new_page(viewport=size, color_scheme=scheme)
        await page.goto(f"{house.url}/?key={CHAT_KEY}")
        tour = Tour(page, f"wizard-{language}-{size['width']}")
        if language == "ru":
            await page.evaluate(
                "fetch('/client/language', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({user: 1000001, language: 'ru'})})"
            )
        await say(page, "/start")
        for words in MAKE[language]:
            await tour.press(words)
            await tour.keep("make")
        await tour.press(said["open"])
        await tour.press(said["edit"])
        await tour.keep("edit")
        await tour.press(said["field"])
        await say(page, "3")
        await tour.see(said["would"])
        await tour.keep("look")
        await tour.press(said["apply"])
        await tour.see(said["done"])
        await tour.keep("applied")
        await tour.press(said["save"])
        await say(page, "Calm")
        await tour.see(said["kept"])
        await tour.keep("kept")
        await tour.press(said["share"])
        await tour.keep("share")
        await tour.press(said["signed"])
        await tour.see(said["here"])
        await tour.keep("link")
        await page.get_by_role("log").get_by_role("link").last.click()
        await tour.see(said["shared"])
        await tour.keep("opened")
        await tour.press(said["use"])
        await expect(page.get_by_role("log").get_by_role("button", name="📄").last).to_be_visible(timeout=30_000)
        await tour.keep("begun")
        await page.close()
