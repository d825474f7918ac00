"""Every time of day is in the reader's time zone, and each page says once whose clock that is."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, NOW, order
from tests.tgbot.fake_files import a_trial
from tests.tgbot.fake_people import Allowed
from tests.tgbot.fake_profit import part
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor
from tests.tgbot.test_making_a_bot import to_the_preview
from tgbot.callbacks import BotAct, OnBot
from tgbot.cards.bots import bot_card
from tgbot.cards.clocks import times_labels
from tgbot.cards.hearing import quiet_card, report_card, zone_card
from tgbot.cards.members import invites_card
from tgbot.cards.orders import orders_card
from tgbot.cards.trials import trial_caption
from tgbot.logtail import LogTail
from tgbot.spans import read_span
from tgbot.times import clock_text, local_text, zone_name
from tgbot.words import LANGUAGES, words_for
from trading.core.orders import OrderStatus
from trading.desk.answers import Activity, BotOrders
from trading.desk.file_answers import Span
from trading.desk.member_answers import OpenInvite

KOLKATA = "Asia/Kolkata"
"""Half an hour off, so that no other zone is met by chance."""
HERE = "UTC+5:30"


def room_in(zone: str = KOLKATA) -> ChatRoom:
    """At noon in UTC; both people have their clocks in ``zone``."""
    room = make_room()
    for person in (ADMIN, GUEST):
        room.desk.people[person] = replace(room.desk.people[person], time_zone=zone)
    return room


async def opened(visitor: Visitor, command: str, *buttons: str) -> str:
    """The text of the page, and of its buttons."""
    await visitor.say(command)
    for label in buttons:
        await visitor.press(label)
    return "\n".join([visitor.text, *visitor.last.buttons])


def says_once(text: str, *times: str, zone: str = HERE) -> None:
    for each in times:
        assert each in text
    assert text.count(zone) == 1, text
    assert "12:00" not in text, "that is UTC"


async def test_a_persons_card_and_the_list_of_people() -> None:
    room = room_in()
    room.desk.allowed[GUEST] = Allowed(heard=1)
    says_once(await opened(room.ann, "/admin", "People"), "01.01 17:30")
    card = await opened(room.ann, "/admin", "People", "Bob")
    says_once(card, "Here since 01.01 17:30", "Last heard from 01.01 17:30")


async def test_invites() -> None:
    room = room_in()
    says_once(await opened(room.ann, "/admin", "Invites", "One day"), "valid until 02.01 17:30")
    says_once(await opened(room.ann, "/admin", "Invites"), "#1: valid until 02.01 17:30", "Withdraw #1 of 01.01 17:30")


async def test_past_broadcasts_and_maintenance() -> None:
    room = room_in()
    await opened(room.ann, "/admin", "Broadcast")
    await room.ann.say("Dear all")
    await room.ann.press("Send")
    says_once(await opened(room.ann, "/admin", "Broadcast", "Past broadcasts"), "#1 · 01.01 17:30")
    says_once(await opened(room.ann, "/admin", "Broadcast", "Past broadcasts", "#1"), "01.01 17:30 UTC+5:30")
    room.desk.since = NOW
    says_once(await opened(room.ann, "/admin"), "since 01.01 17:30")
    says_once(await opened(room.ann, "/menu"), "since 01.01 17:30")
    says_once(await opened(room.ann, "/admin", "End maintenance"), "began 01.01 17:30")


async def test_shared_links() -> None:
    room = room_in()
    share = room.desk.give_share(GUEST)
    until = local_text(share.expires_at, KOLKATA)
    for buttons in (("Links",), ("Links", "until")):
        text = await opened(room.bob, "/settings", *buttons)
        says_once(text, until)


async def test_the_log_and_its_file() -> None:
    tail = LogTail()
    logger = logging.Logger("venue")
    logger.addHandler(tail)
    record = logger.makeRecord("venue", logging.WARNING, "x", 1, "first\nsecond", (), None)
    record.created = NOW.timestamp()
    logger.handle(record)
    room = make_room(log_tail=tail)
    room.desk.people[ADMIN] = replace(room.desk.people[ADMIN], time_zone=KOLKATA)
    text = await opened(room.ann, "/admin", "Log")
    says_once(text, "01.01 17:30:00 WARNING venue: first\nsecond")
    assert "Kolkata (UTC+5:30)" in text
    await room.ann.press("All as a file")
    [(_, content)] = room.telegram.files
    says_once(content.decode(), "2026-01-01 17:30:00 WARNING venue: first\nsecond\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_paper", [True, False])
def test_a_bots_orders_and_its_pause_say_whose_clock_it_is(language: str, is_paper: bool) -> None:
    words, desk = words_for(language, KOLKATA), make_room().desk
    pause = {"activity": Activity.COOLING_DOWN, "cooldown_until": NOW + timedelta(seconds=5)}
    bot = desk.give_bot(GUEST, is_paper=is_paper, key_id=None if is_paper else 1, **pause)
    done = order(bot.id, "c1.level0", None, status=OrderStatus.FILLED)
    paper = {"en": "aper time", "ru": "умажное время"}[language]
    for text, time in (
        (str(orders_card(words, bot, BotOrders(bot.id, (), (done, done), None)).text), "17:30"),
        (str(bot_card(words, bot).text), "17:30:05"),
    ):
        says_once(text, time)
        assert (paper in text) is is_paper


async def test_profit_has_the_days_of_the_readers_calendar() -> None:
    room = room_in()
    late = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
    room.desk.parts = (part(since=late, now=late + timedelta(hours=1), is_paper=False),)
    text = await opened(room.bob, "/profit")
    says_once(text, "02.01")
    assert "01.01" not in text
    room.desk.parts = (part(since=late, now=late + timedelta(hours=1), is_paper=True),)
    assert "Paper time, Kolkata (UTC+5:30)" in await opened(room.bob, "/profit")


async def test_every_picture_is_asked_for_in_the_readers_time_and_says_so() -> None:
    room = room_in()
    bob = await to_the_preview(room)
    bot = room.desk.give_bot(GUEST)
    room.desk.parts = (part(),)
    await bob.say("/profit")
    for act in (BotAct.STATISTICS, BotAct.CHART):
        await bob.say("/help")
        await bob.press_data(OnBot(act=act, bot=bot.id).pack())
    await opened(bob, "/test", f"#{bot.id}", "1 day")
    await room.done()
    assert room.desk.asked_in == {
        kind: (ZoneInfo(KOLKATA), "Paper time, Kolkata")
        for kind in ("preview", "report", "chart", "profit", "trial_of_bot")
    }


async def test_a_trial_of_a_form_is_asked_for_in_the_readers_time() -> None:
    room = room_in()
    bob = await to_the_preview(room)
    await bob.press("🧪")
    await bob.press("1 day")
    await room.done()
    assert room.desk.asked_in["trial_of_form"] == (ZoneInfo(KOLKATA), "Paper time, Kolkata")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trial_tells_its_candles_in_the_readers_time(language: str) -> None:
    started = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    report = a_trial(started_at=started, ended_at=started + timedelta(days=1))
    says_once(str(trial_caption(words_for(language, KOLKATA), report, ())), "01.01.2026 17:30 - 02.01.2026 17:30")


async def test_days_that_are_typed_are_the_persons_and_files_say_that_they_are_utc() -> None:
    room = room_in()
    room.desk.give_bot(GUEST, is_paper=False, key_id=1)
    question = await opened(room.bob, "/export", "CRV/USDT", "Fills", "From")
    assert "your midnight (Kolkata)" in question
    assert "paper time" not in question
    await room.bob.say("05.01.2026 - 06.01.2026")
    await room.done()
    ends = datetime(2026, 1, 4, 18, 30, tzinfo=UTC), datetime(2026, 1, 6, 18, 30, tzinfo=UTC)
    assert room.desk.changes[-1][-1] == Span(since=ends[0], until=ends[1])
    caption = next(each.text for each in room.bob.messages if "Rows:" in each.text)
    assert "05.01.2026 - 06.01.2026" in caption
    assert "Times in the file are UTC" in caption


async def test_days_of_paper_bots_are_those_of_their_own_clock() -> None:
    room = room_in()
    room.desk.give_bot(GUEST)
    assert "live in paper time" in await opened(room.bob, "/export", "CRV/USDT", "Fills", "From")
    assert "live in paper time" in await opened(room.bob, "/export", "All my bots", "From")


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    span = read_span("29.03.2026 - 29.03.2026", ZoneInfo("Europe/Berlin"))
    assert span.since is not None
    assert span.until is not None
    assert span.until - span.since == timedelta(hours=23)


@pytest.mark.parametrize(
    ("zone", "name", "clock"),
    [
        ("UTC", "UTC", "12:00 UTC"),
        ("Europe/Berlin", "Berlin", "13:00 UTC+1"),
        ("America/Sao_Paulo", "Sao Paulo", "09:00 UTC-3"),
        ("Etc/GMT-7", "UTC+7", "19:00 UTC+7"),
        ("Nowhere/Gone", "Gone", "12:00 UTC"),
    ],
)
def test_a_zone_is_named_by_its_place_and_a_time_by_its_offset(zone: str, name: str, clock: str) -> None:
    assert zone_name(zone) == name
    assert clock_text(NOW, zone) == clock
    assert times_labels(words_for("en", zone))["times"] == f"Times: {name}"


async def test_settings_of_hours_say_whose_clock_it_is_beside_the_button_that_changes_it() -> None:
    room = room_in()
    room.desk.people[GUEST] = replace(room.desk.people[GUEST], time_zone=KOLKATA)
    await room.desk.set_time_zone(GUEST, KOLKATA)
    hearing = replace(await room.desk.hearing(GUEST), now=NOW, next_report_at=NOW + timedelta(hours=1), report_at=1110)
    words = words_for("en", KOLKATA)
    says_once(str(report_card(words, hearing).text), "Next: 01.01 18:30", "Your clock: <b>17:30</b>")
    says_once(str(quiet_card(words, hearing).text), "Your clock: <b>17:30</b>")
    says_once(str(zone_card(words, hearing).text), "Your clock: <b>17:30</b>")


def test_an_empty_list_of_invites_tells_no_clock() -> None:
    assert "🕘" not in invites_card(words_for("en", KOLKATA), ()).text
    assert invites_card(words_for("en", KOLKATA), [OpenInvite(1, NOW, None)]).text.count("🕘") == 1
