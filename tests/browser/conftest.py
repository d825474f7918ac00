"""A local chat, a small bot that lives in it, and a browser in front of it."""

import asyncio
import shutil
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Browser, Page, async_playwright

from tgbot.localchat import LocalChat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"),
    *("--no-first-run", "--disable-component-update", "--disable-sync"),
]
COMMANDS = {"start": "the card", "table": "a wide table", "photo": "a picture", "export": "a file", "gone": "vanishes"}
TABLE = "pair        side   price        amount     filled     note that is rather long\n" + "\n".join(
    f"CRV/USDT    buy    0.{4310 - row * 7}       {row * 10}         0          level {row} of the grid, waiting"
    for row in range(6)
)


def picture(width: int = 320, height: int = 180) -> bytes:
    """A PNG with a gradient."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in (x % 256, y % 256, 160)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def card(presses: int) -> dict[str, object]:
    buttons = [
        [("Count", "count"), ("Alert", "alert")],
        [("Delete", "delete"), ("Silent", "silent"), ("Slow", "slow")],
    ]
    keyboard = [[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in buttons]
    link = InlineKeyboardButton(text="Site", url="https://example.com/help")
    markup = InlineKeyboardMarkup(inline_keyboard=[*keyboard, [link]])
    return {"text": f"<b>Card</b>\npressed <code>{presses}</code> times", "reply_markup": markup}


def toy_dispatcher(released: asyncio.Event) -> Dispatcher:
    """``released`` lets the slow button be answered."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer(**card(0))

    @dispatcher.message(Command("table"))
    async def table(message: Message) -> None:
        await message.answer(f"Open orders\n<pre>{TABLE}</pre>")

    @dispatcher.message(Command("photo"))
    async def photo(message: Message) -> None:
        await message.answer_photo(BufferedInputFile(picture(), "chart.png"), caption="a <i>chart</i>")

    @dispatcher.message(Command("export"))
    async def export(message: Message) -> None:
        await message.answer_document(BufferedInputFile(b"price,amount\n1,2\n", "orders.csv"), caption="orders")

    @dispatcher.message(Command("keyboard"))
    async def keyboard(message: Message) -> None:
        rows = [[KeyboardButton(text="Yes"), KeyboardButton(text="No")]]
        await message.answer("Choose", reply_markup=ReplyKeyboardMarkup(keyboard=rows, one_time_keyboard=True))

    @dispatcher.message(F.photo)
    async def got_photo(message: Message) -> None:
        await message.reply(f"a photo of {message.photo[-1].width} by {message.photo[-1].height}")

    @dispatcher.message(F.text == "who am I?")
    async def who(message: Message) -> None:
        await message.answer(f"{message.from_user.first_name} {message.from_user.language_code}")

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "?", parse_mode=None)

    @dispatcher.callback_query(F.data == "count")
    async def count(query: CallbackQuery) -> None:
        before = int(query.message.text.split()[2])
        await query.message.edit_text(**card(before + 1))
        await query.answer("counted")

    @dispatcher.callback_query(F.data == "alert")
    async def alert(query: CallbackQuery) -> None:
        await query.answer("Are you sure about this?", show_alert=True)

    @dispatcher.callback_query(F.data == "delete")
    async def delete(query: CallbackQuery) -> None:
        await query.message.delete()
        await query.answer()

    @dispatcher.callback_query(F.data == "slow")
    async def slow(query: CallbackQuery) -> None:
        await released.wait()
        await query.answer("at last")

    @dispatcher.callback_query()
    async def silent(query: CallbackQuery) -> None:
        await query.answer()

    return dispatcher


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[LocalChat]:
    async with LocalChat(database=tmp_path / "chat.db", key="browser-key") as chat:
        yield chat


@pytest.fixture
def released() -> asyncio.Event:
    """Set, the slow button is answered."""
    return asyncio.Event()


@pytest.fixture
async def bot(chat: LocalChat, released: asyncio.Event) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(chat.api_url))
    bot = Bot(chat.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    await bot.set_my_commands([BotCommand(command=name, description=about) for name, about in COMMANDS.items()])
    dispatcher = toy_dispatcher(released)
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    yield bot
    released.set()
    await dispatcher.stop_polling()
    await polling
    await bot.session.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser, chat: LocalChat, bot: Bot) -> OpenPage:
    """Opens the chat in a browser of its own; fails the test when the page complains in its console."""

    async def open_it(**options: object) -> Page:
        context = await browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        page = await context.new_page()
        page.set_default_timeout(8000)
        await page.goto(chat.page_url)
        await page.get_by_role("textbox", name="Message").wait_for()
        return page

    return open_it


@pytest.fixture
def a_picture() -> bytes:
    return picture()
