"""Webhooks: what is refused, what is brought, with what, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.tgbot.localchat.wire import ALICE, BORIS, Wire

SECRET = "a-secret_token-1"
HERE = "https://bot.example"


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while True:
            if await reached():
                return
            await asyncio.sleep(0.01)


@dataclass
class Bot:
    """Stands where the webhook points: notes what is brought, and answers as it is told to."""

    url: str = ""
    brought: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers; 200 when there are none."""

    async def hear(self, request: web.Request) -> web.Response:
        self.brought.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def has(self, number: int) -> None:
        async def arrived() -> bool:
            return len(self.brought) >= number

        await until(arrived)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.brought]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    application = web.Application()
    application.router.add_post("/hook", bot.hear)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield bot
    await runner.cleanup()


async def pending(wire: Wire) -> int:
    return int((await wire.bot("getWebhookInfo")).result["pending_update_count"])


async def nothing_waits(wire: Wire) -> None:
    async def empty() -> bool:
        return await pending(wire) == 0

    await until(empty)


async def test_what_people_say_is_brought_with_the_secret(wire: Wire, bot: Bot) -> None:
    await wire.bot("setWebhook", url=bot.url, secret_token=SECRET)
    await wire.say("one")
    await wire.say("two")
    await bot.has(2)
    assert bot.texts() == ["one", "two"]
    assert set(bot.secrets) == {SECRET}
    assert bot.brought[0]["message"]["from"]["id"] == ALICE
    await nothing_waits(wire)


async def test_what_waited_before_is_brought_too_unless_it_is_dropped(wire: Wire, bot: Bot) -> None:
    await wire.say("early")
    await wire.bot("setWebhook", url=bot.url)
    await bot.has(1)
    assert (bot.texts(), bot.secrets) == (["early"], [None])
    await nothing_waits(wire)
    await wire.bot("deleteWebhook")
    await wire.say("dropped")
    await wire.bot("setWebhook", url=bot.url, drop_pending_updates=True)
    await wire.say("late")
    await bot.has(2)
    assert bot.texts() == ["early", "late"]


@pytest.mark.parametrize("status", [500, 503, 401, 302])
async def test_an_update_that_was_not_taken_is_brought_again(wire: Wire, bot: Bot, status: int) -> None:
    bot.answers = [status, status]
    await wire.bot("setWebhook", url=bot.url, secret_token=SECRET)
    await wire.say("stubborn")
    await bot.has(3)
    assert bot.texts() == ["stubborn"] * 3
    assert set(bot.secrets) == {SECRET}
    await nothing_waits(wire)
    info = (await wire.bot("getWebhookInfo")).result
    assert info["last_error_message"].startswith(f"Wrong response from the webhook: {status}")
    assert info["last_error_date"] == 1_750_000_000


async def test_those_of_one_person_come_in_order_and_others_do_not_wait(wire: Wire, bot: Bot) -> None:
    await wire.say("/start", user=BORIS)
    first = (await wire.bot("getUpdates")).result[0]["update_id"]
    await wire.bot("getUpdates", offset=first + 1)
    for text, user in (("a1", ALICE), ("a2", ALICE), ("b1", BORIS)):
        await wire.say(text, user=user)
    bot.answers = [500]
    await wire.bot("setWebhook", url=bot.url)
    await bot.has(4)
    await nothing_waits(wire)
    assert [text for text in bot.texts() if text.startswith("a")][-2:] == ["a1", "a2"]
    assert "b1" in bot.texts()[:2]


async def test_nobody_at_the_address_loses_nothing(wire: Wire, bot: Bot) -> None:
    await wire.bot("setWebhook", url="http://127.0.0.1:1/hook")
    await wire.say("patient")

    async def has_failed() -> bool:
        return "last_error_message" in (await wire.bot("getWebhookInfo")).result

    await until(has_failed)
    info = (await wire.bot("getWebhookInfo")).result
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    await wire.bot("setWebhook", url=bot.url)
    await bot.has(1)
    assert bot.texts() == ["patient"]


async def test_only_the_allowed_kinds_are_brought(wire: Wire, bot: Bot) -> None:
    await wire.bot("setWebhook", url=bot.url, allowed_updates=["callback_query"])
    await wire.say("not wanted")
    assert await pending(wire) == 0
    assert (await wire.bot("getWebhookInfo")).result["allowed_updates"] == ["callback_query"]


async def test_a_webhook_and_polling_exclude_each_other(wire: Wire, bot: Bot) -> None:
    waiting = asyncio.create_task(wire.bot("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    await wire.bot("setWebhook", url=bot.url)
    ended = await asyncio.wait_for(waiting, 5)
    assert (ended.status, ended.refusal) == (409, "Conflict: terminated by setWebhook request")
    refused = await wire.bot("getUpdates")
    assert (refused.status, refused.refusal) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    assert (await wire.bot("deleteWebhook")).result is True
    assert (await wire.bot("getUpdates")).result == []


async def test_an_empty_address_takes_the_webhook_away(wire: Wire, bot: Bot) -> None:
    await wire.bot("setWebhook", url=bot.url, max_connections=7)
    info = (await wire.bot("getWebhookInfo")).result
    assert (info["url"], info["max_connections"]) == (bot.url, 7)
    await wire.bot("setWebhook", url="")
    assert (await wire.bot("getWebhookInfo")).result["url"] == ""
    assert (await wire.bot("getUpdates")).result == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"url": "http://bot.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "ftp://127.0.0.1/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "nonsense"}, "bad webhook: invalid URL specified"),
        ({"url": "https://[/hook"}, "bad webhook: invalid URL specified"),
        ({"url": HERE, "secret_token": "with space"}, "secret token contains unallowed characters"),
        ({"url": HERE, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": HERE, "allowed_updates": "{}"}, "can't parse allowed updates: Expected an Array of String"),
        ({"url": HERE, "certificate": "PEM"}, "bad webhook: this server knows no self-signed certificates"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_refused_and_leaves_polling(wire: Wire, arguments: dict[str, Any], why: str) -> None:
    refused = await wire.bot("setWebhook", **arguments)
    assert (refused.status, refused.refusal) == (400, f"Bad Request: {why}")
    assert (await wire.bot("getUpdates")).result == []
