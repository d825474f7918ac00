"""What a strategy sees and what it answers.

A strategy is a pure function from what is known (`View`) to the orders it wants (`Plan`). The runtime closes the
difference between the wanted orders and those that exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from trading.core.instrument import ZERO, Instrument, Side
from trading.core.ledger import Ledger
from trading.core.market import Book
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.telling import Fact, Notice, Unit

if TYPE_CHECKING:
    from trading.core.reporting import ContinuousFile, Records, StrategyReport


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


class MarginMode(StrEnum):
    ISOLATED = "isolated"
    CROSS = "cross"


class Unfit(ValueError):
    """Settings that are right one by one and wrong together. ``code`` is worded by the locales with ``values``."""

    def __init__(self, code: str, text: str, **values: object) -> None:
        super().__init__(text)
        self.code, self.values = code, {name: str(value) for name, value in values.items()}


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known round a market before Start. Nothing is guessed: what is missing is not known.

    ``balances`` are totals by currency as in the View; on a perpetual the quote currency's is the account's equity.
    ``prices`` are the mids (quote) of the markets that ``Strategy.sights`` asked for, None where there is no such
    market. ``is_public`` as in the View.
    """

    balances: Mapping[str, Decimal] = field(default_factory=dict)
    prices: Mapping[Reference, Decimal | None] = field(default_factory=dict)
    is_public: bool = True


StateT = TypeVar("StateT", bound=BaseModel)
ConfigT = TypeVar("ConfigT", bound=BaseModel)


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


@dataclass(frozen=True, slots=True)
class Doing:
    """What a running bot is about at this moment. ``resting_until``: between two rounds, until then."""

    facts: Sequence[Fact] = ()
    resting_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One order of a preview. Costs and prices in quote currency, amounts in base units.

    ``liquidation`` is estimated for the position after this row is filled; ``reachable`` is False for rows that lie
    beyond the liquidation of the rows before them; ``objection`` is a code of core.risk.
    """

    slot: str
    side: Side
    price: Decimal
    amount: Decimal
    cost: Decimal
    cumulative_cost: Decimal
    average: Decimal
    take_profit: Decimal | None = None
    liquidation: Decimal | None = None
    reachable: bool = True
    objection: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the person must know before Start. ``code`` is worded by the locales with ``values``.

    ``severity``: refusal (Start is impossible), danger (Start needs a second yes), note. A value that the words count
    is named ``count``, or ``count_`` and of what.
    """

    code: str
    severity: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A change of settings that would mend a finding: a button. ``changes`` maps config fields to new values.

    None switches a setting off.
    """

    code: str
    changes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person sees before Start, made at ``price``; ``at_risk`` is the most that can be lost (quote).

    ``told`` says which of the ``figures`` are shown, in this order, and what each of them is.
    """

    rows: Sequence[PreviewRow]
    price: Decimal
    at_risk: Decimal
    worst_case: Decimal
    findings: Sequence[Finding] = ()
    offers: Sequence[Offer] = ()
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    told: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return any(finding.severity == "refusal" for finding in self.findings)

    @property
    def is_dangerous(self) -> bool:
        return any(finding.severity == "danger" for finding in self.findings)


class Strategy(Protocol):
    """One file in ``trading/strategies``. Everything is pure."""

    name: str
    config_model: type[BaseModel]
    state_model: type[BaseModel]
    market_kinds: frozenset[str]
    """MarketKind values it can trade."""
    sample_kinds: tuple[SampleKind, ...]
    """The samples that its report is made of."""
    tables: tuple[str, ...]
    """The tables that its report may have, by name."""
    notices: tuple[type[Notice], ...]
    """The kinds of notices that are its own, beside those of the house."""
    candles_lack: str
    """What it lives on that candles do not hold (``spread``, ``book``); "" where a replay over candles is honest."""
    presets: Mapping[str, Mapping[str, str]]
    """Settings with a name, by a code that the locales word: each names the same fields, none of them money."""

    def plan(self, config: Any, state: Any, view: View) -> Plan:
        """What it wants, given what is known. Never raises for a market's behaviour; a bug stops only this bot."""
        ...

    def preview(self, config: Any, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        """What Start would do at ``price`` (quote), as far as what is known ``around`` the market allows to say."""
        ...

    def sights(
        self, config: Any, instrument: Instrument, price: Decimal, prices: Mapping[Reference, Decimal | None]
    ) -> Sequence[Reference]:
        """Other markets whose price the preview wants to know, given the ``prices`` known already; () for most.

        Asked again with the answers until it names nothing new: what costs a request is asked for only when it matters.
        """
        ...

    def started(self, state: Any) -> Any:
        """The state with which a bot that was stopped, or that finished, begins again.

        Numbers that name slots go on counting, because a one-shot slot is used once for ever.
        """
        ...

    def reduced(self, state: Any, view: View) -> Any:
        """The state after a part of the position was closed by its owner's hand, beside the plan.

        Most have nothing to change, because they follow the ledger.
        """
        ...

    def doing(self, state: Any) -> Doing:
        """What it is about, told from what it remembers."""
        ...

    def references(self, config: Any) -> Sequence[Reference]:
        """Other markets whose books the View must hold; () for most."""
        ...

    def scope(self, state: Any) -> str:
        """The slot prefix (``"c7."``) whose finished orders the View must hold."""
        ...

    def budget(self, config: Any, state: Any) -> Decimal:
        """The most notional (quote) that position and resting entries together may be worth."""
        ...

    def deposit(self, config: Any) -> Decimal:
        """The money (quote) set aside for one symbol; all bots of a key sum to at most its equity."""
        ...

    def deferred_fields(self, config: Any, changed: Any, state: Any) -> tuple[str, ...]:
        """Fields of an edit that wait for the next cycle, by name."""
        ...

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        """What the records say, at ``now``: figures, a picture as data, tables for CSV."""
        ...

    def continuous_file(self, config: Any) -> ContinuousFile | None:
        """The file to which samples are written as they come; None for most."""
        ...
