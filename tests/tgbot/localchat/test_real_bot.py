"""A real aiogram bot and dispatcher, over real HTTP; and what it sees when Telegram is in trouble."""

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError, TelegramRetryAfter
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)

from tests.tgbot.localchat.wire import ALICE, Wire, png


@pytest.fixture
async def bot(wire: Wire) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(wire.chat.api_url))
    async with Bot(wire.chat.token, session=session, default=DefaultBotProperties(parse_mode="HTML")) as bot:
        yield bot


async def until(wire: Wire, seq: int, seconds: float = 5) -> dict[str, object]:
    """The first state after `seq` in which the bot has said something."""
    async with asyncio.timeout(seconds):
        while True:
            state = await wire.state(since=seq)
            if any(message["from_bot"] for message in state["messages"]) or state["toasts"]:
                return state


async def test_a_bot_talks_from_start_to_press(wire: Wire, bot: Bot) -> None:
    dispatcher = Dispatcher()
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]])

    @dispatcher.message(Command("go"))
    async def go(message: Message) -> None:
        await message.answer(f"<b>{message.from_user.first_name}</b> goes", reply_markup=keyboard)

    @dispatcher.callback_query(F.data == "more")
    async def more(query: CallbackQuery) -> None:
        await query.message.edit_text("<i>more</i>", reply_markup=keyboard)
        await query.answer("here you are")

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    seq = (await wire.state())["seq"]
    await wire.say("/go")
    state = await until(wire, seq)
    number = state["messages"][-1]["id"]
    assert state["messages"][-1]["html"] == "<b>Alice</b> goes"
    await wire.post("press", user=ALICE, message=number, data="more")
    async with asyncio.timeout(5):
        while not (state := await wire.state(since=seq))["toasts"]:
            seq = state["seq"]
    assert state["toasts"] == [{"text": "here you are", "alert": False}]
    assert (await wire.shown(number))["html"] == "<i>more</i>"
    await dispatcher.stop_polling()
    await polling


async def test_a_bot_uses_the_methods_it_knows(wire: Wire, bot: Bot) -> None:
    assert (await bot.me()).username == "makergram_local_bot"
    assert await bot.set_my_commands([BotCommand(command="a", description="b")], BotCommandScopeChat(chat_id=ALICE))
    photo = await bot.send_photo(ALICE, BufferedInputFile(png(), "a.png"), caption="<b>c</b>")
    await photo.edit_media(InputMediaPhoto(media=BufferedInputFile(png(8, 8), "b.png"), caption="d"))
    document = await bot.send_document(ALICE, BufferedInputFile(b"data", "a.csv"))
    downloaded = await bot.download(document.document)
    assert isinstance(downloaded, io.BytesIO)
    assert downloaded.read() == b"data"
    media = [InputMediaPhoto(media=BufferedInputFile(png(), name)) for name in ("a.png", "b.png")]
    assert len(await bot.send_media_group(ALICE, media)) == 2
    assert await bot.send_chat_action(ALICE, "typing")
    assert (await bot.get_chat(ALICE)).first_name == "Alice"
    assert (await bot.get_chat_member(ALICE, ALICE)).status == "member"
    assert (await bot.copy_message(ALICE, ALICE, photo.message_id)).message_id
    assert await bot.pin_chat_message(ALICE, photo.message_id)
    assert await bot.delete_messages(ALICE, [photo.message_id, document.message_id])
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_a_bot_hears_refusals_as_its_own_errors(wire: Wire, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(ALICE, "<b>x")
    message = await bot.send_message(ALICE, "x")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await message.edit_text("x")
    await wire.chat.set_blocked(ALICE, True)
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(ALICE, "x")


async def test_a_bot_is_throttled_on_demand(wire: Wire, bot: Bot) -> None:
    wire.chat.faults.throttle(7, "sendMessage", times=2)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(ALICE, "x")
        assert refused.value.retry_after == 7
    await bot.send_message(ALICE, "x")


async def test_a_call_that_fails_on_demand_has_no_effect(wire: Wire, bot: Bot) -> None:
    before = await wire.state()
    wire.chat.faults.fail("sendMessage", code=502, description="Bad Gateway")
    with pytest.raises(Exception, match="Bad Gateway"):
        await bot.send_message(ALICE, "x")
    assert await wire.state() == before


async def test_an_answer_can_be_lost_after_the_call_was_carried_out(wire: Wire, bot: Bot) -> None:
    wire.chat.faults.lose_answer("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ALICE, "it arrived")
    assert (await wire.state())["messages"][-1]["html"] == "it arrived"


async def test_while_it_is_away_nobody_answers_and_waiting_ends(wire: Wire, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    wire.chat.faults.away = True
    async with asyncio.timeout(15):
        with pytest.raises(TelegramNetworkError):
            await waiting
        with pytest.raises(TelegramNetworkError):
            await bot.get_me()
    await wire.say("the page still works")
    wire.chat.faults.away = False
    assert (await bot.get_updates())[-1].message.text == "the page still works"


async def test_calls_can_be_slow(wire: Wire, bot: Bot) -> None:
    wire.chat.faults.delay = 0.3
    began = asyncio.get_running_loop().time()
    await bot.get_me()
    assert asyncio.get_running_loop().time() - began >= 0.3
