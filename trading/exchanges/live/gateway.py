"""One live account: the Gateway protocol over ccxt, for any venue ccxt speaks to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from trading.core.diff import AmendMode
from trading.core.instrument import Instrument, MarginTier, MarketKind
from trading.core.ledger import Funding
from trading.core.market import Book, Candle, Ticker
from trading.core.orders import Fill, Order, OrderReport
from trading.core.planning import MarginMode, TargetOrder
from trading.exchanges.errors import Rejected, Unavailable
from trading.exchanges.gateway import (
    Account,
    Capabilities,
    NewOrder,
    Outcome,
    Position,
    PrivateEvent,
)
from trading.exchanges.limiter import Figures, Limiter
from trading.exchanges.live import parsing
from trading.exchanges.live.abilities import can
from trading.exchanges.live.binance import BinanceDialect
from trading.exchanges.live.bitget import BitgetDialect
from trading.exchanges.live.cautious import CautiousDialect
from trading.exchanges.live.connection import MarketsShelf
from trading.exchanges.live.dialect import Dialect
from trading.exchanges.live.kucoin import KucoinDialect
from trading.exchanges.live.mexc import MexcDialect
from trading.exchanges.live.profiles import (
    BINANCE_SPOT,
    BITGET_PERPETUAL,
    KUCOIN_SPOT,
    MEXC_SPOT,
    Profile,
)
from trading.exchanges.live.streams import BookStreams, merged
from trading.exchanges.live.wire import Wire
from trading.metering import naming

P = ParamSpec("P")
T = TypeVar("T")

_DIALECTS: dict[int, type[Dialect]] = {
    id(BINANCE_SPOT): BinanceDialect,
    id(BITGET_PERPETUAL): BitgetDialect,
    id(KUCOIN_SPOT): KucoinDialect,
    id(MEXC_SPOT): MexcDialect,
}


def _named(call: str) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Coroutine[Any, Any, T]]]:
    """What a method asks of the venue is measured under this name."""

    def name(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        @wraps(method)
        async def named(*positional: P.args, **more: P.kwargs) -> T:
            with naming(call):
                return await method(*positional, **more)

        return named

    return name


class LiveGateway:
    """See ``trading.exchanges.gateway.Gateway``. Made by ``trading.exchanges.live.assembly``."""

    def __init__(
        self,
        venue: str,
        wire: Wire,
        profile: Profile,
        shelf: MarketsShelf,
        *,
        book_silence_seconds: float,
        private_silence_seconds: float,
    ) -> None:
        self.venue = venue
        self._wire = wire
        self._profile = profile
        self._shelf = shelf
        self._instruments: dict[str, Instrument] = {}
        self._tiered: dict[str, Instrument] = {}
        self._speak = _DIALECTS.get(id(profile), CautiousDialect)(wire, self._instruments)
        self._books = BookStreams(wire, book_silence_seconds)
        self._private_silence_seconds = private_silence_seconds
        self.capabilities = Capabilities(
            amend=profile.amend,
            place_batch=profile.place_batch,
            cancel_batch=profile.cancel_batch,
            receive_window=profile.receive_window,
            open_orders_need_symbol=profile.open_orders_need_symbol,
            has_positions=profile.kind is MarketKind.PERPETUAL,
            has_private_stream=profile.has_private_stream,
            is_paper=False,
            is_test_network=False,
            is_proven=profile.is_proven,
            history_reach=self._speak.history_reach,
        )

    @property
    def limiter(self) -> Limiter:
        return self._wire.limiter

    def budgets(self) -> Mapping[str, Figures]:
        budgets = {"rest": self._wire.limiter.figures()}
        if self._wire.orders is not self._wire:
            budgets["orders"] = self._wire.orders.limiter.figures()
        return budgets

    @property
    def detours(self) -> int:
        """How many requests went by REST because the order socket was down."""
        return self._speak.detours

    @_named("markets")
    async def open(self) -> None:
        if self._instruments:
            return
        exchange = self._wire.exchange

        async def fetch() -> None:
            await self._wire.read(lambda: exchange.load_markets(True), weight=self._profile.market_requests)

        exchange.open()
        await self._shelf.fill(exchange, fetch)
        self._instruments.update(parsing.instruments(self.venue, exchange, self._profile.kind))
        if not self._instruments:
            raise Unavailable("the venue told no markets")
        self._instruments.update(await self._speak.start())

    async def close(self) -> None:
        await self._wire.close()

    def instruments(self) -> Mapping[str, Instrument]:
        return self._instruments

    @_named("instrument")
    async def instrument(self, symbol: str) -> Instrument:
        plain = self._instruments[symbol]
        if symbol not in self._tiered:
            self._tiered[symbol] = replace(plain, tiers=self._read_tiers(await self._tiers(symbol)))
        return self._tiered[symbol]

    def _read_tiers(self, told: Sequence[Mapping[str, object]]) -> tuple[MarginTier, ...]:
        try:
            return parsing.tiers(told)
        except parsing.UNREADABLE:
            if self._profile.is_proven:
                raise
            # Without them liquidation is a guess, and the preview says so.
            return ()

    async def _tiers(self, symbol: str) -> Sequence[Mapping[str, object]]:
        exchange = self._wire.exchange
        if self._profile.kind is MarketKind.SPOT:
            return []
        if exchange.has.get("fetchMarketLeverageTiers") is True:
            return list(await self._wire.read(lambda: exchange.fetch_market_leverage_tiers(symbol)))
        if exchange.has.get("fetchLeverageTiers") is True:
            every = await self._wire.read(lambda: exchange.fetch_leverage_tiers([symbol]))
            return list(every.get(symbol, []))
        return []

    # Public reads

    @_named("book")
    async def book(self, symbol: str, depth: int = 20) -> Book:
        return await self._speak.book(symbol, depth)

    @_named("tickers")
    async def tickers(self) -> Sequence[Ticker]:
        if not can(self._wire.exchange, "fetchTickers"):
            # Prices beside the markets' names are a comfort; the names are enough to choose one.
            return []
        told = await self._wire.read(self._wire.exchange.fetch_tickers)
        return [parsing.ticker(entry) for entry in told.values() if entry.get("symbol") in self._instruments]

    @_named("candles")
    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Sequence[Candle]:
        start = None if since is None else int(since.timestamp() * 1000)
        told = await self._wire.read(lambda: self._wire.exchange.fetch_ohlcv(symbol, timeframe, start, limit))
        try:
            candles = [parsing.candle(row) for row in sorted(told)]
        except parsing.UNREADABLE as exc:
            raise Unavailable(f"candles of another shape ({exc!r})") from exc
        return candles[-limit:] if since is None else [candle for candle in candles if candle.at >= since][:limit]

    def watch_book(self, symbol: str) -> AsyncIterator[Book]:
        return self._books.watch(symbol, lambda: self._speak.book_address(symbol), self._speak.size(symbol))

    # Private reads

    @_named("account")
    async def account(self) -> Account:
        return await self._speak.account()

    @_named("positions")
    async def positions(self) -> Sequence[Position]:
        return await self._speak.positions()

    @_named("order")
    async def order(self, order: Order) -> OrderReport | None:
        return await self._speak.order(order)

    @_named("open_orders")
    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        return await self._speak.open_orders(symbols)

    @_named("order_history")
    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        return await self._speak.order_history(symbol, since)

    @_named("fills")
    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        return await self._speak.fills(symbol, since)

    @_named("order_fills")
    async def order_fills(self, order: Order) -> Sequence[Fill]:
        return await self._speak.order_fills(order)

    @_named("funding")
    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        return await self._speak.funding(symbol, since)

    def watch_private(self, symbols: Sequence[str]) -> AsyncIterator[PrivateEvent]:
        sources = self._speak.sources(symbols)
        return merged(self._wire, sources, self._speak.private_address, self._private_silence_seconds)

    # Writes

    @_named("prepare")
    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        await self._speak.prepare(symbol, leverage, margin_mode)

    @_named("place")
    async def place(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        return await self._speak.place(orders) if orders else []

    @_named("cancel")
    async def cancel(self, orders: Sequence[Order]) -> Sequence[Outcome]:
        return await self._speak.cancel(orders) if orders else []

    @_named("replace")
    async def replace(self, order: Order, new: NewOrder) -> tuple[Outcome, Outcome]:
        return await self._speak.replace(order, new)

    async def amend(self, order: Order, target: TargetOrder) -> Outcome:
        if self.capabilities.amend is not AmendMode.IN_PLACE:
            return Rejected("other", detail="this venue does not change orders in place")
        return Rejected("other", detail="not proven for this venue")
