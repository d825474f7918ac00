"""How much is traded on markets of different quote currencies, in one measure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Instrument
from trading.core.market import Ticker

DOLLARS = ("USD", "USDT", "USDC", "FDUSD", "TUSD", "DAI", "USD1", "BUSD", "USDP", "USDE", "PYUSD")
"""Currencies taken for a dollar each; good enough to compare volumes."""


def dollars_per_quote(instruments: Mapping[str, Instrument], tickers: Mapping[str, Ticker]) -> Mapping[str, Decimal]:
    """What one unit of each currency is worth by the venue's own last prices, as far as it tells."""
    rates = dict.fromkeys(DOLLARS, ONE)
    for symbol, instrument in instruments.items():
        ticker = tickers.get(symbol)
        if ticker is None or not ticker.last:
            continue
        if instrument.quote in DOLLARS:
            rates.setdefault(instrument.base, ticker.last)
        elif instrument.base in DOLLARS:
            rates.setdefault(instrument.quote, ONE / ticker.last)
    return rates


def volume_in_dollars(instrument: Instrument, ticker: Ticker | None, rates: Mapping[str, Decimal]) -> Decimal:
    """Of a day; zero where it is not known, or not what the quote currency is worth."""
    traded = (ticker.quote_volume if ticker else None) or ZERO
    return traded * rates.get(instrument.quote, ZERO)
