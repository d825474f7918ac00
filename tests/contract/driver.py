"""What the contract suite needs of a venue, whichever it is: a gateway, a market it can move, faults, and the truth.

A new venue is one more Driver in conftest.DRIVERS. The market of every driver is CRV/USDT:USDT, or CRV/USDT where a
venue has no positions: tick 0.0001, step 0.1, minimum cost 5 USDT, fees of 0.02 % and 0.06 %; account of 10,000 USDT.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Generic, Protocol, TypeVar, cast

import pytest

from trading.core.client_ids import client_id
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, Order, OrderType, Role, TimeInForce
from trading.core.planning import MarginMode, TargetOrder
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.errors import OutcomeUnknown, Rejected, Throttled, VenueError
from trading.exchanges.gateway import Gateway, NewOrder, Outcome

SYMBOL, SPOT_SYMBOL = "CRV/USDT:USDT", "CRV/USDT"
LEVERAGE = 20
PATIENCE_SECONDS = 30
"""Of the machine's time, for what comes by a stream."""
MARGIN_MODE = MarginMode.ISOLATED


class Driver(Protocol):
    """One venue under test. The gateway is open, and prepared where it has positions (leverage 20, isolated)."""

    @property
    def gateway(self) -> Gateway: ...

    @property
    def truth(self) -> SimulatedExchange:
        """The venue's own books, to be read only."""
        ...

    @property
    def now(self) -> datetime:
        """The venue's time."""
        ...

    async def show(self, book: Book) -> None:
        """The market shows this book from now on (``book.at`` does not matter), and the venue has acted on it."""
        ...

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        """Somebody trades, as a taker on ``side``, and the venue has acted on it."""
        ...

    def is_told(self) -> bool:
        """Whether the venue tells the account's private stream of all that happens from now on."""
        ...

    async def cut_streams(self) -> None:
        """Break every stream the gateway has."""
        ...

    async def wait(self) -> None:
        """Let a moment pass, long enough for what is under way to go on."""
        ...

    def inject(self, request: str, fault: str) -> None:
        """The next ``request`` (a gateway's method name) meets ``fault`` (a key of FAULTS), once.

        Where the transport repeats a read by itself, its repetition meets the fault too.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """What a write must answer (None: it may also succeed), and whether the venue has carried it out (None: either)."""

    outcome: type[VenueError] | None
    executed: bool | None


FAULTS = {
    "drop_before": Fault(OutcomeUnknown, executed=False),
    "drop_after_accept": Fault(OutcomeUnknown, executed=True),
    "delay": Fault(None, executed=True),
    "throttle_429": Fault(Throttled, executed=False),
    "server_error_html": Fault(OutcomeUnknown, executed=None),
    "cut_body": Fault(OutcomeUnknown, executed=None),
    "empty_200": Fault(OutcomeUnknown, executed=None),
}

_numbers = count(1)


def symbol_of(driver: Driver) -> str:
    return SYMBOL if driver.gateway.capabilities.has_positions else SPOT_SYMBOL


def needs_positions(driver: Driver) -> None:
    """Skip where the venue is a spot market: no positions, margin, leverage, reduce-only orders or stops."""
    if not driver.gateway.capabilities.has_positions:
        pytest.skip("this venue has no positions")


def needs_replacing(driver: Driver) -> None:
    if driver.gateway.capabilities.amend is not AmendMode.REPLACE:
        pytest.skip("this venue does not replace orders")


def needs_stops(driver: Driver) -> None:
    """Skip where a stop cannot rest: on spot, and where nobody has proven how it behaves."""
    needs_positions(driver)
    if not driver.gateway.capabilities.is_proven:
        pytest.skip("stops are not proven on this venue")


def fee_of(fill: Fill) -> Decimal:
    """Its fee in quote currency; spot venues may take it from what was received."""
    assert fill.fee_currency in ("USDT", "CRV")
    return fill.fee * fill.price if fill.fee_currency == "CRV" else fill.fee


def a_book(bid: str = "0.4999", ask: str = "0.5001", amount: str = "1000", levels: int = 5) -> Book:
    """A book of equal levels, one tick apart."""
    tick, best_bid, best_ask = Decimal("0.0001"), Decimal(bid), Decimal(ask)
    bids = tuple(BookLevel(best_bid - number * tick, Decimal(amount)) for number in range(levels))
    asks = tuple(BookLevel(best_ask + number * tick, Decimal(amount)) for number in range(levels))
    return Book(SYMBOL, bids, asks, datetime.min)  # noqa: DTZ901  the driver says when


def an_order(
    driver: Driver,
    side: Side,
    amount: str,
    price: str | None = None,
    *,
    trigger: str | None = None,
    reduce_only: bool = False,
    time_in_force: TimeInForce = TimeInForce.GTC,
) -> Order:
    """An order with an id that was never used."""
    kind = OrderType.STOP_MARKET if trigger else OrderType.LIMIT if price else OrderType.MARKET
    number = next(_numbers)
    return Order(
        client_id=client_id(1, 1, number),
        bot_id=1,
        slot=f"slot{number}",
        role=Role.TAKE_PROFIT if reduce_only else Role.ENTRY,
        symbol=symbol_of(driver),
        side=side,
        type=kind,
        amount=Decimal(amount),
        price=Decimal(price) if price else None,
        trigger_price=Decimal(trigger) if trigger else None,
        reduce_only=reduce_only,
        time_in_force=time_in_force,
        created_at=driver.now,
        updated_at=driver.now,
    )


def target_of(order: Order, *, price: Decimal | None = None, amount: Decimal | None = None) -> TargetOrder:
    """The target that leads to the order, or to a changed one."""
    return TargetOrder(
        slot=order.slot,
        role=order.role,
        side=order.side,
        type=order.type,
        amount=order.amount if amount is None else amount,
        price=order.price if price is None else price,
        trigger_price=order.trigger_price,
        reduce_only=order.reduce_only,
        time_in_force=order.time_in_force,
    )


async def place(driver: Driver, *orders: Order) -> Sequence[Outcome]:
    mode = MARGIN_MODE if driver.gateway.capabilities.has_positions else None
    return await driver.gateway.place(
        [NewOrder(order.client_id, order.symbol, target_of(order), mode) for order in orders]
    )


def is_refused(driver: Driver, outcome: Outcome, *reasons: str) -> bool:
    """Whether it was refused, for one of these reasons where the venue's refusals are proven.

    An unproven venue's no is no proof; what it said is kept to be told when the order is proven absent.
    """
    if driver.gateway.capabilities.is_proven:
        return isinstance(outcome, Rejected) and (not reasons or outcome.reason in reasons)
    return isinstance(outcome, OutcomeUnknown) and bool(outcome.refusal)


def times_at_venue(driver: Driver, order: Order) -> int:
    """How many orders the venue has under this id, open or finished."""
    known = [*driver.truth.open_orders(), *driver.truth.finished_orders()]
    return sum(one.client_id == order.client_id for one in known)


def long_ago(driver: Driver) -> datetime:
    return driver.now - timedelta(hours=1)


async def eventually(driver: Driver, check: Callable[[], bool], what: str) -> None:
    """Let moments pass until ``check`` holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not check():
        assert time.monotonic() < deadline, f"never: {what}"
        await driver.wait()


MessageT = TypeVar("MessageT")


class Listening(Generic[MessageT]):
    """Reads a stream in the background: what came is in ``heard``, what ended it in ``error``."""

    def __init__(self, stream: AsyncIterator[MessageT]) -> None:
        self.heard: list[MessageT] = []
        self.error: BaseException | None = None
        self._stream = stream
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            # The gateways' streams are generators; the Protocol promises less.
            async with aclosing(cast("aclosing[AsyncIterator[MessageT]]", self._stream)):  # type: ignore[type-var]
                async for message in self._stream:
                    self.heard.append(message)
        except VenueError as error:
            self.error = error

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
