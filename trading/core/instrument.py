"""A market's rules, and all rounding to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import StrEnum

ZERO = Decimal(0)
ONE = Decimal(1)
UNKNOWN_MAINTENANCE_RATE = Decimal("0.01")


class MarketKind(StrEnum):
    SPOT = "spot"
    PERPETUAL = "perpetual"


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    @property
    def opposite(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY

    @property
    def sign(self) -> int:
        """+1 for what adds base currency, -1 for what takes it away."""
        return 1 if self is Side.BUY else -1


@dataclass(frozen=True, slots=True)
class MarginTier:
    """Up to ``max_notional`` (quote currency; None: without end) this rate and leverage hold."""

    max_notional: Decimal | None
    maintenance_rate: Decimal
    max_leverage: Decimal


@dataclass(frozen=True, slots=True)
class Instrument:
    """One market of one venue. Amounts are base units, prices and costs quote currency.

    ``contract_size`` is base units in one contract; only gateways look at it.
    ``maintenance_known`` is False where the venue told no tiers and 1 % is assumed.
    """

    venue: str
    symbol: str
    kind: MarketKind
    base: str
    quote: str
    price_tick: Decimal
    amount_step: Decimal
    min_amount: Decimal = ZERO
    min_cost: Decimal = ZERO
    max_amount: Decimal | None = None
    maker_fee: Decimal = Decimal("0.0002")
    taker_fee: Decimal = Decimal("0.0006")
    max_leverage: Decimal = ONE
    contract_size: Decimal = ONE
    tiers: tuple[MarginTier, ...] = ()

    @property
    def maintenance_known(self) -> bool:
        return bool(self.tiers)

    def maintenance_rate(self, notional: Decimal) -> Decimal:
        """The maintenance margin rate for a position worth ``notional`` (quote)."""
        for tier in self.tiers:
            if tier.max_notional is None or notional <= tier.max_notional:
                return tier.maintenance_rate
        return self.tiers[-1].maintenance_rate if self.tiers else UNKNOWN_MAINTENANCE_RATE

    def floor_amount(self, amount: Decimal) -> Decimal:
        """The amount rounded down to the venue's step."""
        return _to_step(amount, self.amount_step, ROUND_FLOOR)

    def ceil_amount(self, amount: Decimal) -> Decimal:
        return _to_step(amount, self.amount_step, ROUND_CEILING)

    def maker_price(self, side: Side, price: Decimal) -> Decimal:
        """The price rounded to a tick away from crossing: bids down, asks up."""
        return _to_step(price, self.price_tick, ROUND_FLOOR if side is Side.BUY else ROUND_CEILING)

    def taker_price(self, side: Side, price: Decimal) -> Decimal:
        """The price rounded to a tick towards crossing: buys up, sells down."""
        return self.maker_price(side.opposite, price)

    def nearest_price(self, price: Decimal) -> Decimal:
        return _to_step(price, self.price_tick, ROUND_HALF_EVEN)

    def smallest_amount(self, price: Decimal) -> Decimal:
        """The smallest amount that passes minimum amount and minimum cost at ``price``."""
        by_cost = self.ceil_amount(self.min_cost / price) if price > 0 else ZERO
        return max(self.ceil_amount(self.min_amount), by_cost, self.amount_step)

    def objection(self, *, price: Decimal, amount: Decimal, reduce_only: bool = False) -> str | None:
        """Why the venue would refuse this order, as a code of ``core.risk``, or None.

        Reduce-only orders are exempt from the minimum cost, as on the venues we speak to.
        """
        if amount <= 0 or amount < self.min_amount:
            return "below_min_amount"
        if self.max_amount is not None and amount > self.max_amount:
            return "above_max_amount"
        if amount % self.amount_step:
            return "off_step"
        if price % self.price_tick:
            return "off_tick"
        if not reduce_only and amount * price < self.min_cost:
            return "below_min_cost"
        return None


def decimal_places(step: Decimal) -> int:
    """How many decimals a number on this step shows."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(number: Decimal) -> str:
    """A number as venues and people read it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def total(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, ZERO)


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step
