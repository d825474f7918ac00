"""Puts a stored bot on a bench."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from trading.core.bookkeeping import Books
from trading.core.orders import Order
from trading.core.planning import Strategy
from trading.runtime.backoffs import Backoffs
from trading.runtime.bench import Bench
from trading.runtime.station import Station
from trading.storage import Connection, bots, fills, orders
from trading.storage.records import BotRecord
from trading.storage.ticks import first_free_sequence


async def load_bench(bot_id: int, station: Station, strategies: Mapping[str, Strategy]) -> Bench | None:
    """The bot as it is stored now; None when it is not active any more.

    Raises StorageFailed; KeyError for a strategy or a market that is not there; ValueError for a config, a state or
    orders that cannot be.
    """
    stored = await station.storage.read(lambda connection: bots.find_bot(connection, bot_id))
    if stored is None or not stored.active:
        return None
    strategy, instrument = strategies[stored.strategy], await station.gateway.instrument(stored.symbol)

    def read(connection: Connection) -> Bench | None:
        record = bots.find_bot(connection, bot_id)
        if record is None or not record.active:
            return None
        record = replace(record, next_sequence=first_free_sequence(connection, record))
        state = strategy.state_model.model_validate_json(record.state)
        books = Books.restore(
            instrument,
            record.ledger,
            orders.live_orders(connection, bot_id),
            _finals(connection, record, strategy, state),
            fills.known_trade_ids(connection, bot_id),
            {paid.funding_id for paid in fills.funding_of(connection, bot_id)},
        )
        bench = Bench.restore(
            record,
            strategy,
            books,
            Backoffs(bot_id, bots.load_backoffs(connection, bot_id)),
            epoch=station.storage.epoch,
            errors_before_pause=station.limits.errors_before_pause,
        )
        bench.last_fill_at = fills.last_fill_at(connection, bot_id)
        bench.was_liquidated = fills.was_liquidated(connection, bot_id)
        return bench

    return await station.storage.read(read)


def _finals(connection: Connection, record: BotRecord, strategy: Strategy, state: object) -> Iterable[Order]:
    """The finished orders that a strategy and what its owner does by hand are told by, each once."""
    by_hand = record.by_hand
    taken_off = [order for each in by_hand.withdrawn if (order := orders.find_order(connection, each)) is not None]
    found = [
        *orders.finals_in_scope(connection, record.id, strategy.scope(state)),
        *orders.last_finals(connection, record.id, strategy.carried(state)),
        *(orders.finals_in_scope(connection, record.id, by_hand.reduction.prefix) if by_hand.reduction else ()),
        *(order for order in taken_off if not order.is_live),
    ]
    return {order.client_id: order for order in found}.values()
