"""A bot's settings: as they are, as they would be, and what that would do, before and after it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tgbot import figures
from tgbot.callbacks import ApplyEdit, AskShare, BotAct, EditChoice, EditField, OnBot, ShareSource
from tgbot.cards.card import Card, Row, blocks, button, in_pairs, lines
from tgbot.cards.fields import field_name, value_text
from tgbot.cards.findings import field_title
from tgbot.cards.home import home_button
from tgbot.cards.preview import start_lines
from tgbot.coins import Coins
from tgbot.forms import FormField
from tgbot.words import Html, Words
from trading.core.effects import Effect, Move
from trading.desk.answers import BotCard, EditPreview, EditResult


def edit_card(
    words: Words,
    bot: BotCard,
    settings: Sequence[FormField],
    changes: Mapping[str, Any],
    *,
    advanced: bool,
    said: Html | None = None,
) -> Card:
    """All settings of a bot that exists, each a button. ``changes`` are not made yet, ``said`` tells of what was."""
    shown = [each for each in settings if each.is_advanced == advanced]
    text = blocks(
        said,
        words("edit-title", id=str(bot.id), title=bot.title),
        lines(*(_setting_line(words, bot, each, changes) for each in shown)),
        words("edit-pending", count=len(changes)) if changes else words("edit-how"),
    )
    rows: list[Row] = []
    if changes:
        rows.append(
            [
                button(words.plain("button-review", count=len(changes)), OnBot(act=BotAct.REVIEW, bot=bot.id)),
                button(words.plain("button-discard"), OnBot(act=BotAct.DISCARD, bot=bot.id)),
            ]
        )
    rows += in_pairs(button(field_name(words, each), EditField(bot=bot.id, field=each.name)) for each in shown)
    if any(each.is_advanced != advanced for each in settings):
        act = BotAct.EDIT if advanced else BotAct.ADVANCED
        rows.append(
            [button(words.plain("button-basic" if advanced else "button-advanced"), OnBot(act=act, bot=bot.id))]
        )
    if not changes:
        rows.append(
            [
                button(words.plain("button-save-preset"), OnBot(act=BotAct.SAVE, bot=bot.id)),
                button(words.plain("button-share"), AskShare(source=ShareSource.BOT, number=bot.id)),
            ]
        )
    rows.append([button(words.plain("button-back"), OnBot(act=BotAct.OPEN, bot=bot.id)), home_button(words)])
    return Card(text, rows)


def edit_field_card(
    words: Words, bot: BotCard, setting: FormField, question: Sequence[Html], problem: Html | None = None
) -> Card:
    """One setting of a bot: buttons where it is a choice, a typed answer where it is a number."""
    coins = Coins.of(bot.symbol)
    options = [
        button(
            value_text(words, setting, value, coins, bot.config),
            EditChoice(bot=bot.id, field=setting.name, option=place),
        )
        for place, (_, value) in enumerate(setting.options(is_paper=bot.is_paper))
    ]
    back = BotAct.ADVANCED if setting.is_advanced else BotAct.EDIT
    text = blocks(problem, words("edit-title", id=str(bot.id), title=bot.title), *question)
    return Card(
        text,
        [*in_pairs(options), [button(words.plain("button-back"), OnBot(act=back, bot=bot.id)), home_button(words)]],
    )


def review_card(
    words: Words,
    seen: EditPreview,
    settings: Sequence[FormField],
    changes: Mapping[str, Any],
    token: str,
) -> Card:
    """Everything that would change, and what it would do: nothing of it is done before the first button is pressed."""
    bot = seen.card
    changed = [each for each in settings if each.name in changes]
    rows: list[Row] = [
        [button(words.plain("button-apply"), ApplyEdit(bot=bot.id, token=token))],
        [
            button(words.plain("button-change-more"), OnBot(act=BotAct.EDIT, bot=bot.id)),
            button(words.plain("button-refresh"), OnBot(act=BotAct.REVIEW, bot=bot.id)),
        ],
        [button(words.plain("button-discard"), OnBot(act=BotAct.DISCARD, bot=bot.id)), home_button(words)],
    ]
    text = blocks(
        words("edit-title", id=str(bot.id), title=bot.title),
        lines(*(_setting_line(words, bot, each, changes) for each in changed)),
        *_foretold(words, seen),
        words("edit-not-yet"),
    )
    return Card(text, rows)


def edit_result(words: Words, result: EditResult, settings: Sequence[FormField], changes: Mapping[str, Any]) -> Html:
    """What was changed, and what really became of the orders."""
    coins, beside = Coins.of(result.card.symbol), {**result.card.config, **changes}
    done = [
        words(
            "edit-done", name=field_name(words, each), value=value_text(words, each, changes[each.name], coins, beside)
        )
        for each in settings
        if each.name in changes
    ]
    return lines(*done, _waiting(words, result.deferred), *_effect_lines(words, result.card, result.effect))


def _foretold(words: Words, seen: EditPreview) -> list[Html | None]:
    if seen.start is not None:
        return [words("edit-stopped"), *start_lines(words, seen.start)]
    if not seen.card.is_at_work:
        return [words("edit-stopped-unseen")]
    if seen.effect is None:
        return [_waiting(words, seen.deferred), words("edit-unseen")]
    told = _effect_lines(words, seen.card, seen.effect) or [words("edit-nothing-moves")]
    return [lines(words("edit-would"), *told), _waiting(words, seen.deferred)]


def _effect_lines(words: Words, bot: BotCard, effect: Effect | None) -> list[Html]:
    if effect is None:
        return []
    others = len(effect.moved) - len(effect.exits)
    counts = (("edit-move", others), ("edit-cancel", len(effect.canceled)), ("edit-place", len(effect.placed)))
    return [
        *(_exit_line(words, bot, move) for move in effect.exits),
        *(words(key, count=count) for key, count in counts if count),
    ]


def _exit_line(words: Words, bot: BotCard, move: Move) -> Html:
    before, after = move.prices
    return words(
        "edit-exit",
        role=words.plain(f"role-full-{move.target.role.value}"),
        before=figures.price(before, bot.instrument),
        after=figures.price(after, bot.instrument),
    )


def _waiting(words: Words, deferred: Sequence[str]) -> Html | None:
    if not deferred:
        return None
    return words("edit-deferred", fields=", ".join(field_title(words, name) for name in deferred))


def _setting_line(words: Words, bot: BotCard, setting: FormField, changes: Mapping[str, Any]) -> Html:
    coins, name = Coins.of(bot.symbol), field_name(words, setting)
    value = value_text(words, setting, bot.config.get(setting.name), coins, bot.config)
    if setting.name not in changes:
        return words("summary-line", name=name, value=value)
    after = value_text(words, setting, changes[setting.name], coins, {**bot.config, **changes})
    return words("edit-change", name=name, before=value, after=after)
