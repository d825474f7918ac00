"""What the workers of one key share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from trading.clock import Clock
from trading.core.risk import RiskLimits
from trading.exchanges.gateway import Gateway
from trading.runtime.timers import Timers
from trading.storage import Storage


@dataclass(frozen=True, slots=True)
class RuntimeLimits:
    """Limits of the machinery. ``stale_after``: a book not confirmed for so long is not shown to a strategy.

    ``exit_missing_after``: a position without its take-profit for so long is an alarm. ``settle_grace``: how long the
    stream may lag behind an order report with the fills before they are fetched.
    """

    risk: RiskLimits = field(default_factory=RiskLimits)
    errors_before_pause: int = 5
    stale_after: timedelta = timedelta(seconds=30)
    exit_missing_after: timedelta = timedelta(seconds=2)
    settle_grace: timedelta = timedelta(milliseconds=500)
    stalled_after: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Station:
    """One key's gateway with the time, the store and the limits its workers live by."""

    gateway: Gateway
    clock: Clock
    timers: Timers
    storage: Storage
    limits: RuntimeLimits
