"""Levels, and quiet hours by wall clocks that go over midnight, forward in spring and back in autumn."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from trading.core.hearing import Hearing, QuietHours, zone_of
from trading.core.notices import AccessRestored, AccessSuspended, BotStarted, KeyInvalid, TradingStalled, VenueAway
from trading.core.summaries import DailyReport
from trading.core.telling import Level, Topic
from trading.strategies.grid.notices import TakeProfitPlaced

NIGHT, NOON = QuietHours(23 * 60, 7 * 60), QuietHours(12 * 60, 13 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "until"),
    [
        (NIGHT, "UTC", "2026-01-01 22:59:59", None),
        (NIGHT, "UTC", "2026-01-01 23:00", "2026-01-02 07:00"),
        (NIGHT, "UTC", "2026-01-02 06:59:59", "2026-01-02 07:00"),
        (NIGHT, "UTC", "2026-01-02 07:00", None),
        (NOON, "UTC", "2026-01-02 12:30", "2026-01-02 13:00"),
        (NOON, "UTC", "2026-01-02 13:00", None),
        (NIGHT, "Asia/Tokyo", "2026-01-01 14:30", "2026-01-01 22:00"),
        (NIGHT, "Asia/Kolkata", "2026-01-01 17:30", "2026-01-02 01:30"),
        # Spring in Berlin: at 02:00 it becomes 03:00, the night is an hour shorter.
        (NIGHT, "Europe/Berlin", "2026-03-28 22:30", "2026-03-29 05:00"),
        # Autumn: at 03:00 it becomes 02:00, the night is an hour longer.
        (NIGHT, "Europe/Berlin", "2026-10-24 22:00", "2026-10-25 06:00"),
        # Quiet until 02:30, which comes twice: the first ends it, for good.
        (QuietHours(0, 150), "Europe/Berlin", "2026-10-25 00:15", "2026-10-25 00:30"),
        (QuietHours(0, 150), "Europe/Berlin", "2026-10-25 00:45", None),
        (QuietHours(0, 150), "Europe/Berlin", "2026-10-25 01:15", None),
        # Quiet until 02:30, which does not come in spring.
        (QuietHours(0, 150), "Europe/Berlin", "2026-03-29 00:45", "2026-03-29 01:30"),
    ],
)
def test_quiet_hours_are_those_of_the_wall_clock(quiet: QuietHours, zone: str, now: str, until: str | None) -> None:
    assert quiet.until(at(now), ZoneInfo(zone)) == (at(until) if until else None)


@pytest.mark.parametrize(("begins", "ends"), [(60, 60), (-1, 60), (0, 1440)])
def test_what_is_no_part_of_a_day_is_refused(begins: int, ends: int) -> None:
    with pytest.raises(ValueError, match="no part of a day"):
        QuietHours(begins, ends)


def test_without_a_choice_a_notice_is_as_loud_as_its_class() -> None:
    assert Hearing().level_of(BotStarted(symbol="A/B")) is Level.LOUD
    silent = TakeProfitPlaced.model_construct(symbol="A/B")
    assert Hearing().level_of(silent) is Level.SILENT
    assert Hearing({Topic.TAKE_PROFIT: Level.LOUD}).level_of(silent) is Level.LOUD


def test_what_must_be_known_is_told_silently_at_least() -> None:
    off = Hearing({Topic.KEY: Level.OFF, Topic.VENUE: Level.OFF, Topic.ACCESS: Level.OFF})
    assert off.level_of(KeyInvalid(venue="x", label="y")) is Level.SILENT
    assert off.level_of(AccessSuspended(bots=2)) is Level.SILENT
    assert off.level_of(AccessRestored(bots=2)) is Level.SILENT
    assert off.level_of(VenueAway(venue="x")) is Level.OFF


def test_in_quiet_hours_what_comes_silently_makes_no_sound() -> None:
    hearing = Hearing({}, NIGHT)
    stalled = TradingStalled(symbol="A/B", minutes=11)
    assert hearing.level_at(stalled, at("2026-01-01 23:30")) is Level.SILENT
    assert hearing.level_at(stalled, at("2026-01-01 12:30")) is Level.LOUD
    assert hearing.level_at(KeyInvalid(venue="x", label="y"), at("2026-01-01 23:30")) is Level.LOUD
    assert DailyReport.essential


def test_a_zone_that_is_not_known_any_more_is_utc() -> None:
    assert zone_of("Mars/Olympus") is UTC
