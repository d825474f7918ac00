"""Profit of bots over time, by worked examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Funding, fold
from trading.core.orders import Fill
from trading.core.planning import CycleResult
from trading.reports.books import QUARTER, BotBooks, Folding, Step, account, profit_curve
from trading.reports.calendar import MOST_BARS, Piece, Unit, pieces, unit_for
from trading.reports.profit import EquitySample, drawdown, profit_factor

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
CRV = Instrument("bitget", "CRV/USDT:USDT", MarketKind.PERPETUAL, "CRV", "USDT", D("0.0001"), D("0.1"))


def fill(
    side: Side, price: str, amount: str, at: datetime = START, *, fee: str = "0", coin: str = "USDT",
    maker: bool | None = True,
) -> Fill:  # fmt: skip
    return Fill("t", "v", "c", CRV.symbol, side, D(price), D(amount), D(fee), coin, maker, at)


def folded(*events: Fill | Funding) -> Folding:
    folding = Folding(CRV)
    for event in events:
        if isinstance(event, Fill):
            folding.fill(event)
        else:
            folding.pay(event)
    return folding


def bot(*events: Fill | Funding, **facts: object) -> BotBooks:
    made = BotBooks(1, "CRV/USDT", "USDT", D(100), START, folded(*events).steps, open_profit=D(0))
    return replace(made, **facts)  # type: ignore[arg-type]  # facts are open


def worth(*values: tuple[timedelta, str]) -> list[EquitySample]:
    return [EquitySample(START + after, D(value)) for after, value in values]


def step(after: timedelta, net: str) -> Step:
    return Step(START + after, gross=D(net), won=max(D(net), D(0)), lost=max(-D(net), D(0)), volume=D(1), fills=1)


def test_a_round_trip_and_its_costs() -> None:
    """Bought 100 at 0.50 and sold them at 0.52: 2 earned, 0.05 + 0.06 of fees paid, 0.01 of funding paid."""
    [made] = folded(
        fill(Side.BUY, "0.50", "100", fee="0.05", maker=False),
        Funding("f", CRV.symbol, D("-0.01"), START + timedelta(minutes=1)),
        fill(Side.SELL, "0.52", "100", START + timedelta(minutes=2), fee="0.06"),
    ).steps
    assert (made.gross, made.fees, made.funding, made.net) == (D(2), D("0.11"), D("-0.01"), D("1.88"))
    assert (made.volume, made.told, made.by_maker, made.fills) == (D(102), D(102), D(52), 2)
    # Each by itself: the purchase cost its fee, the payment itself, and the sale earned the rest.
    assert (made.lost, made.won) == (D("0.06"), D("1.94"))


def test_fees_in_a_third_coin_are_told_and_not_in_the_profit() -> None:
    events = [fill(Side.BUY, "0.5", "100", fee="0.2", coin="BGB"), fill(Side.SELL, "0.5", "100", fee="0.3", coin="BGB")]
    whole = account([bot(*events)], quote="USDT", since=None, now=START + HOUR)
    assert (whole.sums.net, whole.sums.fees, whole.sums.other_fees) == (D(0), D(0), {"BGB": D("0.5")})


def test_a_fee_in_the_base_coin_is_counted_at_its_price() -> None:
    [made] = folded(fill(Side.BUY, "0.5", "100", fee="0.1", coin="CRV")).steps
    assert made.fees == D("0.05")


amounts = st.decimals("0.1", 100, places=1)
prices = st.decimals("0.1", 2, places=4)


@given(st.lists(st.tuples(st.sampled_from(Side), prices, amounts, st.integers(0, 100)), max_size=25))
def test_folding_adds_up_to_the_ledger(rows: list[tuple[Side, D, D, int]]) -> None:
    made = [
        fill(side, str(price), str(amount), START + hours * HOUR, fee="0.01") for side, price, amount, hours in rows
    ]
    steps, ledger = folded(*made).steps, fold(made, CRV)
    assert sum((each.net for each in steps), D(0)) == pytest.approx(ledger.net, abs=D("1e-20"))
    assert sum((each.won - each.lost for each in steps), D(0)) == pytest.approx(ledger.net, abs=D("1e-20"))
    assert sum((each.volume for each in steps), D(0)) == ledger.volume
    assert sum(each.fills for each in steps) == len(made)
    assert [each.at for each in steps] == sorted({each.at for each in steps})


def test_a_period_holds_what_happened_in_it() -> None:
    books = bot(steps=[step(HOUR, "1"), step(25 * HOUR, "2"), step(26 * HOUR, "-0.5")])
    whole = account([books], quote="USDT", since=START + DAY, now=START + 2 * DAY)
    assert whole.sums.net == D("1.5")
    assert whole.sums.profit_factor == pytest.approx(4)
    assert account([books], quote="USDT", since=None, now=START + 2 * DAY).sums.net == D("2.5")


def test_where_there_are_rounds_the_profit_factor_is_of_them() -> None:
    def cycle(number: int, gross: str) -> CycleResult:
        at = START + number * HOUR
        return CycleResult(number, at, at, "take_profit", D(gross), D(0), D(0), D(10))

    books = bot(steps=[step(HOUR, "3"), step(2 * HOUR, "-9")], cycles=[cycle(1, "6"), cycle(2, "-4"), cycle(30, "1")])
    whole = account([books], quote="USDT", since=None, now=START + 2 * DAY)
    assert (whole.sums.won, whole.sums.lost, whole.sums.rounds) == (D(7), D(4), 3)
    assert account([books], quote="USDT", since=START + DAY, now=START + 2 * DAY).sums.profit_factor is None


def test_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="only what is in USDT"):
        account([bot(), bot(quote="BTC")], quote="USDT", since=None, now=START + HOUR)


def test_the_curve_is_the_sum_of_each_bots_last_word() -> None:
    one = bot(worth=worth((HOUR, "5"), (2 * HOUR, "7")), open_profit=None)
    other = bot(worth=worth((HOUR + timedelta(seconds=1), "-2"), (3 * HOUR, "-3")), open_profit=None)
    curve = list(profit_curve([one, other], START, START + DAY))
    assert [(point.at - START, point.equity) for point in curve] == [
        (timedelta(0), D(0)),
        (HOUR + timedelta(seconds=1), D(3)),
        (2 * HOUR, D(5)),
        (3 * HOUR, D(4)),
    ]


def test_bots_that_move_against_each_other_make_no_drawdown_of_the_moment_between_two_samples() -> None:
    second = timedelta(seconds=1)
    long = bot(worth=worth((HOUR, "0"), (2 * HOUR, "-50"), (3 * HOUR, "10")), open_profit=None)
    short = bot(
        worth=worth((HOUR + second, "0"), (2 * HOUR + second, "50"), (3 * HOUR + second, "-10")), open_profit=None
    )
    assert account([long, short], quote="USDT", since=START, now=START + DAY).drawdown.loss == 0


def test_a_period_begins_with_what_there_was_before_it() -> None:
    books = bot(worth=worth((HOUR, "40"), (DAY + HOUR, "36"), (DAY + 2 * HOUR, "39")), open_profit=None)
    whole = account([books], quote="USDT", since=START + DAY, now=START + 2 * DAY)
    assert [point.equity for point in whole.curve] == [0, -4, -1]
    assert (whole.drawdown.loss, whole.drawdown.percent_of_deposit) == (D(4), D(4))


def test_without_samples_the_curve_is_what_was_realized_and_ends_with_what_is_open() -> None:
    books = bot(steps=[step(HOUR, "1"), step(2 * HOUR, "2")], open_profit=D("-5"))
    curve = list(profit_curve([books], START, START + DAY))
    assert [point.equity for point in curve] == [0, 1, 3, -2]


MADE = START + timedelta(hours=10, minutes=7)
"""Within a quarter of an hour, as nearly every bot is made."""
FIRST_MINUTES = (
    fill(Side.BUY, "0.50", "100", MADE + timedelta(minutes=1), fee="0.05"),
    fill(Side.SELL, "0.45", "100", MADE + timedelta(minutes=3), fee="0.05"),
)
"""5 lost, and 0.10 of fees."""


@pytest.mark.parametrize("is_sampled", [True, False])
def test_what_a_bot_did_in_its_first_quarter_of_an_hour_is_in_its_curve(is_sampled: bool) -> None:
    sampled = [EquitySample(MADE + timedelta(minutes=minute), D("-5.1")) for minute in (4, 5)] if is_sampled else []
    books = bot(*FIRST_MINUTES, created_at=MADE, worth=sampled)
    for since in (None, START):
        whole = account([books], quote="USDT", since=since, now=MADE + HOUR)
        assert whole.curve[0] == EquitySample(MADE, D(0))
        assert whole.curve[-1] == EquitySample(MADE + HOUR, D("-5.1"))
        assert [point.at for point in whole.curve] == sorted(point.at for point in whole.curve)
        assert whole.drawdown.loss == D("5.1") == -whole.sums.net


@pytest.mark.parametrize("is_sampled", [True, False])
def test_a_period_begins_after_the_quarter_of_an_hour_before_it(is_sampled: bool) -> None:
    steps = [step(DAY - QUARTER, "7"), step(DAY, "1")]
    sampled = worth((DAY + timedelta(minutes=1), "8")) if is_sampled else []
    whole = account([bot(steps=steps, worth=sampled)], quote="USDT", since=START + DAY, now=START + DAY + HOUR)
    assert (whole.curve[0].equity, whole.curve[-1].equity, whole.sums.net) == (0, 1, 1)


def test_a_bot_that_ended_in_its_first_quarter_of_an_hour_counts_with_its_deposit() -> None:
    books = bot(*FIRST_MINUTES, created_at=MADE, is_active=False)
    whole = account([books], quote="USDT", since=None, now=MADE + HOUR)
    assert (whole.deposit, whole.drawdown.percent_of_deposit) == (100, D("5.1"))


def test_days_before_the_first_bot_make_no_sharpe_ratio() -> None:
    young = bot(created_at=START + 6 * DAY, worth=worth((6 * DAY + HOUR, "1"), (6 * DAY + 2 * HOUR, "2")))
    whole = account([young], quote="USDT", since=START, now=START + 7 * DAY - HOUR)
    assert whole.sharpe is None
    assert whole.curve[0].at == START + 6 * DAY


def test_only_bots_that_were_alive_count_with_their_deposit() -> None:
    alive, dead = bot(), bot(is_active=False, steps=[step(HOUR, "1")])
    assert account([alive, dead], quote="USDT", since=START + DAY, now=START + 2 * DAY).deposit == 100
    assert account([alive, dead], quote="USDT", since=START, now=START + 2 * DAY).deposit == 200


def test_no_deposit_has_no_percent_and_no_sharpe_ratio() -> None:
    books = bot(deposit=D(0), worth=worth(*((day * DAY, str(day % 3)) for day in range(9))))
    whole = account([books], quote="USDT", since=None, now=START + 9 * DAY)
    assert (whole.drawdown.percent_of_deposit, whole.sharpe) == (0, None)


def test_formulas_by_the_examples_of_their_descriptions() -> None:
    assert profit_factor([D("8.5"), D("-4"), D("-0.5")]) == pytest.approx(1.889, abs=0.001)
    assert profit_factor([D(3)]) is None
    fell = drawdown(worth((0 * HOUR, "100"), (1 * HOUR, "120"), (2 * HOUR, "90"), (3 * HOUR, "130")), D(200))
    assert (fell.loss, fell.percent_of_deposit) == (D(30), D(15))


# By the calendar


def test_every_day_of_a_week_has_a_bar() -> None:
    steps = [step(HOUR, "1"), step(2 * DAY + HOUR, "-2"), step(2 * DAY + 5 * HOUR, "0.5")]
    made = pieces(steps, START, START + 4 * DAY + HOUR, Unit.DAY)
    assert [(piece.begins.day, piece.net) for piece in made] == [(2, 1), (3, 0), (4, D("-1.5")), (5, 0), (6, 0)]


def test_days_are_cut_at_the_persons_midnight() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    late = step(timedelta(hours=18, minutes=15), "1")
    early = step(timedelta(hours=18), "2")
    assert [piece.net for piece in pieces([early, late], START, START + DAY - HOUR, Unit.DAY, kathmandu)] == [2, 1]


@pytest.mark.parametrize(
    ("length", "unit"),
    [
        (timedelta(hours=9), Unit.HOUR),
        (timedelta(days=7), Unit.DAY),
        (timedelta(days=31), Unit.DAY),
        (timedelta(days=200), Unit.WEEK),
        (timedelta(days=900), Unit.MONTH),
    ],
)
def test_bars_are_as_fine_as_there_is_room(length: timedelta, unit: Unit) -> None:
    assert unit_for(START, START + length) is unit
    assert len(pieces([], START, START + length, unit)) <= MOST_BARS + 1


@given(
    st.lists(st.tuples(st.integers(0, 24 * 50), st.decimals(-10, 10, places=2)), max_size=20),
    st.sampled_from(Unit),
    st.sampled_from([-11, -3.5, 0, 5.75, 14]),
)
def test_bars_add_up_to_the_profit(rows: list[tuple[int, D]], unit: Unit, offset: float) -> None:
    steps = [step(hours * HOUR, str(net)) for hours, net in rows]
    tz = timezone(timedelta(hours=offset))
    made: list[Piece] = pieces(steps, START, START + 51 * DAY, unit, tz)
    assert sum((piece.net for piece in made), D(0)) == sum((net for _, net in rows), D(0))
    assert [piece.begins for piece in made] == sorted(piece.begins for piece in made)


def test_clocks_that_are_changed_lose_no_hour() -> None:
    berlin, before = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 28, 12, tzinfo=UTC)
    hours = [Step(before + n * HOUR, gross=D(1)) for n in range(30)]
    for unit in (Unit.HOUR, Unit.DAY):
        made = pieces(hours, before, before + 30 * HOUR, unit, berlin)
        assert sum((piece.net for piece in made), D(0)) == 30
    assert len({piece.begins.date() for piece in pieces([], before, before + 3 * DAY, Unit.DAY, berlin)}) == 4
