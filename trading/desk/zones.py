"""Time zones by what people type: a city, an IANA name, an offset from UTC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-−–])\s*(\d{1,2})(?:[:.]?(\d{2}))?", re.IGNORECASE)
_UTC = re.compile(r"(?:utc|gmt|z)(?:\s*[+-]?\s*0{1,2}(?:[:.]?00)?)?", re.IGNORECASE)
MOST_EAST, MOST_WEST = 14, -12
"""Whole hours from UTC between which people live."""


def zone_at(hours: int) -> str:
    """The zone that is always so many whole hours east of UTC. IANA's own names of them count westwards."""
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"


def is_zone(name: str) -> bool:
    return name in _zones()


def find_zones(text: str, now: datetime, limit: int = 8) -> Sequence[str]:
    """Zones that are meant by ``text``, the likeliest first; one only where its name is exactly that.

    An offset of whole hours is a zone of its own; another one finds the places that have it ``now``.
    """
    wanted = _plain(text)
    if not wanted:
        return ()
    if _UTC.fullmatch(text.strip()):
        return ("UTC",)
    if offset := _OFFSET.fullmatch(text.strip()):
        return _at_offset(offset, now, limit)
    named = {name: _plain(name) for name in sorted(_zones())}
    exact = [name for name, plain in named.items() if wanted in (plain, plain.rsplit("/", maxsplit=1)[-1])]
    if exact:
        return tuple(exact[:limit])
    begin = [name for name, plain in named.items() if plain.rsplit("/", maxsplit=1)[-1].startswith(wanted)]
    hold = [name for name, plain in named.items() if wanted in plain and name not in begin]
    return tuple([*begin, *hold][:limit])


def _at_offset(found: re.Match[str], now: datetime, limit: int) -> Sequence[str]:
    sign = 1 if found[1] == "+" else -1
    hours, minutes = sign * int(found[2]), sign * int(found[3] or 0)
    if minutes == 0:
        return (zone_at(hours),) if MOST_WEST <= hours <= MOST_EAST else ()
    wanted = timedelta(hours=hours, minutes=minutes)
    return tuple(name for name in sorted(_zones()) if now.astimezone(ZoneInfo(name)).utcoffset() == wanted)[:limit]


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


@cache
def _zones() -> frozenset[str]:
    """Places, UTC, and whole hours from it; not the spellings of former days."""
    places = {name for name in available_timezones() if "/" in name and name.split("/", maxsplit=1)[0] in _REGIONS}
    return frozenset({"UTC", *places, *(zone_at(hours) for hours in range(MOST_WEST, MOST_EAST + 1))})


_REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
