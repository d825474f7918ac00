"""What a spot venue is, whichever it is: markets with numbered changes, time, and an account for each API key."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tests.venues.bitget.world import VenueTime
from trading.core.instrument import ZERO, Instrument, MarketKind, Side, plain
from trading.core.market import Book, BookLevel, Trade
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


class SpotWorld:
    """All accounts trade against the same shown market, each with a matching core of its own.

    Fees are taken in the quote currency, as KuCoin and MEXC do.
    """

    def __init__(self, listed: Mapping[str, tuple[Instrument, Decimal]]) -> None:
        self.markets = dict(listed)
        self.time = VenueTime()
        self.accounts: dict[str, Account] = {}
        self.books: dict[str, Book] = {}
        self.public: dict[str, Shown] = {market_id: Shown() for market_id in listed}
        self.on_events: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
        self.on_delta: Callable[[BookDelta], None] | None = None

    def open(self, keys: Sequence[tuple[str, str, str]]) -> None:
        """The first keys, each with 1,000 USDT, and the first prices."""
        for key, secret, passphrase in keys:
            self.add_key(key, secret, passphrase, {"USDT": D(1000)})
        for market_id, (_, price) in self.markets.items():
            self.set_price(market_id, price)

    def add_key(self, key: str, secret: str, passphrase: str, balances: Mapping[str, Decimal]) -> Account:
        instruments = [instrument for instrument, _ in self.markets.values()]
        exchange = SimulatedExchange(instruments, balances, spot_fee=SpotFee.QUOTE)
        # Ids as long as the real ones: whoever makes a float of them loses digits.
        exchange.restore(replace(exchange.state(), numbers=FIRST_ID))
        exchange.on_time(self.time.now())
        for book in self.books.values():
            exchange.on_book(replace(book, at=self.time.now()))
        account = Account(key, secret, passphrase, exchange, self.time, self._heard)
        self.accounts[key] = account
        return account

    def set_price(self, market_id: str, price: Decimal, *, amount: Decimal | None = None, levels: int = 20) -> None:
        """A deep book round ``price``, a tick away on both sides."""
        instrument = self.instrument(market_id)
        size = amount or instrument.floor_amount(D(5_000) / price)
        tick, middle = instrument.price_tick, instrument.nearest_price(price)
        bids, asks = (
            [BookLevel(middle - side.sign * tick * (1 + index), size) for index in range(levels)]
            for side in (Side.BUY, Side.SELL)
        )
        self.show(market_id, bids, asks)

    def show(self, market_id: str, bids: Sequence[BookLevel], asks: Sequence[BookLevel]) -> None:
        book = Book(self.instrument(market_id).symbol, tuple(bids), tuple(asks), self.time.now())
        self.books[market_id] = book
        for account in self.accounts.values():
            account.hear(account.exchange.on_book(book))
        self._moved(market_id)

    def trade(self, market_id: str, side: Side, price: Decimal, amount: Decimal) -> None:
        """Somebody takes ``amount`` at ``price``; ``side`` is the taker's."""
        trade = Trade(self.instrument(market_id).symbol, side, price, amount, self.time.now())
        for account in self.accounts.values():
            account.hear(account.exchange.on_trade(trade))
        self._moved(market_id)

    def jump(self, seconds: float) -> None:
        self.time.jump(seconds)
        for account in self.accounts.values():
            account.hear(account.exchange.on_time(self.time.now()))

    def instrument(self, market_id: str) -> Instrument:
        if market_id not in self.markets:
            raise Refused("invalid_order", f"{market_id} does not exist")
        return self.markets[market_id][0]

    def market_id(self, symbol: str) -> str:
        return next(name for name, (instrument, _) in self.markets.items() if instrument.symbol == symbol)

    def last(self, market_id: str) -> Decimal:
        return self.books[market_id].mid or self.markets[market_id][1]

    def _levels(self, market_id: str) -> tuple[dict[str, str], dict[str, str]]:
        """The market with everybody's resting orders in it."""
        symbol = self.instrument(market_id).symbol
        first, *others = self.accounts.values()
        book = first.exchange.shown_book(symbol) or self.books[market_id]
        sides = []
        for side, levels in ((Side.BUY, book.bids), (Side.SELL, book.asks)):
            amounts: dict[Decimal, Decimal] = {}
            for level in levels:
                amounts[level.price] = amounts.get(level.price, ZERO) + level.amount
            for account in others:
                for order in account.exchange.open_orders(symbol):
                    if order.side is side and order.price is not None:
                        amounts[order.price] = amounts.get(order.price, ZERO) + order.remaining
            prices = sorted(amounts, reverse=side is Side.BUY)
            sides.append({plain(price): plain(amounts[price]) for price in prices if amounts[price] > 0})
        return sides[0], sides[1]

    def _heard(self, account: Account, events: Sequence[ExchangeEvent]) -> None:
        if self.on_events is not None:
            self.on_events(account, events)
        for symbol in {event.symbol for event in events if hasattr(event, "symbol")}:
            self._moved(self.market_id(symbol))

    def _moved(self, market_id: str) -> None:
        """Number what changed in public."""
        shown = self.public[market_id]
        bids, asks = self._levels(market_id)
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
