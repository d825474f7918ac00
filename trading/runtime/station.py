"""What the workers of one key share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from trading.clock import Clock
from trading.core.risk import RiskLimits
from trading.exchanges.gateway import Gateway
from trading.metering import Meter
from trading.runtime.recovery import Inquiry
from trading.runtime.timers import Timers
from trading.storage import Storage


@dataclass(frozen=True, slots=True)
class RuntimeLimits:
    """Limits of the machinery. ``stale_after``: a book not confirmed for so long is not shown to a strategy.

    ``exit_missing_after``: a position without its take-profit for so long is an alarm. ``settle_grace``: how long the
    stream may lag behind an order report with the fills before they are fetched. ``ending_told_after``: when canceling
    and closing everything has taken so long, it is told what is still missing. ``stale_told_after``: a price that a bot
    waits for is told as stale after so long. ``drawdown_percent`` of the deposit is told when it is lost.
    """

    risk: RiskLimits = field(default_factory=RiskLimits)
    errors_before_pause: int = 5
    stale_after: timedelta = timedelta(seconds=30)
    exit_missing_after: timedelta = timedelta(seconds=2)
    settle_grace: timedelta = timedelta(milliseconds=500)
    stalled_after: timedelta = timedelta(minutes=10)
    ending_told_after: timedelta = timedelta(seconds=10)
    stale_told_after: timedelta = timedelta(minutes=2)
    drawdown_percent: Decimal = Decimal(20)

    def at_pace_of(self, clock: Clock) -> RuntimeLimits:
        """The same limits for a clock that may run faster than the machine's.

        How long a stream or an answer may take is a matter of the machine: at ten times the speed 2 s of it are 20 s.
        """
        pace = 1 / clock.real_seconds(1)
        return replace(
            self,
            stale_after=self.stale_after * pace,
            exit_missing_after=self.exit_missing_after * pace,
            settle_grace=self.settle_grace * pace,
            ending_told_after=self.ending_told_after * pace,
            stale_told_after=self.stale_told_after * pace,
        )


@dataclass(frozen=True, slots=True)
class Station:
    """One key's gateway with the time, the store and the limits its workers live by."""

    gateway: Gateway
    clock: Clock
    timers: Timers
    storage: Storage
    limits: RuntimeLimits
    public: Callable[[str], Awaitable[Gateway]]
    """A gateway for public reads of any venue, by its id. Raises VenueError, UnknownVenue among them."""
    inquiry: Inquiry
    meter: Meter = field(default_factory=Meter)
