"""What every local venue is: markets, prices, and accounts that trade against them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.instrument import ZERO, Instrument, Side
from trading.core.market import Book, BookLevel, Trade
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent

Heard = Callable[[Any, Sequence[ExchangeEvent]], None]


class VenueTime:
    """The machine's time plus jumps. Rows tell the machine's time, so that a jump never looks like the future."""

    def __init__(self) -> None:
        self._jumps: list[tuple[datetime, datetime]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + sum((after - before for before, after in self._jumps), timedelta())

    def jump(self, seconds: float) -> None:
        before = self.now()
        self._jumps.append((before, before + timedelta(seconds=seconds)))

    def told(self, at: datetime) -> int:
        """Milliseconds as a client's clock would have shown them."""
        removed = timedelta()
        for before, after in self._jumps:
            removed += max(timedelta(), min(at, after) - before)
        return int((at - removed).timestamp() * 1000)


class VenueWorld(ABC):
    """All accounts trade against the same shown market, each with a matching core of its own.

    ``markets``: by the venue's id the rules and a first price. ``on_events`` hears what happens to an account.
    """

    def __init__(self, markets: Mapping[str, tuple[Instrument, Decimal]]) -> None:
        self.markets = dict(markets)
        self.time = VenueTime()
        self.accounts: dict[str, Any] = {}
        self.books: dict[str, Book] = {}
        self.on_events: Heard | None = None

    @abstractmethod
    def moved(self, market_id: str) -> None:
        """The public book of a market may have changed."""

    def new_exchange(self, balances: Mapping[str, Decimal], first_id: int, **terms: Any) -> SimulatedExchange:
        """A matching core that knows the prices of now. Ids as long as the real ones: whoever makes a float of them
        loses digits.
        """
        exchange = SimulatedExchange([instrument for instrument, _ in self.markets.values()], balances, **terms)
        exchange.restore(replace(exchange.state(), numbers=first_id))
        exchange.on_time(self.time.now())
        for book in self.books.values():
            exchange.on_book(replace(book, at=self.time.now()))
        return exchange

    def show(self, market_id: str, bids: Sequence[BookLevel], asks: Sequence[BookLevel]) -> None:
        book = Book(self.markets[market_id][0].symbol, tuple(bids), tuple(asks), self.time.now())
        self.books[market_id] = book
        for account in self.accounts.values():
            account.hear(account.exchange.on_book(book))
        self.moved(market_id)

    def show_deep(self, market_id: str, price: Decimal, amount: Decimal, *, levels: int = 20, ticks: int = 1) -> None:
        """A book round ``price``, ``ticks`` away on both sides: so many levels of ``amount`` each (base)."""
        instrument, _ = self.markets[market_id]
        tick, middle = instrument.price_tick, instrument.nearest_price(price)
        bids, asks = (
            [BookLevel(middle - side.sign * tick * (ticks + index), amount) for index in range(levels)]
            for side in (Side.BUY, Side.SELL)
        )
        self.show(market_id, bids, asks)

    def trade(self, market_id: str, side: Side, price: Decimal, amount: Decimal) -> None:
        """Somebody takes ``amount`` at ``price``; ``side`` is the taker's."""
        trade = Trade(self.markets[market_id][0].symbol, side, price, amount, self.time.now())
        for account in self.accounts.values():
            account.hear(account.exchange.on_trade(trade))
        self.moved(market_id)

    def jump(self, seconds: float) -> None:
        """Let time pass: what is due falls due."""
        self.time.jump(seconds)
        for account in self.accounts.values():
            account.hear(account.exchange.on_time(self.time.now()))

    def shown(self, market_id: str) -> tuple[list[BookLevel], list[BookLevel]]:
        """The public book: the market, with everybody's resting orders in it; bids and asks, best first."""
        symbol = self.markets[market_id][0].symbol
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
            sides.append([BookLevel(price, amounts[price]) for price in prices if amounts[price] > 0])
        return sides[0], sides[1]

    def last(self, market_id: str) -> Decimal:
        return self.books[market_id].mid or self.markets[market_id][1]

    def id_of(self, symbol: str) -> str:
        """The venue's id of a market."""
        return next(name for name, (instrument, _) in self.markets.items() if instrument.symbol == symbol)

    def heard(self, account: Any, events: Sequence[ExchangeEvent]) -> None:
        """What accounts tell."""
        if self.on_events is not None:
            self.on_events(account, events)
        for symbol in {event.symbol for event in events if hasattr(event, "symbol")}:
            self.moved(self.id_of(symbol))
