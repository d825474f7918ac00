"""What a strategy answers: the orders that it wants, what a person hears, and what would change its mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.core.instrument import ZERO, Side
from trading.core.market import Book
from trading.core.orders import OrderType, Role, TimeInForce
from trading.core.telling import Notice


class MarginMode(StrEnum):
    ISOLATED = "isolated"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Setup:
    """How the account must be set for a perpetual before an entry may leave. One-way position mode is implied."""

    leverage: int
    margin_mode: MarginMode


@dataclass(frozen=True, slots=True)
class TargetOrder:
    """An order that a strategy wants resting or taken now, in a named slot.

    A standing slot is renewed: ``amount`` is what should rest, and a live order is changed until it does. A one-shot
    slot is used once for ever: a live order in it is left as it is, a finished one is never repeated.
    ``price`` is None for market and stop orders. ``may_meet_own`` lets it trade with an order of ours, which core.risk
    allows only where no public is deceived (``View.is_public`` is False).
    """

    slot: str
    role: Role
    side: Side
    type: OrderType
    amount: Decimal
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    one_shot: bool = False
    may_meet_own: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The plan stands while low <= signal <= high; None: without end on that side."""

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Wake:
    """What would change the strategy's mind, besides its own orders, fills, refusals and balances, which always do.

    ``bands`` maps a signal name (``bid``, ``ask`` or ``mid`` of the bot's own market, ``reference.bid`` of another) to
    its band. A signal without a band does not matter. ``newer_than``: the plan waits for a book of its own market that
    was taken later; on a market where nothing moves it is asked for.
    """

    at: datetime | None = None
    bands: Mapping[str, Band] = field(default_factory=dict)
    newer_than: datetime | None = None

    @classmethod
    def any_price(cls, book: Book | None) -> Wake:
        """Wake on every change of the best prices; the choice while no price is known yet."""
        bid, ask = (book.bid, book.ask) if book else (None, None)
        return cls(bands={"bid": Band(bid, bid), "ask": Band(ask, ask)} if bid and ask else {"bid": Band(high=ZERO)})


@dataclass(frozen=True, slots=True)
class CycleResult:
    """A finished round of a strategy, for the books and the reports. Money in quote currency."""

    number: int
    started_at: datetime
    ended_at: datetime
    cause: str
    gross: Decimal
    fees: Decimal
    funding: Decimal
    volume: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.fees + self.funding


@dataclass(frozen=True, slots=True)
class Sample:
    """A row for the records: an execution, a book, a second of an obligation. ``body`` holds numbers as strings."""

    kind: str
    at: datetime
    body: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleKind:
    """A kind of samples that a strategy's report is made of.

    ``is_product``: a person collects them, so they are kept as long as orders and fills; others only for a few days.
    """

    name: str
    is_product: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A strategy's answer. ``finished`` names why the bot should stop now, when its work is done."""

    state: Any  # the strategy's own State model; typed by the strategy, opaque to the runtime
    orders: Sequence[TargetOrder] = ()
    notices: Sequence[Notice] = ()
    wake: Wake = field(default_factory=Wake)
    setup: Setup | None = None
    cycles: Sequence[CycleResult] = ()
    samples: Sequence[Sample] = ()
    finished: str | None = None
