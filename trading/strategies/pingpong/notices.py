"""What the float tells: legs that were executed, and money or coin that it lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from trading.core.telling import (
    Amount,
    ASide,
    Coins,
    Loudness,
    MarketNotice,
    Merging,
    Notice,
    Ordinal,
    Price,
    Topic,
    Unit,
)


class LegExecuted(MarketNotice):
    """A leg was filled in full: ``price`` is its average, ``seconds`` its time to fill, ``orders`` how many it took."""

    kind: Literal["leg_executed"] = "leg_executed"
    topic = Topic.FILLS
    merging = Merging.LIST
    loudness = Loudness.SILENT
    number: Ordinal
    side: ASide
    amount: Amount
    price: Price
    seconds: Annotated[Decimal, Unit.SPAN]
    orders: int


class BalanceShort(MarketNotice):
    """The next order waits: it needs ``needed`` of ``currency`` and the account holds ``held``."""

    kind: Literal["balance_short"] = "balance_short"
    topic = Topic.FUNDS
    side: ASide
    currency: str
    needed: Coins
    held: Coins


PINGPONG_NOTICES: tuple[type[Notice], ...] = (LegExecuted, BalanceShort)
