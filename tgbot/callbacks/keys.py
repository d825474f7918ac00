"""Exchange keys, and the form that adds one, renames one or replaces its credentials."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class KeyAct(StrEnum):
    OPEN = "o"
    TEST = "t"
    RENAME = "n"
    REPLACE = "r"
    DELETE = "d"


class OnKey(CallbackData, prefix="k"):
    act: KeyAct
    key: Number


class DeleteKey(CallbackData, prefix="kD"):
    key: Number
    token: str


class KeyFormAct(StrEnum):
    BEGIN = "b"
    LIST = "l"
    VENUE = "v"
    OTHER = "o"
    FOUND = "f"
    KIND = "k"
    SAVE = "s"
    INSIST = "i"
    INSIST_AGAIN = "I"
    CANCEL = "x"


class OnKeyForm(CallbackData, prefix="kf"):
    """``form`` is the form's own mark: a button of another form does nothing; ``option`` counts what was shown."""

    act: KeyFormAct
    form: str = ""
    option: Number = 0
