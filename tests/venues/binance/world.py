"""What the venue is: four spot markets, their books with update numbers, and an account for each API key."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tests.venues.world import VenueWorld
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Trade
from trading.core.orders import OrderStatus
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, VenueOrder

D = Decimal
FIRST_ID = 31_000_000_000


def spot(base: str, quote: str, tick: str, step: str, min_cost: str) -> Instrument:
    return Instrument(
        venue="binance",
        symbol=f"{base}/{quote}",
        kind=MarketKind.SPOT,
        base=base,
        quote=quote,
        price_tick=D(tick),
        amount_step=D(step),
        min_amount=D(step),
        min_cost=D(min_cost),
        max_amount=D(9_000_000),
        maker_fee=D("0.0002"),
        taker_fee=D("0.0006"),
    )


MARKETS = {
    "BTCUSDT": (spot("BTC", "USDT", "0.01", "0.00001", "5"), D(61_837)),
    "ETHBTC": (spot("ETH", "BTC", "0.00001", "0.0001", "0.0001"), D("0.04")),
    "ETHUSDT": (spot("ETH", "USDT", "0.01", "0.0001", "5"), D(2_680)),
    "CRVUSDT": (spot("CRV", "USDT", "0.0001", "0.1", "5"), D("0.5")),
}
_IDS = {instrument.symbol: market_id for market_id, (instrument, _) in MARKETS.items()}


@dataclass
class Account:
    """One API key. ``prevented`` are orders that self-trade prevention ended, as they were told, by venue id."""

    key: str
    secret: str
    exchange: SimulatedExchange
    can_withdraw_by_key: bool = False
    listener: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
    prevented: dict[str, VenueOrder] = field(default_factory=dict)
    placed_at: deque[float] = field(default_factory=deque)
    cancel_ids: dict[str, str] = field(default_factory=dict)
    """The cancel's own client id, by venue id of the order it canceled."""

    def hear(self, events: Sequence[ExchangeEvent]) -> None:
        if self.listener is not None and events:
            self.listener(self, events)

    def orders(self) -> list[VenueOrder]:
        """Every order, oldest first."""
        known = [*self.exchange.open_orders(), *self.exchange.finished_orders()]
        known += [order for order in self.prevented.values() if self.exchange.order(venue_id=order.venue_id) is None]
        return sorted((self.shown(order) for order in known), key=lambda order: int(order.venue_id))

    def shown(self, order: VenueOrder) -> VenueOrder:
        """An order that self-trade prevention cut, as it was asked for."""
        asked = self.prevented.get(order.venue_id)
        if asked is None:
            return order
        return replace(order, type=asked.type, price=asked.price, time_in_force=asked.time_in_force)

    def find(self, *, client_id: str | None = None, order_id: str | None = None) -> VenueOrder | None:
        """By either id; several orders may have had one client id, one after the other: the newest."""
        found = [
            order
            for order in self.orders()
            if (order_id is None or order.venue_id == order_id)
            and (client_id is None or told_client_id(order) == client_id)
        ]
        return found[-1] if found else None

    def name_for(self, client_id: str) -> str:
        """The name the matching core knows it by: a client id may be used again once its order is finished."""
        used = sum(told_client_id(order) == client_id for order in self.orders())
        return f"{client_id}#{used}" if used else client_id


def told_client_id(order: VenueOrder) -> str:
    return (order.client_id or "").partition("#")[0]


class World(VenueWorld):
    """``clock_ahead`` is how many milliseconds the venue's clock is before this machine's."""

    def __init__(self) -> None:
        super().__init__(MARKETS)
        self.update_ids: dict[str, int] = dict.fromkeys(MARKETS, 50_093_239_000)
        self.trade_numbers = dict.fromkeys(MARKETS, 3_735_683_000)
        self.clock_ahead = 0
        self.orders_per_ten_seconds = 100
        self.on_market: Callable[[str], None] | None = None
        self.on_trade: Callable[[str, Trade], None] | None = None
        for market_id, (_, price) in MARKETS.items():
            self.set_price(market_id, price)
        self.add_key("bn-key", "bn-secret")
        self.add_key("bn-key-2", "bn-secret-2")

    def now(self) -> datetime:
        return self.time.now()

    def milliseconds(self) -> int:
        return int(time.time() * 1000) + self.clock_ahead

    def add_key(self, key: str, secret: str, balances: dict[str, Decimal] | None = None) -> Account:
        wallet = balances or {"USDT": D(10_000), "BTC": D(1), "ETH": D(10), "CRV": D(10_000)}
        account = Account(key, secret, self.new_exchange(wallet, FIRST_ID + len(self.accounts) * 10**9))
        account.listener = self.heard
        self.accounts[key] = account
        return account

    def set_price(self, market_id: str, price: Decimal, *, amount: Decimal | None = None) -> None:
        """A deep book one tick round ``price``; 20 levels of ``amount`` each (base)."""
        instrument, _ = MARKETS[market_id]
        worth = D(5_000) if instrument.quote == "USDT" else D("0.1")
        self.show_deep(market_id, price, amount or instrument.floor_amount(worth / price))

    def trade(self, market_id: str, side: Side, price: Decimal, amount: Decimal) -> None:
        if self.on_trade is not None:
            self.on_trade(market_id, Trade(MARKETS[market_id][0].symbol, side, price, amount, self.now()))
        super().trade(market_id, side, price, amount)

    def moved(self, market_id: str) -> None:
        if self.on_market is not None:
            self.on_market(market_id)

    def prevent(self, account: Account, order: VenueOrder) -> None:
        """An order that met only the account's own: taken, and expired in the match at once, with nothing filled."""
        ended = order.ended(OrderStatus.EXPIRED, self.now(), "self_trade")
        account.prevented[order.venue_id] = ended
        account.hear([order.report(), ended.report()])


def market_id_of(symbol: str) -> str:
    return _IDS[symbol]
