"""What admins do to the house as a whole. Checked again at the press: an admin may be one no more."""

from __future__ import annotations

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from tgbot.callbacks.numbers import Number


class SwitchMaintenance(CallbackData, prefix="mt"):
    on: bool
    token: str


class SendLog(CallbackData, prefix="lf"):
    pass


class SendBackup(CallbackData, prefix="bk"):
    token: str


class SendBroadcast(CallbackData, prefix="mB"):
    """``message`` is the first one of the preview, so that what is sent is what was seen."""

    message: Number
    token: str


class CancelBroadcast(CallbackData, prefix="mX"):
    broadcast: Number


class ResendBroadcast(CallbackData, prefix="mR"):
    broadcast: Number
    token: str


class BroadcastsPage(CallbackData, prefix="mP"):
    """``number`` counts the pages of the list from 0."""

    number: Annotated[int, Field(ge=0, lt=1_000_000)]


class OpenBroadcast(CallbackData, prefix="mO"):
    broadcast: Number


class ShowBroadcast(CallbackData, prefix="mS"):
    broadcast: Number
