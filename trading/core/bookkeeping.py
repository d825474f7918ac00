"""One bot's orders and ledger as far as they are known: every report and every fill is folded here, once.

Pure bookkeeping. What changed since the last commit is kept until the caller says that it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument
from trading.core.ledger import Funding, Ledger
from trading.core.orders import (
    Fill,
    ImpossibleTransition,
    Order,
    OrderEvent,
    OrderReport,
    OrderStatus,
    OrderType,
    Role,
    apply_event,
    apply_fill,
    apply_report,
)
from trading.core.slots import Slots
from trading.core.waiting_fills import WaitingFills


@dataclass(frozen=True, slots=True)
class Gain:
    """One fill as the ledger felt it: ``amount`` in base units, ``worth`` and profit after fees, ``net``, in quote."""

    slot: str
    role: Role
    amount: Decimal
    worth: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class News:
    """What happened since it was asked for last: fills counted, and orders that became final."""

    gains: Sequence[Gain]
    ended: Sequence[Order]


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be stored: orders in their newest form, fills and funding counted for the first time.

    ``claimed`` were counted before as another hand's, and turned out to be of the order that they name now.
    """

    orders: Sequence[Order]
    fills: Sequence[Fill]
    funding: Sequence[Funding]
    claimed: Sequence[Fill] = ()

    def __bool__(self) -> bool:
        return bool(self.orders or self.fills or self.funding or self.claimed)


@dataclass
class Books(Slots):
    """The orders of one bot by slot, its ledger, and what was already counted.

    ``known_trades`` are (client id, trade id) pairs of fills that are in the ledger; ``defects`` counts events that
    the transition table does not know.
    """

    instrument: Instrument
    ledger: Ledger
    known_trades: set[tuple[str, str]] = field(default_factory=set)
    known_funding: set[str] = field(default_factory=set)
    defects: list[ImpossibleTransition] = field(default_factory=list)
    _changed: dict[str, Order] = field(default_factory=dict)
    _fills: list[Fill] = field(default_factory=list)
    _funding: list[Funding] = field(default_factory=list)
    _claimed: list[Fill] = field(default_factory=list)
    _elsewhere: dict[str, Fill] = field(default_factory=dict)
    """By trade id what was counted as another hand's, and may be found to be our own."""
    _waiting: WaitingFills = field(default_factory=WaitingFills)
    _gains: list[Gain] = field(default_factory=list)
    _ended: list[Order] = field(default_factory=list)

    @classmethod
    def restore(
        cls,
        instrument: Instrument,
        ledger: Ledger,
        live: Iterable[Order],
        finals: Iterable[Order],
        known_trades: Iterable[tuple[str, str]],
        known_funding: Iterable[str] = (),
        elsewhere: Iterable[Fill] = (),
    ) -> Books:
        """Books from what is stored; ``elsewhere`` are the fills that belong to no order.

        Raises ValueError for a doubled order, see ``Slots.seat``.
        """
        books = cls(instrument, ledger, known_trades=set(known_trades), known_funding=set(known_funding))
        books._elsewhere = {fill.trade_id: fill for fill in elsewhere}
        books.seat([*finals, *live])
        return books

    # What happened

    def intend(self, order: Order) -> None:
        """A new order takes its slot. Raises ValueError when the slot is held: that would be a doubled order."""
        if order.slot in self.live:
            raise ValueError(f"slot {order.slot} is held by {self.live[order.slot].client_id}")
        self._put(order)

    def succeed(self, order: Order) -> None:
        """A new order waits for its slot, whose holder is asked to be replaced by it.

        Raises ValueError when nothing holds the slot, or another order waits for it.
        """
        holder = self.live.get(order.slot)
        if holder is None or order.slot in self.successors:
            raise ValueError(f"slot {order.slot} has nothing to be replaced by {order.client_id}")
        self.request_cancel(holder.client_id)
        self.successors[order.slot] = order
        self._put(order)

    def note(self, client_id: str, event: OrderEvent, at: datetime, refusal: str = "") -> Order | None:
        """An event of our own request: sent, lost, refused, absent."""
        if (order := self.find(client_id)) is None:
            return None
        try:
            moved = apply_event(order, event, at)
        except ImpossibleTransition as defect:
            self.defects.append(defect)
            return order
        if moved is not order:
            moved = replace(moved, refusal=refusal or moved.refusal)
            self._put(moved)
        return moved

    def amended(
        self,
        client_id: str,
        price: Decimal | None,
        resting: Decimal,
        trigger: Decimal | None,
        *,
        filled: Decimal | None = None,
    ) -> None:
        """The venue changed a resting order in place: ``resting`` is what rested then besides ``filled``.

        ``filled`` is what was known to be filled when that was asked for, by default what is known now.
        """
        order = self.find(client_id)
        if order is not None and order.is_live and not order.status.is_final:
            before = max(order.filled, order.reported_filled) if filled is None else filled
            self._put(replace(order, price=price, trigger_price=trigger, amount=before + resting))

    def request_cancel(self, client_id: str) -> None:
        order = self.find(client_id)
        if order is not None and not order.cancel_requested:
            self._put(replace(order, cancel_requested=True))

    def fold_report(self, report: OrderReport) -> Order | None:
        """The venue's word about an order of ours; None when it is not one that we hold."""
        if (order := self.find(report.client_id, report.venue_id)) is None:
            return None
        try:
            moved = apply_report(order, report)
        except ImpossibleTransition as defect:
            self.defects.append(defect)
            return order
        moved = _with_venue_terms(moved, report)
        if moved != order:
            self._put(moved)
            if moved.venue_id != order.venue_id or moved.execution_id != order.execution_id:
                self._waiting.join(self.fold_fill)
        return self.find(moved.client_id)

    def fold_fill(self, fill: Fill) -> bool:
        """Count one execution, once. False when it is known already or its order is not known yet (it then waits).

        One that was counted as another hand's settles its order and leaves the ledger as it is.
        """
        if (order := self.find(fill.client_id, fill.venue_order_id)) is None:
            self._waiting.keep(fill, self.known_trades)
            return False
        key = (order.client_id, fill.trade_id)
        if key in self.known_trades:
            return False
        self.known_trades.add(key)
        fill = replace(fill, client_id=order.client_id)
        if self._claim(fill):
            self._put(_filled(order, fill))
            return False
        self._fills.append(fill)
        before, self.ledger = self.ledger, self.ledger.apply(fill, self.instrument)
        worth, net = fill.amount * fill.price, self.ledger.net - before.net
        self._gains.append(Gain(order.slot, order.role, fill.amount, worth, net))
        self._put(_filled(order, fill))
        return True

    def _claim(self, fill: Fill) -> bool:
        """Whether this execution is in the ledger as another hand's: it is only said now whose it was.

        The other side of a trade with ourselves has the same id and is no such fill.
        """
        counted = self._elsewhere.get(fill.trade_id)
        if counted is None or counted.side is not fill.side:
            return False
        del self._elsewhere[fill.trade_id]
        self._claimed.append(fill)
        return True

    def fold_funding(self, funding: Funding) -> bool:
        if funding.funding_id in self.known_funding:
            return False
        self.known_funding.add(funding.funding_id)
        self._funding.append(funding)
        self.ledger = self.ledger.apply_funding(funding)
        return True

    def fold_elsewhere(self, fill: Fill) -> None:
        """Count an execution that was not ours but moved our position (closed by hand, liquidated)."""
        key = ("", fill.trade_id)
        if key not in self.known_trades:
            self.known_trades.add(key)
            self._waiting.forget(fill.trade_id)
            self._elsewhere[fill.trade_id] = fill
            self._fills.append(replace(fill, client_id=""))
            self.ledger = self.ledger.apply(fill, self.instrument)

    def foreign_fills(self) -> Sequence[Fill]:
        """Fills on this market that belong to no order of ours (placed by hand, or not joined yet)."""
        return self._waiting.every()

    def take_orphans(self) -> Sequence[Fill]:
        """Fills whose order is not in memory, each once: it may be a finished one that was forgotten here."""
        return self._waiting.take_orphans()

    def orphaned(self, fills: Iterable[Fill]) -> None:
        """Those could not be looked up; they will be taken again."""
        self._waiting.orphaned(fills)

    def recall(self, orders: Iterable[Order]) -> Sequence[Fill]:
        """Take up finished orders that were forgotten; answers the fills that waited for them and are counted now."""
        for order in orders:
            if self.find(order.client_id) is None:
                self.finals[order.slot].append(order)
        return self._waiting.join(self.fold_fill)

    def take_news(self) -> News:
        """What happened since this was asked for last, once."""
        news = News(self._gains, self._ended)
        self._gains, self._ended = [], []
        return news

    def disown_cancel(self, client_id: str) -> None:
        """That it is canceled is somebody else's wish now, as if it were taken off on the venue's own page."""
        order = self.find(client_id)
        if order is not None and order.is_live and order.cancel_requested and order.slot not in self.successors:
            self._put(replace(order, cancel_requested=False))

    @property
    def reported_position(self) -> Decimal:
        """The ledger's, and what the venue says was filled besides the fills we hold (base units)."""
        untold = (max(ZERO, order.reported_filled - order.filled) * order.side.sign for order in self.unsettled)
        return sum(untold, self.ledger.position)

    # What must be stored

    def changes(self) -> Changes:
        return Changes(tuple(self._changed.values()), tuple(self._fills), tuple(self._funding), tuple(self._claimed))

    def stored(self, changes: Changes) -> None:
        """The changes are durable now. What came while they were being written is kept for the next time."""
        for order in changes.orders:
            if self._changed.get(order.client_id) is order:
                del self._changed[order.client_id]
        del self._fills[: len(changes.fills)]
        del self._funding[: len(changes.funding)]
        del self._claimed[: len(changes.claimed)]

    def _put(self, order: Order) -> None:
        self._changed[order.client_id] = order
        if self.place(order):
            self._ended.append(order)


def _filled(order: Order, fill: Fill) -> Order:
    moved = apply_fill(order, fill)
    if moved.status is OrderStatus.FILLED and not order.status.is_final:
        # Whether that was all is the venue's to say: it may have enlarged the order without our hearing of it.
        return replace(moved, status=OrderStatus.PARTLY_FILLED)
    return moved


def _with_venue_terms(order: Order, report: OrderReport) -> Order:
    """Price and amount as the venue shows them, where a change of ours may have been made without our hearing of it."""
    if order.status.is_final or order.type is not OrderType.LIMIT:
        return order
    price = report.price if report.price else order.price
    amount = report.amount if report.amount and report.amount > ZERO else order.amount
    return order if (price, amount) == (order.price, order.amount) else replace(order, price=price, amount=amount)
