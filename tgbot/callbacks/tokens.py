"""The single-use token of a button that creates, starts, stops or moves money.

It says for whom and when it was made: in a group everybody can press, and a message can be pressed weeks later.
"""

from __future__ import annotations

import re
import secrets
import time
from enum import StrEnum
from zlib import crc32

LIFETIME = 3600.0
"""Seconds in which a question may be answered; after that it has to be asked anew. Used tokens are kept for longer."""

_TOKEN = re.compile(r"(?P<minute>[0-9a-f]{7})(?P<person>[0-9a-f]{6})[0-9a-f]{8}")


class Standing(StrEnum):
    """What a token comes to: it may be used, it was made for somebody else, or too long ago."""

    GOOD = "good"
    FOREIGN = "foreign"
    OLD = "old"


def new_token(person_id: int, at: float | None = None) -> str:
    """For this person, made at ``at`` (seconds since 1970; None: now). Short enough for a button."""
    minute = int(time.time() if at is None else at) // 60
    return f"{minute:07x}{_mark(person_id)}{secrets.token_hex(4)}"


def standing(token: str, person_id: int, now: float | None = None) -> Standing:
    """What it comes to when this person presses it at ``now`` (None: now); what is no token at all is old."""
    now = time.time() if now is None else now
    read = _TOKEN.fullmatch(token)
    if read is None or now - int(read["minute"], 16) * 60 > LIFETIME:
        return Standing.OLD
    return Standing.GOOD if read["person"] == _mark(person_id) else Standing.FOREIGN


def _mark(person_id: int) -> str:
    return f"{crc32(str(person_id).encode()) & 0xFFFFFF:06x}"
