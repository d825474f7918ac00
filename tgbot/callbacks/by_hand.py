"""What is done to a bot's position and orders by hand."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class AskReduce(CallbackData, prefix="ra"):
    bot: Number
    percent: Number


class ReduceBot(CallbackData, prefix="rA"):
    bot: Number
    percent: Number
    token: str


class AskCancel(CallbackData, prefix="oa"):
    """``order`` counts the bot's orders."""

    bot: Number
    order: Number


class CancelOrder(CallbackData, prefix="oA"):
    bot: Number
    order: Number
    token: str


class OrdersPage(CallbackData, prefix="op"):
    page: Number
