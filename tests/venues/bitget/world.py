"""What the venue is: markets, prices, time, and an account for each API key."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.venues.world import VenueTime, VenueWorld
from trading.core.instrument import Instrument, MarginTier, MarketKind
from trading.core.orders import OrderStatus
from trading.core.planning import MarginMode
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Refused, VenueOrder

D = Decimal
FIRST_ID = 1_300_000_000_000_000_000


def perpetual(base: str, tick: str, step: str, smallest: str, leverage: str = "50") -> Instrument:
    tiers = (MarginTier(D(500_000), D("0.01"), D(leverage)), MarginTier(D(5_000_000), D("0.025"), D(20)))
    return Instrument(
        venue="bitget",
        symbol=f"{base}/USDT:USDT",
        kind=MarketKind.PERPETUAL,
        base=base,
        quote="USDT",
        price_tick=D(tick),
        amount_step=D(step),
        min_amount=D(smallest),
        min_cost=D(5),
        max_leverage=D(leverage),
        tiers=tiers,
    )


MARKETS = {
    "CRVUSDT": (perpetual("CRV", "0.0001", "0.1", "0.1"), D("0.5")),
    "BTCUSDT": (perpetual("BTC", "0.1", "0.0001", "0.0001"), D(60_000)),
    "ETHUSDT": (perpetual("ETH", "0.01", "0.01", "0.01"), D(3_000)),
}


@dataclass
class Account:
    """One API key. ``listener`` hears what happens, in order; ``refused`` are orders accepted and at once canceled."""

    key: str
    secret: str
    passphrase: str
    exchange: SimulatedExchange
    time: VenueTime
    is_hedged: bool = False
    authorities: tuple[str, ...] = ("coow", "cpow", "stor")
    listener: Callable[[Account, Sequence[ExchangeEvent]], None] | None = None
    refused: dict[str, VenueOrder] = field(default_factory=dict)
    _told: dict[str, str] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(FIRST_ID // 2))

    def told_id(self, own: str) -> str:
        """Ids as the venue shows them: the matching core's own numbers, and numbers for what it does not know."""
        number = own.removeprefix("trade ")
        if number.isdigit():
            return number
        if own not in self._told:
            self._told[own] = str(next(self._numbers))
        return self._told[own]

    def hear(self, events: Sequence[ExchangeEvent]) -> None:
        if self.listener is not None and events:
            self.listener(self, events)

    def find(self, *, client_id: str | None = None, told: str | None = None) -> VenueOrder | None:
        """An order by either id, also by the id of the order that a stop became."""
        for order in self.refused.values():
            if order.client_id == client_id or (told and self.told_id(order.venue_id) == told):
                return order
        if told is None:
            return self.exchange.order(client_id=client_id)
        executed = [order for order in self.exchange.finished_orders() if order.execution_id == told]
        return executed[0] if executed else self.exchange.order(venue_id=told)

    def refuse_later(self, order: VenueOrder) -> None:
        """A post-only order that would take: accepted, and canceled by the matching a moment later."""
        ended = replace(order, status=OrderStatus.CANCELED, refusal="post_only")
        self.refused[order.venue_id] = ended
        self.hear([replace(ended, status=OrderStatus.OPEN).report(), ended.report()])

    def knows(self, client_id: str) -> bool:
        return self.find(client_id=client_id) is not None

    def orders(self) -> list[VenueOrder]:
        return [*self.exchange.open_orders(), *self.exchange.finished_orders(), *self.refused.values()]


class World(VenueWorld):
    def __init__(self) -> None:
        super().__init__(MARKETS)
        self.on_market: Callable[[str], None] | None = None
        self.add_key("bg-key", "bg-secret", "bg-pass", D(1000))
        self.add_key("bg-key-2", "bg-secret-2", "bg-pass-2", D(1000))
        for market_id, (_, price) in MARKETS.items():
            self.set_price(market_id, price)

    def add_key(self, key: str, secret: str, passphrase: str, balance: Decimal, *, is_hedged: bool = False) -> Account:
        exchange = self.new_exchange({"USDT": balance}, FIRST_ID)
        account = Account(key, secret, passphrase, exchange, self.time, is_hedged)
        account.listener = self.heard
        self.accounts[key] = account
        return account

    def set_price(self, market_id: str, price: Decimal, *, amount: Decimal | None = None, ticks: int = 1) -> None:
        """A deep book round ``price``, ``ticks`` away on both sides; 20 levels of ``amount`` each (base)."""
        size = amount or MARKETS[market_id][0].floor_amount(D(5_000) / price)
        self.show_deep(market_id, price, size, ticks=ticks)

    @staticmethod
    def symbol(market_id: str) -> str:
        if market_id not in MARKETS:
            raise Refused("invalid_order", f"{market_id} does not exist")
        return MARKETS[market_id][0].symbol

    @staticmethod
    def market_id(symbol: str) -> str:
        return next(market_id for market_id, (instrument, _) in MARKETS.items() if instrument.symbol == symbol)

    def moved(self, market_id: str) -> None:
        if self.on_market is not None:
            self.on_market(market_id)


def mode_told(mode: MarginMode) -> str:
    return "crossed" if mode is MarginMode.CROSS else "isolated"
