"""Statistics and records of a bot, asked for in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, PICTURE, FakeDesk
from tests.tgbot.room import make_room
from tgbot.callbacks import BotAct, ExportPeriod, ExportTable, OnBot
from tgbot.cards.reports import report_labels
from tgbot.words import words_for
from trading.reports.charts import HISTOGRAM_LABELS, OBLIGATION_LABELS
from trading.reports.strategy import COMMON_TABLES
from trading.strategies import STRATEGIES


@pytest.mark.parametrize(
    ("language", "statistics", "export", "cycles"),
    [("en", "Statistics", "Export", "Cycles: 3"), ("ru", "Статистика", "Выгрузка", "Циклов: 3")],
)
async def test_statistics_are_a_picture_with_figures_and_a_way_on(
    language: str, statistics: str, export: str, cycles: str
) -> None:
    room = make_room(FakeDesk(language))
    room.desk.give_bot(GUEST)
    room.desk.report_picture = PICTURE
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press(statistics)
    assert bob.last.is_photo
    assert cycles in bob.text
    assert "+12.3 <USDT>" in bob.text
    assert "new_one: 7" in bob.text
    await bob.press(export)
    assert not bob.last.is_photo


async def test_statistics_without_a_picture_take_the_cards_place() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.figures = {}
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press("Statistics")
    assert "Nothing to tell yet" in bob.text
    assert len(bob.messages) == 1


@pytest.mark.parametrize(
    ("language", "table", "period", "said"),
    [("en", "Fills", "Week", "Fills, Week. Rows: 1"), ("ru", "Сделки", "Неделя", "Сделки, Неделя. Строк: 1")],
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
    assert room.telegram.files == [(f"grid-{bot.id}-fills.csv", b"number,net\r\n1,2.5\r\n")]
    assert said in bob.text
    assert room.desk.changes == [("export", GUEST, bot.id, "fills", timedelta(days=7))]


async def test_all_has_no_beginning_and_without_bots_there_is_nothing_to_choose() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/export")
    assert "no bots" in bob.text
    bot = room.desk.give_bot(GUEST)
    await bob.press_data(ExportPeriod(bot=bot.id, what="orders", period="all").pack())
    assert room.desk.changes[-1][-1] is None


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
        ExportPeriod(bot=own.id, what="../etc", period="all"),
        ExportPeriod(bot=own.id, what="orders", period="century"),
    ):
        await bob.press_data(data.pack())
    assert room.telegram.files == []
    assert room.desk.changes == []


async def test_in_a_group_no_file_is_handed_out() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    bob = room.visitor(GUEST, chat_id=-77)
    await bob.say("/export")
    await bob.press_data(ExportPeriod(bot=bot.id, what="orders", period="all").pack())
    assert room.telegram.files == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_table_and_every_word_of_the_pictures_is_worded(language: str) -> None:
    words = words_for(language)
    tables = {name for strategy in STRATEGIES.values() for name in (*strategy.tables, *COMMON_TABLES)}
    assert {name for name in tables if not words.has(f"choice-export-{name}")} == set()
    bot = FakeDesk(language).give_bot(GUEST, "CRV/USDT", strategy="pingpong", config={})
    labels = report_labels(words, bot)
    assert labels.keys() == HISTOGRAM_LABELS.keys() | OBLIGATION_LABELS.keys()
    assert labels["and_more"].format(count=3).count("3") == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_picture_of_an_obligation_names_its_terms(language: str) -> None:
    desk = FakeDesk(language)
    config = desk.check_settings("liquidity", {"min_depth": "1500", "max_spread_percent": "1.5"})
    told = report_labels(words_for(language), desk.give_bot(GUEST, "CRV/USDT", strategy="liquidity", config=config))
    assert [part for part in ("1.5 %", "1500 USDT", "2 %", "UTC") if part not in told["subtitle"]] == []


def test_buttons_fit_the_longest_names() -> None:
    for strategy in STRATEGIES.values():
        for name in strategy.tables:
            assert len(ExportPeriod(bot=2**31, what=name, period="month").pack()) <= 64
