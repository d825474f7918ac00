"""The chat page in a real browser, with a real bot behind it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiogram import Bot
from aiogram.types import ReactionTypeEmoji
from playwright.async_api import Locator, Page, expect

from tgbot.localchat import LocalChat

OpenPage = Callable[..., Awaitable[Page]]
ALICE = 1000001
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("textbox").press("Enter")


def theirs(page: Page) -> Locator:
    return page.locator(".message.theirs")


async def test_the_start_button_begins_the_conversation(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(".message.mine")).to_contain_text("/start")
    await expect(theirs(page).locator("b")).to_have_text("Card")
    await expect(page.locator(".welcome")).to_have_count(0)


async def test_what_is_typed_is_sent_and_answered(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "hello there")
    await expect(page.locator(".message.mine .text")).to_contain_text("hello there")
    await expect(theirs(page)).to_contain_text("hello there")
    await expect(page.get_by_role("textbox")).to_have_value("")


async def test_a_press_edits_the_message_and_shows_a_toast(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/start")
    await page.get_by_role("button", name="Count").click()
    await expect(page.locator(".toast")).to_have_text("counted")  # it goes away by itself
    await expect(theirs(page).locator("code")).to_have_text("1")
    await expect(theirs(page).locator(".meta")).to_contain_text("edited")
    await expect(theirs(page)).to_have_count(1)


async def test_a_pressed_button_turns_until_it_is_answered(open_page: OpenPage, released: asyncio.Event) -> None:
    page = await open_page()
    await say(page, "/start")
    button = page.get_by_role("button", name="Slow")
    await button.click()
    await expect(button).to_have_class(re.compile("waiting"))
    released.set()
    await expect(page.locator(".toast")).to_have_text("at last")
    await expect(button).not_to_have_class(re.compile("waiting"))


async def test_an_alert_waits_for_ok(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/start")
    await page.get_by_role("button", name="Alert").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Are you sure about this?")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_an_answer_is_shown_only_where_the_button_was_pressed(open_page: OpenPage) -> None:
    page, other = await open_page(), await open_page()
    await say(page, "/start")
    await expect(theirs(other)).to_have_count(1)
    await page.get_by_role("button", name="Count").click()
    await expect(page.locator(".toast")).to_have_text("counted")
    await expect(theirs(other).locator("code")).to_have_text("1")
    await expect(other.locator(".toast")).to_have_count(0)


async def test_a_deleted_message_goes_away(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/start")
    await page.get_by_role("button", name="Delete").click()
    await expect(theirs(page)).to_have_count(0)
    await page.reload()
    await expect(page.locator(".message.mine")).to_have_count(1)
    await expect(theirs(page)).to_have_count(0)


async def test_a_photo_is_shown_and_enlarged(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/photo")
    image = theirs(page).locator(".photo img")
    await expect(image).to_be_visible()
    await page.wait_for_function("document.querySelector('.photo img').naturalWidth === 320")
    await expect(theirs(page).locator("i")).to_have_text("chart")
    await image.click()
    await expect(page.locator("#lightbox img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#lightbox")).to_be_hidden()


async def test_a_document_is_downloaded(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/export")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="orders.csv").click()
    download = await waiting.value
    assert download.suggested_filename == "orders.csv"
    assert (await asyncio.to_thread(Path(await download.path()).read_bytes)) == b"price,amount\n1,2\n"


async def test_a_person_attaches_a_photo(open_page: OpenPage, tmp_path: Path, a_picture: bytes) -> None:
    (tmp_path / "me.png").write_bytes(a_picture)
    page = await open_page()
    await page.locator("#file").set_input_files(tmp_path / "me.png")
    await expect(page.locator(".message.mine .photo img")).to_be_visible()
    await expect(theirs(page)).to_contain_text("a photo of 320 by 180")
    await expect(theirs(page).locator(".quote")).to_be_visible()


async def test_two_people_have_chats_of_their_own(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "only Alice says this")
    await expect(theirs(page)).to_have_count(1)
    await page.locator(".person", has_text="Boris").click()
    await expect(page.locator(".message")).to_have_count(0)
    await say(page, "who am I?")
    await expect(theirs(page)).to_contain_text("Boris en")
    await page.locator(".person", has_text="Alice").click()
    await expect(theirs(page)).to_contain_text("only Alice says this")
    await page.reload()
    await expect(theirs(page)).to_contain_text("only Alice says this")


async def test_the_other_persons_unread_messages_are_counted(open_page: OpenPage, bot: Bot) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(theirs(page)).to_have_count(1)
    await page.locator(".person", has_text="Boris").click()
    await bot.send_message(ALICE, "news")
    await expect(page.locator(".person", has_text="Alice").locator(".badge")).to_have_text("1")
    await page.locator(".person", has_text="Alice").click()
    await expect(page.locator(".badge")).to_have_count(0)


async def test_a_person_speaks_russian(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Русский").click()
    await expect(page.get_by_role("textbox", name="Сообщение")).to_be_visible()
    await expect(page.locator(".note")).to_contain_text("всё остаётся")
    await say(page, "who am I?")
    await expect(theirs(page)).to_contain_text("Alice ru")


async def test_commands_are_offered_by_menu_and_by_slash(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Menu").click()
    await expect(page.get_by_role("option")).to_have_count(5)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await page.get_by_role("textbox").press_sequentially("/t")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(theirs(page).locator("pre")).to_be_visible()


async def test_a_reply_keyboard_is_there_until_it_is_used(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/keyboard")
    await page.locator("#keyboard").get_by_role("button", name="Yes").click()
    await expect(page.locator(".message.mine").last).to_contain_text("Yes")
    await expect(page.locator("#keyboard")).to_be_hidden()


async def test_html_that_somebody_types_is_inert(open_page: OpenPage, bot: Bot) -> None:
    page = await open_page()
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script><b>x</b>"
    await say(page, evil)
    await expect(page.locator(".message.mine .text")).to_contain_text(evil)
    await expect(theirs(page).locator(".text")).to_contain_text(evil)
    await bot.send_message(ALICE, '<a href="javascript:document.title=1">click</a> &lt;img src=x&gt;')
    await expect(theirs(page)).to_have_count(2)
    assert await page.locator(".text img, .text script, .text a[href^='javascript'], .text b").count() == 0
    assert "owned" not in await page.title()


async def test_nothing_runs_or_loads_but_our_own(open_page: OpenPage, chat: LocalChat) -> None:
    page = await open_page()
    ran = await page.evaluate(
        """() => { const made = document.createElement('script'); made.textContent = 'window.ran = 1';
        document.body.append(made); return window.ran ?? 0; }"""
    )
    assert ran == 0
    addresses = await page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert addresses
    assert all(address.startswith(chat.api_url) for address in addresses)


async def test_light_and_dark_follow_the_system_and_can_be_turned(open_page: OpenPage) -> None:
    page = await open_page(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(background) == "rgb(23, 33, 43)"
    await page.get_by_role("button", name="Light or dark").click()
    assert await page.evaluate(background) == "rgb(255, 255, 255)"
    await page.reload()
    await page.get_by_role("textbox").wait_for()
    assert await page.evaluate(background) == "rgb(255, 255, 255)"


async def test_a_phone_shows_everything_without_scrolling_sideways(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    await expect(page.locator(".sidebar")).to_be_hidden()
    await expect(page.locator(".ribbon")).to_contain_text("nothing here leaves this machine")
    await say(page, "/start")
    await say(page, "/table")
    table = theirs(page).locator("pre")
    await expect(table).to_be_visible()
    assert await table.evaluate("element => element.scrollWidth > element.clientWidth")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.locator("#messages").evaluate("element => element.scrollWidth <= element.clientWidth")
    await page.locator("#person-chip").click()
    await expect(page.locator(".message")).to_have_count(0)


async def test_the_newest_message_is_in_view_unless_somebody_reads_above(open_page: OpenPage, bot: Bot) -> None:
    page = await open_page(viewport={"width": 1000, "height": 500})
    await say(page, "hello")
    for number in range(12):
        await bot.send_message(ALICE, f"line {number}\n\n.")
    await expect(page.locator(".message").last).to_be_in_viewport()
    await expect(page.locator("#to-bottom")).to_be_hidden()
    await page.locator("#messages").hover()
    await page.mouse.wheel(0, -600)
    await expect(page.locator("#to-bottom")).to_be_visible()
    await bot.send_message(ALICE, "below")
    await expect(page.locator("#to-bottom")).to_have_text("1")
    await expect(page.get_by_text("below")).not_to_be_in_viewport()
    await page.locator("#to-bottom").click()
    await expect(page.get_by_text("below")).to_be_in_viewport()


async def test_pins_reactions_and_typing_are_shown(open_page: OpenPage, bot: Bot) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(theirs(page)).to_have_count(1)
    await bot.send_chat_action(ALICE, "typing")
    await expect(page.locator("#status")).to_have_text("typing…")
    await bot.set_message_reaction(ALICE, 1, [ReactionTypeEmoji(emoji="🔥")])
    await expect(page.locator(".reaction")).to_have_text("🔥")
    await bot.pin_chat_message(ALICE, 1)
    await expect(page.locator("#pinned")).to_contain_text("hello")


async def test_a_deep_link_to_the_bot_is_a_command(open_page: OpenPage, bot: Bot) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(theirs(page)).to_have_count(1)
    await bot.send_message(ALICE, "https://t.me/makergram_local_bot?start=invite1")
    await theirs(page).last.get_by_role("link").click()
    await expect(page.locator(".message.mine").last).to_contain_text("/start invite1")


async def test_the_page_finds_the_chat_again_after_a_restart(open_page: OpenPage, chat: LocalChat) -> None:
    page = await open_page()
    await say(page, "before")
    await expect(theirs(page)).to_have_count(1)
    await chat.stop()
    await expect(page.locator("#lost")).to_be_visible()
    await chat.start()
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(theirs(page)).to_have_count(1)
    await say(page, "after")
    await expect(theirs(page).last).to_contain_text("after", timeout=15000)


async def test_the_card_works_by_keyboard_alone(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "/start")
    button = page.get_by_role("button", name="Count")
    for count in ("1", "2"):
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(theirs(page).locator("code")).to_have_text(count)
        await expect(page.locator("button.waiting")).to_have_count(0)  # until then it cannot be pressed again
    await expect(button).to_be_focused()
