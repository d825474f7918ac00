"""What the desk answers about profit and about itself. Money in the quote currency that is named beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from trading.metering import CallFigures, Spread
from trading.reports.calendar import Unit
from trading.reports.profit import Period

__all__ = [
    "Budget",
    "CallFigures",
    "Period",
    "ProfitPart",
    "ProfitReport",
    "ProfitRow",
    "ProfitView",
    "Spread",
    "Statistics",
    "SystemFigures",
    "TradingFigures",
    "Unit",
]


class ProfitView(StrEnum):
    """What the picture shows."""

    EQUITY = "equity"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class ProfitRow:
    """One bot in the period. ``net`` is realized profit after fees and funding; ``open_profit`` is of now."""

    bot_id: int
    title: str
    net: Decimal
    fees: Decimal
    funding: Decimal
    open_profit: Decimal | None


@dataclass(frozen=True, slots=True)
class ProfitPart:
    """Bots that may be added: one kind of account, one quote currency.

    ``fees`` are positive when paid, ``funding`` when received; ``other_fees`` were paid in third currencies and are not
    in ``net``. ``drawdown`` (not negative), ``sharpe`` and ``profit_factor`` are as in trading.reports; None where
    there is too little to tell. ``drawdown_percent`` is of ``deposit``, that of the bots alive in the period.
    """

    is_paper: bool
    quote: str
    since: datetime
    now: datetime
    rows: tuple[ProfitRow, ...]
    gross: Decimal
    fees: Decimal
    funding: Decimal
    net: Decimal
    other_fees: Mapping[str, Decimal]
    volume: Decimal
    open_profit: Decimal | None
    deposit: Decimal
    drawdown: Decimal
    drawdown_percent: Decimal
    sharpe: float | None
    profit_factor: float | None
    fills: int
    rounds: int
    unit: Unit

    @property
    def key(self) -> tuple[bool, str]:
        """Is it paper, and in which currency."""
        return self.is_paper, self.quote


@dataclass(frozen=True, slots=True)
class ProfitReport:
    """``chosen`` is the part that ``picture`` (PNG) shows; None without bots. No picture: nothing to draw yet."""

    period: Period
    view: ProfitView
    parts: tuple[ProfitPart, ...]
    chosen: ProfitPart | None
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class TradingFigures:
    """Trading of all time in one part. Shares are 0 to 1; None where there is nothing to tell.

    ``orders_ended`` counts finished orders that are still kept, ``filled_share`` those of them that were filled whole.
    ``mean_take_profit`` is net. ``rounds_a_day`` is the sum of each bot's mean since it was made. ``requotes`` counts
    resting quotes that were moved since the process began.
    """

    whole: ProfitPart
    profits: Mapping[Period, Decimal]
    active_orders: int
    orders_ended: int
    filled_share: float | None
    take_profits: int
    mean_take_profit: Decimal | None
    rounds_a_day: float | None
    requotes: int
    maker_share: float | None


@dataclass(frozen=True, slots=True)
class Budget:
    """A request budget. ``spent`` is the weight of the last minute, ``rate`` what a minute may hold now."""

    account: str
    venue: str
    channel: str
    spent: float
    rate: float
    queued: int
    in_flight: int
    paused_seconds: float

    @property
    def used_share(self) -> float:
        return self.spent / self.rate


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """The process. Calls, gaps and lag since it began; ``memory_bytes`` is 0 where the machine does not tell."""

    calls: tuple[CallFigures, ...]
    budgets: tuple[Budget, ...]
    gaps: Mapping[tuple[str, str], int]
    lag: Spread | None
    memory_bytes: int
    database_bytes: int
    writes_waiting: int
    notices_waiting: int
    bots_active: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """``system`` is for admins only."""

    parts: tuple[TradingFigures, ...]
    system: SystemFigures | None = field(default=None)
