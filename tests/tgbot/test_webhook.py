"""The bot called by a Bot API server: the secret, the path, what is brought again, and the way back to polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.house import free_port
from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.localchat.wire import ALICE, Wire
from tgbot.chatting import chatting
from tgbot.localchat import LocalChat
from tgbot.webhook_terms import WebhookTerms
from trading.desk.answers import Person

SECRET = "the-secret_of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class _SlowDesk(FakeDesk):
    """Says who somebody is only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self.let.set()

    async def person(self, user_id: int) -> Person | None:
        self.asked.set()
        await self.let.wait()
        return await super().person(user_id)


@pytest.fixture
def desk() -> _SlowDesk:
    desk = _SlowDesk()
    desk.people = {ALICE: Person(ALICE, "Alice", "alice_local", "en", True, "active")}
    return desk


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Wire]:
    async with LocalChat(database=tmp_path / "chat.db", key="k") as chat, aiohttp.ClientSession() as http:
        yield Wire(chat, http)


@pytest.fixture
def terms() -> WebhookTerms:
    port = free_port()
    return WebhookTerms(f"http://127.0.0.1:{port}/telegram", SECRET, "127.0.0.1", port)


async def answers(page: Wire, wanted: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(20):
        while True:
            found = [each for each in (await page.state())["messages"] if each["from_bot"]]
            if len(found) >= wanted:
                return found
            await asyncio.sleep(0.02)


async def is_set(page: Wire) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            info = (await page.bot("getWebhookInfo")).result
            if info["url"]:
                return dict(info)
            await asyncio.sleep(0.02)


async def test_a_person_is_answered_through_the_webhook(page: Wire, desk: _SlowDesk, terms: WebhookTerms) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        info = await is_set(page)
        await page.say("/start")
        assert "Makergram" in (await answers(page, 1))[0]["html"]
    assert info["url"] == terms.address
    assert set(info["allowed_updates"]) == {"message", "callback_query"}
    assert SECRET not in info["url"]


async def test_only_who_knows_path_and_secret_is_heard(page: Wire, desk: _SlowDesk, terms: WebhookTerms) -> None:
    update = {"update_id": 1}
    wrong = [{}, {HEADER: ""}, {HEADER: "guess"}, {HEADER: SECRET[:-1]}, {HEADER: "ключ".encode().decode("latin-1")}]
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await is_set(page)
        for headers in wrong:
            async with page.http.post(terms.address, json=update, headers=headers) as answer:
                assert answer.status == 401
        for path in ("/", "/telegram", "/telegram/guess", f"/elsewhere/{terms.path}"):
            address = f"http://127.0.0.1:{terms.port}{path}"
            async with page.http.post(address, json=update, headers={HEADER: SECRET}) as answer:
                assert answer.status == 404
        async with page.http.get(terms.address, headers={HEADER: SECRET}) as answer:
            assert answer.status == 405
        assert not desk.asked.is_set()


async def test_a_proxy_may_cut_the_path_of_the_address(page: Wire, desk: _SlowDesk, terms: WebhookTerms) -> None:
    cut = f"http://127.0.0.1:{terms.port}/{terms.path}"
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await is_set(page)
        await page.bot("setWebhook", url=cut, secret_token=SECRET)
        await page.say("/start")
        await answers(page, 1)


async def test_what_could_not_be_answered_before_a_stop_is_brought_again(
    page: Wire, desk: _SlowDesk, terms: WebhookTerms
) -> None:
    desk.let.clear()
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await page.say("/start")
        await asyncio.wait_for(desk.asked.wait(), 10)
    assert (await page.bot("getWebhookInfo")).result["pending_update_count"] == 1
    assert [each for each in (await page.state())["messages"] if each["from_bot"]] == []
    desk.let.set()
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        assert "Makergram" in (await answers(page, 1))[0]["html"]


async def test_what_is_said_while_the_bot_is_away_is_answered_later(
    page: Wire, desk: _SlowDesk, terms: WebhookTerms
) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await is_set(page)
    assert (await page.bot("getWebhookInfo")).result["url"] == terms.address
    await page.say("/start")
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await answers(page, 1)


async def test_polling_takes_the_webhook_away_and_loses_nothing(
    page: Wire, desk: _SlowDesk, terms: WebhookTerms
) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        await is_set(page)
    await page.say("/start")
    async with chatting(desk, page.chat.token, page.chat.api_url):
        await answers(page, 1)
        assert (await page.bot("getWebhookInfo")).result["url"] == ""


async def test_a_port_that_is_taken_is_told_plainly(page: Wire, desk: _SlowDesk, terms: WebhookTerms) -> None:
    async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
        with pytest.raises(ValueError, match="WEBHOOK_PORT"):
            async with chatting(desk, page.chat.token, page.chat.api_url, webhook=terms):
                pass


def test_the_path_is_the_secrets_and_does_not_show_it() -> None:
    one, other = (WebhookTerms("https://bot.example", secret, "127.0.0.1", 1) for secret in (SECRET, SECRET + "x"))
    assert one.path != other.path
    assert len(one.path) == 40
    assert SECRET not in repr(one)
    assert one.paths == (f"/{one.path}",)
