"""Who is let in, and who is not any more."""

from __future__ import annotations

from typing import Literal

from trading.core.telling import Notice, Ordinal, Topic, Urgency


class AccessRequested(Notice):
    """For admins only: a stranger pressed /start."""

    kind: Literal["access_requested"] = "access_requested"
    topic = Topic.ACCESS
    urgency = Urgency.COMES_SILENTLY
    essential = True
    for_admins = True
    person_id: Ordinal
    name: str


class AccessDecided(Notice):
    kind: Literal["access_decided"] = "access_decided"
    topic = Topic.ACCESS
    urgency = Urgency.COMES_SILENTLY
    essential = True
    approved: bool


class AccessSuspended(Notice):
    """``bots``: how many of theirs take no new entries from now on."""

    kind: Literal["access_suspended"] = "access_suspended"
    topic = Topic.ACCESS
    essential = True
    bots: int


class AccessRestored(Notice):
    """``bots``: how many of theirs wait to be resumed."""

    kind: Literal["access_restored"] = "access_restored"
    topic = Topic.ACCESS
    essential = True
    bots: int


class AccessRemoved(Notice):
    """``language`` is the person's: what else is known of them is gone when this is told."""

    kind: Literal["access_removed"] = "access_removed"
    topic = Topic.ACCESS
    language: str


class InviteUsed(Notice):
    """For the admin who made the invite."""

    kind: Literal["invite_used"] = "invite_used"
    topic = Topic.ACCESS
    person_id: Ordinal
    name: str
