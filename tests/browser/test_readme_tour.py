"""The tour of the README, point by point, in a real browser on the real process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.tours import PATIENCE, TO_A_GRID, Screen, Tour, a_tour, on_every_screen
from tests.e2e.house import GUEST, at_home

PAIR, DONE = "^CRV.USDT", "^✅"
SAID = {
    "en": {"setting": "^Take-profit$", "done": "✅ Take-profit: 3 %", "kept": "Kept: Calm", "signed": "signed Alice",
           "preset": "Balanced"},
    "ru": {"setting": "^Тейк-профит$", "done": "✅ Тейк-профит: 3 %", "kept": "Сохранено: Calm",
           "signed": "с подписью Alice", "preset": "Умеренно"},
}  # fmt: skip
WIDTH_OF_PICTURES = 200


@pytest.mark.timeout(400)
@on_every_screen
async def test_the_tour_of_the_readme(browser: Browser, tmp_path: Path, screen: Screen) -> None:
    async with (
        at_home(tmp_path, PAPER_SPEED="60") as (house, _),
        a_tour(browser, house, screen, "tour") as tour,
        a_tour(browser, house, screen, "guest", GUEST) as guest,
    ):
        await tour.say("/start")
        await a_grid_within_ten_presses(tour)
        await a_guest_comes_in(tour, guest)
        await a_bots_card(tour)
        await an_edit_and_a_link(tour, guest)
        await keys_and_paper(tour)
        await profit_and_records(tour)
        await settings(tour)
        await status_and_panic(tour)
        await admin(tour)


async def a_grid_within_ten_presses(tour: Tour) -> None:
    before = tour.presses
    await tour.press(*TO_A_GRID[tour.screen.language])
    assert tour.presses - before <= 10
    await tour.see("🎯")
    await tour.keep("running")


async def a_guest_comes_in(tour: Tour, guest: Tour) -> None:
    await guest.say("/start")
    await tour.press_key("button-approve")
    await guest.see("✅")
    await guest.say("/start")
    await guest.see("👋")
    await guest.keep("home")


async def a_bots_card(tour: Tour) -> None:
    await tour.say("/bots")
    await tour.press("#1 CRV")
    await tour.press_key("button-pause")
    await tour.see("⏸")
    await tour.press_key("button-resume", "button-orders", "button-back", "button-reduce", "button-back")
    pictures = tour.page.get_by_role("log").locator("img")
    before = await pictures.count()
    await tour.press_key("button-chart")
    await expect(pictures).to_have_count(before + 1, timeout=PATIENCE)
    box = await pictures.last.bounding_box()
    assert box is not None and box["width"] >= WIDTH_OF_PICTURES
    await tour.keep("picture")
    for key in ("button-statistics", "button-stop"):
        await tour.say("/bots")
        await tour.press("#1 CRV")
        await tour.press_key(key, "button-back")


async def an_edit_and_a_link(tour: Tour, guest: Tour) -> None:
    """The edit is looked at before it is made; the link is opened by somebody else."""
    await tour.press_key("button-edit")
    said = SAID[tour.screen.language]
    await tour.press(said["setting"])
    await tour.say("3")
    await tour.keep("would-change")
    await tour.press_key("button-apply")
    await tour.see(said["done"])
    await tour.press_key("button-save-preset")
    await tour.say("Calm")
    await tour.see(said["kept"])
    await tour.press_key("button-share")
    await tour.press(said["signed"])
    link = tour.page.get_by_role("log").get_by_role("link", name="start=s_").last
    await expect(link).to_be_visible(timeout=PATIENCE)
    address = await link.inner_text()
    await link.click()
    await tour.see_key("button-use-shared")
    await guest.say(f"/start {address.partition('start=')[2]}")
    await guest.press_key("button-use-shared")
    await guest.press("📄", PAIR, DONE, "^⭐", said["preset"], r"^\d000 USDT$")
    await guest.press_key("button-preview")


async def keys_and_paper(tour: Tour) -> None:
    await tour.say("/keys")
    await tour.press_key("button-paper", "button-paper-balance", "button-back", "button-paper-prices", "button-back")
    await tour.say("/keys")
    await tour.press_key("button-add-key")
    await tour.press("^Bitget")
    await tour.press_key("button-cancel")


async def profit_and_records(tour: Tour) -> None:
    await tour.say("/profit")
    await tour.press("^📊|^📈")
    await tour.press_key("button-stats")
    await tour.see("🧮")
    await tour.say("/export")
    await tour.press_key("button-export-all", "choice-period-all")
    await expect(tour.page.get_by_text(re.compile(r"makergram.*\.xlsx")).last).to_be_visible(timeout=60_000)
    await tour.keep("workbook")


async def settings(tour: Tour) -> None:
    await tour.say("/settings")
    await tour.press_key("button-levels", "button-back")
    await tour.press("🌙")
    await tour.say("22:30-7:15")
    await tour.see("22:30–07:15")
    await tour.press_key("button-back", "button-pictures")
    await tour.press("🌙" if tour.screen.scheme == "dark" else "☀️")
    await tour.press_key("button-settings")


async def status_and_panic(tour: Tour) -> None:
    await tour.say("/status")
    await tour.see("📊")
    await tour.keep("status")
    await tour.say("/panic")
    await tour.press_key("button-panic-yes")
    await tour.see("⏹")
    await tour.keep("stopped")


async def admin(tour: Tour) -> None:
    await tour.say("/admin")
    await tour.see("🛡")
    await tour.press_key("button-invites", "button-to-admin", "button-broadcast", "button-to-admin")
    await tour.press_key("button-log", "button-to-admin", "button-maintenance")
