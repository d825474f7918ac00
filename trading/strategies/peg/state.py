"""What a peg remembers between two plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from trading.core.instrument import Side


class Wanted(BaseModel):
    """An order that was decided: prices in quote currency, amounts in base units."""

    model_config = ConfigDict(frozen=True)

    slot: str
    side: Side
    price: Decimal
    amount: Decimal


class Known(BaseModel):
    """A balance as the venue showed it for certain, and what our fills had ``moved`` it by then."""

    model_config = ConfigDict(frozen=True)

    balance: Decimal
    moved: Decimal


class Told(BaseModel):
    """What was told of fills: base units, and quote currency."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    cost: Decimal


class PegState(BaseModel):
    """``number`` names the interval and its slots and goes on for ever.

    ``opening`` holds the balances by currency with which the interval began, ``known`` what they were reckoned from.
    ``sweep`` was decided from the book of ``swept_book_at``; ``last_end`` is when the last of our orders ended, by the
    venue's word. ``is_looked``: this interval's look is done. ``is_cut``: the sweep left something that the next book
    allows to take. ``is_active``: the interval's activity is decided: ``quotes``, or ``pair``, a self-trade's maker and
    taker. ``told`` is what was told of this interval's fills, by what they belong to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    began_at: datetime | None = None
    opening: Mapping[str, Decimal] = Field(default_factory=dict)
    known: Mapping[str, Known] = Field(default_factory=dict)
    sweep: tuple[Wanted, ...] = ()
    sweep_count: int = 0
    swept_book_at: datetime | None = None
    last_end: datetime | None = None
    is_looked: bool = False
    is_cut: bool = False
    is_active: bool = False
    quotes: tuple[Wanted, ...] = ()
    pair: tuple[Wanted, ...] = ()
    refusal_told: bool = False
    told: Mapping[str, Told] = Field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The prefix of the interval's slots."""
        return f"s{self.number}."
