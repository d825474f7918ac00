from datetime import timedelta

from trading.clock import FastClock, SystemClock
from trading.runtime.station import RuntimeLimits


def test_limits_of_the_machine_stretch_with_a_fast_clock() -> None:
    limits = RuntimeLimits(exit_missing_after=timedelta(seconds=2))
    assert limits.at_pace_of(FastClock(60)).exit_missing_after == timedelta(seconds=120)
    assert limits.at_pace_of(FastClock(60)).stalled_after == limits.stalled_after
    assert limits.at_pace_of(SystemClock()) == limits
