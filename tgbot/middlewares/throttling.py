"""One person cannot keep the bot busy: a budget of updates for each, refilled with time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User

from tgbot.words import supported, words_for

_MOST_PEOPLE = 10_000

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(slots=True)
class _Budget:
    left: float
    at: float
    warned: bool = False


class ThrottlingMiddleware(BaseMiddleware):
    """``burst`` updates at once, ``rate`` a second for long. ``monotonic`` answers seconds.

    It stands before everything that asks the database. The first update over the budget is answered with one line and
    every press with a toast; the rest is dropped.
    """

    def __init__(self, monotonic: Callable[[], float], *, burst: int = 30, rate: float = 3.0) -> None:
        self._monotonic = monotonic
        self._burst = burst
        self._rate = rate
        self._budgets: OrderedDict[int, _Budget] = OrderedDict()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None:
            return await handler(event, data)
        budget = self._refilled(user.id)
        if budget.left >= 1:
            budget.left -= 1
            budget.warned = False
            return await handler(event, data)
        first, budget.warned = not budget.warned, True
        if isinstance(event, Update):
            await _slow_down(event, user, first)
        return None

    def _refilled(self, user_id: int) -> _Budget:
        now = self._monotonic()
        budget = self._budgets.setdefault(user_id, _Budget(self._burst, now))
        budget.left = min(self._burst, budget.left + (now - budget.at) * self._rate)
        budget.at = now
        self._budgets.move_to_end(user_id)
        while len(self._budgets) > _MOST_PEOPLE:
            self._budgets.popitem(last=False)
        return budget


async def _slow_down(update: Update, user: User, first: bool) -> None:
    line = words_for(supported(user.language_code)).plain("too-fast")
    if update.callback_query:
        await update.callback_query.answer(line)
    elif first and update.message and update.message.chat.type == "private":
        await update.message.answer(line)
