"""The fake desk's choices of what people hear: the real rules, kept in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.kinds import KINDS
from trading.core.hearing import QuietHours
from trading.core.summaries import DailyReport
from trading.core.telling import Level, StoredNotice
from trading.desk.answers import DeskError, Person
from trading.desk.hearing import next_report, topic_choices
from trading.desk.hearing_answers import HearingCard
from trading.desk.zones import find_zones, is_zone
from trading.storage.records import PreferencesRecord

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class FakeHearing:
    """``told_before`` are notices that a digest may point to; ``daily_png`` is every day's picture."""

    people: dict[int, Person]

    def __init__(self) -> None:
        self.preferences: dict[int, PreferencesRecord] = {}
        self.levels: defaultdict[int, dict[str, Level]] = defaultdict(dict)
        self.told_before: dict[int, StoredNotice] = {}
        self.daily_png: bytes | None = b"\x89PNG day"
        self.drawn: list[Mapping[str, str]] = []

    def preferences_of(self, user_id: int) -> PreferencesRecord:
        return self.preferences.get(user_id, PreferencesRecord(user_id))

    async def hearing(self, user_id: int) -> HearingCard:
        record, is_admin = self.preferences_of(user_id), self.people[user_id].is_admin
        quiet = None
        if record.quiet_from is not None and record.quiet_to is not None:
            quiet = QuietHours(record.quiet_from, record.quiet_to)
        return HearingCard(
            topics=topic_choices([kind for kind in KINDS if is_admin or not kind.for_admins], self.levels[user_id]),
            quiet=quiet,
            time_zone=record.time_zone,
            report_at=record.report_at,
            next_report_at=next_report(record, NOW),
            now=NOW,
        )

    async def set_level(self, user_id: int, topic: str, level: Level) -> HearingCard:
        choice = next((each for each in (await self.hearing(user_id)).topics if each.topic == topic), None)
        if choice is None:
            raise DeskError("unknown_topic")
        if level is Level.OFF and not choice.may_be_off:
            raise DeskError("topic_stays_on")
        self.levels[user_id][topic] = level
        return await self.hearing(user_id)

    async def set_quiet_hours(self, user_id: int, quiet: QuietHours | None) -> HearingCard:
        begins, ends = (quiet.begins, quiet.ends) if quiet else (None, None)
        self.preferences[user_id] = replace(self.preferences_of(user_id), quiet_from=begins, quiet_to=ends)
        return await self.hearing(user_id)

    async def set_time_zone(self, user_id: int, name: str) -> HearingCard:
        if not is_zone(name):
            raise DeskError("unknown_time_zone")
        self.preferences[user_id] = replace(self.preferences_of(user_id), time_zone=name)
        self.people[user_id] = replace(self.people[user_id], time_zone=name)
        return await self.hearing(user_id)

    async def set_report_time(self, user_id: int, minute: int | None) -> HearingCard:
        if minute is not None and not 0 <= minute < 24 * 60:
            raise DeskError("no_time_of_day")
        self.preferences[user_id] = replace(self.preferences_of(user_id), report_at=minute)
        return await self.hearing(user_id)

    def find_time_zones(self, text: str) -> Sequence[str]:
        return find_zones(text, NOW)

    async def told(self, user_id: int, ids: Sequence[int]) -> Sequence[StoredNotice]:
        return [found for each in ids if (found := self.told_before.get(each)) and found.user_id == user_id]

    async def daily_picture(
        self, user_id: int, report: DailyReport, *, labels: Mapping[str, str], dark: bool = False
    ) -> bytes | None:
        self.drawn.append(labels)
        return self.daily_png
