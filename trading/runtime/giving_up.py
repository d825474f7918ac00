"""The end of a bot that cannot be run (its market or its strategy is gone, or its state cannot be read), when its owner
asks for it: its orders are canceled by their ids, and what is left is its owner's, who is told of it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from trading.core.by_hand import ByHand
from trading.core.instrument import ZERO
from trading.core.notices import BotStopped, LeftOrder, OrdersLeft
from trading.core.orders import Order, OrderEvent, OrderReport, apply_event, apply_report
from trading.core.planning import Mode
from trading.core.telling import Notice
from trading.exchanges.errors import BadCredentials, NotSent, Throttled, VenueError
from trading.runtime.recovery import OrderAbsent
from trading.runtime.station import Station
from trading.storage import Connection, Storage, bots, notices, orders
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)

CONFIRM_AFTER = (0.5, 2.0, 8.0, 15.0)
"""Seconds before it is asked what became of the cancels; together longer than an order may be on its way."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What a bot left behind: ``ended`` orders as they are now, those that may still rest, and its position (base)."""

    ended: Sequence[Order]
    resting: Sequence[Order]
    position: Decimal


async def is_to_end(storage: Storage, bot_id: int) -> bool:
    """Whether its owner has asked for its end. Raises StorageFailed."""
    record = await storage.read(lambda connection: bots.find_bot(connection, bot_id))
    return record is not None and _is_to_end(record)


async def clear_away(station: Station, bot_id: int) -> Remains:
    """Cancel what is stored as live, until the venue has said of each order what became of it, or cannot say.

    Only what is ours, each by its id. Raises VenueError while the venue cannot be reached, and StorageFailed.
    """

    def read(connection: Connection) -> tuple[BotRecord | None, Sequence[Order]]:
        return bots.find_bot(connection, bot_id), orders.live_orders(connection, bot_id)

    record, live = await station.storage.read(read)
    if record is None:
        return Remains((), (), ZERO)
    ended: list[Order] = []
    resting = [apply_event(order, OrderEvent.LOST, station.clock.now()) if order.status.is_in_flight else order
               for order in live if not order.status.is_final]  # fmt: skip
    for seconds in CONFIRM_AFTER if _has_market(station, record.symbol) else CONFIRM_AFTER[:1]:
        if not resting:
            break
        await _cancel(station, resting)
        await station.clock.sleep(seconds)
        now = [await _asked(station, order) for order in resting]
        ended += [order for order in now if order.status.is_final]
        resting = [order for order in now if not order.status.is_final]
    return Remains(ended, resting, await _position(station, record))


def store_end(connection: Connection, bot_id: int, remains: Remains, detail: str, now: datetime) -> None:
    """Let the bot go, and tell what is left. Nothing where it has ended by itself, or was deleted."""
    record = bots.find_bot(connection, bot_id)
    if record is None or not _is_to_end(record):
        return
    orders.put_orders(connection, remains.ended, record.user_id)
    by_hand = ByHand(count=record.by_hand.count)
    bots.update_bot(connection, replace(record, active=False, last_error=detail, by_hand=by_hand, updated_at=now))
    facts: list[Notice] = [BotStopped(symbol=record.symbol, cause=record.cause, position=remains.position)]
    if remains.resting:
        left = tuple(_left(order) for order in remains.resting)
        facts.insert(0, OrdersLeft(symbol=record.symbol, orders=left))
    notices.put_notices(connection, record.user_id, bot_id, facts, now)


def _is_to_end(record: BotRecord) -> bool:
    return record.active and record.mode in (Mode.CANCEL, Mode.CLOSE)


async def _cancel(station: Station, resting: Sequence[Order]) -> None:
    """Raises VenueError where the venue has not even heard it; what else it says is asked for afterwards."""
    try:
        outcomes = await station.gateway.cancel(resting)
    except Exception:  # a gateway may not know the market any more; asking tells what became of it
        log.exception("orders of bot %s: cancel raised", resting[0].bot_id)
        return
    for outcome in outcomes:
        if isinstance(outcome, NotSent | Throttled | BadCredentials):
            raise outcome


async def _asked(station: Station, order: Order) -> Order:
    """The order as the venue has it now. Raises VenueError."""
    try:
        found = await station.inquiry.ask(order)
    except Exception as problem:  # as above: then nobody knows, and its owner must look
        if isinstance(problem, VenueError) and _has_market(station, order.symbol):
            raise
        log.warning("bot %s: asking about %s", order.bot_id, order.client_id, exc_info=True)
        return order
    for event in found:
        if isinstance(event, OrderReport):
            order = apply_report(order, event)
        elif isinstance(event, OrderAbsent):
            gone = OrderEvent.ABSENT if order.status.is_in_flight else OrderEvent.EXPIRED
            order = apply_event(order, gone, event.at)
    return order


async def _position(station: Station, record: BotRecord) -> Decimal:
    """By the venue's word, because fills may not have been heard; by our books where it cannot tell.

    Raises VenueError.
    """
    if not station.gateway.capabilities.has_positions or not _has_market(station, record.symbol):
        return record.ledger.position
    held = await station.gateway.positions()
    return next((position.amount for position in held if position.symbol == record.symbol), ZERO)


def _has_market(station: Station, symbol: str) -> bool:
    """Of a market that is gone nothing can be asked, and waiting will not bring it back."""
    return symbol in station.gateway.instruments()


def _left(order: Order) -> LeftOrder:
    price = order.price or order.trigger_price
    return LeftOrder(side=order.side, amount=order.remaining, price=price, client_id=order.client_id)
