"""What the strategies' reports say of worked examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tgbot.words import words_for
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.orders import Fill, Order, OrderStatus, OrderType, Role
from trading.core.planning import CycleResult, Sample
from trading.core.reporting import Histogram, Records, number
from trading.reports.strategy import csv_of, measured, picture_of
from trading.strategies import STRATEGIES

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
MARKET = Instrument(
    venue="paper",
    symbol="BTC/USDT",
    kind=MarketKind.SPOT,
    base="BTC",
    quote="USDT",
    price_tick=Decimal("0.01"),
    amount_step=Decimal("0.0001"),
    min_amount=Decimal("0.0001"),
    min_cost=Decimal(5),
)


def cycle(number: int, gross: str, cause: str = "take_profit") -> CycleResult:
    at = NOW + timedelta(hours=number)
    return CycleResult(number, NOW, at, cause, Decimal(gross), Decimal("0.5"), Decimal("-0.1"), Decimal(100))


def fill(side: Side, amount: str, price: str, fee_currency: str = "USDT") -> Fill:
    fee = Decimal("0.1") if fee_currency == "USDT" else Decimal("0.001")
    return Fill("t", "v", "c", "BTC/USDT", side, Decimal(price), Decimal(amount), fee, fee_currency, True, NOW)


def execution(seconds: str, edge: str, change: str = "-0.4") -> tuple[Sample, Sample]:
    record = {"ts_decision": "2026-01-01T00:00:01.000+00:00", "ts_full_execution": "2026-01-01T00:00:04.010+00:00",
              "change_btc": change, "change_usd": change, "total_cnt": "2"}  # fmt: skip
    detail = {"side": "buy", "amount": "2", "price": "100", "seconds": seconds, "orders": "1", "requotes": "3",
              "edge": edge, "usd_per_quote": "1"}  # fmt: skip
    return Sample("execution", NOW, record), Sample("execution_detail", NOW, detail)


def test_a_grids_figures_are_net_of_fees_and_funding() -> None:
    records = Records(cycles=[cycle(1, "3"), cycle(2, "2"), cycle(3, "-4", "stop_loss")])
    report = STRATEGIES["grid"].report(records, MARKET, NOW)
    # Nets: 2.4, 1.4, -4.6.
    assert dict(report.figures) == {
        "cycles": "3",
        "net": "-0.8 USDT",
        "fees": "1.5 USDT",
        "funding": "-0.3 USDT",
        "volume": "300 USDT",
        "win_rate": "66.7",
        "mean_take_profit": "+1.9 USDT",
        "best": "+2.4 USDT",
        "worst": "-4.6 USDT",
    }
    lines = csv_of(report, records, "cycles").split("\r\n")
    assert lines[0] == "number,started_at,ended_at,cause,gross,fees,funding,net,volume"
    assert lines[3] == "3,2026-01-02T12:00:00+00:00,2026-01-02T15:00:00+00:00,stop_loss,-4,0.5,-0.1,-4.6,100"


@pytest.mark.parametrize("name", ["grid", "peg", "liquidity"])
def test_fees_in_a_third_coin_are_told_beside_those_that_are_counted(name: str) -> None:
    fills = [fill(Side.BUY, "1", "100", coin) for coin in ("BNB", "USDT", "BTC", "KCS", "BNB")]
    figures = STRATEGIES[name].report(Records(cycles=[cycle(1, "3")], fills=fills), MARKET, NOW).figures
    assert figures["other_fees"] == "0.002 BNB, 0.001 KCS"
    assert list(figures).index("other_fees") == list(figures).index("fees") + 1
    assert "other_fees" not in STRATEGIES[name].report(Records(fills=fills[1:3]), MARKET, NOW).figures


def test_the_floats_records_leave_with_exactly_their_columns() -> None:
    pairs = [execution(seconds, "0.1") for seconds in ("1", "3", "8")]
    records = Records(samples={"execution": [one for one, _ in pairs], "execution_detail": [two for _, two in pairs]})
    report = STRATEGIES["pingpong"].report(records, MARKET, NOW)
    lines = csv_of(report, records, "executions").split("\r\n")
    assert lines[0] == "ts_decision,ts_full_execution,change_btc,change_usd,total_cnt"
    assert lines[1] == "2026-01-01T00:00:01.000+00:00,2026-01-01T00:00:04.010+00:00,-0.4,-0.4,2"
    assert len(lines) == 5
    assert report.figures["fill_median"] == "3"
    assert report.figures["fill_p95"] == "8"
    assert report.figures["requotes_per_leg"] == "3"
    assert report.figures["spread_earned"] == "0.3 USDT"
    assert report.picture == Histogram([Decimal(1), Decimal(3), Decimal(8)])


def test_a_spread_that_was_paid_is_called_so() -> None:
    record, detail = execution("1", "-0.25")
    records = Records(samples={"execution": [record], "execution_detail": [detail]})
    assert STRATEGIES["pingpong"].report(records, MARKET, NOW).figures["spread_paid"] == "0.25 USDT"


def test_no_fills_no_rows_and_no_picture() -> None:
    for strategy in STRATEGIES.values():
        report = strategy.report(Records(), MARKET, NOW)
        assert picture_of(report, labels={}, dark=False, title="x", is_paper=True) is None
        for name in (*strategy.tables, "orders", "fills"):
            assert len(csv_of(report, Records(), name).strip().split("\r\n")) == 1


def sweep(slot: str, filled: str, price: str) -> Order:
    return Order(
        client_id=f"=1+{slot}",
        bot_id=1,
        slot=slot,
        role=Role.ENTRY,
        symbol="BTC/USDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        amount=Decimal(5),
        price=Decimal(price),
        created_at=NOW,
        updated_at=NOW,
        status=OrderStatus.EXPIRED,
        filled=Decimal(filled),
    )


def test_a_pegs_orders_of_one_interval_are_one_sweep() -> None:
    records = Records(
        orders=[sweep("s4.buy1", "2", "10"), sweep("s4.buy2", "1", "11.5"), sweep("s5.buy1", "0", "9")],
        fills=[fill(Side.BUY, "2", "10"), fill(Side.SELL, "1", "12", "BTC")],
        balances={"BTC": Decimal("3.5"), "USDT": Decimal(70)},
    )
    report = STRATEGIES["peg"].report(records, MARKET, NOW)
    assert report.figures["sweeps"] == "1"
    assert report.figures["bought"] == "2 BTC (20 USDT)"
    assert report.figures["sold"] == "1 BTC (12 USDT)"
    assert report.figures["fees"] == "0.112 USDT"
    assert report.figures["balances"] == "3.5 BTC, 70 USDT"
    assert csv_of(report, records, "sweeps").split("\r\n")[1] == "2026-01-02T12:00:00+00:00,4,buy,2,3,31.5,10.5,11.5"
    assert "'=1+s4.buy1" in csv_of(report, records, "orders")


def second(at: datetime, *, depth: str = "yes") -> Sample:
    body = {"spread_percent": "1.2", "bid_depth": "1500", "ask_depth": "900", "spread": "yes", "depth": depth,
            "cause": "" if depth == "yes" else "our_balance"}  # fmt: skip
    return Sample("obligation", at, body)


def test_an_obligation_is_measured_by_the_second_and_by_the_day() -> None:
    since = NOW - timedelta(seconds=100)
    seconds = [second(since + timedelta(seconds=n), depth="no" if n in range(10, 20) else "yes") for n in range(100)]
    records = Records(samples={"obligation": seconds})
    report = STRATEGIES["liquidity"].report(records, MARKET, NOW)
    figures = measured(report).figures
    assert figures["uptime_spread"] == "100"
    assert figures["uptime_depth"] == "90"
    assert figures["uptime_both"] == "90"
    assert figures["breaches"] == "1"
    assert figures["longest_breach"] == "10"
    assert figures["uptime_days"] == "02.01: 100 / 90, 1"
    exported = csv_of(report, records, "obligation").split("\r\n")
    assert len(exported) == 102
    assert exported[0] == "at,spread_percent,bid_depth,ask_depth,spread,depth,cause"
    assert exported[12] == "2026-01-02T11:58:31+00:00,1.2,1500,900,yes,no,our_balance"
    assert "our_balance" in csv_of(report, records, "obligation_breaches")
    assert len(csv_of(report, records, "obligation_days").split("\r\n")) == 3
    picture = picture_of(report, labels={}, dark=False, title="BTC/USDT", is_paper=False)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


def test_executions_leave_as_numbers_that_stay_numbers_and_as_texts_that_run_nowhere() -> None:
    record, _ = execution("1", "-0.00001")
    columns = list(record.body)
    strange = replace(record, body={**record.body, columns[0]: "=1+1", columns[2]: "-0.5", "more": "x"})
    records = Records(samples={"execution": [strange]})
    exported = csv_of(STRATEGIES["pingpong"].report(records, MARKET, NOW), records, "executions").split("\r\n")
    assert exported[0] == ",".join(columns)
    assert exported[1].startswith("'=1+1,")
    assert exported[1].split(",")[2] == "-0.5"


def test_a_histogram_is_drawn() -> None:
    record, detail = execution("1", "0.1")
    report = STRATEGIES["pingpong"].report(Records(samples={"execution_detail": [detail, detail]}), MARKET, NOW)
    assert record.kind == "execution"
    picture = picture_of(report, labels={}, dark=True, title="BTC/USDT", is_paper=True)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_figure_of_every_report_is_worded(language: str) -> None:
    record, detail = execution("1", "0.1")
    lost = replace(detail, body={**detail.body, "edge": "-1"})
    breached = [second(NOW - timedelta(seconds=5), depth="no"), second(NOW - timedelta(seconds=4))]
    codes: set[str] = set()
    for samples in ((detail,), (lost,)):
        records = Records(
            cycles=[cycle(1, "3")],
            balances={"BTC": Decimal(1)},
            samples={"execution": [record], "execution_detail": samples, "obligation": breached},
        )
        for market in (MARKET, replace(MARKET, quote="ETH")):
            for strategy in STRATEGIES.values():
                codes |= measured(strategy.report(records, market, NOW)).figures.keys()
    assert {"spread_paid", "spread_usd", "uptime_days", "mean_take_profit"} <= codes
    assert {code for code in codes if not words_for(language).has(f"figure-report-{code}")} == set()


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0"), ("-0.00", "0"), ("1.50", "1.5"), ("100", "100"), ("0.000123", "0.00012")]
)
def test_a_number_has_no_idle_zeros_and_does_not_vanish(value: str, text: str) -> None:
    assert number(Decimal(value)) == text
