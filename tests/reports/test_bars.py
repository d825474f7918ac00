"""Bars of profit, looked at through what was written and where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from itertools import combinations
from random import Random

import pytest

from trading.reports.calendar import Piece, Unit
from trading.reports.charts import bars_chart
from trading.reports.charts.bars import draw_bars

START = datetime(2026, 3, 2, tzinfo=UTC)
RUSSIAN = {
    **{"profit": "Закрытая, чистая", "best": "Лучший", "worst": "Худший", "paper": "бумага", "subtitle": "Неделя"},
    **{"times": "Время: Калькутта", "times_paper": "Бумажное время, Калькутта"},
}


def week(*nets: str) -> list[Piece]:
    return [Piece(START + timedelta(days=place), D(net)) for place, net in enumerate(nets)]


def test_bars_are_told_in_sum_and_at_their_ends() -> None:
    sheet = draw_bars(week("1.5", "-2", "0", "4"), Unit.DAY, currency="USDT", labels=RUSSIAN, dark=True, title="Все")
    told = [text.get_text() for text in sheet.texts]
    assert {"+3.50 USDT", "+4.00", "−2.00", "Лучший", "Худший", "02.03", "05.03"} <= set(told)


@pytest.mark.parametrize("count", [1, 7, 12, 24, 31, 62])
@pytest.mark.parametrize("unit", list(Unit))
def test_no_label_covers_another(count: int, unit: Unit) -> None:
    chance = Random(count)
    made = [Piece(START + timedelta(days=place), D(f"{chance.gauss(0, 900):.2f}")) for place in range(count)]
    sheet = draw_bars(made, unit, currency="USDT", labels=RUSSIAN, dark=False, title="Все боты", is_paper=True)
    for one, other in combinations(sheet.texts, 2):
        left, bottom, right, top = sheet.extent(one)
        other_left, other_bottom, other_right, other_top = sheet.extent(other)
        apart = right <= other_left or other_right <= left or top <= other_bottom or other_top <= bottom
        assert apart, f"{one.get_text()!r} and {other.get_text()!r}"
    for text in sheet.texts:
        left, bottom, right, top = sheet.extent(text)
        assert 0 <= left < right <= sheet.width
        assert 0 <= bottom < top <= sheet.height


@pytest.mark.parametrize("nets", [("0", "0"), ("-1", "-2"), ("0.00000001",), ("123456789.12", "-5")])
def test_whatever_was_earned_can_be_drawn(nets: tuple[str, ...]) -> None:
    png = bars_chart(week(*nets), Unit.DAY, currency="BTC", labels={}, dark=False, title="All bots")
    assert png.startswith(b"\x89PNG")
    dark = bars_chart(week(*nets), Unit.DAY, currency="BTC", labels={}, dark=True, title="All bots")
    assert dark != png


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no time"):
        draw_bars([], Unit.DAY, currency="USDT", labels={}, dark=False, title="x")
