import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Side
from trading.core.orders import Fill, Order, OrderStatus, OrderType, Role
from trading.core.planning import CycleResult
from trading.core.reporting import CYCLE_COLUMNS
from trading.reports.csv import cell, cycles_csv, fills_csv, orders_csv, table
from trading.reports.tables import FILL_COLUMNS, ORDER_COLUMNS

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_order_becomes_one_line_with_all_its_columns() -> None:
    order = Order(
        client_id="mg0001",
        bot_id=1,
        slot="c1.level3",
        role=Role.ENTRY,
        symbol="CRV/USDT:USDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        amount=D("3.10"),
        price=D("0.4857"),
        created_at=NOW,
        updated_at=NOW,
        status=OrderStatus.CANCELED,
        refusal='=HYPERLINK("http://x")',
    )
    (row,) = rows(orders_csv([order]))
    assert tuple(row) == ORDER_COLUMNS
    assert (row["slot"], row["side"], row["amount"], row["price"]) == ("c1.level3", "buy", "3.1", "0.4857")
    assert (row["average"], row["venue_id"], row["reduce_only"]) == ("", "", "no")
    assert row["refusal"].startswith("'=")


def test_a_fill_becomes_one_line_with_its_cost() -> None:
    fill = Fill("7", "v", "mg", "CRV/USDT", Side.SELL, D("0.5"), D("30"), D("-0.001"), "USDT", True, NOW)
    (row,) = rows(fills_csv([fill]))
    assert tuple(row) == FILL_COLUMNS
    assert (row["cost"], row["fee"], row["maker"]) == ("15", "-0.001", "yes")


def test_a_cycle_becomes_one_line_with_its_net() -> None:
    (row,) = rows(cycles_csv([CycleResult(4, NOW, NOW, "take_profit", D("2.5"), D("0.1"), D("-0.2"), D("90"))]))
    assert tuple(row) == CYCLE_COLUMNS
    assert (row["number"], row["net"], row["ended_at"]) == ("4", "2.2", "2026-03-02T12:00:00+00:00")


def test_times_are_told_in_utc() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=3)))
    assert cell(there) == "2026-03-02T12:00:00+00:00"


def test_numbers_keep_their_sign_and_lose_their_exponent() -> None:
    assert (cell(D("-1E+3")), cell(D("1E-8")), cell(-5)) == ("-1000", "0.00000001", "-5")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "  @"])
def test_a_cell_that_would_be_a_formula_is_made_harmless(start: str) -> None:
    assert cell(f"{start}cmd|x") == f"'{start}cmd|x"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_every_text_survives_a_reader_and_none_begins_as_a_formula(texts: list[str]) -> None:
    written = table(["a"] * len(texts), [texts])
    header, *lines = csv.reader(io.StringIO(written, newline=""))
    assert len(lines) == 1 and len(lines[0]) == len(texts) == len(header)
    for text, found in zip(texts, lines[0], strict=True):
        assert found in (text, f"'{text}")
        assert not found.lstrip(" ").startswith(("=", "+", "-", "@"))
