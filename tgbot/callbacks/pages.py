"""The ways round the house, and the language to read it in."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class Page(StrEnum):
    HOME = "home"
    HELP = "help"
    BOTS = "bots"
    STATUS = "status"
    KEYS = "keys"
    NEW = "new"
    PRESETS = "pre"
    SHARES = "shr"
    SETTINGS = "settings"
    PANIC = "panic"
    ADMIN = "admin"
    EXPORT = "export"
    TRIALS = "trials"
    ORDERS = "orders"
    BALANCE = "balance"
    PRICE = "price"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    PROFIT = "profit"
    STATS = "stats"
    PICTURES = "pictures"
    PAPER = "paper"
    PEOPLE = "people"
    INVITES = "invites"
    BROADCAST = "cast"
    LOG = "log"
    BACKUP = "backup"
    MAINTENANCE = "maint"


class Go(CallbackData, prefix="go"):
    page: Page


class SetLanguage(CallbackData, prefix="lang"):
    language: str
