"""Telegram's flood control is waited for: who presses fast sees the answer a little later, not never."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType

_LONGEST_WAIT = 10.0
"""Seconds one request waits in all. A longer ban is the caller's to know: the notifier keeps what it carries."""

log = logging.getLogger(__name__)


class FloodMiddleware(BaseRequestMiddleware):
    """Sends a request again that Telegram refused for coming too soon; a refused request has done nothing."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        waited = 0.0
        while True:
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as slower:
                waited += slower.retry_after
                if isinstance(method, GetUpdates) or waited > _LONGEST_WAIT:
                    raise
                log.info("%s waits %s s for flood control", type(method).__name__, slower.retry_after)
                await self._sleep(slower.retry_after)
