"""A request that came too soon is sent again, unless the wait is too long to be kept in hand."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import GetUpdates, SendMessage
from aiogram.methods.base import TelegramMethod

from tgbot.middlewares.flood import FloodMiddleware

SEND = SendMessage(chat_id=1, text="hello")
WAITS_TOO_LONG = [[60], [4, 4, 4]]


async def answered(method: TelegramMethod[object], refusals: list[int]) -> tuple[object, list[float]]:
    """What came of ``method`` when it is refused as often as there are waits, and how long was waited."""
    slept: list[float] = []
    waits = iter(refusals)

    async def make_request(bot: Bot, wanted: TelegramMethod[object]) -> object:
        for wait in waits:
            raise TelegramRetryAfter(wanted, "Too Many Requests", wait)
        return "answer"

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return await FloodMiddleware(sleep)(make_request, Bot("1:token"), method), slept


async def test_a_refused_request_is_sent_again_after_the_wait() -> None:
    assert await answered(SEND, [1, 2]) == ("answer", [1, 2])


@pytest.mark.parametrize("refusals", WAITS_TOO_LONG)
async def test_a_long_wait_is_told_to_the_caller(refusals: list[int]) -> None:
    with pytest.raises(TelegramRetryAfter):
        await answered(SEND, refusals)


async def test_polling_keeps_its_own_patience() -> None:
    with pytest.raises(TelegramRetryAfter):
        await answered(GetUpdates(), [1])
