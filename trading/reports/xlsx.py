"""Tables as an Excel workbook: numbers as numbers, times as times, text as text whatever it begins with.

XlsxWriter, because it only writes: it keeps a row at a time in memory, and can say of a cell that it is text.
It is imported when the first workbook is made, not at start.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from trading.core.instrument import decimal_places, plain
from trading.core.reporting import Cell, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

EXACT_DIGITS = 15
"""What Excel keeps of a number. A Decimal with more significant digits is written as text, so that nothing is lost."""
LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_NARROWEST, _WIDEST = 9, 44
_FORBIDDEN = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))
_TIME = "yyyy-mm-dd hh:mm:ss.000"
_EARLIEST = datetime(1900, 3, 1, tzinfo=UTC)
_HEARD_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under the name that its tab gets, made fit where Excel would refuse it."""

    name: str
    table: Table


def workbook(sheets: Sequence[Sheet], progress: Callable[[float], None] = lambda share: None) -> bytes:
    """The sheets in one file. ``progress`` hears shares from 0 to 1; what it raises ends the work.

    To be called in a thread. Raises ValueError without sheets.
    """
    if not sheets:
        raise ValueError("a workbook has a sheet")
    # Not wanted before the first file is, and the start should not wait for it.
    import xlsxwriter  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="makergram-") as folder:
        path = Path(folder) / "export.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(path, options) as book:
            _write(book, sheets, progress)
        return path.read_bytes()


def _write(book: Workbook, sheets: Sequence[Sheet], progress: Callable[[float], None]) -> None:
    formats = _Formats(book)
    total, written = max(1, sum(len(sheet.table.rows) for sheet in sheets)), 0
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        _head(page, sheet.table, formats)
        places = _places(sheet.table)
        for number, row in enumerate(sheet.table.rows, start=1):
            for column, value in enumerate(row):
                _put(page, number, column, value, places[column], formats)
            written += 1
            if written % _HEARD_EVERY == 0:
                progress(written / total)
    progress(1.0)


def _head(page: Worksheet, table: Table, formats: _Formats) -> None:
    page.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(_heads(table), _widths(table), strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, formats.head)
    if table.rows:
        page.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _heads(table: Table) -> list[str]:
    """The names of the columns. Excel's times know no zone, so a column of them says that it is UTC."""
    times = {column for row in table.rows for column, value in enumerate(row) if isinstance(value, datetime)}
    return [
        f"{name}_utc" if column in times and not name.endswith("_utc") else name
        for column, name in enumerate(table.columns)
    ]


def _put(page: Worksheet, row: int, column: int, value: Cell, places: int, formats: _Formats) -> None:
    match value:
        case None:
            return
        case datetime() if value >= _EARLIEST:
            page.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), formats.time)
        case datetime():
            page.write_string(row, column, value.isoformat(), formats.text)
        case bool():
            page.write_string(row, column, "yes" if value else "no", formats.text)
        case int() | Decimal() if is_exact(value):
            page.write_number(row, column, float(value), formats.number(places))
        case int() | Decimal():
            page.write_string(row, column, plain(Decimal(value)), formats.text)
        case _:
            page.write_string(row, column, value[:_LONGEST_TEXT], formats.text)


def is_exact(value: int | Decimal) -> bool:
    """Whether Excel's numbers keep every digit of it."""
    number = Decimal(value)
    if not number.is_finite():
        return False
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(digits) <= EXACT_DIGITS and (not number or -300 < number.adjusted() < 300)


class _Formats:
    """``text`` is marked as text, as if it were typed with an apostrophe: also an edit of the cell does not run it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[int, Format] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "quote_prefix": True})
        self.text = book.add_format({"quote_prefix": True})
        self.time = book.add_format({"num_format": _TIME})

    def number(self, places: int) -> Format:
        if places not in self._numbers:
            self._numbers[places] = self._book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
        return self._numbers[places]


def _places(table: Table) -> list[int]:
    """How many decimals a column shows: as many as its finest number has, so that nothing is hidden."""
    found = [0] * len(table.columns)
    for row in table.rows:
        for column, value in enumerate(row):
            if isinstance(value, Decimal) and is_exact(value):
                found[column] = max(found[column], min(30, decimal_places(value)))
    return found


def _widths(table: Table) -> list[int]:
    """Wide enough for the header and the first rows."""
    widths = [len(name) + 4 for name in table.columns]
    for row in table.rows[:200]:
        for column, value in enumerate(row):
            widths[column] = max(widths[column], _width(value))
    return [min(_WIDEST, max(_NARROWEST, width)) for width in widths]


def _width(value: Cell) -> int:
    if isinstance(value, datetime):
        return len(_TIME) + 1
    return len(plain(value) if isinstance(value, Decimal) else str(value or "")) + 2


def _names(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Names that Excel takes: 31 characters, some forbidden, none twice in any case of letters."""
    taken: set[str] = set()
    for sheet in sheets:
        plain_name = sheet.name.translate(_FORBIDDEN).strip() or "sheet"
        name, number = plain_name[:LONGEST_NAME], 1
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            mark = f" {number}"
            name = plain_name[: LONGEST_NAME - len(mark)] + mark
        taken.add(name.casefold())
        yield name
