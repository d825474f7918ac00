"""Wanted orders against live ones: what to place, change and cancel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trading.core.instrument import ZERO
from trading.core.orders import Order, OrderStatus, OrderType
from trading.core.planning import TargetOrder


class AmendMode(StrEnum):
    """How a venue changes a resting order."""

    IN_PLACE = "in_place"
    REPLACE = "replace"
    """One request cancels an order of which nothing was filled and places its successor, under an id of its own."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Place:
    target: TargetOrder


@dataclass(frozen=True, slots=True)
class Amend:
    order: Order
    target: TargetOrder


@dataclass(frozen=True, slots=True)
class Replace:
    order: Order
    target: TargetOrder


@dataclass(frozen=True, slots=True)
class Cancel:
    order: Order


Command = Place | Amend | Replace | Cancel


def difference(
    targets: Sequence[TargetOrder],
    live: Mapping[str, Order],
    *,
    used: Collection[str],
    held: Collection[str],
    amend: AmendMode,
) -> list[Command]:
    """What turns the live orders into the wanted ones, cancels first, then by the priority of the roles.

    ``used`` are slots that ever had an order which was not refused; one-shot targets in them are satisfied for ever.
    ``held`` are slots that wait after a refusal: nothing is placed in them, and what rests there stays as it is, for a
    change would be refused too, or leave the slot empty. An order in flight holds its slot and is left alone until the
    venue has said what became of it; so does one whose cancel was already asked for.
    """
    wanted = {target.slot: target for target in targets}
    commands: list[Command] = [
        Cancel(order) for slot, order in live.items() if slot not in wanted and _may_touch(order)
    ]
    for target in sorted(targets, key=lambda target: target.role.priority):
        order = live.get(target.slot)
        if target.slot in held:
            continue
        if order is None:
            if not (target.one_shot and target.slot in used):
                commands.append(Place(target))
        elif not target.one_shot and _may_touch(order) and not _agrees(order, target):
            commands.append(_change(order, target, amend))
    return sorted(commands, key=lambda command: not isinstance(command, Cancel))


def _change(order: Order, target: TargetOrder, amend: AmendMode) -> Command:
    """As the venue can; else cancel, and place once that is confirmed."""
    is_untouched = order.status is OrderStatus.OPEN and max(order.filled, order.reported_filled) == ZERO
    match amend:
        case AmendMode.IN_PLACE if _only_price_and_amount_differ(order, target):
            return Amend(order, target)
        case AmendMode.REPLACE if is_untouched and _is_plain_limit(order, target):
            return Replace(order, target)
        case _:
            return Cancel(order)


def _is_plain_limit(order: Order, target: TargetOrder) -> bool:
    return order.type is OrderType.LIMIT and _only_price_and_amount_differ(order, target)


def _may_touch(order: Order) -> bool:
    return order.status in (OrderStatus.OPEN, OrderStatus.PARTLY_FILLED) and not order.cancel_requested


def _agrees(order: Order, target: TargetOrder) -> bool:
    return (
        _only_price_and_amount_differ(order, target)
        and order.price == target.price
        and order.trigger_price == target.trigger_price
        and order.remaining == target.amount
    )


def _only_price_and_amount_differ(order: Order, target: TargetOrder) -> bool:
    return (
        order.side is target.side
        and order.type is target.type
        and order.reduce_only == target.reduce_only
        and order.time_in_force is target.time_in_force
        and (order.type is not OrderType.MARKET)
    )
