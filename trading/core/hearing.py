"""What a person chose to hear, how loud, and when: levels by topic, and quiet hours in their time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trading.core.telling import Level, Loudness, Notice, Topic, Urgency

MINUTES_A_DAY = 24 * 60
UTC_ZONE = "UTC"

ROUTINE = frozenset({Topic.FILLS, Topic.TAKE_PROFIT, Topic.CYCLE})
"""Topics that a digest counts and does not repeat."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Minutes after local midnight; over midnight where they begin later than they end."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if self.begins == self.ends or not {self.begins, self.ends} <= set(range(MINUTES_A_DAY)):
            raise ValueError(f"{self.begins} to {self.ends} is no part of a day")

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet in which ``now`` lies is over (UTC), None outside of it.

        The hours are those of the wall clock; an hour that comes twice in autumn counts the first time, one that is
        left out in spring ends the quiet as long after its beginning as on any other day.
        """
        today = now.astimezone(zone).date()
        for day in (today, today - timedelta(days=1)):
            last = day if self.ends > self.begins else day + timedelta(days=1)
            end = moment_of(last, self.ends, zone)
            if moment_of(day, self.begins, zone) <= now < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class Hearing:
    """One person's choices; what is not in ``levels`` is as loud as its class."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    quiet: QuietHours | None = None
    time_zone: str = UTC_ZONE

    def level_of(self, notice: Notice) -> Level:
        chosen = self.levels.get(notice.topic)
        if chosen is None:
            return Level.LOUD if notice.loudness is Loudness.LOUD else Level.SILENT
        return Level.SILENT if chosen is Level.OFF and notice.essential else chosen

    def is_quiet(self, now: datetime) -> bool:
        return self.quiet is not None and self.quiet.until(now, zone_of(self.time_zone)) is not None

    def level_at(self, notice: Notice, now: datetime) -> Level:
        """As ``level_of``, with what quiet hours make of it that do not hold it back."""
        level = self.level_of(notice)
        if level is Level.LOUD and notice.urgency is Urgency.COMES_SILENTLY and self.is_quiet(now):
            return Level.SILENT
        return level


def moment_of(day: date, minute: int, zone: tzinfo) -> datetime:
    """A minute of a local day as UTC; of one that comes twice the first."""
    local = datetime.combine(day, clock_time(minute // 60, minute % 60), tzinfo=zone)
    # Times of one zone compare by the wall clock; only in UTC do they compare as moments.
    return local.astimezone(UTC)


def zone_of(name: str) -> tzinfo:
    """The time zone of that name; UTC for one that this machine does not know any more, so that people are told."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
