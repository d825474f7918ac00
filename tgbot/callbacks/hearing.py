"""What a person hears, and when."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number
from trading.core.telling import Level


class HearPage(StrEnum):
    LEVELS = "l"
    QUIET = "q"
    ZONE = "z"
    REPORT = "r"


class OnHearing(CallbackData, prefix="h"):
    page: HearPage


class SetLevel(CallbackData, prefix="hl"):
    """The level that it is to have, not the next one: a second press of the same button changes nothing more."""

    topic: str
    level: Level


class SetQuiet(CallbackData, prefix="hq"):
    """Minutes after midnight; -1 for both: no quiet hours."""

    begins: Number
    ends: Number


class SetZone(CallbackData, prefix="hz"):
    zone: str


class SetReport(CallbackData, prefix="hr"):
    """Minutes after midnight; -1: no daily report."""

    minute: Number
