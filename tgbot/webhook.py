"""The door at which Telegram calls: aiogram's own request handler in an HTTP server of ours."""

from __future__ import annotations

import secrets

from aiogram import Bot, Dispatcher
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tgbot.webhook_terms import WebhookTerms

_LAST_CALLS = 3.0
"""Seconds that calls in hand get to be answered at a stop."""
_MEGABYTE = 1024 * 1024


class Door:
    """Open from ``open`` to ``close``; Telegram knows of it from ``announce`` on."""

    def __init__(self, dispatcher: Dispatcher, bot: Bot, terms: WebhookTerms) -> None:
        self._dispatcher, self._bot, self._terms = dispatcher, bot, terms
        application = web.Application(client_max_size=_MEGABYTE)
        handler = _Handler(dispatcher, bot, handle_in_background=False, secret_token=terms.secret)
        # Not handler.register: that would close the bot's session before the last answers are given.
        for path in terms.paths:
            application.router.add_post(path, handler.handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_LAST_CALLS)

    async def open(self) -> None:
        """Raises ValueError where that cannot be listened on."""
        terms = self._terms
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, terms.host, terms.port).start()
        except OSError as problem:
            where = f"{terms.host}:{terms.port}"
            raise ValueError(
                f"The webhook cannot listen on {where} (WEBHOOK_HOST, WEBHOOK_PORT): {problem}"
            ) from problem

    async def announce(self) -> None:
        """Raises TelegramAPIError."""
        await self._bot.set_webhook(
            self._terms.address,
            secret_token=self._terms.secret,
            allowed_updates=self._dispatcher.resolve_used_update_types(),
        )

    async def close(self) -> None:
        """Take no more calls. What is not answered with 200 is brought again when we are back."""
        await self._runner.cleanup()


class _Handler(SimpleRequestHandler):
    """Answers 200 when an update has been dealt with: what failed, or was cut off by a crash, is brought again."""

    def verify_secret(self, telegram_secret_token: str, bot: Bot) -> bool:
        """In constant time; in bytes, because a header may hold anything."""
        expected = self.secret_token or ""
        return secrets.compare_digest(telegram_secret_token.encode(errors="surrogateescape"), expected.encode())
