"""Puts a stored bot on a bench."""

from __future__ import annotations

from collections import Counter
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


class Loader:
    """Puts stored bots on benches, of these ``strategies``."""

    def __init__(self, strategies: Mapping[str, Strategy]) -> None:
        self._strategies = strategies
        self._changes: Counter[int] = Counter()

    def changed(self, bot_id: int) -> None:
        """What is stored of the bot was changed by somebody else than its worker."""
        self._changes[bot_id] += 1

    async def load(self, bot_id: int, station: Station) -> Bench | None:
        """As ``load_bench``, with every change that was noted before this returns: what was asked for must not be
        overwritten by a worker that began from what was stored before.
        """
        while True:
            seen = self._changes[bot_id]
            bench = await load_bench(bot_id, station, self._strategies)
            if self._changes[bot_id] == seen:
                return bench


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
            fills.fills_elsewhere(connection, bot_id),
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
        bench.funded_until = fills.last_funding_at(connection, bot_id)
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
