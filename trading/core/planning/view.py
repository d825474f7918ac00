"""What a strategy sees: everything that is known when a plan is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from trading.core.instrument import Instrument
from trading.core.ledger import Ledger
from trading.core.market import Book
from trading.core.orders import Order


class Mode(StrEnum):
    """What the owner, the breaker or an admin allows a bot at this moment."""

    RUNNING = "running"
    NO_ENTRIES = "no_entries"
    """Paused: no new entries; take-profit and stop go on being kept."""
    WIND_DOWN = "wind_down"
    """Stop, keeping position and take-profit: ends when the position is closed by its exits."""
    CANCEL = "cancel"
    """Stop, canceling every order; the position stays with its owner."""
    CLOSE = "close"
    """Stop, canceling every order and closing what the ledger holds at the market."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another market that a strategy looks at: its book arrives in ``View.books`` under ``name``. Public data only.

    ``venue`` "" is the bot's own venue, ``symbol`` "" the bot's own pair. ``patience``: so old its book may become
    before the strategy minds; a quiet market is asked for it in time. None: as old as the house lets any book become.
    """

    name: str
    venue: str
    symbol: str
    patience: timedelta | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is known when a plan is made. No field is guessed: what is not known is None.

    ``books`` holds only fresh books, by feed name (``""`` is the bot's own market). ``orders`` are live orders by slot;
    ``finals`` are finished orders by slot, oldest first, of the strategy's current scope. ``seed`` is a number that is
    new for each plan and stored with it, for strategies that want chance. ``balances`` are totals by currency, what our
    own resting orders lock included; a currency that is missing is not known. ``balances_are_settled``: they were asked
    for after everything that was filled by now. ``is_public`` is False only on the paper venue and on a venue's test
    network, where nobody is deceived by what we do. ``was_liquidated``: the position is gone by the venue's force.
    """

    now: datetime
    instrument: Instrument
    mode: Mode
    books: Mapping[str, Book]
    orders: Mapping[str, Order]
    finals: Mapping[str, Sequence[Order]]
    ledger: Ledger
    balances: Mapping[str, Decimal] = field(default_factory=dict)
    balances_are_settled: bool = False
    seed: int = 0
    is_public: bool = True
    was_liquidated: bool = False

    @property
    def book(self) -> Book | None:
        return self.books.get("")
