"""Margin arithmetic of linear perpetuals in one-way mode: what a position needs, and where it is liquidated.

``amount`` is signed base units (short is negative), ``cost`` is ``amount * average`` with the same sign (quote), and
``collateral`` is the money that stands behind the position (quote): its own margin when isolated, the wallet when
cross. Liquidation is where ``collateral + amount * price - cost`` has fallen to the maintenance margin
``maintenance * |amount| * price``. With ``collateral = cost / leverage`` a long's price is
``average * (1 - 1/leverage) / (1 - maintenance)``; with the wallet it is
``(cost - wallet) / (amount * (1 - maintenance))``.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Decimal

from trading.core.instrument import ZERO

QUANTUM = Decimal("1e-12")
"""Quotients of money are cut here, so that all sums of money stay exact."""


def initial_margin(cost: Decimal, leverage: Decimal) -> Decimal:
    """The margin (quote) that opening ``cost`` (quote, either sign) takes at ``leverage``."""
    return (abs(cost) / leverage).quantize(QUANTUM, ROUND_UP)


def maintenance_margin(amount: Decimal, mark: Decimal, rate: Decimal) -> Decimal:
    """The equity (quote) below which the position is taken over."""
    return abs(amount) * mark * rate


def liquidation_price(amount: Decimal, cost: Decimal, collateral: Decimal, rate: Decimal) -> Decimal | None:
    """Where the position is taken over (quote); None when flat, or when no price above zero does it."""
    return _zero_of_equity(amount, cost, collateral, rate)


def bankruptcy_price(amount: Decimal, cost: Decimal, collateral: Decimal, fee: Decimal) -> Decimal | None:
    """Where closing the position, the taker ``fee`` rate paid, leaves nothing of the collateral, and owes nothing."""
    return _zero_of_equity(amount, cost, collateral, fee)


def _zero_of_equity(amount: Decimal, cost: Decimal, collateral: Decimal, rate: Decimal) -> Decimal | None:
    """The price at which ``collateral + amount * price - cost = rate * |amount| * price``."""
    if not amount:
        return None
    price = (cost - collateral) / (amount - rate * abs(amount))
    # Cut in the owner's favour, so that a bankrupt position never leaves a debt behind.
    cut = price.quantize(QUANTUM, ROUND_UP if amount > ZERO else ROUND_DOWN)
    return cut if cut > ZERO else None
