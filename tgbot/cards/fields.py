"""Settings as a person reads them: names, values with units, what may be answered, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tgbot.cards.card import lines
from tgbot.cards.findings import field_title
from tgbot.coins import UNKNOWN, Coins
from tgbot.forms import FormField, Kind, WrongAnswer, raw_text
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.desk.answers import Problem


def field_name(words: Words, setting: FormField) -> str:
    return field_title(words, setting.name, setting.title)


def value_text(words: Words, setting: FormField, value: Any, coins: Coins = UNKNOWN) -> str:
    """Plain text, for buttons and tables: "40 %", "×20", "Long", "off"."""
    if value is None:
        return words.plain("choice-off")
    if isinstance(value, bool):
        return words.plain("choice-on" if value else "choice-off")
    text = raw_text(value)
    if not text:
        return words.plain(words.key_for("choice-empty", setting.name))
    if setting.kind is Kind.CHOICE:
        key = f"choice-{text}"
        return words.plain(key, **coins.values()).strip() if words.has(key) else text
    key = f"unit-{setting.unit}"
    return words.plain(key, value=text, **coins.values()).strip() if setting.unit and words.has(key) else text


def answer_hint(words: Words, setting: FormField) -> Html:
    """What would be a right answer, before one is given."""
    if setting.kind in (Kind.CHOICE, Kind.SWITCH):
        return words("answer-choose")
    if setting.kind is Kind.TEXT:
        return words("answer-text")
    key = "answer-whole" if setting.kind is Kind.WHOLE else "answer-number"
    low, high = setting.low, setting.high
    if low is not None and high is not None:
        return words(f"{key}-above" if setting.above else f"{key}-between", low=plain(low), high=plain(high))
    return words(key)


def answer_problem(words: Words, setting: FormField, wrong: WrongAnswer) -> Html:
    return words(
        "answer-problem", name=field_name(words, setting), problem=words(f"answer-{wrong.code}", **wrong.values)
    )


def settings_problem(words: Words, problems: Mapping[str, Problem], settings: Sequence[FormField]) -> Html:
    """InvalidSettings as a list: each field by its name, with what would be right."""
    titles = {each.name: field_name(words, each) for each in settings}
    told = []
    for name, problem in problems.items():
        text = words.first(f"invalid-{problem.code}", "invalid-whole", problem=problem, **problem.values)
        title = titles.get(name) or field_title(words, name)
        told.append(words("invalid-line", name=title, problem=text) if name else text)
    return lines(words("error-invalid_settings-list"), *told)
