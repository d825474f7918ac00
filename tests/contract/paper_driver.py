"""The paper venue under the contract suite: a market that the test moves, and a clock that it advances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tests.clocks import ManualClock
from tests.contract.driver import FAULTS, LEVERAGE, MARGIN_MODE, SYMBOL, a_book
from trading.core.diff import AmendMode
from trading.core.instrument import Instrument, Side
from trading.core.market import Book, Candle, Trade
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.errors import OutcomeUnknown, Throttled, Unavailable, VenueError
from trading.exchanges.market_source import candle_starts, timeframe_length
from trading.exchanges.paper import MemoryStore, PaperGateway, PaperVenue
from trading.exchanges.paper_instruments import INSTRUMENTS

_WRITES = {"place", "cancel", "amend", "replace"}


class MovedMarket:
    """A MarketSource of one symbol that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_shown = a_book()
        self.traded: list[Trade] = []

    def instruments(self) -> Mapping[str, Instrument]:
        return {one.symbol: one for one in INSTRUMENTS if one.symbol == SYMBOL}

    def book(self, symbol: str, at: datetime) -> Book:
        return replace(self.now_shown, at=at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return [trade for trade in self.traded if since < trade.at <= until]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        price = self.now_shown.mid or Decimal(0)
        starts = candle_starts(timeframe_length(timeframe), limit, until)
        return [Candle(at, price, price, price, price, Decimal(1)) for at in starts]

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return False


class PaperDriver:
    def __init__(self, amend: AmendMode = AmendMode.IN_PLACE) -> None:
        self._amend = amend
        self.clock = ManualClock()
        self.market = MovedMarket()
        self.store = MemoryStore()
        self.venue = PaperVenue(self.clock, [self.market])
        self._faults: dict[str, str] = {}
        self.gateway = self.new_gateway()

    def new_gateway(self) -> PaperGateway:
        return PaperGateway(self.venue, self.store, "tester", faults=self._meet, amend=self._amend)

    async def start(self) -> None:
        await self.gateway.open()
        await self.gateway.prepare(SYMBOL, LEVERAGE, MARGIN_MODE)

    async def stop(self) -> None:
        await self.gateway.close()

    @property
    def truth(self) -> SimulatedExchange:
        return self.gateway.books_of_the_venue

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def show(self, book: Book) -> None:
        self.market.now_shown = book
        await self.wait()

    async def trade(self, side: Side, price: Decimal, amount: Decimal) -> None:
        await self.wait()
        self.market.traded.append(Trade(SYMBOL, side, price, amount, self.venue.moment() + self.venue.tick))
        await self.wait()

    def is_told(self) -> bool:
        """Nothing is on its way here: who has heard that the stream begins is told."""
        return True

    async def cut_streams(self) -> None:
        self.gateway.cut_streams()
        await self.wait()

    async def wait(self) -> None:
        await self.clock.advance(self.venue.tick.total_seconds())

    def inject(self, request: str, fault: str) -> None:
        executed = FAULTS[fault].executed
        self._faults[f"{request}.{'before' if executed is False else 'after'}"] = fault

    async def _meet(self, point: str) -> None:
        fault = self._faults.pop(point, None)
        if fault is None or fault == "delay":
            return
        raise _error(fault, point.partition(".")[0])


def _error(fault: str, request: str) -> VenueError:
    if fault == "throttle_429":
        return Throttled(1)
    return OutcomeUnknown(fault) if request in _WRITES else Unavailable(fault)
