"""A market that does not exist, and has always existed: everything is a pure function of (seed, symbol, time).

The logarithm of an asset's price is a sum of value noises: each octave has random heights at the multiples of its
period, from 2 seconds to 24 days, and a smooth curve between them. The heights come from a hash, so nothing is
remembered and nothing differs between machines; a height grows with the square root of the period, as the spread of a
random walk does. All arithmetic is in integers (1e-9 of the logarithm); the exponential is decimal's, correctly
rounded. A share of every asset's movement is the movement of the whole market.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from math import isqrt

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.exchanges.market_source import candle_starts, from_milliseconds, milliseconds, timeframe_length
from trading.exchanges.paper_instruments import ASSETS, INSTRUMENTS, Asset

PERIODS = tuple(2000 * 4**octave for octave in range(11))
"""Of the octaves of a noise, in milliseconds."""
_DAY = 86_400_000
_HIGHEST = 120_000_000
"""No octave moves the price by more than 12 %, so that prices stay about what they are known for."""
_ONE = 1 << 16
_ROUNDING = Context(prec=16)
_MARKET = "*"
_BOOK_REFRESH = 3000
_TRADES_KEPT = 30
_CANDLE_SAMPLES = 12


class SimulatedMarket:
    """``seed`` makes one world of prices; the same seed is the same world, on every machine, for ever."""

    def __init__(self, seed: int = 1, instruments: Iterable[Instrument] = INSTRUMENTS, levels: int = 20) -> None:
        self._seed = seed
        self._levels = levels
        self._instruments = {instrument.symbol: instrument for instrument in instruments}
        unknown = {one.base for one in self._instruments.values()} - ASSETS.keys()
        if unknown:
            raise ValueError(f"no prices for {', '.join(sorted(unknown))}")

    def instruments(self) -> Mapping[str, Instrument]:
        return self._instruments

    def price(self, symbol: str, at: datetime) -> Decimal:
        """The price between bid and ask, not rounded to a tick."""
        instrument = self._instruments[symbol]
        moment = milliseconds(at)
        price = self._asset_price(instrument.base, moment)
        if instrument.quote in ASSETS:
            price = _ROUNDING.divide(price, self._asset_price(instrument.quote, moment))
        if instrument.kind is MarketKind.PERPETUAL:
            basis = 1_000_000_000 + noise(self._seed, f"basis {symbol}", moment, 2_000_000, PERIODS[5:8])
            price = _ROUNDING.multiply(price, Decimal(basis).scaleb(-9))
        return price

    def book(self, symbol: str, at: datetime) -> Book:
        bid, ask = self._best(symbol, at)
        return Book(symbol, self._side(symbol, Side.BUY, bid, at), self._side(symbol, Side.SELL, ask, at), at)

    def trades(self, symbol: str, since: datetime, until: datetime) -> Sequence[Trade]:
        """Up to two trades a second, at the best prices, worth a part of a book level each."""
        last = milliseconds(until) // 1000
        first = max(milliseconds(since) // 1000, last - _TRADES_KEPT)
        return [trade for second in range(first + 1, last + 1) for trade in self._trades_at(symbol, second)]

    def candles(self, symbol: str, timeframe: str, limit: int, until: datetime) -> Sequence[Candle]:
        length = timeframe_length(timeframe)
        instrument = self._instruments[symbol]
        candles = []
        for start in candle_starts(length, limit, until):
            moments = [start + length * part / _CANDLE_SAMPLES for part in range(_CANDLE_SAMPLES + 1)]
            prices = [instrument.nearest_price(self.price(symbol, moment)) for moment in moments if moment <= until]
            volume = self._base_depth(instrument) * self._chance("volume", symbol, timeframe, milliseconds(start))
            volume = instrument.floor_amount(volume * (length // timedelta(seconds=8)) / 10**6)
            candles.append(Candle(start, prices[0], max(prices), min(prices), prices[-1], volume))
        return candles

    def has_ended(self, symbol: str, at: datetime) -> bool:
        return False

    # Prices

    def _asset_price(self, name: str, moment: int) -> Decimal:
        asset = ASSETS[name]
        whole, own = _heights(asset)
        logarithm = noise(self._seed, _MARKET, moment, whole) + noise(self._seed, name, moment, own)
        return _ROUNDING.multiply(asset.price, _ROUNDING.exp(Decimal(logarithm).scaleb(-9)))

    # Books

    def _best(self, symbol: str, at: datetime) -> tuple[Decimal, Decimal]:
        instrument, price = self._instruments[symbol], self.price(symbol, at)
        half = max(instrument.price_tick / 2, price / 20000)
        bid = instrument.maker_price(Side.BUY, price - half)
        return bid, max(bid + instrument.price_tick, instrument.maker_price(Side.SELL, price + half))

    def _side(self, symbol: str, side: Side, best: Decimal, at: datetime) -> tuple[BookLevel, ...]:
        """Levels on round prices, so that a queue stays where it is while the market moves."""
        instrument = self._instruments[symbol]
        tick = instrument.price_tick
        gap = max(tick, (_usual_price(instrument) / 5000 / tick).to_integral_value(ROUND_FLOOR) * tick)
        first = best - side.sign * gap / 2
        round_price = (first / gap).to_integral_value(ROUND_FLOOR) * gap + (gap if side is Side.SELL else 0)
        prices = [best]
        for number in range(self._levels):
            price = round_price - side.sign * number * gap
            if price > 0 and (best - price) * side.sign > 0 and len(prices) < self._levels:
                prices.append(price)
        return tuple(BookLevel(price, self._amount(instrument, side, price, at)) for price in prices)

    def _amount(self, instrument: Instrument, side: Side, price: Decimal, at: datetime) -> Decimal:
        """A quarter to one and three quarters of the usual depth, another one every few seconds."""
        slot = milliseconds(at) // _BOOK_REFRESH
        chance = self._chance("level", instrument.symbol, side, price.normalize(), slot)
        amount = self._base_depth(instrument) * (250_000 + chance * 3 // 2) / 10**6
        return max(instrument.floor_amount(amount), instrument.amount_step)

    def _trades_at(self, symbol: str, second: int) -> list[Trade]:
        count = self._chance("trades", symbol, second) % 3
        if not count:
            return []
        at = from_milliseconds(second * 1000)
        instrument = self._instruments[symbol]
        bid, ask = self._best(symbol, at)
        trades = []
        for number in range(count):
            chance = self._chance("trade", symbol, second, number)
            side = Side.BUY if chance % 2 else Side.SELL
            amount = instrument.floor_amount(self._base_depth(instrument) * chance / 10**6 / 2)
            price = ask if side is Side.BUY else bid
            trades.append(Trade(symbol, side, price, max(amount, instrument.amount_step), at))
        return trades

    def _base_depth(self, instrument: Instrument) -> Decimal:
        asset = ASSETS[instrument.base]
        return asset.depth / asset.price

    def _chance(self, *key: object) -> int:
        """0 .. 999,999 by hash."""
        return _hash(f"{self._seed} {' '.join(map(str, key))}") % 10**6


def noise(seed: int, name: str, moment: int, daily: int, periods: Sequence[int] = PERIODS) -> int:
    """A smooth random curve (1e-9) over milliseconds that moves by about ``daily`` (1e-9) a day."""
    value = 0
    for period in periods:
        index, rest = divmod(moment, period)
        part = rest * _ONE // period
        weight = part * part * (3 * _ONE - 2 * part) >> 32
        left = _height(seed, name, period, index)
        right = _height(seed, name, period, index + 1)
        height = min(_HIGHEST, daily * isqrt(period) // isqrt(_DAY))
        value += height * (left * (_ONE - weight) + right * weight) >> 46
    return value


def _usual_price(instrument: Instrument) -> Decimal:
    quote = ASSETS.get(instrument.quote)
    return _ROUNDING.divide(ASSETS[instrument.base].price, quote.price if quote else Decimal(1))


@lru_cache(maxsize=1 << 16)
def _height(seed: int, name: str, period: int, index: int) -> int:
    """-2**30 .. 2**30."""
    return _hash(f"{seed} {name} {period} {index}") % (1 << 31) - (1 << 30)


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


@lru_cache
def _heights(asset: Asset) -> tuple[int, int]:
    """Daily movement (1e-9 of the logarithm) that is the market's, and that is the asset's own."""
    daily = int(asset.volatility * 10**9)
    return int(daily * asset.market_share), int(daily * (1 - asset.market_share * asset.market_share).sqrt())
