"""What a spot venue is, whichever it is: markets with numbered changes, time, and an account for each API key."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tests.venues.world import VenueTime, VenueWorld
from trading.core.instrument import Instrument, MarketKind, Side, plain
from trading.core.orders import OrderStatus, OrderType, TimeInForce
from trading.core.simulated_account import SpotFee
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Refused, VenueOrder

D = Decimal
FIRST_ID = 1_300_000_000_000_000_000
FIRST_VERSION = 10_000_000


def market(venue: str, base: str, tick: str, step: str) -> Instrument:
    return Instrument(
        venue=venue,
        symbol=f"{base}/USDT",
        kind=MarketKind.SPOT,
        base=base,
        quote="USDT",
        price_tick=D(tick),
        amount_step=D(step),
        min_amount=D(step),
        min_cost=D(5),
    )


def markets(venue: str, name: Callable[[str], str]) -> dict[str, tuple[Instrument, Decimal]]:
    """The markets of every spot venue, with a first price; ``name`` makes an id of a base currency."""
    return {
        name("CRV"): (market(venue, "CRV", "0.0001", "0.1"), D("0.5")),
        name("BTC"): (market(venue, "BTC", "0.01", "0.00001"), D(60_000)),
        name("ETH"): (market(venue, "ETH", "0.01", "0.0001"), D(3_000)),
        name("PEPE"): (market(venue, "PEPE", "0.00000001", "1"), D("0.00001234")),
    }


@dataclass
class Account:
    """One API key. ``listener`` hears what happens, in order; ``refused`` are orders accepted and at once canceled."""

    key: str
    secret: str
    passphrase: str
    exchange: SimulatedExchange
    time: VenueTime
    listener: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
    refused: dict[str, VenueOrder] = field(default_factory=dict)
    permissions: str = "General,Spot"
    renamed: dict[str, str] = field(default_factory=dict)
    """Client ids whose newest order is kept under another id, for the core takes an id only once."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(FIRST_ID // 2))

    def hear(self, events: Sequence[ExchangeEvent]) -> None:
        if self.listener is not None and events:
            self.listener(self, events)

    def find(self, *, client_id: str | None = None, venue_id: str | None = None) -> VenueOrder | None:
        for order in self.refused.values():
            if (client_id and order.client_id == client_id) or (venue_id and order.venue_id == venue_id):
                return order
        while client_id in self.renamed:
            client_id = self.renamed[client_id]
        return self.exchange.order(client_id=client_id, venue_id=venue_id)

    def orders(self) -> list[VenueOrder]:
        return [*self.exchange.open_orders(), *self.exchange.finished_orders(), *self.refused.values()]

    def place(self, wanted: VenueOrder, *, prevents_self_trade: bool) -> VenueOrder:
        """Take an order. One that may not take (post-only, own order in the way) is accepted and canceled at once.

        Raises Refused.
        """
        if wanted.client_id is None or self.find(client_id=wanted.client_id) is not None:
            raise Refused("duplicate_id", str(wanted.client_id))
        if prevents_self_trade and self._meets_own(wanted):
            return self._refuse_later(wanted, "stp_cancel")
        try:
            events = self.exchange.place(
                client_id=wanted.client_id,
                symbol=wanted.symbol,
                side=wanted.side,
                type=wanted.type,
                amount=wanted.amount,
                price=wanted.price,
                time_in_force=wanted.time_in_force,
                now=wanted.created_at,
            )
        except Refused as refused:
            if refused.reason != "post_only_would_take":
                raise
            return self._refuse_later(wanted, "post_only")
        placed = self.exchange.order(client_id=wanted.client_id)
        assert placed is not None
        self.hear(events)
        return placed

    def cancel(self, order: VenueOrder) -> None:
        """Raises Refused for one that is finished."""
        self.hear(self.exchange.cancel(now=self.time.now(), venue_id=order.venue_id))

    def _meets_own(self, wanted: VenueOrder) -> bool:
        def crosses(resting: VenueOrder) -> bool:
            if resting.side is wanted.side or resting.price is None:
                return False
            return wanted.price is None or (wanted.price - resting.price) * wanted.side.sign >= 0

        return any(crosses(order) for order in self.exchange.open_orders(wanted.symbol))

    def _refuse_later(self, wanted: VenueOrder, why: str) -> VenueOrder:
        ended = replace(wanted, venue_id=str(next(self._numbers)), status=OrderStatus.CANCELED, refusal=why)
        self.refused[ended.venue_id] = ended
        self.hear([replace(ended, status=OrderStatus.OPEN).report(), ended.report()])
        return ended


def draft(
    client_id: str,
    symbol: str,
    side: Side,
    amount: Decimal,
    price: Decimal | None,
    now: datetime,
    time_in_force: TimeInForce = TimeInForce.GTC,
) -> VenueOrder:
    """An order as it is asked for."""
    return VenueOrder(
        venue_id="",
        client_id=client_id,
        symbol=symbol,
        side=side,
        type=OrderType.MARKET if price is None else OrderType.LIMIT,
        amount=amount,
        price=price,
        trigger_price=None,
        reduce_only=False,
        time_in_force=time_in_force,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True)
class BookDelta:
    """What changed in a market, numbers ``first`` to ``last``; (price, amount), amount 0 for a level that is gone."""

    market_id: str
    first: int
    last: int
    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]


@dataclass
class Shown:
    """The public book as texts, best first, and the number of its last change."""

    version: int = FIRST_VERSION
    bids: dict[str, str] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)


class SpotWorld(VenueWorld):
    """Fees are taken in the quote currency, as KuCoin and MEXC do. Changes of the public book are numbered."""

    def __init__(self, listed: Mapping[str, tuple[Instrument, Decimal]]) -> None:
        super().__init__(listed)
        self.public: dict[str, Shown] = {market_id: Shown() for market_id in listed}
        self.on_delta: Callable[[BookDelta], None] | None = None

    def open(self, keys: Sequence[tuple[str, str, str]]) -> None:
        """The first keys, each with 1,000 USDT, and the first prices."""
        for key, secret, passphrase in keys:
            self.add_key(key, secret, passphrase, {"USDT": D(1000)})
        for market_id, (_, price) in self.markets.items():
            self.set_price(market_id, price)

    def add_key(self, key: str, secret: str, passphrase: str, balances: Mapping[str, Decimal]) -> Account:
        exchange = self.new_exchange(balances, FIRST_ID, spot_fee=SpotFee.QUOTE)
        account = Account(key, secret, passphrase, exchange, self.time, self.heard)
        self.accounts[key] = account
        return account

    def set_price(self, market_id: str, price: Decimal, *, amount: Decimal | None = None, levels: int = 20) -> None:
        """A deep book round ``price``, a tick away on both sides."""
        size = amount or self.instrument(market_id).floor_amount(D(5_000) / price)
        self.show_deep(market_id, price, size, levels=levels)

    def instrument(self, market_id: str) -> Instrument:
        if market_id not in self.markets:
            raise Refused("invalid_order", f"{market_id} does not exist")
        return self.markets[market_id][0]

    def moved(self, market_id: str) -> None:
        """Number what changed in public."""
        shown = self.public[market_id]
        bids, asks = (
            {plain(level.price): plain(level.amount) for level in levels} for levels in super().shown(market_id)
        )
        changes = _changes(shown.bids, bids), _changes(shown.asks, asks)
        count = sum(map(len, changes))
        shown.bids, shown.asks = bids, asks
        if not count:
            return
        delta = BookDelta(market_id, shown.version + 1, shown.version + count, *changes)
        shown.version += count
        if self.on_delta is not None:
            self.on_delta(delta)


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str]]:
    gone = [(price, "0") for price in old if price not in new]
    return gone + [(price, amount) for price, amount in new.items() if old.get(price) != amount]
