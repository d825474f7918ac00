"""The band of a peg and the steps on which its orders stand: the person's decimals, or the venue's coarser ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import lcm

from trading.core.instrument import Instrument, Side, plain
from trading.strategies.peg.config import PegConfig


@dataclass(frozen=True, slots=True)
class Band:
    """Prices in quote currency, amounts in base units. Asks at or below ``low`` are bought, bids at or above ``high``
    are sold into; what rests inside stands strictly between them.
    """

    instrument: Instrument
    low: Decimal
    high: Decimal
    tick: Decimal
    step: Decimal

    @classmethod
    def of(cls, config: PegConfig, instrument: Instrument) -> Band:
        tick = coarser(Decimal(1).scaleb(-config.quote_precision), instrument.price_tick)
        step = coarser(Decimal(1).scaleb(-config.base_precision), instrument.amount_step)
        low = on_step(config.price - config.deviation, tick, ROUND_FLOOR)
        high = on_step(config.price + config.deviation, tick, ROUND_CEILING)
        return cls(instrument, low, high, tick, step)

    @property
    def inside(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest price strictly inside; the first is above the second when there is none."""
        return self.low + self.tick, self.high - self.tick

    def edge(self, side: Side) -> Decimal:
        """The worst price at which ``side`` may sweep."""
        return self.low if side is Side.BUY else self.high

    def limit_price(self, side: Side, price: Decimal) -> Decimal:
        """A price on our decimals that takes what stands at ``price``."""
        return on_step(price, self.tick, ROUND_CEILING if side is Side.BUY else ROUND_FLOOR)

    def floor_amount(self, amount: Decimal) -> Decimal:
        return on_step(amount, self.step, ROUND_FLOOR)

    def smallest_amount(self, price: Decimal) -> Decimal:
        """The smallest amount on our decimals that passes the venue's minimums at ``price``."""
        return max(self.step, on_step(self.instrument.smallest_amount(price), self.step, ROUND_CEILING))

    def most_amount(self) -> Decimal | None:
        most = self.instrument.max_amount
        return self.floor_amount(most) if most is not None else None

    def objection(self, price: Decimal, amount: Decimal) -> str | None:
        return self.instrument.objection(price=price, amount=amount)


def coarser(own: Decimal, venue: Decimal) -> Decimal:
    """The step that suits both: the venue's where it is coarser, else the smallest multiple of both."""
    if venue >= own:
        return Decimal(plain(venue))
    shift = max(0, *(-int(step.normalize().as_tuple().exponent) for step in (own, venue)))
    return Decimal(plain(Decimal(lcm(int(own.scaleb(shift)), int(venue.scaleb(shift)))).scaleb(-shift)))


def on_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step
