"""What a simulated venue knows: books, an account's orders, executions and money, and how it looks from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Self

from trading.core.instrument import ZERO, Instrument
from trading.core.ledger import Funding
from trading.core.market import Book
from trading.core.matching import OrderMatcher, Resting
from trading.core.orders import Fill
from trading.core.simulated_account import SimulatedAccount, SpotFee
from trading.core.simulated_orders import ExchangeEvent, HeldPosition, VenueOrder
from trading.core.simulated_state import ExchangeState


class SimulatedRecords:
    """One account's records. ``balances`` are by currency; ``funding_rate`` is what longs pay each 8 hours."""

    def __init__(
        self,
        instruments: Iterable[Instrument],
        balances: Mapping[str, Decimal],
        *,
        spot_fee: SpotFee = SpotFee.RECEIVED,
        funding_rate: Decimal = Decimal("0.0001"),
    ) -> None:
        self.instruments = {instrument.symbol: instrument for instrument in instruments}
        self.account = SimulatedAccount(self.instruments, balances, spot_fee)
        self.insurance = ZERO
        """What was paid in where losses went beyond the collateral (quote)."""
        self._funding_rate = funding_rate
        self._matchers: dict[str, OrderMatcher] = {}
        self._marks: dict[str, Decimal] = {}
        self._orders: dict[str, VenueOrder] = {}
        self._by_client: dict[str, str] = {}
        self._open: dict[str, None] = {}
        self._fills: list[Fill] = []
        self._funding: list[Funding] = []
        self._numbers = 0
        self._now: datetime | None = None
        self._out: list[ExchangeEvent] = []
        self._moved: set[str] = set()

    # Pictures

    @property
    def now(self) -> datetime | None:
        """The latest time it has heard of."""
        return self._now

    def order(self, *, client_id: str | None = None, venue_id: str | None = None) -> VenueOrder | None:
        """One order, open or finished, by either id (a triggered stop's execution id is not one)."""
        found = self._by_client.get(client_id) if client_id is not None else venue_id
        return self._orders.get(found) if found is not None else None

    def open_orders(self, symbol: str | None = None) -> list[VenueOrder]:
        """Resting orders and waiting stops, oldest first."""
        return [
            order for venue_id in self._open if (order := self._orders[venue_id]).symbol == (symbol or order.symbol)
        ]

    def finished_orders(self, symbol: str | None = None, since: datetime | None = None) -> list[VenueOrder]:
        """Finished orders that ended at or after ``since``, oldest first, as far as they were not pruned."""
        return [
            order
            for order in self._orders.values()
            if not order.is_open
            and (symbol is None or order.symbol == symbol)
            and (since is None or order.updated_at >= since)
        ]

    def fills(self, symbol: str | None = None, since: datetime | None = None) -> list[Fill]:
        """Executions at or after ``since``, oldest first."""
        return [
            fill
            for fill in self._fills
            if (symbol is None or fill.symbol == symbol) and (since is None or fill.at >= since)
        ]

    def order_fills(self, order: VenueOrder) -> list[Fill]:
        ids = {order.venue_id, order.execution_id}
        return [fill for fill in self._fills if fill.venue_order_id in ids]

    def funding_payments(self, symbol: str | None = None, since: datetime | None = None) -> list[Funding]:
        return [
            paid
            for paid in self._funding
            if (symbol is None or paid.symbol == symbol) and (since is None or paid.at >= since)
        ]

    def positions(self) -> list[HeldPosition]:
        return list(self.account.positions.values())

    def position(self, symbol: str) -> HeldPosition | None:
        return self.account.positions.get(symbol)

    def mark(self, symbol: str) -> Decimal | None:
        return self._marks.get(symbol)

    def liquidation_price(self, symbol: str) -> Decimal | None:
        """Where the position would be taken over now (quote), all else unchanged."""
        held = self.account.positions.get(symbol)
        return self.account.liquidation_price(held, self._marks) if held else None

    def balances(self) -> dict[str, Decimal]:
        """What is in the wallet, by currency, before unrealized profit."""
        return dict(self.account.balances)

    def free(self, currency: str) -> Decimal:
        """What new orders may use; never shown below zero."""
        return max(ZERO, self._free(currency))

    def equity(self, currency: str, prices: Mapping[str, Decimal] | None = None) -> Decimal:
        """Wallet and unrealized profit in ``currency``, other coins at ``prices`` (coin -> currency) where known."""
        coins = sum(
            (amount * (prices or {}).get(coin, ZERO) for coin, amount in self.balances().items() if coin != currency),
            ZERO,
        )
        return self.account.total(currency) + self.account.unrealized(self._marks) + coins

    def shown_book(self, symbol: str, depth: int | None = None) -> Book | None:
        """The book as others see it: with our orders in it, without what we took. None before the first book."""
        return self._matcher(symbol).shown(depth)

    def ahead(self, client_id: str) -> Decimal | None:
        """What stands before a resting order in its queue (base); None: unknown, or not resting."""
        order = self.order(client_id=client_id)
        return self._matcher(order.symbol).ahead(order.venue_id) if order else None

    def set_balance(self, currency: str, amount: Decimal) -> None:
        """Deposit or withdraw, by setting what the wallet holds."""
        self.account.balances[currency] = amount

    def prune(self, before: datetime, keep: int) -> None:
        """Forget finished orders, fills and funding older than ``before`` or beyond the newest ``keep`` of each.

        An order is as new as its end: one that rested for long and was canceled just now can still be asked about.
        Ids of forgotten orders may be used again, as on real venues.
        """
        finished = sorted(self.finished_orders(), key=lambda order: order.updated_at)
        for index, order in enumerate(finished):
            if order.updated_at < before or index < len(finished) - keep:
                del self._orders[order.venue_id]
                if order.client_id is not None:
                    del self._by_client[order.client_id]
        self._fills = [fill for fill in self._fills[-keep:] if fill.at >= before]
        self._funding = [paid for paid in self._funding[-keep:] if paid.at >= before]

    # Across restarts

    def state(self) -> ExchangeState:
        """Everything that is needed to go on, books aside."""
        return ExchangeState(
            balances=dict(self.account.balances),
            positions=tuple(self.account.positions.values()),
            leverages=dict(self.account.leverages),
            modes=dict(self.account.modes),
            orders=tuple(self._orders.values()),
            queues={venue_id: ahead for venue_id in self._open if (ahead := self._ahead(venue_id)) is not None},
            fills=tuple(self._fills),
            funding=tuple(self._funding),
            marks=dict(self._marks),
            numbers=self._numbers,
            now=self._now,
            insurance=self.insurance,
        )

    def restore(self, state: ExchangeState) -> None:
        """Take over a stored state; this exchange must be new."""
        self.account.balances = dict(state.balances)
        self.account.positions = {held.symbol: held for held in state.positions}
        self.account.leverages, self.account.modes = dict(state.leverages), dict(state.modes)
        self._fills, self._funding = list(state.fills), list(state.funding)
        self._marks, self._numbers, self._now = dict(state.marks), state.numbers, state.now
        self.insurance = state.insurance
        for order in state.orders:
            self._orders[order.venue_id] = order
            if order.client_id is not None:
                self._by_client[order.client_id] = order.venue_id
            if order.is_open:
                self._open[order.venue_id] = None
                if order.price is not None:
                    self._matcher(order.symbol).restore(_resting(order, state.queues.get(order.venue_id)))

    def dump(self) -> str:
        """The state as JSON."""
        return self.state().to_json()

    @classmethod
    def load(
        cls,
        instruments: Iterable[Instrument],
        text: str,
        *,
        spot_fee: SpotFee = SpotFee.RECEIVED,
        funding_rate: Decimal = Decimal("0.0001"),
    ) -> Self:
        """The exchange that ``dump`` wrote. Raises ValueError for text that is not one."""
        exchange = cls(instruments, {}, spot_fee=spot_fee, funding_rate=funding_rate)
        exchange.restore(ExchangeState.from_json(text))
        return exchange

    # Inside

    @property
    def _time(self) -> datetime:
        if self._now is None:
            raise RuntimeError("no time has been told yet")
        return self._now

    def _free(self, currency: str) -> Decimal:
        return self.account.free(currency, self.open_orders(), self._marks)

    def _matcher(self, symbol: str) -> OrderMatcher:
        if symbol not in self._matchers:
            if symbol not in self.instruments:
                raise KeyError(symbol)
            self._matchers[symbol] = OrderMatcher(symbol)
        return self._matchers[symbol]

    def _ahead(self, venue_id: str) -> Decimal | None:
        return self._matcher(self._orders[venue_id].symbol).ahead(venue_id)


def _resting(order: VenueOrder, ahead: Decimal | None) -> Resting:
    return Resting(order.venue_id, order.side, order.price or ZERO, order.remaining, order.sequence, ahead)
