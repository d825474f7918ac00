"""The paper venue's gateway: the same Protocol as live venues, round a paper account.

Nothing is answered that is not saved, see ``paper_requests``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.diff import AmendMode
from trading.core.instrument import Instrument, MarketKind
from trading.core.ledger import Funding
from trading.core.market import Book, Candle, Ticker
from trading.core.orders import Fill, Order, OrderReport
from trading.core.planning import MarginMode, TargetOrder
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent, Refused, VenueOrder
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import (
    Account,
    BalanceChanged,
    Capabilities,
    NewOrder,
    Outcome,
    Position,
    PrivateEvent,
)
from trading.exchanges.limiter import Figures
from trading.exchanges.paper_account import DEFAULT_BALANCES, PaperAccount, StoreError
from trading.exchanges.paper_requests import Faults, PaperRequests, rejected
from trading.exchanges.paper_store import MemoryStore, PaperStore, last_time
from trading.exchanges.paper_streams import Listeners
from trading.exchanges.paper_venue import PaperVenue
from trading.metering import Meter

__all__ = ["DEFAULT_BALANCES", "Faults", "MemoryStore", "PaperGateway", "PaperStore", "PaperVenue", "last_time"]

_CAPABILITIES = Capabilities(
    amend=AmendMode.IN_PLACE,
    place_batch=50,
    cancel_batch=50,
    receive_window=timedelta(seconds=1),
    open_orders_need_symbol=False,
    has_positions=True,
    has_private_stream=True,
    is_paper=True,
    is_test_network=False,
)


class PaperGateway:
    """One paper account. ``account`` names it in the ``store``; ``balances`` are what a new one starts with.

    ``amend`` is how it changes a resting order, as some venue does.
    """

    venue = "paper"
    capabilities = _CAPABILITIES

    def __init__(
        self,
        venue: PaperVenue,
        store: PaperStore,
        account: str,
        *,
        balances: Mapping[str, Decimal] = DEFAULT_BALANCES,
        funding_rate: Decimal = Decimal("0.0001"),
        faults: Faults | None = None,
        amend: AmendMode = AmendMode.IN_PLACE,
        meter: Meter | None = None,
    ) -> None:
        self.capabilities = replace(self.capabilities, amend=amend, prices_of=venue.prices_of)
        self._paper = PaperAccount(venue, store, account, balances, funding_rate)
        self._requests = PaperRequests(self._paper, faults, meter or Meter())

    # Lifetime

    async def open(self) -> None:
        """Raises Unavailable where the store fails, and ValueError for a snapshot that cannot be read."""
        try:
            await self._paper.open()
        except StoreError as error:
            raise Unavailable(str(error)) from error

    async def close(self) -> None:
        await self._paper.close()

    async def reset(self, balances: Mapping[str, Decimal] | None = None) -> None:
        """Begin again with ``balances``, or those a new account has: no orders, no positions, no history."""
        async with self._requests.read("reset", needs_market=False):
            await self._paper.commit(self._paper.restart(balances))

    async def set_balances(self, balances: Mapping[str, Decimal]) -> None:
        """Set what the wallet holds of each currency named; the others stay."""
        async with self._requests.read("set_balances", needs_market=False):
            for currency, amount in balances.items():
                self._paper.exchange.set_balance(currency, amount)
            await self._paper.commit([BalancesMoved(self._paper.at)])

    async def wallet(self) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
        """What the account holds and what of it is free, by currency; also while there are no prices."""
        async with self._requests.read("wallet", needs_market=False):
            balances = self._paper.exchange.balances()
            return balances, {currency: self._paper.exchange.free(currency) for currency in balances}

    def has_ended(self, symbol: str) -> bool:
        """Whether a recorded market is over and stands still."""
        return self._paper.venue.has_ended(symbol)

    @property
    def books_of_the_venue(self) -> SimulatedExchange:
        """The simulated exchange behind this account: the truth that tests and checks compare with. Read only."""
        return self._paper.exchange

    def cut_streams(self, why: str = "the paper venue's streams were cut") -> None:
        """End all streams of this account, as a lost connection does."""
        self._paper.cut_streams(why)

    def suffer(self, faults: Faults | None) -> None:
        """What requests meet from now on; None: nothing."""
        self._requests.faults = faults

    # Public reads

    def instruments(self) -> Mapping[str, Instrument]:
        return self._paper.venue.instruments()

    def budgets(self) -> Mapping[str, Figures]:
        return {}

    async def instrument(self, symbol: str) -> Instrument:
        return self._paper.venue.instruments()[symbol]

    async def book(self, symbol: str, depth: int = 20) -> Book:
        async with self._requests.read("book", symbol):
            return self._book(symbol, depth)

    async def tickers(self) -> Sequence[Ticker]:
        async with self._requests.read("tickers"):
            return await self._paper.venue.tickers()

    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Sequence[Candle]:
        async with self._requests.read("candles"):
            return await self._paper.venue.candles(symbol, timeframe, limit, since)

    async def watch_book(self, symbol: str) -> AsyncIterator[Book]:
        async with self._requests.read("watch_book", symbol):
            first = self._book(symbol)
        listeners = self._paper.books.setdefault(symbol, Listeners(newest_only=True))
        async for book in listeners.listen([first], lambda _: True):
            yield book

    # Private reads

    async def account(self) -> Account:
        await self._paper.venue.learn_prices()
        async with self._requests.read("account"):
            balances = self._paper.exchange.balances()
            prices = {
                coin: price for coin in balances if (price := self._paper.venue.price(f"{coin}/USDT")) is not None
            }
            return Account(
                total=balances,
                free={currency: self._paper.exchange.free(currency) for currency in balances},
                equity=self._paper.exchange.equity("USDT", prices),
                at=self._paper.at,
                can_withdraw=False,
                is_hedged=False,
            )

    async def positions(self) -> Sequence[Position]:
        async with self._requests.read("positions"):
            return [self._paper.position(held) for held in self._paper.exchange.positions()]

    async def order(self, order: Order) -> OrderReport | None:
        async with self._requests.read("order", needs_market=False):
            found = self._find(order)
            return found.report() if found else None

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        async with self._requests.read("open_orders"):
            return [
                order.report() for order in self._paper.exchange.open_orders() if not symbols or order.symbol in symbols
            ]

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        async with self._requests.read("order_history", needs_market=False):
            return [order.report() for order in self._paper.exchange.finished_orders(symbol, since)]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        async with self._requests.read("fills", needs_market=False):
            return self._paper.exchange.fills(symbol, since)

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        async with self._requests.read("order_fills", needs_market=False):
            found = self._find(order)
            return self._paper.exchange.order_fills(found) if found else []

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        async with self._requests.read("funding"):
            return self._paper.exchange.funding_payments(symbol, since)

    async def watch_private(self, symbols: Sequence[str]) -> AsyncIterator[PrivateEvent]:
        async with self._requests.read("watch_private"):
            pass

        def is_wanted(event: PrivateEvent) -> bool:
            return not symbols or not isinstance(event, OrderReport | Fill) or event.symbol in symbols

        async for event in self._paper.private.listen([BalanceChanged(self._paper.at)], is_wanted):
            yield event

    # Writes

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        async with self._requests.read("prepare"):
            if self._paper.venue.instruments()[symbol].kind is not MarketKind.PERPETUAL:
                return
            try:
                self._paper.exchange.set_margin_mode(symbol, margin_mode)
                self._paper.exchange.set_leverage(symbol, Decimal(leverage))
            except Refused as refused:
                raise rejected(refused) from refused
            await self._paper.commit([], must_save=True)

    async def place(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        return await self._requests.write("place", orders, lambda order: (order.client_id, order.symbol), self._place)

    async def cancel(self, orders: Sequence[Order]) -> Sequence[Outcome]:
        return await self._requests.write("cancel", orders, lambda order: (order.client_id, order.symbol), self._cancel)

    async def amend(self, order: Order, target: TargetOrder) -> Outcome:
        (outcome,) = await self._requests.write(
            "amend", [(order, target)], lambda change: (change[0].client_id, change[0].symbol), self._amend
        )
        return outcome

    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        both: list[Order | NewOrder] = [order, new]
        canceled, placed = await self._requests.write(
            "replace", both, lambda one: (one.client_id, one.symbol), self._replacing()
        )
        return canceled, placed

    def _replacing(self) -> Callable[[Order | NewOrder], list[ExchangeEvent]]:
        """First the order that goes, then its successor, which is not tried when the first could not go."""
        is_gone = False

        def act(one: Order | NewOrder) -> list[ExchangeEvent]:
            nonlocal is_gone
            if isinstance(one, NewOrder):
                if not is_gone:
                    raise Refused("not_attempted", "what it replaces was not canceled")
                return self._place(one)
            found = self._find(one)
            if found is not None and found.filled:
                raise Refused("other", "a part of it was filled")
            events = self._cancel(one)
            is_gone = True
            return events

        return act

    def _place(self, order: NewOrder) -> list[ExchangeEvent]:
        target = order.target
        return self._paper.exchange.place(
            client_id=order.client_id,
            symbol=order.symbol,
            side=target.side,
            type=target.type,
            amount=target.amount,
            price=target.price,
            trigger_price=target.trigger_price,
            reduce_only=target.reduce_only,
            time_in_force=target.time_in_force,
            margin_mode=order.margin_mode,
            now=self._paper.venue.clock.now(),
        )

    def _cancel(self, order: Order) -> list[ExchangeEvent]:
        return self._paper.exchange.cancel(client_id=order.client_id, now=self._paper.venue.clock.now())

    def _amend(self, change: tuple[Order, TargetOrder]) -> list[ExchangeEvent]:
        """The target's amount is what should rest, the venue's is the whole: what we know to be filled is added. What
        was filled meanwhile makes less rest, never more."""
        order, target = change
        return self._paper.exchange.amend(
            client_id=order.client_id,
            price=target.price,
            trigger_price=target.trigger_price,
            amount=max(order.filled, order.reported_filled) + target.amount,
            now=self._paper.venue.clock.now(),
        )

    # Inside

    def _book(self, symbol: str, depth: int | None = None) -> Book:
        book = self._paper.exchange.shown_book(symbol, depth)
        if book is None:
            raise Unavailable(f"no book of {symbol} yet")
        return book

    def _find(self, order: Order) -> VenueOrder | None:
        return self._paper.exchange.order(client_id=order.client_id)
