"""What strategies answer with: bands, wakes and previews."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from trading.core.instrument import Instrument, MarketKind
from trading.core.market import Book, BookLevel
from trading.core.planning import Band, CycleResult, Doing, Finding, Plan, Preview, Strategy, Surroundings, View, Wake
from trading.core.reporting import Records, StrategyReport

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


class Nothing(BaseModel):
    """Settings or state of a strategy that has none."""


class Idle(Strategy):
    """Brings what every strategy has to bring, and nothing else."""

    name = "idle"
    config_model = Nothing
    state_model = Nothing
    market_kinds = frozenset({MarketKind.SPOT.value})
    candles_lack = ""

    def plan(self, config: Nothing, state: Nothing, view: View) -> Plan:
        return Plan(state)

    def preview(self, config: Nothing, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        return Preview((), price, Decimal(0), Decimal(0))

    def started(self, state: Nothing) -> Nothing:
        return state

    def scope(self, state: Nothing) -> str:
        return "idle."

    def budget(self, config: Nothing, state: Nothing) -> Decimal:
        return Decimal(0)

    def deposit(self, config: Nothing) -> Decimal:
        return Decimal(0)

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return StrategyReport({})


def test_what_a_strategy_does_not_say_is_what_is_true_of_most() -> None:
    idle, nothing, unused = Idle(), Nothing(), Any
    assert (idle.sample_kinds, idle.tables, idle.notices, idle.presets) == ((), (), (), {})
    assert (idle.sights(nothing, unused, Decimal(1), {}), idle.references(nothing)) == ((), ())
    assert idle.doing(nothing) == Doing()
    assert idle.reduced(nothing, unused) is nothing
    assert idle.deferred_fields(nothing, nothing, nothing) == ()
    assert idle.continuous_file(nothing) is None


@pytest.mark.parametrize("part", sorted(Strategy.__abstractmethods__))
def test_a_strategy_that_lacks_what_every_strategy_brings_cannot_be_made(part: str) -> None:
    lacking = type("Lacking", (Idle,), {part: getattr(Strategy, part)})
    with pytest.raises(TypeError, match=part):
        lacking()
