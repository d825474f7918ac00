"""A bot's card and its settings."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number
from trading.desk.answers import StopChoice


class BotAct(StrEnum):
    OPEN = "o"
    REFRESH = "r"
    PAUSE = "p"
    RESUME = "c"
    STOP = "s"
    START = "g"
    ORDERS = "l"
    STATISTICS = "t"
    CHART = "h"
    EXPORT = "x"
    TRIAL = "y"
    EDIT = "e"
    ADVANCED = "a"
    REVIEW = "ev"
    DISCARD = "ex"
    SAVE = "es"
    DELETE = "d"
    REDUCE = "q"


class OnBot(CallbackData, prefix="b"):
    act: BotAct
    bot: Number


class AskStop(CallbackData, prefix="bs"):
    bot: Number
    choice: StopChoice


class StopBot(CallbackData, prefix="bS"):
    bot: Number
    choice: StopChoice
    token: str


class DeleteBot(CallbackData, prefix="bD"):
    bot: Number
    token: str


class StartBot(CallbackData, prefix="bG"):
    bot: Number
    sure: bool
    token: str


class EditField(CallbackData, prefix="be"):
    bot: Number
    field: str


class EditChoice(CallbackData, prefix="bc"):
    """``option`` counts the choices of the field; -1 means none (switched off)."""

    bot: Number
    field: str
    option: Number


class ApplyEdit(CallbackData, prefix="bE"):
    """``token`` names the very changes that were looked at."""

    bot: Number
    token: str
