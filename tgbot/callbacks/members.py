"""Who may come in and what they may do. Checked again at the press: an admin may be one no more."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from tgbot.callbacks.numbers import Number


class DecideAccess(CallbackData, prefix="acc"):
    person: Number
    approve: bool


class PeoplePage(CallbackData, prefix="um"):
    """``number`` counts the pages of the list from 0."""

    number: Number


class MemberAct(StrEnum):
    OPEN = "o"
    SUSPEND = "s"
    REMOVE = "r"
    MAX_DEPOSIT = "d"
    MAX_BOTS = "b"


class OnMember(CallbackData, prefix="u"):
    act: MemberAct
    person: Number


class SuspendMember(CallbackData, prefix="uS"):
    person: Number
    token: str


class LetBackMember(CallbackData, prefix="uB"):
    person: Number
    token: str


class RemoveMember(CallbackData, prefix="uR"):
    person: Number
    token: str


class LikeEverybody(CallbackData, prefix="uE"):
    """No limit of one's own any more; ``limit`` is MAX_DEPOSIT or MAX_BOTS."""

    limit: MemberAct
    person: Number


class MakeInvite(CallbackData, prefix="in"):
    """``hours`` 0: it does not expire."""

    hours: Number


class WithdrawInvite(CallbackData, prefix="iw"):
    invite: Number
