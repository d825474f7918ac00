"""Times of day and time zones as people write and read them; nothing is worded here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from trading.core.hearing import QuietHours, zone_of

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_BETWEEN = re.compile(r"\s*(?:-|–|—|\bto\b|\bдо\b|\s)\s*")


def read_time(text: str) -> int | None:
    """Minutes after midnight from "9", "9:30" or "09.30"; None for what is no time of day."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def read_hours(text: str) -> QuietHours | None:
    """ "22:30-7:15", "22 – 7"; None for what are not two different times of day."""
    parts = _BETWEEN.split(text.strip().casefold())
    if len(parts) != 2:
        return None
    begins, ends = read_time(parts[0]), read_time(parts[1])
    return QuietHours(begins, ends) if begins is not None and ends is not None and begins != ends else None


def time_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def hours_text(quiet: QuietHours) -> str:
    return f"{time_text(quiet.begins)}–{time_text(quiet.ends)}"


def offset_text(zone: str, at: datetime) -> str:
    """How far the zone is from UTC at that moment: UTC+3, UTC-4:30, UTC."""
    offset = at.astimezone(zone_of(zone)).utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def zone_name(zone: str) -> str:
    """The place alone, where no moment is meant; a zone that is an offset by its offset."""
    if "/" not in zone or zone.startswith("Etc/"):
        return offset_text(zone, _ANY_TIME)
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


def zone_text(zone: str, at: datetime) -> str:
    """The place with its offset; a zone that is an offset and no place by its offset alone."""
    offset, name = offset_text(zone, at), zone_name(zone)
    return offset if name.startswith("UTC") else f"{name} ({offset})"


def local_text(at: datetime, zone: str, pattern: str = "%d.%m %H:%M") -> str:
    """A moment by a person's clock, for a place that says once whose clock it is."""
    return f"{at.astimezone(zone_of(zone)):{pattern}}"


def clock_text(at: datetime, zone: str, pattern: str = "%H:%M") -> str:
    """A moment by a person's clock, with how far that is from UTC."""
    return f"{local_text(at, zone, pattern)} {offset_text(zone, at)}"
