"""The Protocol every venue speaks, in our types only. Held by one contract suite (tests/contract)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from trading.core.diff import AmendMode
from trading.core.instrument import Instrument
from trading.core.ledger import Funding
from trading.core.market import Book, Candle, Ticker
from trading.core.orders import Fill, Order, OrderReport
from trading.core.planning import MarginMode, TargetOrder
from trading.exchanges.errors import VenueError
from trading.exchanges.limiter import Figures


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a venue can do. ``diff`` and ``recovery`` know these; nobody asks for a venue by name.

    ``place_batch``/``cancel_batch``: the most orders in one request (1: no batches). ``receive_window``: how long after
    sending a request may still be executed. ``open_orders_need_symbol``: no account-wide list of open orders.
    ``is_proven``: False where nobody has held this venue to the contract suite; its refusals prove nothing.
    ``prices_of``: on paper the live venue whose prices it has, where it has those of one. ``history_reach``: how far
    back own trades are listed; None: as far as anybody asks.
    """

    amend: AmendMode
    place_batch: int
    cancel_batch: int
    receive_window: timedelta
    open_orders_need_symbol: bool
    has_positions: bool
    has_private_stream: bool
    is_paper: bool
    is_test_network: bool
    is_proven: bool = True
    prices_of: str = ""
    history_reach: timedelta | None = None

    @property
    def is_public(self) -> bool:
        """Others trade here and could be deceived: neither paper nor a test network."""
        return not (self.is_paper or self.is_test_network)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be placed: what is wanted, under an id that is already stored."""

    client_id: str
    symbol: str
    target: TargetOrder
    margin_mode: MarginMode | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The venue took it. ``report`` is there where the answer tells more than the id (a market order that filled)."""

    venue_id: str
    report: OrderReport | None = None


Outcome = Accepted | VenueError
"""What became of one write of a batch; errors are values here, because a batch may be half refused."""


@dataclass(frozen=True, slots=True)
class Position:
    """The venue's word about one position. ``amount`` in base units, short is negative; prices in quote currency."""

    symbol: str
    amount: Decimal
    entry_price: Decimal | None
    mark_price: Decimal | None
    liquidation_price: Decimal | None
    leverage: Decimal | None
    margin_mode: MarginMode | None
    unrealized: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Balances of one key. ``equity`` in quote currency (USDT) including unrealized profit, None where not told.

    ``can_withdraw`` is None where the venue does not tell a key's permissions.
    """

    total: Mapping[str, Decimal]
    free: Mapping[str, Decimal]
    equity: Decimal | None
    at: datetime
    can_withdraw: bool | None = None
    is_hedged: bool | None = None


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    """Something moved in the account; the picture should be read again when it matters."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PositionChanged:
    position: Position


PrivateEvent = OrderReport | Fill | BalanceChanged | PositionChanged


class Gateway(Protocol):
    """One account at one venue.

    Reads raise Unavailable, Throttled or BadCredentials. Writes of orders return one Outcome for each order, in
    order, and raise nothing. Numbers are Decimals in base units and quote currency; times are aware UTC. Streams
    wake; reads prove.
    """

    venue: str
    capabilities: Capabilities

    async def open(self) -> None:
        """Get ready: market rules loaded (or taken from a cache), connections possible."""
        ...

    async def close(self) -> None:
        """End all streams and connections; orders stay as they are."""
        ...

    def instruments(self) -> Mapping[str, Instrument]:
        """All markets that a bot can trade, by symbol. Valid after open()."""
        ...

    def budgets(self) -> Mapping[str, Figures]:
        """How much of each request budget is in use, by channel (rest, orders); none where nothing is limited."""
        ...

    async def instrument(self, symbol: str) -> Instrument:
        """One market with its margin tiers read from the venue. Raises KeyError for a symbol it does not have."""
        ...

    # Public reads

    async def book(self, symbol: str, depth: int = 20) -> Book: ...

    async def tickers(self) -> Sequence[Ticker]: ...

    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Sequence[Candle]:
        """The newest ``limit`` candles, oldest first, the last of them unfinished. ``timeframe`` as in "1m", "1h".

        With ``since`` those that began from then on, as many as the venue gives in one answer, ``limit`` at most.
        """
        ...

    def watch_book(self, symbol: str) -> AsyncIterator[Book]:
        """Books as they change. Raises Unavailable when the stream breaks; iterate again to reconnect."""
        ...

    # Private reads

    async def account(self) -> Account: ...

    async def positions(self) -> Sequence[Position]:
        """All open positions of the account (none on spot)."""
        ...

    async def order(self, order: Order) -> OrderReport | None:
        """One order by client id (and venue id where known). None: the venue answered that it does not know it."""
        ...

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        """All open orders, triggers included, read to the end; one request where the venue can."""
        ...

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        """Finished orders since then, read to the end."""
        ...

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        """Own trades since then, oldest first, read to the end."""
        ...

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        """Own trades of one order, read to the end; ``client_id`` filled in."""
        ...

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]: ...

    def watch_private(self, symbols: Sequence[str]) -> AsyncIterator[PrivateEvent]:
        """Own orders, fills, balances, positions as they change. The first event says that the venue is listened to
        (where nothing proves that, it is the first that happens).

        Raises Unavailable when the stream breaks: what was missed must then be fetched; iterate again to reconnect.
        """
        ...

    # Writes

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        """Make position mode (one-way), margin mode and leverage as wanted; reads first, sets only what differs.

        Raises Rejected with reason position_mode, margin_mode or leverage where that cannot be changed now, and what
        reads raise.
        """
        ...

    async def place(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        """Send orders, in batches where the venue can. An id is never sent twice by the gateway itself."""
        ...

    async def cancel(self, orders: Sequence[Order]) -> Sequence[Outcome]:
        """Ask for cancels. Accepted means asked; the order's own report tells that it is final.

        Rejected("not_found") means: ask what became of the order.
        """
        ...

    async def amend(self, order: Order, target: TargetOrder) -> Outcome:
        """Change a resting order, where ``capabilities.amend`` is IN_PLACE; the ids stay.

        ``target.amount`` is what should rest: the order's total becomes what was filled plus that.
        """
        ...

    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        """Cancel an order and place its successor in one request, where ``capabilities.amend`` is REPLACE.

        What became of the cancel and of the placing. Only an order of which nothing was filled is canceled, and only
        after that is the successor placed: Rejected("not_attempted") where it was not.
        """
        ...
