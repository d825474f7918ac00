"""What one bot's worker has on its bench: the stored picture, and marks of what is in the air."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.bookkeeping import Books
from trading.core.instrument import ZERO
from trading.core.market import Book, without
from trading.core.notices import BotPaused
from trading.core.orders import OrderReport, resting_at
from trading.core.planning import CycleResult, Mode, Reference, Sample, Setup, Strategy, TargetOrder, Wake
from trading.core.telling import Notice
from trading.runtime.backoffs import Backoffs
from trading.runtime.positions import PositionWatch
from trading.storage.records import BotRecord

SETTLED_AFTER = timedelta(seconds=1)
"""So long after a fill (by the venue's clock, ours may differ) a balance is sure to have it."""


@dataclass(slots=True)
class Air:
    """What is under way and not stored; after a restart it is asked for instead.

    By client id: ``unsent`` never left this machine and may be sent from then on; ``later`` are not canceled or changed
    before then; the venue refuses to change the ``rigid`` ones, so that they are canceled instead; ``amended`` is what
    an order was asked to become last; ``said_no`` is what an unproven venue said in refusal, to be told when it is
    proven that the order is not there.
    """

    canceling: set[str] = field(default_factory=set)
    amending: set[str] = field(default_factory=set)
    amended: dict[str, TargetOrder] = field(default_factory=dict)
    rigid: set[str] = field(default_factory=set)
    unsent: dict[str, datetime] = field(default_factory=dict)
    later: dict[str, datetime] = field(default_factory=dict)
    said_no: dict[str, str] = field(default_factory=dict)
    setup_asked: Setup | None = None
    setup_done: Setup | None = None
    setup_retry_at: datetime | None = None

    def forget(self, client_id: str) -> None:
        """The order has ended."""
        for marks in (self.canceling, self.amending, self.rigid):
            marks.discard(client_id)
        for notes in (self.unsent, self.later, self.said_no):
            notes.pop(client_id, None)
        self.amended.pop(client_id, None)

    def out_of_reach(self, client_id: str, now: datetime) -> bool:
        """A request about the order is under way, or must wait."""
        waits = client_id in self.later and self.later[client_id] > now
        return waits or client_id in self.canceling or client_id in self.amending

    def next_moment(self, now: datetime) -> datetime | None:
        """When the next of what waits may go."""
        waiting = [*self.unsent.values(), *self.later.values()]
        waiting += [self.setup_retry_at] if self.setup_retry_at else []
        return min((moment for moment in waiting if moment > now), default=None)


@dataclass(slots=True)
class Bench:
    """One bot's picture. ``record`` is what the database holds; the fields after it are not yet stored."""

    record: BotRecord
    strategy: Strategy
    config: Any
    state: Any
    books: Books
    backoffs: Backoffs
    epoch: int
    errors_before_pause: int
    air: Air = field(default_factory=Air)
    positions: PositionWatch = field(default_factory=PositionWatch)
    market: dict[str, tuple[Book, datetime]] = field(default_factory=dict)
    wake: Wake = field(default_factory=Wake)
    lacks_price: bool = False
    """The last plan wanted an order that waits for a fresh book."""
    is_recovered: bool = False
    is_withdrawing: bool = False
    """The process is going down and its entries must not rest meanwhile; not stored."""
    was_liquidated: bool = False
    """The last that moved the position was the venue's force."""
    last_fill_at: datetime | None = None
    whole_until: datetime | None = None
    """Up to then every fill was read from the venue, and with ``funded_until`` every funding payment (after a start the
    newest that is stored).
    """
    funded_until: datetime | None = None
    fills_caught_up: int = 0
    lacks_funds: bool = False
    """An order was refused for want of money, and none was taken since."""
    errors_in_a_row: int = 0
    last_error_at: datetime | None = None
    strays: dict[str, OrderReport] = field(default_factory=dict)
    strays_told: set[str] = field(default_factory=set)
    exit_missing_since: datetime | None = None
    exit_missing_told: bool = False
    exitless: Decimal = ZERO
    """The position for which the last plan wanted no exit (dust)."""
    notices: list[Notice] = field(default_factory=list)
    cycles: list[CycleResult] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    balances: Mapping[str, Decimal] = field(default_factory=dict)
    """Totals by currency, as the venue told them last; empty while they are not known."""
    balances_asked_at: datetime | None = None

    @classmethod
    def restore(
        cls,
        record: BotRecord,
        strategy: Strategy,
        books: Books,
        backoffs: Backoffs,
        *,
        epoch: int,
        errors_before_pause: int,
    ) -> Bench:
        """The bench as the database has it. Raises pydantic.ValidationError for a config or state that is not valid."""
        config = strategy.config_model.model_validate_json(record.config)
        state = strategy.state_model.model_validate_json(record.state)
        return cls(record, strategy, config, state, books, backoffs, epoch, errors_before_pause)

    @property
    def scope(self) -> str:
        return self.strategy.scope(self.state)

    def tell(self, *facts: Notice) -> None:
        self.notices.extend(facts)

    def set_mode(self, mode: Mode, cause: str) -> None:
        self.record = replace(self.record, mode=mode, cause=cause)

    def failed(self, reason: str, now: datetime) -> None:
        """One more error in a row; too many pause the bot. What fails at one moment (a batch) is one error."""
        self.record = replace(self.record, last_error=reason)
        if now == self.last_error_at:
            return
        self.last_error_at = now
        self.errors_in_a_row += 1
        if self.errors_in_a_row > self.errors_before_pause and self.record.mode is Mode.RUNNING:
            self.set_mode(Mode.NO_ENTRIES, "errors")
            self.tell(BotPaused(symbol=self.record.symbol, cause="errors", detail=reason))

    def succeeded(self) -> None:
        self.errors_in_a_row = 0

    def note_balances(self, totals: Mapping[str, Decimal], asked_at: datetime) -> bool:
        """Take what the account held when it was asked for; answers whether that is news.

        Venues list only what there is: a coin of this market that they do not name is known not to be there.
        """
        rules, before = self.books.instrument, self.balances
        self.balances_asked_at = asked_at
        self.balances = {rules.base: ZERO, rules.quote: ZERO, **totals}
        return self.balances != before

    @property
    def balances_are_behind(self) -> bool:
        """Something was filled since the balances were asked for, or just before."""
        if self.last_fill_at is None or self.balances_asked_at is None:
            return self.balances_asked_at is None
        return self.balances_asked_at < self.last_fill_at + SETTLED_AFTER

    @property
    def references(self) -> Sequence[Reference]:
        return self.references_of(self.config)

    def references_of(self, config: Any) -> Sequence[Reference]:
        """The other markets that these settings name; one without a symbol is of the bot's own pair."""
        return tuple(
            replace(reference, symbol=reference.symbol or self.record.symbol)
            for reference in self.strategy.references(config)
        )

    @property
    def waits_for_newer_book(self) -> bool:
        """The plan can go on only with a book taken later than the one that is here."""
        asked, own = self.wake.newer_than, self.market.get("")
        return asked is not None and (own is None or own[0].at <= asked)

    def quiet_books(self, oldest: datetime, soon: datetime | None = None) -> Collection[str]:
        """Names of the books older than ``oldest`` ("" is its own market's), if the plan looks at prices, or means to
        look again by ``soon``.
        """
        looks_again = soon is not None and self.wake.at is not None and self.wake.at <= soon
        if not self.lacks_price and not self.wake.bands and not looks_again:
            return ()
        return {"", *(reference.name for reference in self.references)} - self.fresh_books(oldest).keys()

    def fresh_books(self, oldest: datetime) -> dict[str, Book]:
        """Books confirmed since ``oldest``; an older one is not shown to a strategy."""
        return {name: book for name, (book, heard) in self.market.items() if heard >= oldest}

    def stands(self, name: str, book: Book) -> bool:
        """Whether this book, of the market ``name``, leaves the last plan as it is."""
        if not self.wake.bands:
            return True
        if not name:
            # Our own quotes are no reason to change our mind.
            book = without(book, resting_at(self.books.every_live))
        prefix = f"{name}." if name else ""
        for signal, value in (("bid", book.bid), ("ask", book.ask), ("mid", book.mid)):
            band = self.wake.bands.get(prefix + signal)
            if band is not None and (value is None or not band.holds(value)):
                return False
        return True
