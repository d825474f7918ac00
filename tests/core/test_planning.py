"""What strategies answer with: bands, wakes and previews."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trading.core.market import Book, BookLevel
from trading.core.planning import Band, CycleResult, Finding, Preview, Wake

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low", "high", "value", "holds"),
    [
        (None, None, "5", True),
        ("1", "2", "1", True),
        ("1", "2", "2", True),
        ("1", "2", "0.99", False),
        ("1", "2", "2.01", False),
        (None, "2", "-9", True),
        ("1", None, "9", True),
    ],
)
def test_a_band_holds_between_its_edges(low: str | None, high: str | None, value: str, holds: bool) -> None:
    band = Band(Decimal(low) if low else None, Decimal(high) if high else None)
    assert band.holds(Decimal(value)) is holds


def test_any_price_wakes_on_every_change_of_the_best_prices() -> None:
    book = Book("A/B", (BookLevel(Decimal(1), Decimal(9)),), (BookLevel(Decimal(2), Decimal(9)),), NOW)
    bands = Wake.any_price(book).bands
    assert bands["bid"].holds(Decimal(1))
    assert not bands["bid"].holds(Decimal("1.01"))
    assert not bands["ask"].holds(Decimal("1.99"))


@pytest.mark.parametrize("book", [None, Book("A/B", (), (), NOW)])
def test_any_price_wakes_on_the_first_price_there_is(book: Book | None) -> None:
    assert not Wake.any_price(book).bands["bid"].holds(Decimal("0.0001"))


def test_a_cycles_net_is_after_fees_and_with_funding() -> None:
    result = CycleResult(1, NOW, NOW, "take_profit", Decimal(10), Decimal(1), Decimal(-2), Decimal(100))
    assert result.net == 7


@pytest.mark.parametrize(
    ("severities", "refused", "dangerous"),
    [([], False, False), (["note"], False, False), (["danger"], False, True), (["note", "refusal"], True, False)],
)
def test_a_preview_is_as_grave_as_its_findings(severities: list[str], refused: bool, dangerous: bool) -> None:
    findings = [Finding("code", severity) for severity in severities]
    preview = Preview((), Decimal(1), Decimal(1), Decimal(1), findings)
    assert (preview.is_refused, preview.is_dangerous) == (refused, dangerous)
