"""How a price walks through a candle, and which prices on its way matter to a bot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, Side
from trading.core.market import Candle
from trading.core.orders import Order
from trading.core.planning import Wake

_OWN_SIGNALS = ("bid", "ask", "mid")


def path(candle: Candle) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Open, the two extremes, close: a candle that closed higher is taken to have seen its low first."""
    if candle.close >= candle.open:
        return candle.open, candle.low, candle.high, candle.close
    return candle.open, candle.high, candle.low, candle.close


def ends_rising(candle: Candle) -> bool | None:
    """Whether the last move on its path was upward; None for a candle that stood still."""
    if candle.high == candle.low:
        return None
    return candle.close == candle.high if candle.close >= candle.open else candle.close != candle.low


@dataclass(frozen=True, slots=True)
class Stops:
    """Prices at which something may happen: ``falling`` on the way down, ``rising`` on the way up.

    Nothing happens while the price stays above ``floor`` and below ``ceiling``, unless the plan is ``restless``: it
    wants to hear of every change, and hears of the prices that are recorded, not of every tick between them.
    ``triggers`` are those at which a position is closed at the market: stop orders and the liquidation.
    """

    falling: tuple[Decimal, ...] = ()
    rising: tuple[Decimal, ...] = ()
    restless: bool = False
    triggers: tuple[Decimal, ...] = ()

    def is_triggered(self, start: Decimal, end: Decimal) -> bool:
        """A jump from ``start`` to ``end`` closes a position: nobody trades between, so it is closed after the jump."""
        low, high = min(start, end), max(start, end)
        return any(low <= price <= high for price in self.triggers)

    def is_quiet(self, low: Decimal, high: Decimal) -> bool:
        """Nothing happens between these prices."""
        floor, ceiling = self.floor, self.ceiling
        return not self.restless and (floor is None or low > floor) and (ceiling is None or high < ceiling)

    @property
    def floor(self) -> Decimal | None:
        return self.falling[0] if self.falling else None

    @property
    def ceiling(self) -> Decimal | None:
        return self.rising[0] if self.rising else None

    def next(self, start: Decimal, end: Decimal) -> Decimal:
        """The first stop strictly between, or ``end``."""
        if end < start:
            return next((stop for stop in self.falling if end < stop < start), end)
        return next((stop for stop in self.rising if start < stop < end), end)


def stops(
    instrument: Instrument,
    orders: Iterable[Order],
    wake: Wake,
    price: Decimal,
    liquidation: Decimal | None = None,
    *,
    long: bool = False,
) -> Stops:
    """What may happen to live orders, a plan and a position, while the market is at ``price``."""
    tick = instrument.price_tick
    falling: set[Decimal] = set()
    rising: set[Decimal] = set()
    triggers: set[Decimal] = set()
    restless = False
    for order in orders:
        if order.trigger_price is not None:
            triggers.add(order.trigger_price)
            (falling if order.side is Side.SELL else rising).add(order.trigger_price)
        elif order.price is not None:
            # An order fills when the price has gone through it, not when it is only touched.
            (falling if order.side is Side.BUY else rising).add(order.price - order.side.sign * tick)
    for signal, band in wake.bands.items():
        if signal in _OWN_SIGNALS:
            for edge, side in ((band.low, falling), (band.high, rising)):
                if edge is None:
                    continue
                if abs(edge - price) <= 2 * tick:
                    restless = True
                else:
                    # The three signals lie up to a tick beside the price.
                    near = instrument.nearest_price(edge)
                    side.update((near - tick, near, near + tick))
    if liquidation is not None:
        triggers.add(liquidation)
        near = instrument.nearest_price(liquidation)
        (falling if long else rising).update((near - tick, near, near + tick))
    return Stops(
        tuple(sorted((stop for stop in falling if stop > ZERO), reverse=True)),
        tuple(sorted(rising)),
        restless,
        tuple(sorted(triggers)),
    )
