"""What is not Telegram's answer at all, a proxy's page of HTML, is trouble on the way like any other."""

from __future__ import annotations

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class GarbledMiddleware(BaseRequestMiddleware):
    """aiogram's error for it is none of its errors of the Bot API, so nobody who waits for Telegram would catch it."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except ClientDecodeError as garbled:
            raise TelegramServerError(method, "the answer cannot be read") from garbled
