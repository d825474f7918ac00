"""Makes what we hold agree with what the venue says: at start, after a gap in a stream, and periodically.

Nothing here decides or stores: every function asks the venue and returns events for the worker to fold.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from trading.clock import Clock
from trading.core.client_ids import parse_client_id
from trading.core.instrument import ZERO, Side
from trading.core.ledger import Funding
from trading.core.orders import Fill, Order, OrderReport, OrderStatus, OrderType, Role
from trading.exchanges.gateway import Gateway, Position

log = logging.getLogger(__name__)

ABSENCE_MARGIN = timedelta(seconds=5)
"""Waited beyond the venue's receive window before an order may be called absent."""

FILL_OVERLAP = timedelta(minutes=5)
"""Fills are read again from so long before the newest that we know; trade ids keep them from counting twice."""


LISTS_GOOD_FOR = timedelta(seconds=5)
"""So long lists may serve others that are missed at the same time; what is older may lack what came since."""


@dataclass(frozen=True, slots=True)
class OrderAbsent:
    """Proven: the venue does not have this order, nor a trace of it, and can no longer get it."""

    client_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PositionSeen:
    """The venue's word about the bot's position, asked at ``asked_at``; zero when it shows none.

    ``began_at``: when reading the picture began of which it is the end; orders and fills were read after that.
    """

    amount: Decimal
    price: Decimal | None
    began_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class StrayOrder:
    """An open order with our prefix that our books do not know."""

    report: OrderReport


Found = OrderReport | Fill | Funding | OrderAbsent | PositionSeen | StrayOrder


@dataclass(frozen=True, slots=True)
class _Listed:
    began_at: datetime
    read_at: datetime
    since: datetime
    reports: Sequence[OrderReport]
    fills: Sequence[Fill]


class Inquiry:
    """Asks one account what became of single orders. Lists are read once for all that are missed at the same time."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway, self._clock = gateway, clock
        self._listed: dict[str, _Listed] = {}
        self._rested_at: dict[str, datetime] = {}
        self._lost: set[str] = set()
        """Orders whose end no list can tell any more; not looked for there again."""
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def may_arrive_until(self, order: Order) -> datetime:
        """Before that a request that is under way may still be carried out."""
        return order.updated_at + self._gateway.capabilities.receive_window + ABSENCE_MARGIN

    def saw_resting(self, client_ids: Iterable[str], at: datetime) -> None:
        """The venue has listed these orders as open, asked at ``at``."""
        reach = self._gateway.capabilities.history_reach
        if reach is not None:
            self._rested_at = {name: seen for name, seen in self._rested_at.items() if at - seen < reach}
            self._rested_at |= dict.fromkeys(client_ids, at)

    async def ask(self, order: Order) -> Sequence[Found]:
        """What became of one order: its report and the fills that we lack. Empty when nothing is proven yet.

        Raises what the gateway's reads raise.
        """
        report = await self._gateway.order(order)
        if report is None:
            return await self._prove_absent(order)
        if report.filled > order.filled:
            return [*await self._gateway.order_fills(order), report]
        return [report]

    async def _prove_absent(self, order: Order) -> Sequence[Found]:
        """Absent only when the receive window is over, asked twice, and missing in open orders, history and fills.

        What may have been filled before the oldest trade that the venue still lists stays unknown.
        """
        is_lost = self._is_out_of_reach(order)
        if self._clock.now() < self.may_arrive_until(order) or (is_lost and order.client_id in self._lost):
            return []
        listed = await self._lists(order)
        for report in listed.reports:
            if report.client_id == order.client_id:
                return [report]
        fills = [fill for fill in listed.fills if _belongs(fill, order)]
        if fills:
            return fills
        if is_lost:
            self._lost.add(order.client_id)
            log.warning("bot %s: what became of %s cannot be known any more", order.bot_id, order.client_id)
            return []
        if not order.status.is_in_flight:
            # The venue knew it once: its lists may only be behind.
            await self._clock.sleep(ABSENCE_MARGIN.total_seconds())
        again = await self._gateway.order(order)
        return [again] if again is not None else [OrderAbsent(order.client_id, self._clock.now())]

    def _is_out_of_reach(self, order: Order) -> bool:
        """Whether its end may lie further back than the venue tells."""
        reach = self._gateway.capabilities.history_reach
        if reach is None:
            return False
        alive_at = max(order.created_at, self._rested_at.get(order.client_id, order.created_at))
        if not order.status.is_in_flight:
            # In flight that is only when we last spoke of it ourselves.
            alive_at = max(alive_at, order.updated_at)
        return alive_at - FILL_OVERLAP < self._clock.now() - reach

    async def _lists(self, order: Order) -> _Listed:
        """Every list in which the order would stand, all read after it could last have arrived."""
        symbol, since = order.symbol, order.created_at - FILL_OVERLAP
        async with self._reading[symbol]:
            known = self._listed.get(symbol)
            is_old = known is None or known.read_at + LISTS_GOOD_FOR < self._clock.now()
            if known is None or is_old or known.began_at < self.may_arrive_until(order) or known.since > since:
                began_at = self._clock.now()
                reports = [
                    *await self._gateway.open_orders([symbol]),
                    *await self._gateway.order_history(symbol, since),
                ]
                fills = await self._gateway.fills(symbol, since)
                known = _Listed(began_at, self._clock.now(), since, reports, fills)
                self._listed[symbol] = known
            return known


async def recover(
    *,
    inquiry: Inquiry,
    gateway: Gateway,
    clock: Clock,
    symbol: str,
    live: Iterable[Order],
    fills_since: datetime,
    funding_since: datetime | None,
    with_position: bool = True,
) -> Sequence[Found]:
    """The whole picture of one bot's market, as events, the position last. Orders in flight are left to ``ask``.

    ``funding_since`` None: funding is not read. Without ``with_position`` (spot: coins belong to nobody's position) no
    position is looked for. Raises what the gateway's reads raise; then nothing of it should be
    believed.
    """
    began_at = clock.now()
    known = {order.client_id: order for order in live}
    found: list[Found] = []
    listed = [report for report in await gateway.open_orders([symbol]) if report.symbol == symbol]
    shown = {report.client_id for report in listed}
    for report in listed:
        if report.client_id in known:
            found.append(report)
        elif report.client_id is not None and parse_client_id(report.client_id) is not None:
            found.append(StrayOrder(report))
    inquiry.saw_resting(known.keys() & shown, began_at)
    for order in known.values():
        if order.client_id not in shown and not order.status.is_in_flight:
            found.extend(await inquiry.ask(order))
    found.extend(await gateway.fills(symbol, fills_since))
    if funding_since is not None:
        found.extend(await gateway.funding(symbol, funding_since))
    if with_position and gateway.capabilities.has_positions:
        found.append(await see_position(gateway, clock, symbol, began_at))
    return found


async def see_position(gateway: Gateway, clock: Clock, symbol: str, began_at: datetime | None = None) -> PositionSeen:
    """The venue's position on one market now, as the end of a picture that was begun at ``began_at``, or by itself.

    Raises what the gateway's reads raise.
    """
    asked_at = clock.now()
    return _position_of(symbol, await gateway.positions(), began_at or asked_at, asked_at)


def _position_of(symbol: str, positions: Iterable[Position], began_at: datetime, asked_at: datetime) -> PositionSeen:
    for position in positions:
        if position.symbol == symbol:
            return PositionSeen(position.amount, position.mark_price, began_at, asked_at)
    return PositionSeen(ZERO, None, began_at, asked_at)


def _belongs(fill: Fill, order: Order) -> bool:
    if fill.client_id is not None:
        return fill.client_id == order.client_id
    return bool(fill.venue_order_id) and fill.venue_order_id in (order.venue_id, order.execution_id)


def stray_order(report: OrderReport, bot_id: int) -> Order:
    """An order that only the venue knows, in the form in which a cancel is asked for."""
    return Order(
        client_id=report.client_id or "",
        bot_id=bot_id,
        slot="stray",
        role=Role.ENTRY,
        symbol=report.symbol,
        side=report.side or Side.BUY,
        # Venues keep triggers in a place of their own, and cancel them there.
        type=report.type or OrderType.LIMIT,
        amount=report.amount or ZERO,
        price=report.price,
        created_at=report.at,
        updated_at=report.at,
        status=OrderStatus.OPEN,
        venue_id=report.venue_id,
    )
