"""A dispatcher that knows how many updates are being answered, so that a stop can let them finish."""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update


class AnsweringDispatcher(Dispatcher):
    """Counts round everything, middlewares and error handlers included, because those speak to Telegram too."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._going = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def feed_update(self, bot: Bot, update: Update, **data: Any) -> Any:
        self._going += 1
        self._idle.clear()
        try:
            return await super().feed_update(bot, update, **data)
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
