"""Prices, profit, and how pictures look."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number
from trading.desk.profit_answers import Period, ProfitView


class PriceAt(CallbackData, prefix="pr"):
    """``key`` 0 is the paper account. A market's name is no id, but it names nobody's row."""

    key: Number
    is_perpetual: bool
    title: str


class OnProfit(CallbackData, prefix="pf"):
    """``paper`` and ``quote`` name the part that is shown; where there is none of that name the first one is."""

    period: Period
    view: ProfitView
    paper: bool
    quote: str


class SetPictures(CallbackData, prefix="pic"):
    dark: bool
