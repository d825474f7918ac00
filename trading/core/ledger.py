"""Position, average entry, realized profit, fees and funding, folded from fills.

The ledger keeps exact sums (cash, position) and one quotient (the cost of what is left after a partial reduction), so
that whenever the position is flat the realized profit equals the cash flow to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, plain
from trading.core.orders import Fill


@dataclass(frozen=True, slots=True)
class Funding:
    """A funding payment of a perpetual, quote currency; positive when received."""

    funding_id: str
    symbol: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """One bot's books on one market. Position in base units (short is negative), all else in quote currency.

    ``fees`` is positive when paid. Fees in a third currency (a venue's own coin) are in ``other_fees`` by currency and
    are not part of ``net``.
    """

    position: Decimal = ZERO
    cost: Decimal = ZERO
    cash: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    volume: Decimal = ZERO
    other_fees: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def average(self) -> Decimal | None:
        """Average entry price of the open position (average-cost method), None when flat."""
        return self.cost / self.position if self.position else None

    @property
    def realized(self) -> Decimal:
        """Profit of what was closed, before fees and funding."""
        return self.cash + self.cost

    @property
    def net(self) -> Decimal:
        return self.realized - self.fees + self.funding

    def unrealized(self, price: Decimal) -> Decimal:
        """Profit of the open position if it were closed at ``price``, before fees."""
        return self.position * price - self.cost

    def apply(self, fill: Fill, instrument: Instrument) -> Ledger:
        """The ledger after one execution."""
        signed = fill.side.sign * fill.amount
        moved = self._trade(signed, fill.price)
        moved = replace(moved, volume=moved.volume + fill.amount * fill.price)
        if not fill.fee:
            return moved
        if fill.fee_currency == instrument.quote:
            return replace(moved, fees=moved.fees + fill.fee)
        if fill.fee_currency == instrument.base:
            # The fee leaves the position as if it were sold at the fill's price and then paid.
            worth = fill.fee * fill.price
            return replace(moved._trade(-fill.fee, fill.price), fees=moved.fees + worth)
        others = {**moved.other_fees, fill.fee_currency: moved.other_fees.get(fill.fee_currency, ZERO) + fill.fee}
        return replace(moved, other_fees=others)

    def apply_funding(self, funding: Funding) -> Ledger:
        return replace(self, funding=self.funding + funding.amount)

    def close_at(self, price: Decimal) -> Ledger:
        """The ledger after the position was closed elsewhere (by hand, by liquidation), taken at ``price``."""
        return self._trade(-self.position, price) if self.position else self

    def since(self, earlier: Ledger) -> Ledger:
        """What happened between an earlier flat ledger and this one, as a ledger of its own."""
        others = {
            currency: paid - earlier.other_fees.get(currency, ZERO)
            for currency, paid in self.other_fees.items()
            if paid != earlier.other_fees.get(currency, ZERO)
        }
        return Ledger(
            position=self.position - earlier.position,
            cost=self.cost - earlier.cost,
            cash=self.cash - earlier.cash,
            fees=self.fees - earlier.fees,
            funding=self.funding - earlier.funding,
            volume=self.volume - earlier.volume,
            other_fees=others,
        )

    def _trade(self, signed: Decimal, price: Decimal) -> Ledger:
        before, after = self.position, self.position + signed
        if before == 0 or (before > 0) == (signed > 0):
            cost = self.cost + signed * price
        elif after == 0:
            cost = ZERO
        elif (before > 0) == (after > 0):
            cost = self.cost * after / before
        else:
            cost = after * price
        return replace(self, position=after, cost=cost, cash=self.cash - signed * price)


def fees_elsewhere(fills: Iterable[Fill], instrument: Instrument) -> Mapping[str, Decimal]:
    """What ``fills`` cost in third currencies, by currency: what no ``net`` has in it."""
    paid: dict[str, Decimal] = {}
    for fill in fills:
        if fill.fee and fill.fee_currency not in (instrument.quote, instrument.base):
            paid[fill.fee_currency] = paid.get(fill.fee_currency, ZERO) + fill.fee
    return paid


def coins_text(amounts: Mapping[str, Decimal]) -> str:
    """``0.0012 BNB, 3 KCS``, to the eighth decimal; "" for none."""
    return ", ".join(f"{plain(round(amount, 8))} {coin}" for coin, amount in sorted(amounts.items()))


def fold(fills: Iterable[Fill], instrument: Instrument, start: Ledger | None = None) -> Ledger:
    """The ledger after all ``fills``, in their order."""
    ledger = start or Ledger()
    for fill in fills:
        ledger = ledger.apply(fill, instrument)
    return ledger
