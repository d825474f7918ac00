"""Volumes of markets with different quote currencies are compared by what they are worth."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.desk.place import SPOT
from trading.core.market import Ticker
from trading.desk.volumes import dollars_per_quote, volume_in_dollars

TRADED = {
    # symbol: last price, volume in quote currency
    "ETH/USDT": ("3000", "900000000"),
    "ETH/BTC": ("0.03", "1500"),
    "ETH/TRY": ("120000", "2000000000"),
    "ETH/IDR": ("48000000", "90000000000"),
    "BTC/USDT": ("100000", "2000000000"),
    "USDT/TRY": ("40", "4000000000"),
}


def test_a_market_in_bitcoin_ranks_by_its_worth_and_an_unknown_currency_comes_last() -> None:
    instruments, tickers = {}, {}
    for symbol, (last, volume) in TRADED.items():
        base, quote = symbol.split("/")
        instruments[symbol] = replace(SPOT, symbol=symbol, base=base, quote=quote)
        tickers[symbol] = Ticker(symbol, Decimal(last), Decimal(volume))
    rates = dollars_per_quote(instruments, tickers)
    assert (rates["BTC"], rates["TRY"]) == (100_000, Decimal("0.025"))
    assert "IDR" not in rates
    found = [symbol for symbol in TRADED if symbol.startswith("ETH/")]
    worth = {symbol: volume_in_dollars(instruments[symbol], tickers[symbol], rates) for symbol in found}
    assert sorted(found, key=lambda symbol: -worth[symbol]) == ["ETH/USDT", "ETH/BTC", "ETH/TRY", "ETH/IDR"]
    assert volume_in_dollars(instruments["ETH/BTC"], None, rates) == 0
