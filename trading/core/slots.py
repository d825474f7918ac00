"""The orders of one bot by slot: who holds a slot, who waits to succeed in it, and who held it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trading.core.orders import Order, OrderStatus


@dataclass(kw_only=True)
class Slots:
    """A slot is held by one order at most.

    ``successors`` are orders that replace the one which holds their slot: each takes the slot when that one has ended,
    and holds it from then on, whatever had become of itself. ``finals`` are finished ones, oldest first.
    """

    live: dict[str, Order] = field(default_factory=dict)
    successors: dict[str, Order] = field(default_factory=dict)
    finals: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))

    def seat(self, orders: Iterable[Order]) -> None:
        """Give stored orders the slots they held.

        Raises ValueError when two orders that may rest hold one slot and one does not replace the other: a doubled
        order.
        """
        for order in sorted(orders, key=lambda order: (order.created_at, order.client_id)):
            holder = self.live.get(order.slot)
            if not order.is_live:
                self.finals[order.slot].append(order)
            elif holder is None or holder.status.is_final:
                self.live[order.slot] = order
                if holder is not None:
                    self.finals[order.slot].append(holder)
            elif order.status.is_final:
                self.finals[order.slot].append(order)
            elif holder.cancel_requested and order.slot not in self.successors:
                self.successors[order.slot] = order
            else:
                raise ValueError(f"slot {order.slot} is held by {holder.client_id} and by {order.client_id}")

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

    def view_of_finals(self) -> Mapping[str, Sequence[Order]]:
        return {slot: tuple(orders) for slot, orders in self.finals.items()}

    def place(self, order: Order) -> bool:
        """Keep the newest form of an order, in its slot or waiting for it; answers whether it has ended with this.

        A finished order whose slot was taken anew stays among the finished, settled or not.
        """
        history = self.finals.get(order.slot, [])
        known = next((place for place, other in enumerate(history) if other.client_id == order.client_id), None)
        if known is not None:
            history[known] = order
            return False
        place = self.successors if _is_in(self.successors, order) else self.live
        if order.is_live:
            place[order.slot] = order
            return False
        self.finals[order.slot].append(order)
        if _is_in(place, order):
            del place[order.slot]
        if place is self.live and order.slot in self.successors:
            self.live[order.slot] = self.successors.pop(order.slot)
        return True

    def drop_finals_outside(self, *prefixes: str) -> None:
        """Forget finished orders of slots that nobody looks at any more, as far as all their fills are here."""
        kept = {
            slot: orders if slot.startswith(prefixes) else [order for order in orders if not order.is_settled]
            for slot, orders in self.finals.items()
        }
        self.finals = defaultdict(list, {slot: orders for slot, orders in kept.items() if orders})

    def _all(self) -> list[Order]:
        return [*self.every_live, *(order for orders in self.finals.values() for order in orders)]


def _is_in(place: Mapping[str, Order], order: Order) -> bool:
    return order.slot in place and place[order.slot].client_id == order.client_id
