from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from math import sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Side
from trading.core.orders import Fill
from trading.core.planning import CycleResult
from trading.reports.profit import EquitySample, Period, daily_closes, drawdown, execution, figures, in_period, sharpe

START = datetime(2026, 3, 2, tzinfo=UTC)


def cycle(number: int, gross: str, fees: str = "0", funding: str = "0") -> CycleResult:
    ended = START + timedelta(days=number)
    return CycleResult(number, START, ended, "take_profit", D(gross), D(fees), D(funding), D(100))


def curve(*equities: str, hours: int = 24) -> list[EquitySample]:
    return [EquitySample(START + timedelta(hours=hours * place), D(text)) for place, text in enumerate(equities)]


def fill(price: str, amount: str, fee: str, currency: str, maker: bool | None) -> Fill:
    return Fill("t", "v", "c", "CRV/USDT:USDT", Side.BUY, D(price), D(amount), D(fee), currency, maker, START)


def test_figures_are_net_of_fees_and_funding() -> None:
    found = figures([cycle(1, "10", "1", "-0.5"), cycle(2, "-4", "0.5"), cycle(3, "0.2", "0.2")])
    assert (found.gross, found.fees, found.funding, found.net) == (D("6.2"), D("1.7"), D("-0.5"), D("4.0"))
    assert (found.cycles, found.wins, found.losses) == (3, 1, 1)
    assert (found.best, found.worst) == (D("8.5"), D("-4.5"))
    assert found.profit_factor == pytest.approx(8.5 / 4.5)
    assert found.win_rate == pytest.approx(1 / 3)


def test_no_cycles_have_no_rates() -> None:
    found = figures([])
    assert (found.net, found.profit_factor, found.win_rate, found.best) == (D(0), None, None, None)


def test_a_profit_factor_without_a_loss_is_not_made_up() -> None:
    assert figures([cycle(1, "3")]).profit_factor is None


@given(st.lists(st.tuples(st.decimals(-1000, 1000, places=8), st.decimals(0, 5, places=8)), max_size=30))
def test_sums_of_money_are_exact(rows: list[tuple[D, D]]) -> None:
    cycles = [cycle(place, str(gross), str(fee)) for place, (gross, fee) in enumerate(rows)]
    found = figures(cycles)
    assert found.net == sum((gross - fee for gross, fee in rows), D(0)) == found.gross - found.fees + found.funding


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        (Period.DAY, datetime(2026, 3, 12, tzinfo=UTC)),
        (Period.WEEK, datetime(2026, 3, 9, tzinfo=UTC)),
        (Period.MONTH, datetime(2026, 3, 1, tzinfo=UTC)),
        (Period.ALL, None),
    ],
)
def test_periods_begin_where_the_calendar_says(period: Period, begins: datetime | None) -> None:
    assert period.begins(datetime(2026, 3, 12, 17, 5, 3, 9, tzinfo=UTC)) == begins


def test_a_cycle_belongs_to_the_period_in_which_it_ended() -> None:
    cycles = [cycle(number, "1") for number in range(5)]
    since, until = START + timedelta(days=1), START + timedelta(days=3)
    assert [found.number for found in in_period(cycles, since, until)] == [1, 2]


def test_drawdown_is_the_deepest_fall_from_a_peak() -> None:
    found = drawdown(curve("100", "120", "90", "130", "110", "140"), D(200))
    assert (found.loss, found.percent_of_deposit) == (D(30), D(15))
    assert (found.peak_at, found.trough_at) == (START + timedelta(days=1), START + timedelta(days=2))


def test_a_curve_that_only_rises_has_no_drawdown() -> None:
    assert drawdown(curve("1", "2", "3"), D(1)).loss == 0


def test_daily_closes_take_the_last_sample_and_carry_over_silent_days() -> None:
    samples = [*curve("1", "2", "3", hours=8), EquitySample(START + timedelta(days=3, hours=1), D(9))]
    closes = daily_closes(samples)
    assert [close.equity for close in closes] == [D(3), D(3), D(3), D(9)]
    assert [close.at.day for close in closes] == [2, 3, 4, 5]


def sharpe_of(*changes: float) -> float:
    """By hand, of daily changes over a deposit of 50."""
    returns = [change / 50 for change in changes]
    return fmean(returns) / stdev(returns) * sqrt(365)


def test_sharpe_follows_its_formula() -> None:
    # Of each day's midnight: nothing happened on the first day after that.
    samples = curve("100", "101", "103", "102", "104", "104", "107")
    assert sharpe(samples, D(50)) == pytest.approx(sharpe_of(0, 1, 2, -1, 2, 0, 3))


@pytest.mark.parametrize("began", [timedelta(0), timedelta(hours=15)], ids=["whole", "made_in_it"])
def test_the_first_day_is_in_the_sharpe_ratio(began: timedelta) -> None:
    """The 10 that were lost before the first midnight are as lost as any."""
    first = [EquitySample(START + began, D(0)), EquitySample(START + timedelta(hours=20), D(-10))]
    later = [
        EquitySample(START + timedelta(days=day, hours=20), D(value))
        for day, value in enumerate((-9, -8, -6, -5), start=1)
    ]
    assert sharpe([*first, *later], D(50)) == pytest.approx(sharpe_of(-10, 1, 1, 2, 1))
    assert sharpe([*first, *later[:-1]], D(50)) is None, "four days are too few"
    assert sharpe([], D(50)) is None


@pytest.mark.parametrize("equities", [["1", "2", "3"], ["5"] * 20])
def test_sharpe_is_not_told_from_too_little_or_from_nothing_moving(equities: list[str]) -> None:
    assert sharpe(curve(*equities), D(1)) is None


def test_execution_counts_fees_in_quote_and_the_maker_share_of_what_is_known() -> None:
    fills = [
        fill("2", "10", "0.1", "USDT", True),
        fill("2", "30", "0.5", "CRV", False),
        fill("2", "5", "0.01", "BGB", None),
    ]
    found = execution(fills, quote="USDT", base="CRV")
    assert (found.fills, found.volume, found.fees, found.other_fees) == (3, D(90), D("1.1"), 1)
    assert found.maker_share == pytest.approx(0.25)
