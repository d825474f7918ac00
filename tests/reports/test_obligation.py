"""The obligation's report: what was kept, what was broken, and what nobody knows."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.liquidity.market import started
from trading.core.planning import Mode, Sample
from trading.reports.csv import breaches_csv, obligation_days_csv
from trading.reports.obligation import Kept, Uptime, make_report, read
from trading.reports.tables import BREACH_COLUMNS, OBLIGATION_DAY_COLUMNS

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sample(at: datetime, spread: str = "yes", depth: str = "yes", cause: str = "", **numbers: str) -> Sample:
    body = {"spread_percent": "1.6", "bid_depth": "1100", "ask_depth": "1090", **numbers}
    return Sample("obligation", at, {**body, "spread": spread, "depth": depth, "cause": cause})


def story(text: str, start: datetime = START) -> list[Sample]:
    """One letter a second: k kept, s spread broken, d depth broken, b both, u unknown, a blank: no sample."""
    words = {
        "k": ("yes", "yes", ""),
        "s": ("no", "yes", "market"),
        "d": ("yes", "no", "our_balance"),
        "b": ("no", "no", "reference_stale"),
        "u": ("unknown", "unknown", "venue_away"),
    }
    return [sample(start + place * SECOND, *words[one]) for place, one in enumerate(text) if one != " "]


@pytest.mark.parametrize(
    ("text", "spread", "depth"),
    [
        ("kkkkkkkkkk", (10, 0, 0), (10, 0, 0)),
        ("kkkksssskk", (6, 4, 0), (10, 0, 0)),
        ("kkkdddbbkk", (8, 2, 0), (5, 5, 0)),
        ("kkkuuuukkk", (6, 0, 4), (6, 0, 4)),
        # a sample speaks for two seconds at most, and nothing for what was before the first
        ("kkk     kk", (6, 0, 4), (6, 0, 4)),
        ("   kkkkkkk", (7, 0, 3), (7, 0, 3)),
        ("ss  ssssss", (0, 9, 1), (9, 0, 1)),
        ("k         ", (2, 0, 8), (2, 0, 8)),
        ("          ", (0, 0, 10), (0, 0, 10)),
    ],
)
def test_every_second_is_kept_broken_or_unknown(
    text: str, spread: tuple[int, int, int], depth: tuple[int, int, int]
) -> None:
    report = make_report(story(text), START, START + 10 * SECOND)
    assert report.spread == Uptime(*(count * SECOND for count in spread))
    assert report.depth == Uptime(*(count * SECOND for count in depth))


def test_shares_are_of_all_the_time() -> None:
    report = make_report(story("kkkkkks   "), START, START + 10 * SECOND)
    assert (report.spread.kept_share, report.spread.breached_share, report.spread.unknown_share) == (0.6, 0.2, 0.2)


def test_a_breach_has_its_time_length_and_the_cause_that_lasted_longest() -> None:
    samples = story("kksdddk")
    samples[3] = sample(START + 3 * SECOND, "no", "no", "our_balance", spread_percent="2.7", bid_depth="12")
    (breach,) = make_report(samples, START, START + 7 * SECOND).breaches
    assert (breach.start, breach.length) == (START + 2 * SECOND, 4 * SECOND)
    assert (breach.spread, breach.depth, breach.cause) == (True, True, "our_balance")
    assert (breach.worst_spread_percent, breach.lowest_depth) == (D("2.7"), D(12))
    assert not breach.is_open


def test_the_unknown_ends_a_breach_and_the_end_of_the_report_leaves_it_open() -> None:
    report = make_report(story("ss     ss"), START, START + 9 * SECOND)
    assert [(one.start - START, one.length, one.is_open) for one in report.breaches] == [
        (0 * SECOND, 3 * SECOND, False),
        (7 * SECOND, 2 * SECOND, True),
    ]
    assert [one.length / SECOND for one in report.longest] == [3, 2]


def test_a_breach_over_midnight_is_one_and_counts_on_both_days() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    report = make_report(story("kkkssssskk", midnight - 5 * SECOND), midnight - 5 * SECOND, midnight + 5 * SECOND)
    assert len(report.breaches) == 1
    assert [(day.day.day, day.breaches) for day in report.days] == [(2, 1), (3, 1)]
    assert [day.spread.breached / SECOND for day in report.days] == [2, 3]


def test_days_are_those_of_the_readers_calendar_also_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    since = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    report = make_report([], since, since + timedelta(days=2), berlin)
    lengths = [(day.day.day, day.both.unknown / timedelta(hours=1)) for day in report.days]
    assert lengths == [(28, 0.5), (29, 23), (30, 24), (31, 0.5)]
    assert [f"{day.begins:%d.%m %H:%M %z}" for day in report.days][1:3] == ["29.03 00:00 +0100", "30.03 00:00 +0200"]
    midnight = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    broken = make_report(story("kkss", midnight - 3 * SECOND), midnight - 3 * SECOND, midnight + SECOND, berlin)
    assert [(day.day.day, day.breaches, day.spread.breached / SECOND) for day in broken.days] == [
        (29, 1, 1),
        (30, 1, 1),
    ]


def test_a_sample_that_cannot_be_read_is_unknown() -> None:
    odd = Sample("obligation", START, {"spread": "perhaps", "spread_percent": "?"})
    (reading,) = read([odd, Sample("book", START, {})])
    assert (reading.spread, reading.depth, reading.spread_percent, reading.lowest_depth) == (
        *(Kept.UNKNOWN, Kept.UNKNOWN),
        *(None, None),
    )


def test_a_report_needs_time() -> None:
    with pytest.raises(ValueError, match="needs time"):
        make_report([], START, START)


def test_days_without_samples_are_unknown_days() -> None:
    report = make_report([], START, START + timedelta(days=2))
    assert [day.both.unknown for day in report.days] == [timedelta(hours=12), timedelta(days=1), timedelta(hours=12)]


moments = st.lists(st.tuples(st.integers(0, 200_000), st.sampled_from("ksdbu")), max_size=60)


@given(moments, st.integers(0, 150_000), st.integers(1, 60_000))
def test_all_time_is_counted_once(taken: list[tuple[int, str]], after: int, lasts: int) -> None:
    samples = [story(letter, START + timedelta(seconds=at))[0] for at, letter in sorted(taken)]
    since = START + timedelta(seconds=after)
    report = make_report(samples, since, since + timedelta(seconds=lasts))
    for uptime in (report.spread, report.depth, report.both):
        assert uptime.kept + uptime.breached + uptime.unknown == timedelta(seconds=lasts)
    assert sum((day.both.kept for day in report.days), timedelta()) == report.both.kept
    assert sum((breach.length for breach in report.breaches), timedelta()) == report.both.breached
    assert report.both.kept <= min(report.spread.kept, report.depth.kept)
    assert report.both.kept <= 2 * len(samples) * SECOND


def test_what_the_strategy_writes_is_what_the_report_reads() -> None:
    bot = started()
    since = bot.market.now
    bot.wait(30)
    bot.mode = Mode.NO_ENTRIES
    bot.wait(10)
    bot.mode = Mode.RUNNING
    bot.wait(20)
    report = make_report(bot.samples, since, bot.market.now)
    (breach,) = report.breaches
    assert breach.cause == "paused"
    assert 9 <= breach.length / SECOND <= 12
    assert report.both.unknown == timedelta()
    assert breach.worst_spread_percent == 10
    assert breach.lowest_depth == 0


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_days_and_breaches_leave_as_csv() -> None:
    samples = story("kkksssss")
    report = make_report(samples, START, START + 8 * SECOND)
    (day,) = rows(obligation_days_csv(report.days))
    assert tuple(day) == OBLIGATION_DAY_COLUMNS
    assert (day["day_utc"], day["spread_kept_percent"], day["breaches"]) == ("2026-03-02", "37.5", "1")
    (breach,) = rows(breaches_csv(report.breaches))
    assert tuple(breach) == BREACH_COLUMNS
    broken = (breach["seconds"], breach["spread_broken"], breach["depth_broken"], breach["is_open"])
    assert broken == ("5", "yes", "no", "yes")
