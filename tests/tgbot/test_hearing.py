"""The pages behind /settings, at the dispatcher; and what the notifier makes of levels, digests and daily reports."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import GUEST, NOW, FakeDesk
from tests.tgbot.room import make_room
from tests.tgbot.test_notifier import SYMBOL, fill, notifying
from tgbot.callbacks import SetLevel, SetQuiet, SetZone
from tgbot.cards.summaries import daily_card, daily_labels
from tgbot.times import read_hours, read_time
from tgbot.words import words_for
from trading.core import notices as told
from trading.core.hearing import QuietHours
from trading.core.summaries import CyclesProfit, DailyReport, DayOfBots, Digest, TopicCount
from trading.core.telling import Level, StoredNotice


@pytest.mark.parametrize(
    ("language", "door", "fills", "silent"),
    [
        ("en", "🔔 Notifications", "Fills", "Fills: without sound"),
        ("ru", "🔔 Уведомления", "Исполнения", "Исполнения: без звука"),
    ],
)
async def test_a_topic_goes_from_loud_to_silent_to_off_and_back(
    language: str, door: str, fills: str, silent: str
) -> None:
    room = make_room(FakeDesk(language))
    bob = room.bob
    await bob.say("/settings")
    await bob.press(door)
    assert await bob.press(f"🔔 {fills}") == silent
    assert room.desk.levels[GUEST] == {"fills": Level.SILENT}
    await bob.press(f"🔕 {fills}")
    await bob.press(f"🚫 {fills}")
    assert room.desk.levels[GUEST] == {"fills": Level.LOUD}


async def test_what_must_be_known_is_marked_and_not_switched_off_by_a_forged_press() -> None:
    room = make_room()
    toast = await room.bob.press_data(SetLevel(topic="key", level=Level.OFF).pack())
    assert "have to hear of this" in (toast or room.bob.text)
    assert room.desk.levels[GUEST] == {}
    assert "no longer valid" in str(await room.bob.press_data(SetLevel(topic="gone", level=Level.OFF).pack()))


async def test_quiet_hours_are_pressed_or_typed() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/settings")
    await bob.press("🌙 Quiet hours: off")
    await bob.press("23:00–07:00")
    assert room.desk.preferences[GUEST].quiet_from == 23 * 60
    await bob.say("22:30-7:15")
    assert "Quiet hours: 22:30–07:15" in bob.text
    await bob.say("soon")
    assert "Two times of day" in bob.text
    assert room.desk.preferences[GUEST].quiet_to == 7 * 60 + 15
    await bob.press("Off")
    assert room.desk.preferences[GUEST].quiet_from is None
    assert "no longer valid" in str(await bob.press_data(SetQuiet(begins=5, ends=5).pack()))


@pytest.mark.parametrize(
    ("language", "typed", "zone"),
    [
        ("en", "Berlin", "Europe/Berlin"),
        ("ru", "москва", "Europe/Moscow"),
        ("en", "+3", "Etc/GMT-3"),
        ("en", "Mumbai", "Asia/Kolkata"),
    ],
)
async def test_a_time_zone_is_typed(language: str, typed: str, zone: str) -> None:
    room = make_room(FakeDesk(language))
    await room.bob.say("/settings")
    await room.bob.press(next(each for each in room.bob.last.buttons if each.startswith("🕘")))
    await room.bob.say(typed)
    assert room.desk.people[GUEST].time_zone == zone


async def test_a_time_zone_that_is_not_clear_is_asked_back_and_pressed() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/settings")
    await bob.press("🕘 Time zone: UTC")
    await bob.say("atlantis")
    assert "I do not know “atlantis”" in bob.text
    await bob.say("por")
    assert "Which one?" in bob.text
    await bob.press(next(each for each in bob.last.buttons if "Port" in each))
    assert room.desk.people[GUEST].time_zone != "UTC"
    assert await bob.press_data(SetZone(zone="Mars/Olympus").pack()) == "I do not know that time zone."


async def test_the_daily_report_has_a_time_or_is_off() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/settings")
    await bob.press("🗞 Daily report: 09:00")
    await bob.press("18:00")
    assert room.desk.preferences[GUEST].report_at == 18 * 60
    await bob.say("8:30")
    assert room.desk.preferences[GUEST].report_at == 510
    await bob.say("25:00")
    assert "time of day is needed" in bob.text
    await bob.press("Off")
    assert room.desk.preferences[GUEST].report_at is None


@pytest.mark.parametrize(("text", "minute"), [("9", 540), ("09.30", 570), ("24", None), ("9:7", None), ("x", None)])
def test_times_of_day_are_read(text: str, minute: int | None) -> None:
    assert read_time(text) == minute


@pytest.mark.parametrize("text", ["22:30-7:15", "22.30 – 07.15", "22:30 7:15", "22:30 to 7:15", "22:30 до 7:15"])
def test_hours_are_read(text: str) -> None:
    assert read_hours(text) == QuietHours(1350, 435)


async def test_levels_change_the_sound_and_never_the_order() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    for level, fact in ((Level.SILENT, told.BotStarted(symbol=SYMBOL)), (None, fill()), (Level.SILENT, fill()),
                        (Level.LOUD, told.BotResumed(symbol=SYMBOL)), (Level.SILENT, fill())):  # fmt: skip
        number = desk.tell(GUEST, fact, bot.id)
        desk.waiting[number] = replace(desk.waiting[number], level=level)
    async with notifying(desk) as post:
        await post.clock.advance(40)
        shown = list(post.telegram.shown.values())
    assert [each.silent for each in shown] == [True, False, False, True]
    assert ["Started" in shown[0].text, "2 entries" in shown[1].text, "Working again" in shown[2].text] == [True] * 3
    assert desk.delivered == sorted(desk.delivered)


async def test_a_digest_counts_and_repeats_what_matters_in_the_persons_time() -> None:
    desk = FakeDesk("ru")
    await desk.set_time_zone(GUEST, "Asia/Tokyo")
    bot = desk.give_bot(GUEST)
    paused = told.BotPaused(symbol=SYMBOL, cause="errors")
    desk.told_before[7] = StoredNotice(id=7, user_id=GUEST, bot_id=bot.id, created_at=NOW, notice=paused)
    desk.tell(GUEST, Digest(
        since=NOW, counts=(TopicCount(topic="fills", count=12),), important=(7, 8),
        profits=(CyclesProfit(quote="USDT", is_paper=True, net=Decimal("1.5"), cycles=2),),
    ))  # fmt: skip
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (text,) = post.texts(GUEST)
    assert "с 21:00" in text
    assert "Исполнения: 12" in text
    assert "Бумага, 2 цикла завершены: +1.50 USDT" in text
    assert "На паузе" in text


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("en", 864_000, "In paper time these 24 hours were 10 days."),
        ("en", 7_200, "In paper time these 24 hours were 2 hours."),
        ("ru", 864_000, "В бумажном времени эти 24 часа — 10 дней."),
        ("ru", 7_500, "В бумажном времени эти 24 часа — 2 часа."),
        ("ru", 86_400, None),
    ],
)
def test_a_paper_day_says_how_long_it_was_by_the_paper_clock(language: str, seconds: int, said: str | None) -> None:
    words = words_for(language)
    paper = DayOfBots(
        quote="USDT", is_paper=True, deposit=Decimal(100), net=Decimal(3), open_profit=Decimal(0),
        drawdown=Decimal(2), drawdown_percent=Decimal(2), fills=5, seconds=seconds,
    )  # fmt: skip
    report = DailyReport(day=NOW.date(), groups=(paper,), bots=())
    text, title = daily_card(words, report).text, daily_labels(words, report)["title_paper"]
    if said is None:
        assert "🕘" not in text
        assert title == words.plain("picture-daily-title")
    else:
        assert said in text
        assert said.split()[-2] in title
    live = replace_group(report, is_paper=False)
    assert "🕘" not in daily_card(words, live).text


def replace_group(report: DailyReport, **facts: object) -> DailyReport:
    return report.model_copy(update={"groups": (report.groups[0].model_copy(update=facts),)})


@pytest.mark.parametrize("has_picture", [True, False])
async def test_a_daily_report_is_a_picture_with_its_figures_below(has_picture: bool) -> None:
    desk = FakeDesk()
    desk.daily_png = desk.daily_png if has_picture else None
    group = DayOfBots(
        quote="USDT", is_paper=True, deposit=Decimal(100), net=Decimal("3.2"), open_profit=Decimal(-1),
        drawdown=Decimal(2), drawdown_percent=Decimal(2), fills=5,
    )  # fmt: skip
    desk.tell(GUEST, DailyReport(day=NOW.date(), groups=(group,), bots=()))
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (shown,) = post.telegram.shown.values()
    assert shown.is_photo is has_picture
    assert "Paper, USDT: +3.20 after fees" in post.texts(GUEST)[0]
    assert desk.waiting == {}
