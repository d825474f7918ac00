"""A half-made bot: what was answered so far, and which step comes next. Pure; kept as a draft between presses."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from zlib import crc32

from tgbot.coins import Coins
from tgbot.forms import FormField

MOST_PAIRS = 10
_OF_ONE_MARKET = frozenset({"price", "distance"})


class Step(StrEnum):
    STRATEGY = "strategy"
    ACCOUNT = "account"
    PAIRS = "pairs"
    FIELD = "field"
    PRESETS = "presets"
    NAME = "name"
    SUMMARY = "summary"
    ADVANCED = "advanced"
    PREVIEW = "preview"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Draft:
    """``key`` None with ``has_account`` means paper. ``config`` holds raw answers only, defaults are the model's.

    ``matches``, ``offers`` and ``choices`` are what was last shown as numbered buttons. ``hint`` is a coin to look for
    first, ``behind`` the step from which the presets were opened, ``taken`` the name of the preset taken up last.
    ``message`` and ``picture`` are the messages the form lives in. ``mark`` ties buttons to this form.
    """

    mark: str
    step: Step
    strategy: str = ""
    key: int | None = None
    has_account: bool = False
    symbols: tuple[str, ...] = ()
    sought: str = ""
    hint: str = ""
    matches: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    setting: str = ""
    origin: Step = Step.PAIRS
    options: tuple[Any, ...] = ()
    offers: tuple[Mapping[str, str | None], ...] = ()
    choices: tuple[str, ...] = ()
    behind: Step = Step.SUMMARY
    taken: str = ""
    shown: int = 0
    message: int | None = None
    picture: int | None = None

    @property
    def edition(self) -> str:
        """Ties numbered buttons, and Start, to what is shown: eight digits, others when they mean something else."""
        match self.step:
            case Step.PAIRS:
                meant: object = self.matches
            case Step.PREVIEW | Step.CONFIRM:
                meant = (self.strategy, self.key, self.symbols, self.config, self.offers)
            case _:
                meant = (self.setting, self.options, self.choices)
        return f"{crc32(json.dumps((self.step, meant), default=str, sort_keys=True).encode()):08x}"

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Draft | None:
        """The draft, or None when there is none or it was written by a version that we cannot read."""
        if "mark" not in data:
            return None
        try:
            known: dict[str, Any] = {each.name: data[each.name] for each in fields(cls) if each.name in data}
            for name in ("symbols", "matches", "options", "offers", "choices"):
                known[name] = tuple(known.get(name, ()))
            steps: dict[str, Any] = {name: Step(known[name]) for name in ("step", "origin", "behind") if name in known}
            return cls(**(known | steps))
        except (TypeError, ValueError, KeyError):
            return None


def new_draft(strategies: Sequence[str]) -> Draft:
    """A new form; a choice of one is not asked."""
    mark = secrets.token_hex(3)
    if len(strategies) == 1:
        return Draft(mark=mark, step=Step.ACCOUNT, strategy=strategies[0])
    return Draft(mark=mark, step=Step.STRATEGY)


def shared_draft(strategy: str, settings: Mapping[str, Any], coin: str) -> Draft:
    """A form with these settings filled in; the account, the pairs and what they leave open are still asked."""
    mark = secrets.token_hex(3)
    return Draft(mark=mark, step=Step.ACCOUNT, strategy=strategy, config=dict(settings), hint=coin)


def with_account(draft: Draft, key: int | None) -> Draft:
    """Another account has other markets, so pairs chosen before are forgotten."""
    same = draft.has_account and draft.key == key
    symbols = draft.symbols if same else ()
    return replace(draft, key=key, has_account=True, symbols=symbols, sought=draft.hint, matches=(), step=Step.PAIRS)


def with_pair_toggled(draft: Draft, settings: Sequence[FormField], symbol: str) -> Draft:
    if symbol in draft.symbols:
        return with_pairs(draft, settings, tuple(each for each in draft.symbols if each != symbol))
    if len(draft.symbols) >= MOST_PAIRS:
        return draft
    return with_pairs(draft, settings, (*draft.symbols, symbol))


def takes_one_pair(settings: Sequence[FormField]) -> bool:
    """Whether an answer is said in one market's prices, so that no other pair can share it."""
    return any(each.unit in _OF_ONE_MARKET for each in settings)


def with_pairs(draft: Draft, settings: Sequence[FormField], symbols: tuple[str, ...]) -> Draft:
    """What was said in the prices or coins of other pairs is asked again."""
    chosen = replace(draft, symbols=symbols)
    if not draft.symbols or Coins.of(*draft.symbols) == Coins.of(*symbols):
        return chosen
    of_others = {each.name for each in settings if each.is_part or each.unit in (*_OF_ONE_MARKET, "base")}
    return replace(chosen, config=_without(draft.config, of_others))


def with_values(draft: Draft, values: Mapping[str, Any]) -> Draft:
    return replace(draft, config={**draft.config, **values})


def next_question(draft: Draft, settings: Sequence[FormField]) -> Draft:
    """The first asked setting that has no answer yet, else the summary."""
    for setting in settings:
        if setting.is_asked and setting.name not in draft.config:
            return replace(draft, step=Step.FIELD, setting=setting.name, origin=Step.PAIRS)
    return replace(draft, step=Step.SUMMARY)


def editing(draft: Draft, name: str) -> Draft:
    """Change one setting from the page it was pressed on, and come back to it."""
    origin = draft.step if draft.step in (Step.SUMMARY, Step.ADVANCED) else Step.SUMMARY
    return replace(draft, step=Step.FIELD, setting=name, origin=origin)


def looking_at_presets(draft: Draft) -> Draft:
    behind = draft.step if draft.step in (Step.FIELD, Step.SUMMARY, Step.ADVANCED) else draft.behind
    return replace(draft, step=Step.PRESETS, behind=behind)


def with_preset(draft: Draft, settings: Sequence[FormField], name: str, preset: Mapping[str, Any]) -> Draft:
    """A preset takes the place of everything but what the form had to ask and the preset does not say."""
    asked = {each.name for each in settings if each.is_asked}
    kept = {name: value for name, value in draft.config.items() if name in asked}
    return next_question(replace(draft, config={**kept, **preset}, taken=name), settings)


def answered(draft: Draft, settings: Sequence[FormField], value: Any) -> Draft:
    """What was said in the unit that the answer changes is asked again."""
    filled = with_values(draft, {draft.setting: value})
    in_old_unit = {each.name for each in settings if each.unit_from == draft.setting} & draft.config.keys()
    if in_old_unit and draft.config.get(draft.setting, _default(settings, draft.setting)) != value:
        filled = replace(filled, config=_without(filled.config, in_old_unit))
        return next_question(filled, settings)
    if draft.origin is Step.PAIRS:
        return next_question(filled, settings)
    return replace(filled, step=draft.origin)


def one_back(draft: Draft, settings: Sequence[FormField], strategies: Sequence[str]) -> Draft | None:  # noqa: PLR0911  one return a step
    """The step before, or None when the form itself is left."""
    asked = [each.name for each in settings if each.is_asked]
    match draft.step:
        case Step.ACCOUNT if len(strategies) > 1:
            return replace(draft, step=Step.STRATEGY)
        case Step.PAIRS:
            return replace(draft, step=Step.ACCOUNT)
        case Step.FIELD if draft.origin is not Step.PAIRS:
            return replace(draft, step=draft.origin)
        case Step.FIELD:
            place = asked.index(draft.setting) if draft.setting in asked else 0
            return replace(draft, setting=asked[place - 1]) if place else replace(draft, step=Step.PAIRS)
        case Step.SUMMARY if asked:
            return replace(draft, step=Step.FIELD, setting=asked[-1], origin=Step.PAIRS)
        case Step.SUMMARY:
            return replace(draft, step=Step.PAIRS)
        case Step.PRESETS:
            return replace(draft, step=draft.behind)
        case Step.NAME:
            return replace(draft, step=Step.PRESETS)
        case Step.ADVANCED | Step.PREVIEW:
            return replace(draft, step=Step.SUMMARY)
        case Step.CONFIRM:
            return replace(draft, step=Step.PREVIEW)
    return None


def _default(settings: Sequence[FormField], name: str) -> Any:
    return next((each.default for each in settings if each.name == name), None)


def _without(config: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in names}
