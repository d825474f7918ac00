"""Settings as a person reads them: names, values with units, what may be answered, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tgbot.callbacks import BotAct, EditChoice, EditField, OnBot
from tgbot.cards.card import Card, blocks, button, in_rows, lines
from tgbot.cards.findings import field_title
from tgbot.cards.home import home_button
from tgbot.coins import UNKNOWN, Coins
from tgbot.forms import FormField, Kind, WrongAnswer, raw_text
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.desk.answers import BotCard, Problem


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


def edit_card(
    words: Words, bot: BotCard, settings: Sequence[FormField], *, advanced: bool, said: Html | None = None
) -> Card:
    """All settings of a bot that exists, each a button; ``said`` is what became of the last change."""
    shown = [each for each in settings if each.is_advanced == advanced]
    text = blocks(
        said,
        words("edit-title", id=str(bot.id), title=bot.title),
        lines(
            *(
                words(
                    "summary-line",
                    name=field_name(words, each),
                    value=value_text(words, each, bot.config.get(each.name), Coins.of(bot.symbol)),
                )
                for each in shown
            )
        ),
        words("edit-how"),
    )
    rows = in_rows([button(field_name(words, each), EditField(bot=bot.id, field=each.name)) for each in shown], 2)
    if any(each.is_advanced != advanced for each in settings):
        act = BotAct.EDIT if advanced else BotAct.ADVANCED
        rows.append(
            [button(words.plain("button-basic" if advanced else "button-advanced"), OnBot(act=act, bot=bot.id))]
        )
    rows.append([button(words.plain("button-back"), OnBot(act=BotAct.OPEN, bot=bot.id)), home_button(words)])
    return Card(text, rows)


def edit_field_card(
    words: Words, bot: BotCard, setting: FormField, question: Sequence[Html], problem: Html | None = None
) -> Card:
    """One setting of a bot: buttons where it is a choice, a typed answer where it is a number."""
    coins = Coins.of(bot.symbol)
    options = [
        button(value_text(words, setting, value, coins), EditChoice(bot=bot.id, field=setting.name, option=place))
        for place, (_, value) in enumerate(setting.options(is_paper=bot.is_paper))
    ]
    back = BotAct.ADVANCED if setting.is_advanced else BotAct.EDIT
    text = blocks(problem, words("edit-title", id=str(bot.id), title=bot.title), *question)
    return Card(
        text,
        [*in_rows(options, 2), [button(words.plain("button-back"), OnBot(act=back, bot=bot.id)), home_button(words)]],
    )


def edit_result(words: Words, setting: FormField, value: Any, deferred: Sequence[str], coins: Coins) -> Html:
    done = words("edit-done", name=field_name(words, setting), value=value_text(words, setting, value, coins))
    if not deferred:
        return done
    return lines(done, words("edit-deferred", fields=", ".join(field_title(words, name) for name in deferred)))
