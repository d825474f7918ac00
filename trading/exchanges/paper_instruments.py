"""The markets of the simulated venue: rules, usual prices, how much they move and how deep they are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import Instrument, MarginTier, MarketKind

VENUE = "paper"


@dataclass(frozen=True, slots=True)
class Asset:
    """``price`` in USDT about which it moves, ``volatility`` of a day (fraction), ``market_share`` of its movement that
    is the whole market's, ``depth`` in USDT a book level."""

    price: Decimal
    volatility: Decimal
    market_share: Decimal
    depth: Decimal


def _asset(price: str, volatility: str, market_share: str, depth: int) -> Asset:
    return Asset(Decimal(price), Decimal(volatility), Decimal(market_share), Decimal(depth))


ASSETS = {
    "BTC": _asset("95000", "0.025", "0.8", 60000),
    "ETH": _asset("3300", "0.033", "0.7", 40000),
    "SOL": _asset("190", "0.042", "0.6", 15000),
    "XRP": _asset("2.3", "0.042", "0.5", 12000),
    "DOGE": _asset("0.33", "0.048", "0.5", 10000),
    "LINK": _asset("22", "0.045", "0.5", 6000),
    "ADA": _asset("0.95", "0.045", "0.5", 6000),
    "CRV": _asset("0.5", "0.055", "0.4", 4000),
}

_MAJOR_TIERS = (
    MarginTier(Decimal(150_000), Decimal("0.005"), Decimal(100)),
    MarginTier(Decimal(900_000), Decimal("0.01"), Decimal(50)),
    MarginTier(Decimal(5_000_000), Decimal("0.025"), Decimal(20)),
    MarginTier(None, Decimal("0.05"), Decimal(10)),
)
_ALT_TIERS = (
    MarginTier(Decimal(50_000), Decimal("0.01"), Decimal(50)),
    MarginTier(Decimal(250_000), Decimal("0.025"), Decimal(20)),
    MarginTier(None, Decimal("0.05"), Decimal(10)),
)


def _perpetual(base: str, tick: str, step: str, *, major: bool = False) -> Instrument:
    tiers = _MAJOR_TIERS if major else _ALT_TIERS
    return Instrument(
        venue=VENUE,
        symbol=f"{base}/USDT:USDT",
        kind=MarketKind.PERPETUAL,
        base=base,
        quote="USDT",
        price_tick=Decimal(tick),
        amount_step=Decimal(step),
        min_amount=Decimal(step),
        min_cost=Decimal(5),
        maker_fee=Decimal("0.0002"),
        taker_fee=Decimal("0.0006"),
        max_leverage=tiers[0].max_leverage,
        tiers=tiers,
    )


def _spot(base: str, quote: str, tick: str, step: str, min_cost: str) -> Instrument:
    return Instrument(
        venue=VENUE,
        symbol=f"{base}/{quote}",
        kind=MarketKind.SPOT,
        base=base,
        quote=quote,
        price_tick=Decimal(tick),
        amount_step=Decimal(step),
        min_amount=Decimal(step),
        min_cost=Decimal(min_cost),
        maker_fee=Decimal("0.001"),
        taker_fee=Decimal("0.001"),
    )


INSTRUMENTS = (
    _perpetual("BTC", "0.1", "0.0001", major=True),
    _perpetual("ETH", "0.01", "0.001", major=True),
    _perpetual("SOL", "0.01", "0.1"),
    _perpetual("XRP", "0.0001", "0.1"),
    _perpetual("DOGE", "0.00001", "1"),
    _perpetual("LINK", "0.001", "0.1"),
    _perpetual("ADA", "0.0001", "1"),
    _perpetual("CRV", "0.0001", "0.1"),
    _spot("BTC", "USDT", "0.01", "0.00001", "5"),
    _spot("ETH", "USDT", "0.01", "0.0001", "5"),
    _spot("ETH", "BTC", "0.00001", "0.0001", "0.0001"),
    _spot("CRV", "USDT", "0.0001", "0.1", "5"),
    # The same coins for another dollar: a market to hold the first one's price against, as on another exchange.
    _spot("BTC", "USDC", "0.01", "0.00001", "5"),
    _spot("ETH", "USDC", "0.01", "0.0001", "5"),
    _spot("CRV", "USDC", "0.0001", "0.1", "5"),
)
