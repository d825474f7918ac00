"""What keeps a person's bots from new entries, whoever steers them: maintenance, and a suspended owner.

Both are facts of the database, looked at in the transaction that begins a bot. Whoever closes a gate closes it there
first and holds the bots that run then, so that a bot which was being begun is refused, or seen and held.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import Enum

from trading.core.planning import Mode
from trading.desk.answers import DeskError
from trading.storage import Connection, bots, meta, users
from trading.storage.records import BotRecord

_MAINTENANCE = "maintenance_since"


class Gate(Enum):
    """``code`` is what a person is refused with, ``cause`` what stands at the bots that it holds."""

    MAINTENANCE = ("maintenance", "maintenance")
    SUSPENSION = ("access_suspended", "suspended")

    def __init__(self, code: str, cause: str) -> None:
        self.code, self.cause = code, cause

    def holds(self, record: BotRecord) -> bool:
        """Whether the bot must be held by this gate: it trades, or would when another gate opens."""
        is_held_by_less = self is Gate.SUSPENSION and is_held_by(Gate.MAINTENANCE, record)
        return record.active and (record.mode is Mode.RUNNING or is_held_by_less)


def is_held_by(gate: Gate, record: BotRecord) -> bool:
    return record.active and record.mode is Mode.NO_ENTRIES and record.cause == gate.cause


def may_act(connection: Connection, user_id: int, admin_ids: Collection[int]) -> bool:
    """Settings decide who is an admin, and admins are always active."""
    record = users.find_user(connection, user_id)
    return user_id in admin_ids or (record is not None and record.status == "active")


def gate_of(connection: Connection, user_id: int, admin_ids: Collection[int]) -> Gate | None:
    """The gate that is closed for this person; the one that lasts longer first."""
    if not may_act(connection, user_id, admin_ids):
        return Gate.SUSPENSION
    return Gate.MAINTENANCE if maintenance_since(connection) is not None else None


def check_gate(connection: Connection, user_id: int, admin_ids: Collection[int]) -> None:
    """Raises DeskError: maintenance, access_suspended."""
    gate = gate_of(connection, user_id, admin_ids)
    if gate is not None:
        raise DeskError(gate.code)


def check_may_act(connection: Connection, user_id: int, admin_ids: Collection[int]) -> None:
    """Raises DeskError("access_suspended"): also for somebody who was removed meanwhile."""
    if not may_act(connection, user_id, admin_ids):
        raise DeskError(Gate.SUSPENSION.code)


def maintenance_since(connection: Connection) -> datetime | None:
    stored = meta.get(connection, _MAINTENANCE)
    return datetime.fromisoformat(stored) if stored else None


def set_maintenance(connection: Connection, since: datetime | None) -> None:
    meta.put(connection, _MAINTENANCE, since.isoformat() if since else "")


def settle(connection: Connection, admin_ids: Collection[int], now: datetime) -> None:
    """Make the stored bots agree with the gates, before any of them runs: the process may have died between the two."""
    for bot in bots.active_bots(connection):
        gate = gate_of(connection, bot.user_id, admin_ids)
        if gate is not None and gate.holds(bot):
            bots.update_bot(connection, replace(bot, mode=Mode.NO_ENTRIES, cause=gate.cause, updated_at=now))
        elif gate is None and is_held_by(Gate.MAINTENANCE, bot):
            bots.update_bot(connection, replace(bot, mode=Mode.RUNNING, cause="", updated_at=now))
