"""The admins' screens in a real browser, on the real process, from /admin on; what the guest hears, beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.tours import Screen, a_tour, on_every_screen
from tests.e2e.house import GUEST, at_home

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


@pytest.mark.timeout(240)
@on_every_screen
async def test_an_admin_finds_everything_from_one_page(browser: Browser, tmp_path: Path, screen: Screen) -> None:
    words = WORDS[screen.language]
    async with (
        at_home(tmp_path) as (house, _),
        a_tour(browser, house, screen, "admin") as admin,
        a_tour(browser, house, screen, "guest", GUEST) as guest,
    ):

        async def press(*names: str) -> None:
            for name in names:
                await admin.press(words[name])

        await admin.say("/start")
        await admin.see("Makergram")
        await guest.say("/start")
        await press("approve")
        await admin.say("/admin")
        await admin.see("🛡")
        await admin.keep("admin")
        await press("people")
        await admin.press("Boris")
        await admin.keep("member")
        await press("cap")
        await admin.say("250")
        await admin.see(words["capped"])
        await admin.keep("capped")
        await press("bots", "back", "suspend", "suspend_yes")
        await guest.see("⏸")
        await guest.keep("suspended")
        await press("let_back", "let_back_yes", "remove", "back", "admin")
        await press("invites", "for_ever", "invites", "day")
        link = admin.page.get_by_role("log").get_by_role("link", name="start=").last
        await expect(link).to_be_visible()
        # Who is in follows a link of the bot's own to the menu, without leaving the page.
        await link.click()
        await admin.see("👋")
        assert admin.page.url.startswith(house.url)
        await admin.say("/admin")
        await press("broadcast")
        await admin.say("The exchange will be away on Sunday. / Биржа не работает в воскресенье.")
        await admin.see("👆")
        await admin.keep("confirm")
        await press("send")
        await admin.see(words["done"])
        await admin.keep("broadcast-done")
        await guest.see("Sunday")
        await press("admin", "log", "admin", "backup", "backup_yes")
        await admin.see(words["copied"])
        await admin.keep("backup-sent")
        await admin.say("/admin")
        await press("maintenance", "stop_yes")
        await admin.see(words["stopped"])
        await press("admin", "end", "end_yes")
        await guest.see("▶️")
        await guest.keep("heard")
