"""What must be true after every life of a bot, whatever happened: the house's books against the venue's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tests.kinds import BOOK
from tests.simulation.world import OWNER, SYMBOL, World, _Standing
from trading.core.client_ids import parse_client_id
from trading.core.orders import Fill, Order, OrderStatus
from trading.core.planning import CycleResult
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import VenueOrder
from trading.storage import bots, fills, notices, orders
from trading.storage.cycles import cycles_of
from trading.storage.records import BotRecord
from trading.strategies.grid.notices import CycleFinished, EntryFilled

START = Decimal(10_000)


@dataclass(frozen=True)
class Stored:
    record: BotRecord
    orders: list[Order]
    fills: list[Fill]
    cycles: list[CycleResult]
    notices: list[object]


async def stored(standing: _Standing, bot_id: int) -> Stored:
    """Everything that the database has of a bot."""

    def read(connection: object) -> Stored:
        record = bots.find_bot(connection, bot_id)  # type: ignore[arg-type]
        assert record is not None
        return Stored(
            record,
            orders.orders_page(connection, bot_id, OWNER, 100_000),  # type: ignore[arg-type]
            fills.fills_of(connection, bot_id),  # type: ignore[arg-type]
            [found.result for found in cycles_of(connection, bot_id)],  # type: ignore[arg-type]
            [each.notice for each in notices.undelivered(connection, 100_000, world_end, BOOK)],  # type: ignore[arg-type]
        )

    world_end = standing.desk._house.now()
    return await standing.storage.read(read)


def venue_orders(exchange: SimulatedExchange) -> dict[str, VenueOrder]:
    """Every order with our prefix, open or finished."""
    every = [*exchange.finished_orders(), *exchange.open_orders()]
    return {order.client_id: order for order in every if order.client_id and parse_client_id(order.client_id)}


async def check(world: World, standing: _Standing, bot_id: int, *, cycles: bool = True, money: bool = True) -> None:
    """Raises AssertionError for the first thing that is not as promised."""
    exchange = world.gateways[OWNER].books_of_the_venue
    ours = await stored(standing, bot_id)
    _same_orders(exchange, ours)
    _slots_held_once(exchange, ours)
    _same_fills(exchange, ours)
    if money:
        _same_money(exchange, ours)
    _told_once(ours)
    if cycles:
        _cycles_add_up(ours)


def _same_orders(exchange: SimulatedExchange, ours: Stored) -> None:
    theirs = venue_orders(exchange)
    known = {order.client_id: order for order in ours.orders}
    assert theirs.keys() <= known.keys(), f"lost: {theirs.keys() - known.keys()}"
    arrived = {key for key, order in known.items() if order.status is not OrderStatus.REJECTED or order.filled}
    assert arrived == theirs.keys(), f"never there: {arrived - theirs.keys()}, refused: {theirs.keys() - arrived}"
    for key, order in known.items():
        if key in theirs:
            venue = theirs[key]
            assert order.status is venue.status, f"{key} {order.slot}: {order.status}, venue: {venue.status}"
            assert order.filled == venue.filled, f"{key} {order.slot}: {order.filled}, venue: {venue.filled}"
            if venue.is_open:
                assert (order.price, order.amount) == (venue.price, venue.amount), key


def _slots_held_once(exchange: SimulatedExchange, ours: Stored) -> None:
    theirs = venue_orders(exchange)
    by_slot: dict[str, list[Order]] = defaultdict(list)
    for order in ours.orders:
        if order.client_id in theirs:
            by_slot[order.slot].append(order)
    for slot, held in by_slot.items():
        history = sorted((theirs[order.client_id] for order in held), key=lambda order: order.sequence)
        assert len(history) == 1 or not held[0].one_shot, f"{slot} was used {len(history)} times"
        for before, after in pairwise(history):
            assert not before.is_open and before.updated_at <= after.created_at, f"{slot} held two orders at one time"


def _same_fills(exchange: SimulatedExchange, ours: Stored) -> None:
    theirs = [(f.client_id, f.trade_id, f.amount, f.price) for f in exchange.fills() if f.client_id in _ids(ours)]
    counted = [(f.client_id, f.trade_id, f.amount, f.price) for f in ours.fills if f.client_id]
    assert Counter(theirs) == Counter(counted), set(theirs) ^ set(counted)


def _ids(ours: Stored) -> set[str]:
    return {order.client_id for order in ours.orders}


def _same_money(exchange: SimulatedExchange, ours: Stored) -> None:
    ledger, held = ours.record.ledger, exchange.position(SYMBOL)
    assert ledger.position == (held.amount if held else 0)
    if not any(fill.trade_id.startswith("elsewhere-") for fill in ours.fills):
        # Cash, not profit: what a position costs depends on whether a close by hand is heard before the next entry.
        moved = exchange.balances()["USDT"] - START - (held.cost if held else 0)
        said = ledger.cash - ledger.fees + ledger.funding
        assert abs(moved - said) < Decimal("1e-9"), f"cash moved {moved}, ledger says {said}"


def _told_once(ours: Stored) -> None:
    assert len({result.number for result in ours.cycles}) == len(ours.cycles), "a cycle was counted twice"
    told = [fact.number for fact in ours.notices if isinstance(fact, CycleFinished)]
    assert sorted(told) == sorted(result.number for result in ours.cycles)
    entries: Counter[str] = Counter()
    for fact in ours.notices:
        if isinstance(fact, EntryFilled):
            entries[fact.slot] += fact.amount  # type: ignore[assignment]
    for slot, amount in entries.items():
        filled = sum(order.filled for order in ours.orders if order.slot.split(".r")[0] == slot)
        assert amount == filled, f"{slot}: told {amount}, filled {filled}"


def _cycles_add_up(ours: Stored) -> None:
    from trading.strategies.grid.state import GridState

    start = GridState.model_validate_json(ours.record.state).start
    expected = start.net if start else Decimal(0)
    assert abs(sum((result.net for result in ours.cycles), Decimal(0)) - expected) < Decimal("1e-9")
