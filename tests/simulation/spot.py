"""Spot markets that a test moves, and what must be true of a spot bot's money whatever happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.simulation.checks import Stored, _same_fills, _same_orders, _slots_held_once, stored
from tests.simulation.world import OWNER, World, _Standing
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.core.orders import Role
from trading.core.simulated_exchange import SimulatedExchange
from trading.exchanges.paper import DEFAULT_BALANCES
from trading.exchanges.paper_venue import PaperVenue
from trading.storage import samples
from trading.strategies.liquidity.notices import QuoteFilled
from trading.strategies.peg.notices import BandQuoteFilled, SweepFilled

CRV = Instrument(
    venue="paper",
    symbol="CRV/USDT",
    kind=MarketKind.SPOT,
    base="CRV",
    quote="USDT",
    price_tick=Decimal("0.0001"),
    amount_step=Decimal("0.1"),
    min_amount=Decimal("0.1"),
    min_cost=Decimal(5),
    maker_fee=Decimal("0.001"),
    taker_fee=Decimal("0.001"),
)
TWIN = Instrument(
    venue="paper",
    symbol="CRV/USDC",
    kind=MarketKind.SPOT,
    base="CRV",
    quote="USDC",
    price_tick=Decimal("0.0001"),
    amount_step=Decimal("0.1"),
    min_amount=Decimal("0.1"),
    min_cost=Decimal(5),
)
BALANCES = {"USDT": Decimal(5_000), "CRV": Decimal(8_000), "BTC": Decimal("0.05")}
DUST = Decimal("1e-9")


@dataclass
class SpotMarket:
    """A market that stands where the test puts it. ``ticks``: how wide; ``depth`` (base) at each of its levels."""

    instrument: Instrument
    price: Decimal
    ticks: int = 2
    depth: Decimal = Decimal(400)
    levels: int = 5
    gap: int = 1
    dealt: list[Trade] = field(default_factory=list)

    def instruments(self) -> Mapping[str, Instrument]:
        return {self.instrument.symbol: self.instrument}

    def book(self, symbol: str, at: datetime) -> Book:
        tick = self.instrument.price_tick
        bid = self.price - tick * (self.ticks // 2)
        ask = bid + tick * self.ticks
        bids = tuple(BookLevel(bid - tick * self.gap * n, self.depth) for n in range(self.levels))
        asks = tuple(BookLevel(ask + tick * self.gap * n, self.depth) for n in range(self.levels))
        return Book(symbol, bids, asks, at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        return [trade for trade in self.dealt if since < trade.at <= until]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        flat = (self.price,) * 4
        return [Candle(until - timedelta(minutes=15 * n), *flat, Decimal(1)) for n in range(limit, 0, -1)]

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return False


def spot_world(world: World, *markets: SpotMarket, balances: Mapping[str, Decimal] | None = None) -> World:
    """The same world with these markets, and its owner's wallet with what they need."""
    world.venue = PaperVenue(world.clock, [*markets, world.market])
    world.balances = {**DEFAULT_BALANCES, **(balances or BALANCES)}
    return world


async def check_spot(world: World, standing: _Standing, bot_id: int, symbol: str = "CRV/USDT") -> Stored:
    """Raises AssertionError unless orders, fills and both balances are the venue's own."""
    exchange = world.gateways[OWNER].books_of_the_venue
    ours = await stored(standing, bot_id)
    _same_orders(exchange, ours)
    _slots_held_once(exchange, ours)
    _same_fills(exchange, ours)
    base, quote = symbol.split("/")
    ledger, now = ours.record.ledger, exchange.balances()
    assert abs(now[base] - world.balances[base] - ledger.position) < DUST, (now, ledger)
    assert abs(now[quote] - world.balances[quote] - (ledger.cash - ledger.fees)) < DUST, (now, ledger)
    _told_once(ours)
    return ours


def _told_once(ours: Stored) -> None:
    """Each fill of a peg or of a liquidity bot is told once; what a peg trades with itself is not."""
    for told, role in ((SweepFilled, Role.ENTRY), ((BandQuoteFilled, QuoteFilled), Role.QUOTE)):
        for side in Side:
            said = sum(fact.amount for fact in ours.notices if isinstance(fact, told) and fact.side is side)
            orders = [order for order in ours.orders if order.role is role and ".self-" not in order.slot]
            filled = sum(order.filled for order in orders if order.side is side)
            is_told = ours.record.strategy in ("peg", "liquidity")
            assert said == (filled if is_told else 0), f"{role} {side}: told {said}, filled {filled}"


def never_crosses_itself(exchange: SimulatedExchange) -> None:
    bids = [order.price for order in exchange.open_orders() if order.side is Side.BUY and order.price is not None]
    asks = [order.price for order in exchange.open_orders() if order.side is Side.SELL and order.price is not None]
    assert not bids or not asks or max(bids) < min(asks), f"bid {max(bids)} meets ask {min(asks)}"


async def samples_of(standing: _Standing, bot_id: int, kind: str) -> list[Mapping[str, str]]:
    rows = await standing.storage.read(lambda c: samples.samples_of(c, bot_id, kind))
    return [row.body for row in rows]
