"""What people hear, how loud, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trading.core.hearing import MINUTES_A_DAY, QuietHours, moment_of, zone_of
from trading.core.summaries import DailyReport
from trading.core.telling import Level, Loudness, Notice, StoredNotice, Topic
from trading.desk import daily
from trading.desk.answers import DeskError
from trading.desk.hearing_answers import HearingCard, TopicChoice
from trading.desk.house import Room
from trading.desk.zones import find_zones, is_zone
from trading.runtime.outbox import notice_book
from trading.storage import Connection, preferences
from trading.storage.records import PreferencesRecord


class HearingRoom(Room):
    """Levels by topic, quiet hours, the time zone, the daily report."""

    async def hearing(self, user_id: int) -> HearingCard:
        return await self._house.storage.read(lambda c: self._hearing_card(c, user_id))

    async def set_level(self, user_id: int, topic: str, level: Level) -> HearingCard:
        choice = next((each for each in (await self.hearing(user_id)).topics if each.topic == topic), None)
        if choice is None:
            raise DeskError("unknown_topic")
        if level is Level.OFF and not choice.may_be_off:
            raise DeskError("topic_stays_on")
        await self._house.storage.write(lambda c: preferences.set_level(c, user_id, topic, level))
        return await self.hearing(user_id)

    async def set_quiet_hours(self, user_id: int, quiet: QuietHours | None) -> HearingCard:
        begins, ends = (quiet.begins, quiet.ends) if quiet else (None, None)
        return await self._change(user_id, lambda record: replace(record, quiet_from=begins, quiet_to=ends))

    async def set_time_zone(self, user_id: int, name: str) -> HearingCard:
        if not is_zone(name):
            raise DeskError("unknown_time_zone")
        return await self._change(user_id, lambda record: replace(record, time_zone=name))

    async def set_report_time(self, user_id: int, minute: int | None) -> HearingCard:
        if minute is not None and not 0 <= minute < MINUTES_A_DAY:
            raise DeskError("no_time_of_day")
        return await self._change(user_id, lambda record: replace(record, report_at=minute))

    def find_time_zones(self, text: str) -> Sequence[str]:
        return find_zones(text, self._house.now())

    async def told(self, user_id: int, ids: Sequence[int]) -> Sequence[StoredNotice]:
        return await self._house.outbox.told(user_id, ids)

    async def daily_picture(
        self, user_id: int, report: DailyReport, *, labels: Mapping[str, str], dark: bool = False
    ) -> bytes | None:
        record = await self._house.storage.read(lambda c: preferences.preferences_of(c, user_id))
        return await daily.picture(report, record.time_zone, labels, dark=dark)

    async def _change(self, user_id: int, change: Callable[[PreferencesRecord], PreferencesRecord]) -> HearingCard:
        def store(connection: Connection) -> HearingCard:
            preferences.put_preferences(connection, change(preferences.preferences_of(connection, user_id)))
            return self._hearing_card(connection, user_id)

        card = await self._house.storage.write(store)
        self._house.outbox.wake()
        return card

    def _hearing_card(self, connection: Connection, user_id: int) -> HearingCard:
        record = preferences.preferences_of(connection, user_id)
        chosen = preferences.levels_of(connection, user_id)
        now = self._house.now()
        is_admin = user_id in self._house.admin_ids
        kinds = notice_book(self._house.strategies.values()).kinds.values()
        return HearingCard(
            topics=topic_choices([kind for kind in kinds if is_admin or not kind.for_admins], chosen),
            quiet=preferences.hearing_of(record, chosen).quiet,
            time_zone=record.time_zone,
            report_at=record.report_at,
            next_report_at=next_report(record, now),
            now=now,
        )


def topic_choices(kinds: Sequence[type[Notice]], chosen: Mapping[str, Level]) -> Sequence[TopicChoice]:
    """A choice for each topic of these kinds: the house's in their order, then those of strategies by name."""
    by_topic: dict[str, list[type[Notice]]] = {}
    for kind in kinds:
        by_topic.setdefault(str(kind.topic), []).append(kind)
    return [
        TopicChoice(
            topic=topic,
            level=chosen.get(topic) or _loudest(members),
            may_be_off=not all(kind.essential for kind in members),
            keeps_essential=any(kind.essential for kind in members),
        )
        for topic, members in sorted(by_topic.items(), key=_place)
    ]


def next_report(record: PreferencesRecord, now: datetime) -> datetime | None:
    """When the next daily report is due (UTC); None where none is wanted."""
    if record.report_at is None:
        return None
    zone = zone_of(record.time_zone)
    today = now.astimezone(zone).date()
    moment = moment_of(today, record.report_at, zone)
    was_sent = record.reported_on is not None and record.reported_on >= today.isoformat()
    return moment_of(today + timedelta(days=1), record.report_at, zone) if was_sent or moment <= now else moment


def _place(item: tuple[str, object]) -> tuple[int, str]:
    topics = list(Topic)
    return (topics.index(Topic(item[0])), "") if item[0] in topics else (len(topics), item[0])


def _loudest(kinds: Sequence[type[Notice]]) -> Level:
    return Level.LOUD if any(kind.loudness is Loudness.LOUD for kind in kinds) else Level.SILENT
