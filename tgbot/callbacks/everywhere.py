"""What is done to all bots of a person at once."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from trading.desk.answers import StopChoice


class AllAct(StrEnum):
    PAUSE = "p"
    RESUME = "r"


class AskAll(CallbackData, prefix="aa"):
    act: AllAct


class SteerAll(CallbackData, prefix="aA"):
    act: AllAct
    token: str


class AskStopAll(CallbackData, prefix="as"):
    """Without a choice it is asked how."""

    choice: StopChoice | None = None


class StopAll(CallbackData, prefix="aS"):
    choice: StopChoice
    token: str


class Panic(CallbackData, prefix="pan"):
    token: str
