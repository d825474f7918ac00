"""What a round of commands does to the orders that rest, as a person counts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.core.diff import Cancel, Command, Place
from trading.core.orders import Order
from trading.core.planning import TargetOrder


@dataclass(frozen=True, slots=True)
class Move:
    """A resting order that another takes the place of, in the same slot."""

    order: Order
    target: TargetOrder

    @property
    def prices(self) -> tuple[Decimal | None, Decimal | None]:
        """Before and after (quote): the limit, or where there is none the trigger."""
        return self.order.price or self.order.trigger_price, self.target.price or self.target.trigger_price


@dataclass(frozen=True, slots=True)
class Effect:
    """Which orders move, which are canceled for good, and which are new."""

    moved: tuple[Move, ...] = ()
    canceled: tuple[Order, ...] = ()
    placed: tuple[TargetOrder, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.canceled or self.placed)

    @property
    def exits(self) -> tuple[Move, ...]:
        """Take-profits and stops that move to another price: worth telling one by one."""
        return tuple(move for move in self.moved if move.target.role.is_exit and move.prices[0] != move.prices[1])


def effect_of(commands: Sequence[Command], targets: Sequence[TargetOrder]) -> Effect:
    """``targets`` is the whole plan: where a venue cannot change an order, a cancel in a wanted slot is half a move."""
    wanted = {target.slot: target for target in targets}
    moved, canceled, placed = [], [], []
    for command in commands:
        if isinstance(command, Place):
            placed.append(command.target)
        elif not isinstance(command, Cancel):
            moved.append(Move(command.order, command.target))
        elif command.order.slot in wanted:
            moved.append(Move(command.order, wanted[command.order.slot]))
        else:
            canceled.append(command.order)
    return Effect(tuple(moved), tuple(canceled), tuple(placed))
