"""A workbook read back by another library: what is in the cells is what was in the records."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Context, Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as ReadCell

from trading.core.reporting import Cell, Table
from trading.reports.xlsx import EXACT_DIGITS, Sheet, is_exact, workbook

AT = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)


def read(*sheets: Sheet) -> Workbook:
    return load_workbook(BytesIO(workbook(sheets)))


def cell_of(value: Cell) -> ReadCell:
    return read(Sheet("one", Table(("column",), [[value]])))["one"]["A2"]


def test_numbers_are_numbers_and_show_every_decimal_of_their_column() -> None:
    page = read(Sheet("fills", Table(("price", "amount"), [[Decimal("0.5"), Decimal(3)], [Decimal("0.0125"), 7]])))[
        "fills"
    ]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [[0.5, 3], [0.0125, 7]]
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row} == {"n"}
    assert [page["A2"].number_format, page["A3"].number_format, page["B2"].number_format] == ["0.0000", "0.0000", "0"]


def test_a_number_with_more_digits_than_excel_keeps_is_text_to_the_last_of_them() -> None:
    exact, longer = Decimal("12345.6789012345"), Decimal("12345.67890123456")
    assert (cell_of(exact).data_type, Decimal(repr(cell_of(exact).value))) == ("n", exact)
    assert (cell_of(longer).data_type, cell_of(longer).value) == ("s", str(longer))
    assert cell_of(Decimal("Infinity")).value == "Infinity"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=8)))
def test_no_digit_is_ever_lost(numbers: list[Decimal]) -> None:
    page = read(Sheet("all", Table(("n",), [[number] for number in numbers])))["all"]
    fifteen = Context(prec=EXACT_DIGITS)
    for number, row in zip(numbers, page.iter_rows(min_row=2), strict=True):
        value = row[0].value
        assert isinstance(value, str) is not is_exact(number)
        assert number == (Decimal(value) if isinstance(value, str) else fifteen.create_decimal_from_float(float(value)))


def test_a_column_of_times_says_that_they_are_utc() -> None:
    table = Table(("at", "since_utc", "note", "ended_at"), [["", None, "x", None], [AT, AT, "y", None]])
    assert [cell.value for cell in next(read(Sheet("all", table))["all"].iter_rows(max_row=1))] == [
        *("at_utc", "since_utc", "note", "ended_at")
    ]


def test_times_are_times_in_utc() -> None:
    moscow = AT.astimezone(timezone(timedelta(hours=3)))
    for told in (AT, moscow):
        cell = cell_of(told)
        assert cell.is_date
        assert abs(cell.value - AT.replace(tzinfo=None)) < timedelta(milliseconds=1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " ="])
def test_what_begins_like_a_formula_is_text_and_stays_text_when_it_is_edited(start: str) -> None:
    text = f'{start}HYPERLINK("http://far.example")'
    cell = cell_of(text)
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["https://far.example", "mailto:a@b.c", "0012", "{=1}", "internal:one!A1"])
def test_text_is_never_turned_into_a_link_or_a_number(text: str) -> None:
    cell = cell_of(text)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_nothing_is_an_empty_cell_and_truth_is_a_word() -> None:
    page = read(Sheet("one", Table(("a", "b", "c"), [[None, True, False]])))["one"]
    assert [cell.value for cell in page[2]] == [None, "yes", "no"]


def test_the_header_stays_in_sight_and_columns_are_wide_enough() -> None:
    page = read(Sheet("orders", Table(("client_id", "at"), [["mg" * 12, AT]])))["orders"]
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == ["client_id", "at_utc"]
    assert page["A1"].font.bold
    assert page.column_dimensions["A"].width >= 24
    assert page.column_dimensions["B"].width >= 23
    assert page.auto_filter.ref == "A1:B2"


def test_tabs_get_names_that_excel_takes() -> None:
    empty = Table(("a",), [])
    names = ["1 CRV/USDT [x]:*?", "History", "o" * 40, "O" * 40, "", "Сделки"]
    made = read(*(Sheet(name, empty) for name in names)).sheetnames
    assert len({name.casefold() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in made)
    assert made[-1] == "Сделки"


def test_progress_rises_to_one_and_may_end_the_work() -> None:
    table, heard = Table(("a",), [[number] for number in range(10_000)]), list[float]()
    workbook([Sheet("one", table)], heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0 and len(heard) > 3

    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        workbook([Sheet("one", table)], stop)


def test_the_library_is_not_imported_before_the_first_workbook() -> None:
    code = "import sys, trading.desk.desk; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
