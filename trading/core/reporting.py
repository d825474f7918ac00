"""What a strategy is told of its own past, and what it makes of it: figures, a picture as data, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from trading.core.orders import Fill, Order
from trading.core.planning import CycleResult, Sample

Cell = str | int | bool | Decimal | datetime | None
"""A cell of a table. Numbers stay numbers, so that their minus is not taken for a formula."""

CYCLE_COLUMNS = ("number", "started_at", "ended_at", "cause", "gross", "fees", "funding", "net", "volume")


@dataclass(frozen=True, slots=True)
class Records:
    """A bot's records since ``since`` (None: since ever), each kind in the order of its time.

    ``samples`` holds the kinds that the strategy asked for in ``sample_kinds``. ``balances`` are the account's totals
    by currency; a currency that is missing is not known.
    """

    cycles: Sequence[CycleResult] = ()
    orders: Sequence[Order] = ()
    fills: Sequence[Fill] = ()
    samples: Mapping[str, Sequence[Sample]] = field(default_factory=dict)
    balances: Mapping[str, Decimal] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for CSV, in the order of ``columns``."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often something took how long. ``values`` in ``unit``, which is ``seconds``."""

    values: Sequence[Decimal]
    unit: str = "seconds"


@dataclass(frozen=True, slots=True)
class Obligation:
    """An obligation over [since, until): samples of kind ``obligation``, in time order. Reports measure and draw it."""

    samples: Sequence[Sample]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StrategyReport:
    """``figures`` maps codes, which the locales word, to text without words, in the order of their telling.

    ``tables`` are named without an ending; ``picture`` is None where there is nothing to draw.
    """

    figures: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    picture: Histogram | Obligation | None = None


@dataclass(frozen=True, slots=True)
class ContinuousFile:
    """A file that grows with the samples of ``kind``, whose bodies are its rows. ``name`` is no path."""

    name: str
    kind: str


def number(value: Decimal, places: int = 2) -> str:
    """A number with at most so many decimals, none of them idle; two telling ones where it would vanish."""
    if value and abs(value) < Decimal(1).scaleb(-places):
        places = 1 - value.adjusted()
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def signed(value: Decimal, places: int = 2) -> str:
    """As ``number``, with a plus where something was earned."""
    text = number(value, places)
    return f"+{text}" if value > 0 else text


def cycles_table(cycles: Sequence[CycleResult]) -> Table:
    """One row a finished cycle; money in quote currency."""
    return Table(CYCLE_COLUMNS, [[getattr(cycle, column) for column in CYCLE_COLUMNS] for cycle in cycles])


def money_in_fills(fills: Sequence[Fill], base: str, quote: str) -> tuple[Decimal, Decimal]:
    """Volume and fees (both quote); a fee in base currency is counted at its fill's price, one in another coin not."""
    volume = sum((fill.price * fill.amount for fill in fills), Decimal(0))
    rates = [(fill, {quote: Decimal(1), base: fill.price}.get(fill.fee_currency, Decimal(0))) for fill in fills]
    return volume, sum((fill.fee * rate for fill, rate in rates), Decimal(0))
