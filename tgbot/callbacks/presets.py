"""Settings that are kept or handed on: presets, and links to shared settings."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class PresetAct(StrEnum):
    OPEN = "o"
    RENAME = "n"
    ASK_DELETE = "d"
    DELETE = "D"


class OnPreset(CallbackData, prefix="p"):
    act: PresetAct
    preset: Number


class ShareSource(StrEnum):
    BOT = "b"
    PRESET = "p"


class AskShare(CallbackData, prefix="sA"):
    """``number`` is the bot's or the preset's."""

    source: ShareSource
    number: Number


class MakeShare(CallbackData, prefix="sM"):
    source: ShareSource
    number: Number
    signed: bool
    token: str


class ShareAct(StrEnum):
    OPEN = "o"
    ASK_REVOKE = "r"
    REVOKE = "R"


class OnShare(CallbackData, prefix="sh"):
    """A link of one's own."""

    act: ShareAct
    share: Number


class UseShare(CallbackData, prefix="su"):
    """Another's link is known by its code alone, so that nobody can count through them."""

    code: str
