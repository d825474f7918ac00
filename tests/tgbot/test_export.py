"""Records as files, asked for in chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.room import make_room
from tests.tgbot.telegram import parsed
from tgbot.callbacks import AskDates, BotAct, CancelWork, ExportPeriod, ExportTable, OnBot
from tgbot.spans import WrongSpan, read_span
from tgbot.states import Ask
from trading.desk.answers import DeskError
from trading.desk.file_answers import Span
from trading.strategies import STRATEGIES


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "table", "period", "said"),
    [("en", "Fills", "Week", "Fills, Week\nRows: 1"), ("ru", "Сделки", "Неделя", "Сделки, Неделя\nСтрок: 1")],
)
async def test_export_asks_for_bot_content_and_time_and_sends_a_file(
    language: str, table: str, period: str, said: str
) -> None:
    room = make_room(FakeDesk(language))
    bot = room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/export")
    for pressed in ("CRV/USDT", table, period):
        await bob.press(pressed)
    await room.done()
    assert room.telegram.files == [(f"grid-{bot.id}-fills.csv", b"number,net\r\n1,2.5\r\n")]
    assert said in bob.text
    assert room.desk.changes == [("export", GUEST, bot.id, "fills", Span(last=timedelta(days=7)))]
    menu = bob.messages[0]
    assert ("Done" if language == "en" else "Готово") in parsed(menu.text)


@pytest.mark.parametrize(
    ("language", "everything", "contents"), [("en", "All my bots", "Contents"), ("ru", "Все мои боты", "Содержание")]
)
async def test_one_workbook_of_a_bot_or_of_all_of_them(language: str, everything: str, contents: str) -> None:
    room = make_room(FakeDesk(language))
    bot = room.desk.give_bot(GUEST)
    bob = room.bob
    month = Span(last=timedelta(days=30))
    await bob.say("/export")
    await bob.press(everything)
    await bob.press("Month" if language == "en" else "Месяц")
    await room.done()
    await bob.say("/export")
    for pressed in ("CRV/USDT", "Excel", "Month" if language == "en" else "Месяц"):
        await bob.press(pressed)
    await room.done()
    assert [name for name, _ in room.telegram.files] == ["makergram-all.xlsx", f"makergram-{bot.id}.xlsx"]
    assert room.desk.changes == [
        ("workbook", GUEST, None, month, contents),
        ("workbook", GUEST, bot.id, month, contents),
    ]
    assert "15" in bob.text


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2026-01-05 2026-01-31", Span(since=day(5), until=datetime(2026, 2, 1, tzinfo=UTC))),
        ("5.1.2026 - 31.01.2026", Span(since=day(5), until=datetime(2026, 2, 1, tzinfo=UTC))),
        ("с 05.01.2026 по 05.01.2026", Span(since=day(5), until=day(6))),
        ("2026-1-5", Span(since=day(5))),
    ],
)
async def test_days_can_be_typed(typed: str, span: Span) -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/export")
    for pressed in ("CRV/USDT", "Fills", "From"):
        await bob.press(pressed)
    assert "first and the last day" in bob.text
    await bob.say(typed)
    await room.done()
    assert room.desk.changes == [("export", GUEST, bot.id, "fills", span)]
    assert "05.01.2026" in bob.text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-01-31 2026-01-05", "dates-turned"),
        ("2026-02-31", "dates-odd"),
        ("tomorrow", "dates-odd"),
        ("1. 2. 3.", "dates-odd"),
        ("2026-01-01 2026-01-02 2026-01-03", "dates-odd"),
        ("1026-01-01", "dates-odd"),
        ("2026-01-01" + " " * 100, "dates-odd"),
        ("2026-01-01 please", "dates-odd"),
        ("", "dates-odd"),
    ],
)
def test_what_are_no_days_is_refused(typed: str, code: str) -> None:
    with pytest.raises(WrongSpan) as wrong:
        read_span(typed)
    assert wrong.value.code == code


async def test_wrong_days_are_asked_for_again() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/export")
    for pressed in ("CRV/USDT", "Fills", "From"):
        await bob.press(pressed)
    await bob.say("last tuesday")
    assert "could not read" in bob.text
    await bob.say("2026-01-05")
    await room.done()
    assert len(room.telegram.files) == 1


async def test_a_long_export_shows_a_bar_and_can_be_canceled() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.going.clear()
    room.desk.stages_told = [("writing", 0.5)]
    bob = room.bob
    await bob.say("/export")
    for pressed in ("All my bots", "All"):
        await bob.press(pressed)
    while "Writing the file" not in bob.text:
        await room.pause()
    assert "50 %" in bob.text
    assert await bob.press_data(ExportPeriod(bot=0, what="xlsx", period="all").pack()) is not None
    toast = await bob.press("Cancel")
    assert "Canceling" in (toast or "")
    await room.done()
    assert "Canceled" in bob.text
    assert room.telegram.files == []
    assert room.desk.stopped == 1


async def test_a_bar_left_by_a_killed_process_is_taken_away_by_its_cancel() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/menu")
    toast = await bob.press_data(CancelWork(work="0a1b2c3d4e5f").pack())
    assert "ended already" in (toast or "")
    assert "ended already" in bob.text


async def test_what_was_cut_is_said_with_what_to_do() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.file_rows, room.desk.file_cut = 250_000, ("orders", "fills")
    bob = room.bob
    await bob.say("/export")
    for pressed in ("CRV/USDT", "Excel", "All"):
        await bob.press(pressed)
    await room.done()
    assert "newest rows are in these tables: Orders, Fills" in bob.text
    assert "choose a shorter time" in bob.text


async def test_a_refusal_of_the_desk_ends_the_bar_with_its_sentence() -> None:
    room = make_room()
    room.desk.failing["export_workbook"] = DeskError("nothing_to_export")
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/export")
    for pressed in ("All my bots", "Day"):
        await bob.press(pressed)
    await room.done()
    assert "nothing to write" in bob.text


async def test_without_bots_there_is_nothing_to_choose() -> None:
    room = make_room()
    await room.bob.say("/export")
    assert "no bots" in room.bob.text


async def test_anothers_bot_and_made_up_buttons_give_nothing() -> None:
    room = make_room()
    bot = room.desk.give_bot(ADMIN)
    own = room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/export")
    for data in (
        OnBot(act=BotAct.STATISTICS, bot=bot.id),
        OnBot(act=BotAct.EXPORT, bot=bot.id),
        ExportTable(bot=bot.id, what="orders"),
        ExportPeriod(bot=bot.id, what="orders", period="all"),
        ExportPeriod(bot=bot.id, what="xlsx", period="all"),
        ExportPeriod(bot=own.id, what="../etc", period="all"),
        ExportPeriod(bot=own.id, what="orders", period="century"),
        ExportPeriod(bot=0, what="orders", period="all"),
        AskDates(bot=bot.id, what="orders"),
        AskDates(bot=own.id, what="../etc"),
    ):
        await bob.press_data(data.pack())
    await room.done()
    assert room.telegram.files == []
    assert room.desk.changes == []


async def test_days_typed_after_the_bot_was_lost_give_nothing() -> None:
    room = make_room()
    bot = room.desk.give_bot(ADMIN)
    context = room.dispatcher.fsm.get_context(room.bot, chat_id=GUEST, user_id=GUEST)
    await context.set_state(Ask.dates)
    await context.set_data({"export": {"bot": bot.id, "what": "orders"}})
    await room.bob.say("2026-01-05")
    await room.done()
    assert "does not exist" in room.bob.text
    assert room.desk.changes == []


async def test_in_a_group_no_file_is_handed_out() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    bob = room.visitor(GUEST, chat_id=-77)
    await bob.say("/export")
    await bob.press_data(ExportPeriod(bot=bot.id, what="orders", period="all").pack())
    await bob.press_data(ExportPeriod(bot=0, what="xlsx", period="all").pack())
    await room.done()
    assert room.telegram.files == []


def test_buttons_fit_the_longest_names() -> None:
    for strategy in STRATEGIES.values():
        for name in strategy.tables:
            assert len(ExportPeriod(bot=2**31, what=name, period="month").pack()) <= 64
            assert len(AskDates(bot=2**31, what=name).pack()) <= 64
