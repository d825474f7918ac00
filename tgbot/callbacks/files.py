"""Records as files, trials, and work that takes long."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class ExportTable(CallbackData, prefix="xt"):
    bot: Number
    what: str


class ExportPeriod(CallbackData, prefix="xp"):
    bot: Number
    what: str
    period: str


class AskDates(CallbackData, prefix="xd"):
    bot: Number
    what: str


class TrialRecent(CallbackData, prefix="tr"):
    """``bot`` 0: the form with the mark ``draft``."""

    bot: Number
    draft: str
    days: Number


class TrialFile(CallbackData, prefix="tf"):
    bot: Number
    draft: str


class CancelWork(CallbackData, prefix="w"):
    work: str
