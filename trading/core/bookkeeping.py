"""One bot's orders and ledger as far as they are known: every report and every fill is folded here, once.

Pure bookkeeping. What changed since the last commit is kept until the caller says that it is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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

MAX_WAITING_FILLS = 1000
"""Fills whose order is not known yet; a hand trader on the same symbol must not fill our memory."""


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
    """What must be stored: orders in their newest form, fills and funding counted for the first time."""

    orders: Sequence[Order]
    fills: Sequence[Fill]
    funding: Sequence[Funding]

    def __bool__(self) -> bool:
        return bool(self.orders or self.fills or self.funding)


@dataclass
class Books:
    """The orders of one bot by slot, its ledger, and what was already counted.

    ``successors`` are orders that replace the one which holds their slot: each takes the slot when that one has ended,
    and holds it from then on, whatever had become of itself. ``known_trades`` are (client id, trade id) pairs of fills
    that are in the ledger; ``defects`` counts events that the transition table does not know.
    """

    instrument: Instrument
    ledger: Ledger
    live: dict[str, Order] = field(default_factory=dict)
    successors: dict[str, Order] = field(default_factory=dict)
    finals: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))
    known_trades: set[tuple[str, str]] = field(default_factory=set)
    known_funding: set[str] = field(default_factory=set)
    defects: list[ImpossibleTransition] = field(default_factory=list)
    _changed: dict[str, Order] = field(default_factory=dict)
    _fills: list[Fill] = field(default_factory=list)
    _funding: list[Funding] = field(default_factory=list)
    _waiting: list[Fill] = field(default_factory=list)
    _orphans: list[Fill] = field(default_factory=list)
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
    ) -> Books:
        """Books from what is stored.

        Raises ValueError when two orders that may rest hold one slot and one does not replace the other: a doubled
        order.
        """
        books = cls(instrument, ledger, known_trades=set(known_trades), known_funding=set(known_funding))
        for order in sorted([*finals, *live], key=lambda order: (order.created_at, order.client_id)):
            holder = books.live.get(order.slot)
            if not order.is_live:
                books.finals[order.slot].append(order)
            elif holder is None or holder.status.is_final:
                books.live[order.slot] = order
                if holder is not None:
                    books.finals[order.slot].append(holder)
            elif order.status.is_final:
                books.finals[order.slot].append(order)
            elif holder.cancel_requested and order.slot not in books.successors:
                books.successors[order.slot] = order
            else:
                raise ValueError(f"slot {order.slot} is held by {holder.client_id} and by {order.client_id}")
        return books

    # What is known

    def find(self, client_id: str | None, venue_id: str | None = None) -> Order | None:
        """The order under either id, live ones first."""
        for order in self._all():
            if client_id is not None and order.client_id == client_id:
                return order
            if client_id is None and venue_id and venue_id in (order.venue_id, order.execution_id):
                return order
        return None

    @property
    def every_live(self) -> list[Order]:
        """Those that hold a slot, and their successors."""
        return [*self.live.values(), *self.successors.values()]

    @property
    def in_flight(self) -> list[Order]:
        return [order for order in self.every_live if order.status.is_in_flight]

    @property
    def unsettled(self) -> list[Order]:
        """Orders of which the venue says more was filled than the fills we hold, whether they hold a slot or not."""
        return [order for order in self._all() if not order.is_settled]

    @property
    def used_slots(self) -> set[str]:
        """Slots that ever held an order which was not refused, in the scope that is loaded."""
        return {
            slot
            for slot, orders in self.finals.items()
            if any(order.status is not OrderStatus.REJECTED or order.filled for order in orders)
        } | self.live.keys()

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
                self._join_waiting()
        return self.find(moved.client_id)

    def fold_fill(self, fill: Fill) -> bool:
        """Count one execution, once. False when it is known already or its order is not known yet (it then waits)."""
        if (order := self.find(fill.client_id, fill.venue_order_id)) is None:
            self._keep_waiting(fill)
            return False
        key = (order.client_id, fill.trade_id)
        if key in self.known_trades:
            return False
        self.known_trades.add(key)
        fill = replace(fill, client_id=order.client_id)
        self._fills.append(fill)
        before, self.ledger = self.ledger, self.ledger.apply(fill, self.instrument)
        worth, net = fill.amount * fill.price, self.ledger.net - before.net
        self._gains.append(Gain(order.slot, order.role, fill.amount, worth, net))
        moved = apply_fill(order, fill)
        if moved.status is OrderStatus.FILLED and not order.status.is_final:
            # Whether that was all is the venue's to say: it may have enlarged the order without our hearing of it.
            moved = replace(moved, status=OrderStatus.PARTLY_FILLED)
        self._put(moved)
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
            self._waiting = [other for other in self._waiting if other.trade_id != fill.trade_id]
            self._fills.append(replace(fill, client_id=""))
            self.ledger = self.ledger.apply(fill, self.instrument)

    def foreign_fills(self) -> Sequence[Fill]:
        """Fills on this market that belong to no order of ours (placed by hand, or not joined yet)."""
        return tuple(self._waiting)

    def take_orphans(self) -> Sequence[Fill]:
        """Fills whose order is not in memory, each once: it may be a finished one that was forgotten here."""
        orphans, self._orphans = self._orphans, []
        return [fill for fill in orphans if fill in self._waiting]

    def orphaned(self, fills: Iterable[Fill]) -> None:
        """Those could not be looked up; they will be taken again."""
        self._orphans = [*fills, *self._orphans]

    def recall(self, orders: Iterable[Order]) -> Sequence[Fill]:
        """Take up finished orders that were forgotten; answers the fills that waited for them and are counted now."""
        for order in orders:
            if self.find(order.client_id) is None:
                self.finals[order.slot].append(order)
        return self._join_waiting()

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

    def drop_finals_outside(self, *prefixes: str) -> None:
        """Forget finished orders of slots that nobody looks at any more, as far as all their fills are here."""
        kept = {
            slot: orders if slot.startswith(prefixes) else [order for order in orders if not order.is_settled]
            for slot, orders in self.finals.items()
        }
        self.finals = defaultdict(list, {slot: orders for slot, orders in kept.items() if orders})

    # What must be stored

    def changes(self) -> Changes:
        return Changes(tuple(self._changed.values()), tuple(self._fills), tuple(self._funding))

    def stored(self, changes: Changes) -> None:
        """The changes are durable now. What came while they were being written is kept for the next time."""
        for order in changes.orders:
            if self._changed.get(order.client_id) is order:
                del self._changed[order.client_id]
        del self._fills[: len(changes.fills)]
        del self._funding[: len(changes.funding)]

    def view_of_finals(self) -> Mapping[str, Sequence[Order]]:
        return {slot: tuple(orders) for slot, orders in self.finals.items()}

    def _all(self) -> list[Order]:
        return [*self.every_live, *(order for orders in self.finals.values() for order in orders)]

    def _put(self, order: Order) -> None:
        """Keep the newest form. A finished order whose slot was taken anew stays among the finished, settled or not."""
        self._changed[order.client_id] = order
        history = self.finals.get(order.slot, [])
        known = next((place for place, other in enumerate(history) if other.client_id == order.client_id), None)
        if known is not None:
            history[known] = order
            return
        place = self.successors if _is_in(self.successors, order) else self.live
        if order.is_live:
            place[order.slot] = order
            return
        self.finals[order.slot].append(order)
        self._ended.append(order)
        if _is_in(place, order):
            del place[order.slot]
        if place is self.live and order.slot in self.successors:
            self.live[order.slot] = self.successors.pop(order.slot)

    def _keep_waiting(self, fill: Fill) -> None:
        known = {("", fill.trade_id), (fill.client_id or "", fill.trade_id)} & self.known_trades
        key = (fill.trade_id, fill.venue_order_id)
        if known or key in {(other.trade_id, other.venue_order_id) for other in self._waiting}:
            return
        self._waiting = [*self._waiting, fill][-MAX_WAITING_FILLS:]
        self._orphans = [*self._orphans, fill][-MAX_WAITING_FILLS:]

    def _join_waiting(self) -> Sequence[Fill]:
        waiting, self._waiting, asked = self._waiting, [], self._orphans
        counted = [fill for fill in waiting if self.fold_fill(fill)]
        self._orphans = [fill for fill in asked if fill in self._waiting]
        return counted


def _is_in(place: Mapping[str, Order], order: Order) -> bool:
    return order.slot in place and place[order.slot].client_id == order.client_id


def _with_venue_terms(order: Order, report: OrderReport) -> Order:
    """Price and amount as the venue shows them, where a change of ours may have been made without our hearing of it."""
    if order.status.is_final or order.type is not OrderType.LIMIT:
        return order
    price = report.price if report.price else order.price
    amount = report.amount if report.amount and report.amount > ZERO else order.amount
    return order if (price, amount) == (order.price, order.amount) else replace(order, price=price, amount=amount)
