"""What becomes of the house as a whole."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import Detail, Notice, Span, Topic, Urgency


class Restored(Notice):
    """After a restart: how many bots, orders and fills were found and made to agree with the venue."""

    kind: Literal["restored"] = "restored"
    topic = Topic.SYSTEM
    bots: int
    orders: int
    fills: int
    lost: int


class SystemTrouble(Notice):
    """For admins only. ``what``: database, disk, loop, backup."""

    kind: Literal["system_trouble"] = "system_trouble"
    topic = Topic.SYSTEM
    urgency = Urgency.COMES
    essential = True
    for_admins = True
    what: str
    detail: Detail = ""


class TroubleOver(Notice):
    """For admins only: what was told as SystemTrouble is over, after ``seconds``."""

    kind: Literal["trouble_over"] = "trouble_over"
    topic = Topic.SYSTEM
    urgency = Urgency.COMES_SILENTLY
    essential = True
    for_admins = True
    what: str
    seconds: Span


class MaintenanceBegan(Notice):
    """``bots``: how many of the person's take no new entries from now on."""

    kind: Literal["maintenance_began"] = "maintenance_began"
    topic = Topic.BOT
    bots: int


class MaintenanceEnded(Notice):
    """``bots``: how many of the person's trade again."""

    kind: Literal["maintenance_ended"] = "maintenance_ended"
    topic = Topic.BOT
    bots: int
