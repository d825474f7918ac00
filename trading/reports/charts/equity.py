"""Equity over time, with the drawdown below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from trading.reports.charts.curves import LEFT, RIGHT, curve, falls, times_below
from trading.reports.charts.house import LARGE, NORMAL, TITLE, Sheet, as_png, money_words, palette, signed_money
from trading.reports.profit import EquitySample, drawdown

HEIGHT = 1080
POINTS = 600
"""More than the pixels of a phone can tell apart."""

EQUITY_LABELS: Mapping[str, str] = {
    "profit": "Profit",
    "drawdown": "Max drawdown",
    "paper": "paper",
    "subtitle": "",
}


def draw_equity(
    samples: Sequence[EquitySample],
    *,
    deposit: Decimal,
    currency: str,
    labels: Mapping[str, str],
    dark: bool,
    title: str,
    is_paper: bool = False,
) -> Sheet:
    """Profit (equity less ``deposit``, quote) over time; the fall from the last peak hangs below.

    Raises ValueError without samples.
    """
    if not samples:
        raise ValueError("no samples to draw")
    words = {**EQUITY_LABELS, **labels}
    sheet = Sheet(palette(dark), HEIGHT)
    colors = sheet.colors
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    last, worst = samples[-1].equity - deposit, drawdown(samples, deposit)
    color = colors.profit if last >= 0 else colors.loss
    sheet.write(LEFT, HEIGHT - 215, words["profit"], size=NORMAL, color=colors.muted)
    value = f"{signed_money(last)} {currency}"
    sheet.write(LEFT, HEIGHT - 268, value, size=TITLE, bold=True, color=color, max_width=560)
    sheet.write(RIGHT, HEIGHT - 215, words["drawdown"], size=NORMAL, color=colors.muted, ha="right")
    value = f"−{money_words(worst.loss)} ({worst.percent_of_deposit:.1f}%)"
    sheet.write(RIGHT, HEIGHT - 262, value, size=LARGE, bold=True, color=colors.loss, ha="right", max_width=380)

    thin = _thinned(samples)
    times = [sample.at.timestamp() for sample in thin]
    profits = [float(sample.equity - deposit) for sample in thin]
    upper = sheet.panel(LEFT, 330, RIGHT, HEIGHT - 330)
    curve(upper, times, profits, color, 1.8)
    upper.axhline(0, color=colors.faint, linewidth=0.9, linestyle=":", zorder=1)
    upper.plot(times[-1:], profits[-1:], marker="o", markersize=4.5, color=color, clip_on=False, zorder=5)
    lower = sheet.panel(LEFT, 110, RIGHT, 290)
    curve(lower, times, falls(profits), colors.loss, 1.8)
    for axes in (upper, lower):
        axes.set_facecolor(colors.panel)
        axes.set_xlim(times[0], times[-1] if times[-1] > times[0] else times[0] + 1)
    times_below(sheet, thin[0].at, thin[len(thin) // 2].at, thin[-1].at)
    sheet.times(words, is_paper=is_paper)
    return sheet


equity_chart = as_png(draw_equity)
"""The same as bytes."""


def _thinned(samples: Sequence[EquitySample]) -> list[EquitySample]:
    """At most about POINTS samples; of each stretch the lowest and the highest, so that no spike is lost."""
    stretch = -(-len(samples) * 2 // POINTS)
    if stretch <= 2:
        return list(samples)
    thin: list[EquitySample] = []
    for start in range(0, len(samples), stretch):
        part = samples[start : start + stretch]
        ends = {min(part, key=lambda sample: sample.equity), max(part, key=lambda sample: sample.equity)}
        thin += sorted(ends, key=lambda sample: sample.at)
    return thin if thin[-1] == samples[-1] else [*thin, samples[-1]]
