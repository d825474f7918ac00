"""Settings with a name, settings behind a link: chosen for a new bot, kept, shared, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.types import CopyTextButton, InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import (
    AskShare,
    DraftAct,
    Go,
    MakeShare,
    OnPreset,
    OnShare,
    Page,
    PresetAct,
    ShareAct,
    ShareSource,
    UseShare,
)
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.clocks import times_line
from tgbot.cards.fields import field_name, value_text
from tgbot.cards.findings import field_title
from tgbot.cards.home import home_button
from tgbot.cards.making import on_draft, settings_lines, way_out
from tgbot.coins import UNKNOWN, Coins
from tgbot.forms import FormField, raw_text
from tgbot.making import Draft, Step
from tgbot.words import Html, Words
from trading.desk.preset_answers import PresetCard, ShareCard, SharedSettings

_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: how the draft remembers it, what it is called, what it sets."""

    code: str
    name: str
    settings: Mapping[str, Any]
    is_made: bool = False
    """The strategy's own: what it sets is told whole, because that is all there is of it."""


def choices_card(words: Words, draft: Draft, settings: Sequence[FormField], choices: Sequence[Choice]) -> Card:
    """What can be taken up for this bot, each with what it would set."""
    told = [
        lines(
            words("preset-name", name=choice.name),
            told_briefly(words, settings, choice.settings, Coins.of(*draft.symbols), whole=choice.is_made),
        )
        for choice in choices
    ]
    rows: list[Row] = [
        [button(choice.name, on_draft(draft, DraftAct.PRESET, place))] for place, choice in enumerate(choices)
    ]
    if draft.behind is not Step.FIELD:
        rows.append([button(words.plain("button-save-preset"), on_draft(draft, DraftAct.SAVE))])
    text = blocks(words("presets-title", strategy=words(f"strategy-{draft.strategy}")), *told, words("presets-how"))
    return Card(text, [*rows, way_out(words, draft)])


def draft_name_card(words: Words, draft: Draft, problem: Html | None = None) -> Card:
    return Card(blocks(problem, words("preset-ask-name")), [way_out(words, draft)])


def name_card(words: Words, back: InlineKeyboardButton, problem: Html | None = None) -> Card:
    return Card(blocks(problem, words("preset-ask-name")), [[back, home_button(words)]])


def presets_card(words: Words, presets: Sequence[PresetCard], said: Html | None = None) -> Card:
    rows = [
        [button(f"{preset.name} · {words.plain(f'strategy-{preset.strategy}')}", _on(preset, PresetAct.OPEN))]
        for preset in presets
    ]
    text = blocks(said, words("my-presets") if presets else words("my-presets-none"))
    return Card(text, [*rows, [button(words.plain("button-back"), Go(page=Page.SETTINGS)), home_button(words)]])


def preset_card(words: Words, preset: PresetCard, settings: Sequence[FormField], said: Html | None = None) -> Card:
    text = blocks(
        said,
        words("preset-head", name=preset.name, strategy=words(f"strategy-{preset.strategy}")),
        _table(words, settings, preset.settings),
    )
    rows: list[Row] = [
        [
            button(words.plain("button-rename"), _on(preset, PresetAct.RENAME)),
            button(words.plain("button-share"), AskShare(source=ShareSource.PRESET, number=preset.id)),
        ],
        [button(words.plain("button-delete"), _on(preset, PresetAct.ASK_DELETE))],
        [button(words.plain("button-back"), Go(page=Page.PRESETS)), home_button(words)],
    ]
    return Card(text, rows)


def preset_delete_card(words: Words, preset: PresetCard) -> Card:
    rows = [
        [button(words.plain("button-delete-yes"), _on(preset, PresetAct.DELETE))],
        [button(words.plain("button-back"), _on(preset, PresetAct.OPEN)), home_button(words)],
    ]
    return Card(words("preset-ask-delete", name=preset.name), rows)


def share_ask_card(
    words: Words,
    source: ShareSource,
    number: int,
    strategy: str,
    shown: Sequence[FormField],
    hidden: Sequence[FormField],
    settings: Mapping[str, Any],
    person: str,
    token: str,
    back: InlineKeyboardButton,
) -> Card:
    """What goes with the link and what does not, before there is one."""

    def make(signed: bool) -> MakeShare:
        return MakeShare(source=source, number=number, signed=signed, token=token)

    text = blocks(
        words("share-title", strategy=words(f"strategy-{strategy}")),
        _table(words, shown, settings),
        words("share-not", fields=", ".join(field_name(words, each) for each in hidden)),
        words("share-who"),
    )
    rows: list[Row] = [
        [button(words.plain("button-share-unsigned"), make(False))],
        [button(words.plain("button-share-signed", name=person), make(True))],
        [back, home_button(words)],
    ]
    return Card(text, rows)


def share_card(words: Words, share: ShareCard, settings: Sequence[FormField], link: str, *, is_new: bool) -> Card:
    """A link of one's own, to be copied or taken back."""
    text = blocks(
        words("share-made") if is_new else words("share-one", strategy=words(f"strategy-{share.strategy}")),
        words("share-link", link=link),
        lines(
            words("share-signed", name=share.author) if share.author else words("share-unsigned"),
            words("share-until", until=figures.moment(share.expires_at, words.zone)),
        ),
        None if is_new else told_briefly(words, settings, share.settings, UNKNOWN),
    )
    copy = InlineKeyboardButton(text=words.plain("button-copy-link"), copy_text=CopyTextButton(text=link))
    revoke = button(words.plain("button-revoke"), OnShare(act=ShareAct.ASK_REVOKE, share=share.id))
    return Card(
        text, [[copy, revoke], [button(words.plain("button-my-links"), Go(page=Page.SHARES)), home_button(words)]]
    )


def revoke_card(words: Words, share: ShareCard) -> Card:
    rows = [
        [button(words.plain("button-revoke-yes"), OnShare(act=ShareAct.REVOKE, share=share.id))],
        [button(words.plain("button-back"), OnShare(act=ShareAct.OPEN, share=share.id)), home_button(words)],
    ]
    return Card(words("share-ask-revoke", what=_what(words, share)), rows)


def shares_card(words: Words, shares: Sequence[ShareCard], said: Html | None = None) -> Card:
    rows = [
        [
            button(
                words.plain(
                    "share-line",
                    what=_what(words, share),
                    until=figures.local(share.expires_at, words.zone),
                ),
                OnShare(act=ShareAct.OPEN, share=share.id),
            )
        ]
        for share in shares
    ]
    zone = times_line(words, shares[0].expires_at) if shares else None
    text = blocks(said, words("my-links") if shares else words("my-links-none"), zone)
    return Card(text, [*rows, [button(words.plain("button-back"), Go(page=Page.SETTINGS)), home_button(words)]])


def shared_card(words: Words, shared: SharedSettings, settings: Sequence[FormField], code: str) -> Card:
    """What another has shared, before anything is begun with it."""
    shown = [each for each in settings if each.name in shared.settings]
    asked = [each for each in settings if each.is_asked and each.name not in shared.settings]
    text = blocks(
        words("shared-title", strategy=words(f"strategy-{shared.strategy}")),
        lines(
            words("shared-by", name=shared.author) if shared.author else words("shared-by-nobody"),
            words("shared-for", title=shared.title) if shared.title else None,
        ),
        settings_lines(words, shown, shared.settings, _coins(shared.title)),
        words("shared-dropped", fields=", ".join(field_title(words, name) for name in shared.dropped))
        if shared.dropped
        else None,
        words("shared-asked", fields=", ".join(field_name(words, each) for each in asked)) if asked else None,
        words("shared-how"),
    )
    rows: list[Row] = [[button(words.plain("button-use-shared"), UseShare(code=code))], [home_button(words)]]
    return Card(text, rows)


def told_briefly(
    words: Words, settings: Sequence[FormField], values: Mapping[str, Any], coins: Coins, *, whole: bool = False
) -> Html:
    """What differs from the defaults, or with ``whole`` everything, in one paragraph."""
    told = [
        f"{field_name(words, each)} {value_text(words, each, values[each.name], coins, values)}"
        for each in settings
        if each.name in values and (whole or raw_text(values[each.name]) != raw_text(each.default))
    ]
    if not told:
        return words("preset-defaults")
    more = len(told) - _MOST_TOLD
    text = " · ".join(told[:_MOST_TOLD])
    return words("preset-more", text=text, count=more) if more > 0 else words("plain", text=text)


def _what(words: Words, share: ShareCard) -> str:
    return f"{words.plain(f'strategy-{share.strategy}')} {share.title}".strip()


def _table(words: Words, settings: Sequence[FormField], values: Mapping[str, Any]) -> Html:
    return settings_lines(words, [each for each in settings if each.name in values], values, UNKNOWN)


def _coins(title: str) -> Coins:
    return Coins.of(title) if title else UNKNOWN


def _on(preset: PresetCard, act: PresetAct) -> OnPreset:
    return OnPreset(act=act, preset=preset.id)
