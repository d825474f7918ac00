"""The process with a BOT_TOKEN: at a Bot API server of one's own, polled and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.house import House, free_port
from tests.tgbot.localchat.wire import ALICE, Wire
from tgbot.localchat import LocalChat

pytestmark = [pytest.mark.timeout(240)]


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Wire]:
    async with LocalChat(database=tmp_path / "telegram.db", key="k") as chat, aiohttp.ClientSession() as http:
        yield Wire(chat, http)


def settings_for(page: Wire) -> dict[str, str]:
    return {"BOT_TOKEN": page.chat.token, "TELEGRAM_API_URL": page.chat.api_url, "ADMIN_IDS": str(ALICE)}


async def answered(page: Wire, house: House, text: str) -> None:
    """The bot has said this, and everything that it was brought is dealt with."""
    async with asyncio.timeout(90):
        while True:
            said = [each["html"] for each in (await page.state())["messages"] if each["from_bot"]]
            info = (await page.bot("getWebhookInfo")).result
            is_dealt_with = not (info["url"] and info["pending_update_count"])
            if is_dealt_with and any(text in html for html in said):
                return
            assert house.process is not None
            assert house.process.returncode is None, house.log.read_text()
            await asyncio.sleep(0.05)


async def called_at(page: Wire, url: str) -> None:
    async with asyncio.timeout(90):
        while True:
            if (await page.bot("getWebhookInfo")).result["url"].startswith(url):
                return
            await asyncio.sleep(0.05)


async def test_a_bot_api_server_of_ones_own_is_polled(tmp_path: Path, page: Wire) -> None:
    house = House(tmp_path, settings_for(page))
    await house.spawn()
    try:
        await page.say("/start")
        await answered(page, house, "Makergram")
        assert not (tmp_path / "localchat.db").exists()
    finally:
        await house.stop()
    assert "Traceback" not in house.log.read_text()


async def test_a_webhook_outlives_a_kill_and_polling_takes_over_from_it(tmp_path: Path, page: Wire) -> None:
    port = free_port()
    webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/bot", "WEBHOOK_PORT": str(port)}
    house = House(tmp_path, {**settings_for(page), **webhook})
    try:
        await house.spawn()
        await called_at(page, webhook["WEBHOOK_URL"])
        await page.say("/start")
        await answered(page, house, "Makergram")
        await house.kill()
        await page.say("/help")
        await house.spawn()
        await answered(page, house, "/new")
        await house.stop()
        assert "Traceback" not in house.log.read_text()
        house.settings = settings_for(page)
        await page.say("/settings")
        await house.spawn()
        await answered(page, house, "Settings")
        assert (await page.bot("getWebhookInfo")).result["url"] == ""
    finally:
        await house.stop()
    assert page.chat.token not in house.log.read_text()


async def test_what_cannot_go_together_is_told_at_the_start(tmp_path: Path) -> None:
    house = House(tmp_path, {"WEBHOOK_URL": "https://bot.example"})
    await house.spawn()
    code, said = await house.ended()
    assert code == 2
    assert "WEBHOOK_URL needs BOT_TOKEN" in said
    assert "Traceback" not in said
