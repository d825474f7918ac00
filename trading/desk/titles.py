"""How a market is called where a person reads it."""

from __future__ import annotations


def title_of_market(symbol: str) -> str:
    """The symbol as a person writes it: CRV/USDT for the perpetual CRV/USDT:USDT."""
    return symbol.split(":", maxsplit=1)[0]


def quote_of(symbol: str) -> str:
    """USDT of CRV/USDT and of CRV/USDT:USDT."""
    return title_of_market(symbol).rpartition("/")[2]
