"""The one registry of commands: Telegram's menu, /help and the documentation are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.types import BotCommand

from tgbot.callbacks import Page
from tgbot.words import Html, words_for


@dataclass(frozen=True, slots=True)
class Command:
    """``page`` is what the command opens; the same page can be reached by button. Worded as ``command-<name>``."""

    name: str
    page: Page
    theme: str
    in_groups: bool = True
    for_admins: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("start", Page.HOME, "begin"),
    Command("menu", Page.HOME, "begin"),
    Command("new", Page.NEW, "trade", in_groups=False),
    Command("bots", Page.BOTS, "trade"),
    Command("status", Page.STATUS, "trade"),
    Command("orders", Page.ORDERS, "trade"),
    Command("price", Page.PRICE, "trade"),
    Command("test", Page.TRIALS, "trade", in_groups=False),
    Command("profit", Page.PROFIT, "trade"),
    Command("stats", Page.STATS, "trade", in_groups=False),
    Command("export", Page.EXPORT, "trade", in_groups=False),
    Command("pause", Page.PAUSE, "trade"),
    Command("resume", Page.RESUME, "trade"),
    Command("stop", Page.STOP, "trade"),
    Command("panic", Page.PANIC, "trade"),
    Command("balance", Page.BALANCE, "account", in_groups=False),
    Command("keys", Page.KEYS, "account", in_groups=False),
    Command("settings", Page.SETTINGS, "account", in_groups=False),
    Command("admin", Page.ADMIN, "account", in_groups=False, for_admins=True),
    Command("help", Page.HELP, "begin"),
)
THEMES = ("begin", "trade", "account")


def menu(language: str, *, groups: bool = False, admin: bool = False) -> list[BotCommand]:
    """What setMyCommands is told for one language and scope."""
    words = words_for(language)
    return [
        BotCommand(command=each.name, description=words.plain(f"command-{each.name}"))
        for each in COMMANDS
        if (each.in_groups or not groups) and (admin or not each.for_admins)
    ]


def help_lines(language: str, theme: str, *, admin: bool = False) -> list[Html]:
    words = words_for(language)
    return [
        words("help-command", command=each.name, text=words.plain(f"command-{each.name}"))
        for each in COMMANDS
        if each.theme == theme and (admin or not each.for_admins)
    ]


def documentation(language: str = "en") -> str:
    """The table of commands for the README, in Markdown."""
    words = words_for(language)
    rows = [f"| /{each.name} | {words.plain(f'command-{each.name}')} |" for each in COMMANDS]
    return "\n".join(["| Command | What it does |", "| --- | --- |", *rows])
