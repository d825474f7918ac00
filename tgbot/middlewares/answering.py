"""Knows how many updates are being answered, so that a stop can let them finish."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject


class AnsweringMiddleware(BaseMiddleware):
    def __init__(self) -> None:
        self._going = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        self._going += 1
        self._idle.clear()
        try:
            return await handler(event, data)
        finally:
            self._going -= 1
            if not self._going:
                self._idle.set()

    async def finished(self, seconds: float) -> bool:
        """Wait until nothing is being answered; False when that takes longer than ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True
