"""What grows and falls over time: a filled curve about zero, the fall from its last peak, and the times below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matplotlib.axes import Axes

from trading.reports.charts.house import SMALL, Sheet, time_words

LEFT, RIGHT = 48.0, 1032.0


def curve(axes: Axes, times: Sequence[float], values: Sequence[float], color: str, width: float) -> None:
    """``width`` of the line in points."""
    axes.plot(times, values, color=color, linewidth=width, solid_joinstyle="round", zorder=3)
    axes.fill_between(times, values, 0, color=color, alpha=0.14, linewidth=0, zorder=2)
    low, high = min(0.0, *values), max(0.0, *values)
    air = (high - low) * 0.08 or 1.0
    axes.set_ylim(low - air, high + air)


def falls(values: Sequence[float]) -> list[float]:
    """How far each value lies below the highest before it; never above zero."""
    found, peak = [], values[0]
    for value in values:
        peak = max(peak, value)
        found.append(value - peak)
    return found


def times_below(sheet: Sheet, first: datetime, middle: datetime, last: datetime) -> None:
    pattern = time_words([first, last])
    for at, x, align in ((first, LEFT, "left"), (middle, (LEFT + RIGHT) / 2, "center"), (last, RIGHT, "right")):
        sheet.write(x, 70, at.strftime(pattern), size=SMALL, color=sheet.colors.muted, ha=align)
