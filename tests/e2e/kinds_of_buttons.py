"""What a button does, without the numbers of rows, tokens and marks of forms; and everything that buttons can do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin

from aiogram.filters.callback_data import CallbackData

from tests.e2e.house import Message
from tgbot import callbacks

CLASSES: dict[str, type[CallbackData]] = {
    each.__prefix__: each
    for name in callbacks.__all__
    if isinstance(each := getattr(callbacks, name), type) and issubclass(each, CallbackData)
}
_OF_ONE_ROW = frozenset(
    {"token", "draft", "edition", "form", "work", "code", "title", "currency", "quote", "seed", "zone", "topic"}
)
"""Texts that name one thing of many of the same kind."""
_OF_MANY = frozenset({("xp", "what"), ("xd", "what"), ("bc", "field"), ("be", "field")})
"""What would multiply a kind without leading anywhere else."""
_MARKED = re.compile(r"[🟢⏳⏸🟠⏹🚫]")
_PAIR = re.compile(r"[A-Z]+/[A-Z]+")


def kind_of(text: str, data: str) -> str:
    """The class's prefix with its acts and choices; of a list of bots or people also the state, which decides what
    their cards show, and of the list of exchanges the name.
    """
    prefix = data.partition(":")[0]
    press = CLASSES[prefix].unpack(data)
    kept = [f"{name}={value}" for name, value in press if _is_kept(prefix, press, name, value)]
    mark, pair = _MARKED.match(text), _PAIR.search(text)
    if mark:
        kept += [mark[0], *([pair[0]] if pair and prefix == "b" else [])]
    if (prefix, getattr(press, "act", "")) == ("kf", callbacks.KeyFormAct.VENUE):
        kept.append(text)
    return " ".join((prefix, *kept))


def kinds_of(message: Message) -> dict[str, list[str]]:
    """The data of a message's buttons by their kinds; a link is no button of ours."""
    found: dict[str, list[str]] = {}
    for row in message.buttons:
        for button in row:
            if button["data"]:
                found.setdefault(kind_of(button["text"], button["data"]), []).append(button["data"])
    return found


def acts_of(data: str) -> Iterator[str]:
    """What of ``every_act`` a press does."""
    prefix = data.partition(":")[0]
    yield prefix
    for name, value in CLASSES[prefix].unpack(data):
        if isinstance(value, StrEnum):
            yield f"{prefix} {name}={value}"


def acts_in(kind: str) -> Iterator[str]:
    """The same of a kind."""
    prefix, *kept = kind.split(" ")
    yield prefix
    yield from (f"{prefix} {each}" for each in kept)


def every_act() -> set[str]:
    """Every class by its prefix, and each value of each of its enumerations."""
    fields = [(prefix, name, field.annotation) for prefix, each in CLASSES.items() for name, field in
              each.model_fields.items()]  # fmt: skip
    return set(CLASSES) | {
        f"{prefix} {name}={value}" for prefix, name, kind in fields for enum in _enums(kind) for value in enum
    }


def _enums(annotation: Any) -> Sequence[type[StrEnum]]:
    parts = get_args(annotation) if get_origin(annotation) is UnionType else (annotation,)
    return [part for part in parts if isinstance(part, type) and issubclass(part, StrEnum)]


def _is_kept(prefix: str, press: CallbackData, name: str, value: Any) -> bool:
    if (prefix, name) in _OF_MANY:
        return False
    if name == "option":
        return getattr(press, "act", None) is callbacks.DraftAct.STRATEGY
    return isinstance(value, bool | StrEnum) or (isinstance(value, str) and name not in _OF_ONE_ROW)
