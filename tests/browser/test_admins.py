"""The admins' screens in a real browser, on the real process, from /admin on; what the guest hears, beside it.

With TOUR_PICTURES set to a folder the pictures are kept, for people to look at.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_tour import DESKTOP, PHONE, Tour
from tests.e2e.house import ADMIN, CHAT_KEY, GUEST, House, at_home

WORDS = {
    "en": {
        "approve": "Approve",
        "people": "People",
        "cap": "Deposit cap",
        "capped": "at most 250",
        "bots": "Number of bots",
        "suspend": "⏸ Suspend",
        "suspend_yes": "Yes, suspend",
        "let_back": "Let back in",
        "let_back_yes": "Yes, let",
        "remove": "Remove",
        "invites": "Invites",
        "day": "One day",
        "for_ever": "For ever",
        "broadcast": "Broadcast",
        "send": "Send \\(1\\)",
        "done": "Broadcast done",
        "log": "Log",
        "backup": "Backup",
        "backup_yes": "Yes, send",
        "copied": "Keep it apart",
        "maintenance": "Maintenance$",
        "stop_yes": "Yes, stop all",
        "stopped": "No bot was trading",
        "end": "End maintenance",
        "end_yes": "Yes, go on",
        "back": "Back",
        "admin": "🛡 Admin",
    },
    "ru": {
        "approve": "Впустить",
        "people": "Люди",
        "cap": "Депозит до",
        "capped": "не больше 250",
        "bots": "Ботов до",
        "suspend": "Приостановить",
        "suspend_yes": "Да, приостановить",
        "let_back": "Вернуть доступ",
        "let_back_yes": "Да, вернуть",
        "remove": "Удалить",
        "invites": "Приглашения",
        "day": "На день",
        "for_ever": "Бессрочно",
        "broadcast": "Рассылка",
        "send": "Отправить \\(1\\)",
        "done": "Рассылка закончена",
        "log": "Журнал",
        "backup": "Копия базы",
        "backup_yes": "Да, прислать",
        "copied": "отдельно от мастер-ключа",
        "maintenance": "Техработы$",
        "stop_yes": "Да, остановить",
        "stopped": "Ни один бот не торговал",
        "end": "Закончить техработы",
        "end_yes": "Да, продолжить",
        "back": "Назад",
        "admin": "🛡 Админ",
    },
}


async def _speak(page: Page, language: str) -> None:
    for person in (ADMIN, GUEST):
        await page.evaluate(
            "([user, language]) => fetch('/client/language', {method: 'POST',"
            " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({user, language})})",
            [person, language],
        )


async def _say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def _visit(browser: Browser, house: House, person: int, size: dict[str, int], scheme: str) -> Page:
    """The page as that person sees it."""
    context = await browser.new_context(viewport=size, color_scheme=scheme)
    await context.add_init_script(f"localStorage.setItem('person', '{person}')")
    page = await context.new_page()
    await page.goto(f"{house.url}/?key={CHAT_KEY}")
    await page.get_by_role("textbox").wait_for()
    return page


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "size", "scheme"),
    [("en", DESKTOP, "light"), ("ru", PHONE, "dark")],
    ids=["en-desktop", "ru-phone"],
)
async def test_an_admin_finds_everything_from_one_page(
    browser: Browser, tmp_path: Path, language: str, size: dict[str, int], scheme: str
) -> None:
    words = WORDS[language]
    async with at_home(tmp_path) as (house, _):
        page = await _visit(browser, house, ADMIN, size, scheme)
        theirs = await _visit(browser, house, GUEST, size, scheme)
        await _speak(page, language)
        admin, guest = Tour(page, f"admin-{language}"), Tour(theirs, f"guest-{language}")

        async def press(*names: str) -> None:
            for name in names:
                await admin.press(words[name])
                await admin.keep(name)

        await _say(page, "/start")
        await admin.see("Makergram")
        await _say(theirs, "/start")
        await press("approve")
        await _say(page, "/admin")
        await admin.see("🛡")
        await admin.keep("admin")
        await press("people")
        await admin.press("Boris")
        await admin.keep("member")
        await press("cap")
        await _say(page, "250")
        await admin.see(words["capped"])
        await admin.keep("capped")
        await press("bots", "back", "suspend", "suspend_yes")
        await guest.see("⏸")
        await guest.keep("suspended")
        await press("let_back", "let_back_yes", "remove", "back", "admin")
        await press("invites", "for_ever", "invites", "day")
        link = page.get_by_role("log").get_by_role("link", name="start=").last
        await expect(link).to_be_visible()
        # Who is in follows a link of the bot's own to the menu, without leaving the page.
        await link.click()
        await admin.see("👋")
        assert page.url.startswith(house.url)
        await _say(page, "/admin")
        await press("broadcast")
        await _say(page, "The exchange will be away on Sunday. / Биржа не работает в воскресенье.")
        await admin.see("👆")
        await admin.keep("confirm")
        await press("send")
        await admin.see(words["done"])
        await admin.keep("broadcast-done")
        await guest.see("Sunday")
        await press("admin", "log", "admin", "backup", "backup_yes")
        await admin.see(words["copied"])
        await admin.keep("backup-sent")
        await _say(page, "/admin")
        await press("maintenance", "stop_yes")
        await admin.see(words["stopped"])
        await press("admin", "end", "end_yes")
        await guest.see("▶️")
        await guest.keep("heard")
        for each in (page, theirs):
            await each.context.close()
