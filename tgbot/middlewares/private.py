"""Keys and forms belong in a private chat; in a group they are answered with one line."""

from __future__ import annotations

from aiogram import Router

from tgbot.middlewares.gate import GateMiddleware, guard


def only_in_private(router: Router) -> None:
    guard(router, GateMiddleware(lambda data: bool(data["is_private"]), "private-only"))
