"""What a person hears: levels by topic, quiet hours, the time zone, the daily report."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from tgbot.callbacks import Go, HearPage, OnHearing, Page, SetLevel, SetQuiet, SetReport, SetZone
from tgbot.cards.card import Card, Row, blocks, button, in_rows, lines
from tgbot.times import hours_text, local_text, time_text, zone_text
from tgbot.words import Html, Words
from trading.core.hearing import QuietHours
from trading.desk.hearing_answers import HearingCard, TopicChoice
from trading.desk.zones import MOST_EAST, MOST_WEST, zone_at

_NIGHTS = ((22, 7), (22, 8), (23, 7), (23, 8), (0, 8), (0, 9))
_HOURS = tuple(QuietHours(begins * 60, ends * 60) for begins, ends in _NIGHTS)
_REPORTS = tuple(hour * 60 for hour in (7, 8, 9, 10, 18, 21))
_NEVER = -1


def hearing_rows(words: Words, hearing: HearingCard) -> list[Row]:
    """The doors to these pages, each with what is set."""
    quiet = hours_text(hearing.quiet) if hearing.quiet else "none"
    report = time_text(hearing.report_at) if hearing.report_at is not None else "none"
    zone = zone_text(hearing.time_zone, hearing.now)
    return [
        [button(words.plain("button-levels"), OnHearing(page=HearPage.LEVELS))],
        [button(words.plain("button-quiet", hours=quiet), OnHearing(page=HearPage.QUIET))],
        [button(words.plain("button-daily", time=report), OnHearing(page=HearPage.REPORT))],
        [button(words.plain("button-zone", zone=zone), OnHearing(page=HearPage.ZONE))],
    ]


def levels_card(words: Words, hearing: HearingCard) -> Card:
    choices = [_level_button(words, choice) for choice in hearing.topics]
    text = blocks(words("levels-title"), words("levels-how"), words("levels-essential"))
    return Card(text, [*in_rows(choices, 2), [_back(words)]])


def quiet_card(words: Words, hearing: HearingCard, said: Html | None = None) -> Card:
    quiet = hearing.quiet
    choices = [
        button(_marked(hours_text(each), each == quiet), SetQuiet(begins=each.begins, ends=each.ends))
        for each in _HOURS
    ]
    off = button(_marked(words.plain("button-off"), quiet is None), SetQuiet(begins=_NEVER, ends=_NEVER))
    text = blocks(
        said,
        lines(words("quiet-title"), words("quiet-now", hours=hours_text(quiet)) if quiet else words("quiet-none")),
        words("quiet-about"),
        _clock_line(words, hearing),
        words("quiet-ask"),
    )
    return Card(text, [*in_rows(choices, 2), [off], [_zone_button(words, hearing)], [_back(words)]])


def zone_card(words: Words, hearing: HearingCard, *, found: Sequence[str] = (), said: Html | None = None) -> Card:
    """``found``: what can be meant by a typed text, where that is not clear; ``said`` is the answer to it."""
    if found:
        choices = [button(zone_text(name, hearing.now) + _region(name), SetZone(zone=name)) for name in found]
        back = button(words.plain("button-back"), OnHearing(page=HearPage.ZONE))
        return Card(blocks(words("zone-title"), words("zone-which")), [*in_rows(choices, 1), [back]])
    offsets = [_offset_button(hours, hearing.time_zone) for hours in range(MOST_WEST, MOST_EAST + 1)]
    text = blocks(said, lines(words("zone-title"), _clock_line(words, hearing)), words("zone-ask"))
    return Card(text, [*in_rows(offsets, 5), [_back(words)]])


def report_card(words: Words, hearing: HearingCard, said: Html | None = None) -> Card:
    at = hearing.report_at
    choices = [button(_marked(time_text(each), each == at), SetReport(minute=each)) for each in _REPORTS]
    off = button(_marked(words.plain("button-off"), at is None), SetReport(minute=_NEVER))
    next_at = hearing.next_report_at
    text = blocks(
        said,
        lines(
            words("daily-title"),
            words("daily-now", time=time_text(at)) if at is not None else words("daily-none"),
            words("daily-next", at=local_text(next_at, hearing.time_zone)) if next_at else None,
        ),
        words("daily-about"),
        _clock_line(words, hearing),
        words("daily-ask"),
    )
    return Card(text, [*in_rows(choices, 3), [off], [_zone_button(words, hearing)], [_back(words)]])


def topic_name(words: Words, topic: str) -> str:
    """A topic of a strategy that has no words yet is called by its code."""
    return words.plain(f"topic-{topic}") if words.has(f"topic-{topic}") else topic


def _level_button(words: Words, choice: TopicChoice) -> InlineKeyboardButton:
    text = words.plain(
        "button-level",
        level=choice.level.value,
        topic=topic_name(words, choice.topic),
        lock="yes" if choice.keeps_essential else "no",
    )
    return button(text, SetLevel(topic=choice.topic, level=choice.following))


def _offset_button(hours: int, chosen: str) -> InlineKeyboardButton:
    zone = zone_at(hours)
    return button(_marked(f"{hours:+d}" if hours else "UTC", zone == chosen), SetZone(zone=zone))


def _clock_line(words: Words, hearing: HearingCard) -> Html:
    zone = hearing.time_zone
    time = local_text(hearing.now, zone, "%H:%M")
    return words("zone-now", zone=zone_text(zone, hearing.now), time=time)


def _region(zone: str) -> str:
    return f", {zone.split('/', maxsplit=1)[0]}" if "/" in zone and not zone.startswith("Etc/") else ""


def _zone_button(words: Words, hearing: HearingCard) -> InlineKeyboardButton:
    zone = zone_text(hearing.time_zone, hearing.now)
    return button(words.plain("button-zone", zone=zone), OnHearing(page=HearPage.ZONE))


def _marked(text: str, chosen: bool) -> str:
    return f"{text} ✓" if chosen else text


def _back(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-back"), Go(page=Page.SETTINGS))
