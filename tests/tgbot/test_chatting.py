"""The chat over real HTTP: polling, pictures, notices, a wrong token, and a stop that lets answers finish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.localchat.wire import ALICE, Wire, png
from tgbot.chatting import chatting
from tgbot.localchat import LocalChat
from trading.core.notices import BotStopped
from trading.desk.answers import BotCard, Person


class _PaintingDesk(FakeDesk):
    """Paints real pictures, and answers /bots only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_bots, self.slow = asyncio.Event(), asyncio.Event()
        self.slow.set()

    async def bots(self, user_id: int) -> Sequence[BotCard]:
        self.asked_bots.set()
        await self.slow.wait()
        return await super().bots(user_id)

    async def preview_picture(self, *args: Any, **kwargs: Any) -> bytes:
        return png(320, 240)


@pytest.fixture
def desk() -> _PaintingDesk:
    desk = _PaintingDesk()
    desk.people = {ALICE: Person(ALICE, "Alice", "alice_local", "en", True, "active")}
    return desk


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Wire]:
    async with LocalChat(database=tmp_path / "chat.db", key="k") as chat, aiohttp.ClientSession() as http:
        yield Wire(chat, http)


async def shown(page: Wire, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The newest message of the bot that is what is wanted, as soon as there is one."""
    since = 0
    async with asyncio.timeout(10):
        while True:
            state = await page.state(since=since)
            found = [each for each in state["messages"] if each["from_bot"] and wanted(each)]
            if found:
                return found[-1]
            since = state["seq"]


def data_of(message: dict[str, Any], label: str) -> str:
    rows = message["buttons"]
    return next(each["data"] for row in rows for each in row if label in each["text"])


async def press(page: Wire, message: dict[str, Any], label: str) -> None:
    await page.post("press", user=ALICE, message=message["id"], data=data_of(message, label))


def says(text: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: text in str(message)


async def test_from_start_to_a_running_bot_over_http(page: Wire, desk: FakeDesk) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url):
        await page.say("/start")
        await press(page, await shown(page, says("New bot")), "New bot")
        await press(page, await shown(page, says("On which account")), "Paper")
        await press(page, await shown(page, says("Which pair")), "CRV/USDT")
        await press(page, await shown(page, says("Done (1)")), "Done")
        await shown(page, says("Deposit?"))
        await page.say("500")
        await press(page, await shown(page, says("Preview and start")), "Preview")
        card = await shown(page, says("<pre>"))
        assert (await shown(page, lambda each: bool(each.get("photo")))) is not None
        await press(page, card, "Start on paper")
        if "can start, but" in str(card):
            await press(page, await shown(page, says("Are you sure")), "I know")
        await shown(page, says("Bot started"))
    assert desk.changes[0][0] == "create"


async def test_notices_arrive_and_open_the_bot(page: Wire, desk: FakeDesk) -> None:
    bot = desk.give_bot(ALICE)
    async with chatting(desk, page.chat.token, page.chat.api_url):
        await page.say("/start")
        await shown(page, says("New bot"))
        desk.tell(ALICE, BotStopped(symbol=bot.symbol, cause="user", position=Decimal(0)), bot.id)
        notice = await shown(page, says("Stopped"))
        await press(page, notice, "Open")
        await shown(page, says("Deposit 100.00"))
    assert desk.waiting == {}


async def test_the_menu_of_commands_is_set(page: Wire, desk: FakeDesk) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url):
        await page.say("/help")
        await shown(page, says("What I do"))
        commands = (await page.state())["commands"]
    assert "new" in str(commands)


async def test_a_token_that_telegram_refuses_is_a_clear_error(page: Wire, desk: FakeDesk) -> None:
    with pytest.raises(ValueError, match="refuses BOT_TOKEN"):
        async with chatting(desk, "1000000:another-token", page.chat.api_url):
            pass


async def test_a_telegram_that_cannot_be_reached_does_not_hold_up_the_start(desk: FakeDesk) -> None:
    async with asyncio.timeout(5), chatting(desk, "1000000:token", "http://127.0.0.1:9"):
        pass


async def test_a_stop_lets_an_answer_finish(page: Wire, desk: _PaintingDesk) -> None:
    desk.slow.clear()
    async with chatting(desk, page.chat.token, page.chat.api_url):
        await page.say("/bots")
        await asyncio.wait_for(desk.asked_bots.wait(), 5)
        asyncio.get_running_loop().call_later(0.3, desk.slow.set)
    assert await shown(page, says("You have no bots yet"))
