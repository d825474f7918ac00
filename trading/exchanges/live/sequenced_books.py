"""Books that are put together from a snapshot over REST and numbered changes over a socket.

Stands before ccxt's class of a venue (see ``Profile.mixins``), whose own way waits for a number of changes before it
asks for the snapshot, does not notice when changes are missing, and carries on with the old book after a reconnect.
Here the snapshot is asked for as soon as the venue says that it sends changes; a change that does not join the one
before starts the book anew; and what lies deeper than the snapshot reached is never shown.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ccxt

_TRIES = 5
_FIRST_PAUSE = 0.1
_FEWEST_LEVELS = 50


@dataclass(frozen=True, slots=True)
class BookChange:
    """What one message changes: numbers ``first`` to ``last``; (price, amount) with amount 0 for a level that is gone.

    ``at`` is milliseconds, None where the message does not tell.
    """

    first: int
    last: int
    bids: Sequence[tuple[float, float]]
    asks: Sequence[tuple[float, float]]
    at: int | None


@dataclass(slots=True)
class _Growth:
    """A book under construction (``version`` None) or standing. ``horizon``: the worst prices that are known."""

    book: Any
    version: int | None = None
    waiting: list[BookChange] = field(default_factory=list)
    horizon: tuple[float, float] = (0.0, math.inf)


class SequencedBooks:
    """A mixin. The venue's own class below gives ``snapshot_depth`` and ``read_change``."""

    snapshot_depth: int
    # ccxt's own, for the reader of types:
    orderbooks: dict[str, Any]
    order_book: Any
    fetch_order_book: Any
    spawn: Any

    def read_change(self, message: Mapping[str, Any]) -> tuple[str, BookChange]:
        """A message as symbol and change."""
        raise NotImplementedError

    @property
    def _growing(self) -> dict[str, _Growth]:
        growths: dict[str, _Growth] = self.__dict__.setdefault("_book_growths", {})
        return growths

    def begin_book(self, client: Any, symbol: str) -> None:
        """Start over: the old book is gone, changes wait until the snapshot is there."""
        self.orderbooks[symbol] = self.order_book({"symbol": symbol})
        self._growing[symbol] = _Growth(self.orderbooks[symbol])
        self.spawn(self._seed, client, symbol, self._growing[symbol])

    def handle_order_book(self, client: Any, message: Mapping[str, Any]) -> None:
        symbol, change = self.read_change(message)
        growth = self._growing.get(symbol)
        if growth is None or self.orderbooks.get(symbol) is not growth.book:
            # Whoever listens has dropped the book.
            self.begin_book(client, symbol)
            growth = self._growing[symbol]
        if growth.version is None:
            growth.waiting.append(change)
        elif change.last <= growth.version:
            return
        elif change.first > growth.version + 1:
            self.begin_book(client, symbol)
            self._growing[symbol].waiting.append(change)
        else:
            _apply(growth, change)
            if _is_too_shallow(growth):
                self.begin_book(client, symbol)
            else:
                client.resolve(growth.book, f"orderbook:{symbol}")

    async def _seed(self, client: Any, symbol: str, growth: _Growth) -> None:
        error: Exception = ccxt.NetworkError("the book's snapshot and its changes do not join")
        for attempt in range(_TRIES):
            try:
                snapshot = await self.fetch_order_book(symbol, self.snapshot_depth)
            except Exception as exc:  # the edge of a task: whoever waits for the book must hear of it
                error = exc
                break
            if self.orderbooks.get(symbol) is not growth.book:
                return
            if _join(growth, snapshot, self.snapshot_depth):
                client.resolve(growth.book, f"orderbook:{symbol}")
                return
            await asyncio.sleep(_FIRST_PAUSE * 2**attempt)
        if self.orderbooks.get(symbol) is growth.book:
            self.orderbooks.pop(symbol, None)
            client.reject(error, f"orderbook:{symbol}")


def _join(growth: _Growth, snapshot: Mapping[str, Any], depth: int) -> bool:
    """Make the snapshot and what waits one book. False when there is a hole between or among them."""
    version = snapshot.get("nonce")
    if version is None:
        return False
    following = [change for change in growth.waiting if change.last > version]
    expected = version + 1
    for index, change in enumerate(following):
        if change.first > expected:
            # A hole among the changes: what came before it will never be needed again.
            growth.waiting = following[index:]
            return False
        expected = change.last + 1
    growth.book.reset(snapshot)
    growth.version = version
    bids, asks = snapshot["bids"], snapshot["asks"]
    growth.horizon = (
        bids[-1][0] if len(bids) >= depth else 0.0,
        asks[-1][0] if len(asks) >= depth else math.inf,
    )
    growth.waiting = []
    for change in following:
        _apply(growth, change)
    return True


def _apply(growth: _Growth, change: BookChange) -> None:
    lowest, highest = growth.horizon
    for price, amount in change.bids:
        if price >= lowest:
            growth.book["bids"].store(price, amount)
    for price, amount in change.asks:
        if price <= highest:
            growth.book["asks"].store(price, amount)
    growth.version = growth.book["nonce"] = change.last
    if change.at is not None:
        growth.book["timestamp"] = change.at


def _is_too_shallow(growth: _Growth) -> bool:
    """Whether the market has moved so far that a side known only in part shows too little."""
    lowest, highest = growth.horizon
    return (lowest > 0 and len(growth.book["bids"]) < _FEWEST_LEVELS) or (
        highest < math.inf and len(growth.book["asks"]) < _FEWEST_LEVELS
    )


class Acknowledgements:
    """A mixin that lets one wait until the venue has confirmed a subscription."""

    client: Any

    def acknowledge(self, client: Any, topic: str) -> None:
        client.subscriptions[f"acknowledged {topic}"] = True
        client.resolve(True, f"acknowledged {topic}")

    async def acknowledged(self, address: str, topic: str) -> None:
        """Returns when ``topic`` is subscribed on the socket to ``address``. Raises what breaks the socket."""
        client = self.client(address)
        if f"acknowledged {topic}" not in client.subscriptions:
            await client.future(f"acknowledged {topic}")
