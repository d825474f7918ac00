"""What only admins may do: checked before every handler of a router, at every message and press."""

from __future__ import annotations

from aiogram import Router

from tgbot.middlewares.gate import GateMiddleware, guard


def only_for_admins(router: Router) -> None:
    guard(router, GateMiddleware(lambda data: bool(data["person"].is_admin), "admins-only"))
