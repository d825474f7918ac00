"""The home card, help, settings, access and the machine's health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import DecideAccess, Go, Page, SetLanguage
from tgbot.cards.card import Card, blocks, button, lines
from tgbot.cards.hearing import hearing_rows
from tgbot.coins import Coins
from tgbot.commands import THEMES, help_lines
from tgbot.words import LANGUAGES, Html, Words
from trading.core.instrument import ZERO
from trading.desk.answers import Activity, BotCard, KeyCard, Person
from trading.desk.hearing_answers import HearingCard

_WORKING = (Activity.RUNNING, Activity.COOLING_DOWN, Activity.STOPPING)


def home_card(words: Words, person: Person, bots: Sequence[BotCard], keys: Sequence[KeyCard]) -> Card:
    working = sum(bot.activity in _WORKING for bot in bots)
    trouble = sum(bool(bot.last_error) for bot in bots)
    text = blocks(
        words("home-greeting", name=person.name),
        words("home-empty") if not bots else None,
        lines(
            words("home-bots", working=working, all=len(bots)),
            *_today(words, "home-today-live", [bot for bot in bots if not bot.is_paper]),
            *_today(words, "home-today-paper", [bot for bot in bots if bot.is_paper]),
            words("home-trouble", count=trouble) if trouble else words("home-no-trouble"),
        )
        if bots
        else None,
    )
    rows = [
        [button(words.plain("button-new"), Go(page=Page.NEW))],
        [
            button(words.plain("button-profit"), Go(page=Page.PROFIT)),
            button(words.plain("button-stats"), Go(page=Page.STATS)),
        ],
        [
            button(words.plain("button-bots", count=len(bots)), Go(page=Page.BOTS)),
            button(words.plain("button-status"), Go(page=Page.STATUS)),
        ],
        [
            button(words.plain("button-trial"), Go(page=Page.TRIALS)),
            button(words.plain("button-export"), Go(page=Page.EXPORT)),
        ],
        [
            button(words.plain("button-keys", count=len(keys)), Go(page=Page.KEYS)),
            button(words.plain("button-paper"), Go(page=Page.PAPER)),
        ],
        [
            button(words.plain("button-settings"), Go(page=Page.SETTINGS)),
            button(words.plain("button-help"), Go(page=Page.HELP)),
        ],
        [button(words.plain("button-panic"), Go(page=Page.PANIC))],
    ]
    if person.is_admin:
        rows.append([button(words.plain("button-admin"), Go(page=Page.ADMIN))])
    return Card(text, rows)


def help_card(words: Words, person: Person) -> Card:
    themes = [
        lines(words(f"help-{theme}"), *help_lines(words.language, theme, admin=person.is_admin)) for theme in THEMES
    ]
    return Card(blocks(words("help-intro"), *themes, words("help-paper"), words("help-risk")), [[home_button(words)]])


def settings_card(words: Words, hearing: HearingCard) -> Card:
    languages = [
        button(
            words.plain(f"language-{language}", mark="✓" if language == words.language else "no"),
            SetLanguage(language=language),
        )
        for language in LANGUAGES
    ]
    again = [
        button(words.plain("button-my-presets"), Go(page=Page.PRESETS)),
        button(words.plain("button-my-links"), Go(page=Page.SHARES)),
    ]
    pictures = button(words.plain("button-pictures"), Go(page=Page.PICTURES))
    text = blocks(words("settings-title"), words("settings-about"))
    return Card(text, [languages, *hearing_rows(words, hearing), again, [pictures, home_button(words)]])


def access_request_card(words: Words, person_id: int, name: str) -> Card:
    """For admins: a stranger asks to be let in."""
    return Card(
        words("notice-access_requested", name=name, person_id=str(person_id)),
        [
            [
                button(words.plain("button-approve"), DecideAccess(person=person_id, approve=True)),
                button(words.plain("button-refuse"), DecideAccess(person=person_id, approve=False)),
            ]
        ],
    )


def access_decided_card(words: Words, person: Person, approved: bool) -> Card:
    key = "access-was-approved" if approved else "access-was-refused"
    return Card(words(key, name=person.name, id=str(person.id)), [[home_button(words)]])


def plain_card(words: Words, text: Html) -> Card:
    """A sentence and the way home."""
    return Card(text, [[home_button(words)]])


def home_button(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-home"), Go(page=Page.HOME))


def _today(words: Words, key: str, bots: Sequence[BotCard]) -> Iterator[Html]:
    """A line for each quote currency: what is in another one is never added."""
    for quote in dict.fromkeys(Coins.of(bot.symbol).quote for bot in bots):
        own = [bot for bot in bots if Coins.of(bot.symbol).quote == quote]
        today: Decimal = sum((bot.today_net for bot in own), ZERO)
        whole: Decimal = sum((bot.realized_net for bot in own), ZERO)
        yield words(key, today=figures.profit(today, quote), all=figures.profit(whole, quote), quote=quote)
