"""Statistics of a bot, asked for in chat."""

from __future__ import annotations

import pytest

from tests.tgbot.fake_desk import GUEST, PICTURE, FakeDesk
from tests.tgbot.room import make_room
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


TIMES_LABELS = {"times", "times_paper"}
"""How a picture says whose clock its times are by; the same for all pictures."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_table_and_every_word_of_the_pictures_is_worded(language: str) -> None:
    words = words_for(language)
    tables = {name for strategy in STRATEGIES.values() for name in (*strategy.tables, *COMMON_TABLES)}
    assert {name for name in tables if not words.has(f"choice-export-{name}")} == set()
    bot = FakeDesk(language).give_bot(GUEST, "CRV/USDT", strategy="pingpong", config={})
    labels = report_labels(words, bot)
    assert labels.keys() - TIMES_LABELS == HISTOGRAM_LABELS.keys() | OBLIGATION_LABELS.keys()
    assert labels["and_more"].format(count=3).count("3") == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_picture_of_an_obligation_names_its_terms(language: str) -> None:
    desk = FakeDesk(language)
    config = desk.check_settings("liquidity", {"min_depth": "1500", "max_spread_percent": "1.5"})
    told = report_labels(words_for(language), desk.give_bot(GUEST, "CRV/USDT", strategy="liquidity", config=config))
    assert [part for part in ("1.5 %", "1500 USDT", "2 %") if part not in told["subtitle"]] == []
