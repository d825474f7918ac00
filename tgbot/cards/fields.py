"""Settings as a person reads them: names, values with units, what may be answered, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tgbot.cards.card import lines
from tgbot.cards.findings import counted, field_title
from tgbot.coins import UNKNOWN, Coins
from tgbot.forms import FormField, Kind, WrongAnswer, raw_text
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.desk.answers import Problem
from trading.desk.connecting import title_of

_ALONE: Mapping[str, Any] = {}
_FAR = 1_000_000
"""Bounds from here on are there for the machine's sake."""


def field_name(words: Words, setting: FormField) -> str:
    return field_title(words, setting.name, setting.title)


def value_text(
    words: Words, setting: FormField, value: Any, coins: Coins = UNKNOWN, beside: Mapping[str, Any] = _ALONE
) -> str:
    """Plain text, for buttons and tables: "40 %", "×20", "Long", "off". ``beside`` are the other answers."""
    if value is None:
        return words.plain(words.key_for("choice-off", setting.name))
    if isinstance(value, bool):
        return words.plain("choice-on" if value else "choice-off")
    text = raw_text(value)
    if not text:
        return words.plain(words.key_for("choice-empty", setting.name))
    return title_of(text) if setting.unit == "venue" else _worded(words, setting.in_unit(beside), text, coins)


def _worded(words: Words, setting: FormField, text: str, coins: Coins) -> str:
    """By the most particular wording that there is: of this very value, of a choice, of the unit."""
    keys = [f"value-{setting.name}-{text}"]
    keys.append(f"choice-{text}" if setting.kind is Kind.CHOICE else f"unit-{setting.unit}")
    key = next((key for key in keys if words.has(key)), None)
    if key is None:
        return text
    # A choice that is called by a coin, where no coin is known or pairs have different ones, has another name.
    return words.plain(key, value=text, **coins.values()).strip() or words.plain(f"{key}-unnamed")


def answer_hint(words: Words, setting: FormField, *, can_press: bool) -> Html:
    """What would be a right answer, before one is given. Bounds that nobody comes near are not told."""
    if setting.kind in (Kind.CHOICE, Kind.SWITCH):
        return words("answer-choose")
    wanted = _wanted(words, setting)
    return words("answer-press-or-type" if can_press else "answer-type", wanted=wanted)


def _wanted(words: Words, setting: FormField) -> Html:
    if setting.kind is Kind.TEXT:
        return words("answer-text")
    key = "answer-whole" if setting.kind is Kind.WHOLE else "answer-number"
    low, high = setting.low, setting.high
    if low is None or high is None:
        return words(key)
    if high >= _FAR:
        return words(f"{key}-over" if setting.above else f"{key}-from", low=plain(low))
    return words(f"{key}-above" if setting.above else f"{key}-between", low=plain(low), high=plain(high))


def answer_problem(words: Words, setting: FormField, wrong: WrongAnswer) -> Html:
    return words(
        "answer-problem", name=field_name(words, setting), problem=words(f"answer-{wrong.code}", **wrong.values)
    )


def settings_problem(words: Words, problems: Mapping[str, Problem], settings: Sequence[FormField]) -> Html:
    """InvalidSettings as a list: each field by its name, with what would be right."""
    titles = {each.name: field_name(words, each) for each in settings}
    told = []
    for name, problem in problems.items():
        text = words.first(f"invalid-{problem.code}", "invalid-whole", problem=problem, **counted(problem.values))
        title = titles.get(name) or field_title(words, name)
        told.append(words("invalid-line", name=title, problem=text) if name else text)
    return lines(words("error-invalid_settings-list"), *told)
