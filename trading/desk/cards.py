"""Bots as their owners see them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pydantic import ValidationError

from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.core.ledger import Ledger
from trading.core.market import Book
from trading.core.orders import Order, Role
from trading.core.planning import Doing, Mode, Strategy
from trading.desk import rules
from trading.desk.answers import Activity, BotCard
from trading.desk.connecting import title_of
from trading.desk.titles import title_of_market
from trading.exchanges.venues import is_proven
from trading.runtime.worker import Worker
from trading.storage import Connection, Storage, cycles, fills, keys, orders, samples
from trading.storage.records import BotRecord, KeyRecord

STALE_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class History:
    """What the database knows of one bot beside its record. ``net_before``: its profit when its owner's today began."""

    rounds: int
    net_before: Decimal
    last_fill_at: datetime | None
    key: KeyRecord | None
    live: Sequence[Order]
    instrument: Instrument | None


async def histories(
    storage: Storage, records: Sequence[BotRecord], working: Collection[int], midnights: Mapping[int, datetime]
) -> Mapping[int, History]:
    """The history of each bot, whose today began at its midnight; in as many queries for many bots as for one.

    Of the ``working`` ones their workers know the orders and the market's rules.
    """
    ids = [record.id for record in records]
    idle = [record for record in records if record.id not in working]

    def read(connection: Connection) -> Mapping[int, History]:
        rounds, before = cycles.counts_of(connection, ids), samples.last_samples(connection, samples.EQUITY, midnights)
        filled = fills.last_fills_at(connection, ids)
        live = orders.live_orders_of(connection, [record.id for record in idle])
        owners = {record.key_id: record.user_id for record in records if record.key_id is not None}
        known = {key_id: keys.find_key(connection, key_id, user_id) for key_id, user_id in owners.items()}
        markets = {market: rules.recall(connection, *market) for market in {(each.venue, each.symbol) for each in idle}}
        return {
            record.id: History(
                rounds.get(record.id, 0),
                Decimal(before[record.id]["net"]) if record.id in before else ZERO,
                filled.get(record.id),
                known[record.key_id] if record.key_id is not None else None,
                live.get(record.id, ()),
                markets.get((record.venue, record.symbol)),
            )
            for record in records
        }

    return await storage.read(read)


def bot_card(
    record: BotRecord, worker: Worker | None, history: History, midnight: datetime, strategy: Strategy | None
) -> BotCard:
    """One bot. With its worker the figures are of this moment, without they are what was stored last.

    ``strategy`` is None for one that there is no more.
    """
    record = worker.bench.record if worker else record
    ledger = worker.bench.books.ledger if worker else record.ledger
    doing = _doing(record, worker, strategy)
    price, is_stale = _price(worker)
    live = list(worker.bench.books.live.values()) if worker else history.live
    return BotCard(
        id=record.id,
        name=record.name,
        strategy=record.strategy,
        symbol=record.symbol,
        title=title_of_market(record.symbol),
        venue=record.venue,
        venue_title=(history.key.title if history.key else "") or title_of(record.venue),
        key_id=record.key_id,
        key_label=history.key.label if history.key else "",
        is_paper=record.key_id is None,
        activity=_activity(record, doing),
        mode=record.mode,
        cause=record.cause,
        last_error=record.last_error,
        config=json.loads(record.config),
        deposit=record.deposit,
        instrument=worker.bench.books.instrument if worker else history.instrument,
        price=price,
        price_is_stale=is_stale,
        position=ledger.position,
        average=ledger.average,
        take_profit=next((order.price for order in live if order.role is Role.TAKE_PROFIT), None),
        open_orders=len(live),
        unrealized=ledger.unrealized(price) if price is not None and ledger.position else None,
        realized_net=ledger.net,
        today_net=_today_net(ledger, history, midnight),
        cycles=history.rounds,
        cooldown_until=doing.resting_until,
        created_at=record.created_at,
        last_fill_at=history.last_fill_at,
        doing=doing.facts,
        is_proven=record.key_id is None or is_proven(record.venue, _kind_of_market(record.symbol)),
    )


def _today_net(ledger: Ledger, history: History, midnight: datetime) -> Decimal:
    """Realized since ``midnight``, after fees and funding.

    Where nothing is held and nothing was traded it is 0: what came after an earlier day's last sample is not of today.
    """
    has_traded = history.last_fill_at is not None and history.last_fill_at >= midnight
    return ledger.net - history.net_before if has_traded or ledger.position else ZERO


def _kind_of_market(symbol: str) -> MarketKind:
    """Perpetuals are named with what they are settled in: CRV/USDT:USDT."""
    return MarketKind.PERPETUAL if ":" in symbol else MarketKind.SPOT


def _doing(record: BotRecord, worker: Worker | None, strategy: Strategy | None) -> Doing:
    """Nothing is said of a state that cannot be read: the supervisor tells of it."""
    if not record.active or strategy is None:
        return Doing()
    if worker is not None:
        return strategy.doing(worker.bench.state)
    try:
        return strategy.doing(strategy.state_model.model_validate_json(record.state))
    except ValidationError:
        return Doing()


def _activity(record: BotRecord, doing: Doing) -> Activity:
    if not record.active:
        return Activity.STOPPED
    if record.mode in (Mode.WIND_DOWN, Mode.CANCEL, Mode.CLOSE):
        return Activity.STOPPING
    if record.mode is Mode.NO_ENTRIES:
        return Activity.PAUSED
    return Activity.RUNNING if doing.resting_until is None else Activity.COOLING_DOWN


def _price(worker: Worker | None) -> tuple[Decimal | None, bool]:
    found: tuple[Book, datetime] | None = worker.bench.market.get("") if worker else None
    if worker is None or found is None or found[0].mid is None:
        return None, True
    return found[0].mid, worker.clock.now() - found[1] > STALE_AFTER
