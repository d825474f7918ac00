"""Pictures of obligations and of durations: they are PNGs, and every label can be read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random
from zoneinfo import ZoneInfo

import pytest
from matplotlib.patches import Rectangle

from trading.core.planning import Sample
from trading.reports.charts import histogram_chart, obligation_chart
from trading.reports.charts.histogram import HISTOGRAM_LABELS as UNITS
from trading.reports.charts.histogram import bins, draw_histogram, duration_words, percentile
from trading.reports.charts.house import Sheet
from trading.reports.charts.obligation import OBLIGATION_LABELS, draw_obligation, length_words, share_words
from trading.reports.obligation import Report, make_report
from trading.strategies.pingpong import statistics

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
RUSSIAN = {
    "times": "Время: Калькутта",
    "times_paper": "Бумажное время, Калькутта",
    "spread": "Спред",
    "depth": "Глубина",
    "kept": "выполнено",
    "breached": "нарушено",
    "unknown": "неизвестно",
    "breaches": "Самые долгие нарушения",
    "no_breaches": "Нарушений не было",
    "and_more": "ещё {count}",
    "open": "продолжается",
    "second": "с",
    "minute": "мин",
    "hour": "ч",
    "paper": "учебный",
    "subtitle": "Обязательство: спред до 2 %, глубина от 1000 USDT в пределах 2 %",
    "cause_sources_apart": "цены бирж слишком разошлись",
}
CODES = [name.removeprefix("cause_") for name in OBLIGATION_LABELS if name.startswith("cause_")]


def report(days: int, breaches: int, minutes: int = 30) -> Report:
    """Samples for the first minutes of each day, what is broken spread over them."""
    chance, samples = Random(3), []
    broken: dict[int, str] = {}
    for place in range(breaches):
        first = chance.randrange(minutes * 60 * days)
        broken.update(dict.fromkeys(range(first, first + chance.randrange(1, 200)), CODES[place % len(CODES)]))
    for number in range(minutes * 60 * days):
        day, second = divmod(number, minutes * 60)
        kept = "no" if number in broken else "yes"
        body = {"spread": kept, "depth": "yes" if number % 700 < 350 else kept, "cause": broken.get(number, "")}
        samples.append(Sample("obligation", START + timedelta(days=day, seconds=second), body))
    return make_report(samples, START, START + timedelta(days=days - 1, minutes=minutes))


def assert_readable(sheet: Sheet) -> None:
    sheet.png()
    boxes = [(text.get_text(), sheet.extent(text)) for text in sheet.texts if text.get_text()]
    for words, (left, bottom, right, top) in boxes:
        assert left >= 0 and bottom >= 0 and right <= sheet.width and top <= sheet.height, words
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (one, a, other, b)
    assert min(float(text.get_fontsize()) for text in sheet.texts) > 6


@pytest.mark.parametrize("labels", [{}, RUSSIAN])
@pytest.mark.parametrize(
    "shown",
    [
        report(1, 0),
        report(2, 40),
        report(1, 1, 5),
        report(9, 60),
        make_report([], START, START + timedelta(days=1)),
    ],
    ids=["all kept", "two days", "minutes", "many days", "nothing known"],
)
def test_no_label_of_an_obligation_covers_another(shown: Report, labels: dict[str, str]) -> None:
    assert_readable(draw_obligation(shown, labels=labels, dark=False, title="ABC/USDT", is_paper=True))


def test_an_obligation_is_a_png_that_is_dark_or_light() -> None:
    light, dark = (obligation_chart(report(1, 2), labels={}, dark=dark, title="ABC/USDT") for dark in (False, True))
    assert light.startswith(b"\x89PNG")
    assert light != dark
    assert 15_000 < len(light) < 300_000


def test_every_cause_is_worded_and_an_unknown_one_is_shown_as_it_is() -> None:
    body = {"spread": "no", "depth": "no", "cause": "new_code"}
    shown = make_report([Sample("obligation", START, body)], START, START + timedelta(seconds=1))
    words = [text.get_text() for text in draw_obligation(shown, labels={}, dark=False, title="A").texts]
    assert "new code · still open" in words


@pytest.mark.parametrize(
    ("begins", "minutes", "shown"),
    [
        ("06:17", 10, "06:15 06:20 06:25 06:30 06:35"),
        ("06:17", 2, "06:17 06:18 06:19 06:20 06:21"),
        ("23:40", 19, "23:40 23:45 23:50 23:55 24:00"),
        ("09:00", 60, "09:00 09:15 09:30 09:45 10:00"),
        ("00:00", 13 * 60, "00 06 12 18 24"),
    ],
)
def test_the_first_hours_of_a_bot_fill_the_picture(begins: str, minutes: int, shown: str) -> None:
    since = START.replace(hour=int(begins[:2]), minute=int(begins[3:]))
    found = make_report([], since, since + timedelta(minutes=minutes))
    words = [text.get_text() for text in draw_obligation(found, labels={}, dark=False, title="A").texts]
    assert [word for word in words if word in shown.split()] == shown.split()


def test_strips_and_breaches_are_by_the_readers_clock_which_is_named_once() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    since = START.replace(hour=6, minute=17)
    body = {"spread": "no", "depth": "yes", "cause": "market"}
    found = make_report([Sample("obligation", since, body)], since, since + timedelta(minutes=10), kolkata)
    labels = {"times": "Times: Kolkata", "times_paper": "Paper time, Kolkata"}
    sheet = draw_obligation(found, labels=labels, dark=False, title="A")
    words = [text.get_text() for text in sheet.texts]
    assert [word for word in words if word in ["11:45", "11:50", "11:55", "12:00", "12:05"]][:5] == [
        *("11:45", "11:50", "11:55", "12:00", "12:05")
    ]
    assert "01.03  11:47:00" in words
    assert words.count("Times: Kolkata") == 1
    assert_readable(sheet)
    paper = draw_obligation(found, labels=labels, dark=True, title="A", is_paper=True)
    assert "Paper time, Kolkata" in [text.get_text() for text in paper.texts]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_day_on_which_clocks_change_stays_within_the_picture(zone: str) -> None:
    for since in (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        found = make_report([], since, since + timedelta(days=3), ZoneInfo(zone))
        sheet = draw_obligation(found, labels={}, dark=False, title="A")
        assert_readable(sheet)
        boxes = [patch for axes in sheet.figure.axes for patch in axes.patches if isinstance(patch, Rectangle)]
        assert all(patch.get_width() >= 0 and patch.get_x() + patch.get_width() <= 801 for patch in boxes)


@pytest.mark.parametrize(
    ("share", "words"),
    [(1, "100%"), (0.99999, "99.99%"), (0.5, "50.00%"), (0.29, "29.00%"), (0.00001, "<0.01%"), (0, "0%")],
)
def test_a_share_is_never_rounded_up(share: float, words: str) -> None:
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "1 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (18_745, "5 h 12 min")],
)
def test_a_length_has_two_units_at_most(seconds: float, words: str) -> None:
    assert length_words(timedelta(seconds=seconds), OBLIGATION_LABELS) == words


@pytest.mark.parametrize(
    "seconds",
    [[0.0], [3.0] * 5, [0.004, 4000.0], [Random(2).lognormvariate(1, 2) for _ in range(5000)], [1e7, 2e7]],
    ids=["instant", "one value", "far apart", "many", "very long"],
)
@pytest.mark.parametrize(
    "labels", [{}, {"median": "Медиана", "count": "Исполнений", "second": "с", "paper": "учебный"}]
)
def test_no_label_of_a_histogram_covers_another(seconds: list[float], labels: dict[str, str]) -> None:
    assert_readable(draw_histogram(seconds, labels=labels, dark=True, title="Time to fill", is_paper=True))


def test_every_value_is_in_one_bin() -> None:
    edges, counts = bins([0.0, 0.001, 0.002, 1.0, 1.5, 59.0, 60.0])
    assert sum(counts) == 7
    assert counts[edges.index(1.0)] == 2
    assert counts[0] == 2
    assert counts[edges.index(60.0)] == 1


@pytest.mark.parametrize("count", [1, 2, 3, 19, 20, 21, 100, 101])
def test_the_picture_has_the_percentile_of_the_figures_beside_it(count: int) -> None:
    seconds = [Decimal(number * number) / 10 for number in range(count)]
    assert percentile([float(value) for value in seconds], 95) == float(statistics.percentile(seconds, 95))


def test_a_histogram_is_a_png_and_needs_values() -> None:
    assert histogram_chart([1.0, 2.0], labels={}, dark=False, title="A").startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="no durations"):
        histogram_chart([], labels={}, dark=False, title="A")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 ms"),
        (0.085, "85 ms"),
        (0.9999, "1 s"),
        (1.44, "1.4 s"),
        (12.4, "12 s"),
        (66, "1.1 min"),
        (12_600, "3.5 h"),
    ],
)
def test_a_duration_is_named_for_people(seconds: float, words: str) -> None:
    assert duration_words(seconds, UNITS) == words
