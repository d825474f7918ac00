"""A bot that is being made."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class DraftAct(StrEnum):
    """What can be pressed while a bot is being made."""

    STRATEGY = "s"
    ACCOUNT = "a"
    PAIR = "p"
    PAIRS_BUSIEST = "pb"
    PAIRS_DONE = "pd"
    VALUE = "v"
    EDIT = "e"
    ADVANCED = "ea"
    PRESETS = "q"
    PRESET = "qp"
    SAVE = "qs"
    SUMMARY = "m"
    PREVIEW = "w"
    SHOW = "n"
    OFFER = "o"
    TRIAL = "y"
    BACK = "b"
    CANCEL = "x"


COUNTED = frozenset({DraftAct.PAIR, DraftAct.VALUE, DraftAct.PRESET, DraftAct.OFFER})
"""Their ``option`` means something only in the edition that showed it."""


class OnDraft(CallbackData, prefix="d"):
    """``draft`` is the mark of the half-made bot; ``option`` counts what was shown in ``edition``, -1 means none."""

    act: DraftAct
    draft: str
    option: Number = 0
    edition: str = ""


class StartDraft(CallbackData, prefix="dG"):
    """``edition`` is what was looked at before: nothing else is started."""

    draft: str
    edition: str
    sure: bool
    token: str
