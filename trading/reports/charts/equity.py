"""Equity over time, with the drawdown below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from matplotlib.axes import Axes

from trading.reports.charts.house import LARGE, NORMAL, SMALL, TITLE, Sheet, money_words, palette, time_words
from trading.reports.profit import EquitySample, drawdown

HEIGHT = 1080
LEFT, RIGHT = 48.0, 1032.0
POINTS = 600
"""More than the pixels of a phone can tell apart."""

EQUITY_LABELS: Mapping[str, str] = {
    "profit": "Profit",
    "drawdown": "Max drawdown",
    "paper": "paper",
    "subtitle": "",
}


def equity_chart(
    samples: Sequence[EquitySample],
    *,
    deposit: Decimal,
    currency: str,
    labels: Mapping[str, str],
    dark: bool,
    title: str,
    is_paper: bool = False,
) -> bytes:
    """PNG of profit (equity less ``deposit``, quote) over time; the fall from the last peak hangs below."""
    sheet = draw_equity(
        samples, deposit=deposit, currency=currency, labels=labels, dark=dark, title=title, is_paper=is_paper
    )
    return sheet.png()


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
    """The sheet of ``equity_chart``, before it becomes bytes. Raises ValueError without samples."""
    if not samples:
        raise ValueError("no samples to draw")
    words = {**EQUITY_LABELS, **labels}
    sheet = Sheet(palette(dark), HEIGHT)
    colors = sheet.colors
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    last, worst = samples[-1].equity - deposit, drawdown(samples, deposit)
    color = colors.profit if last >= 0 else colors.loss
    sheet.write(LEFT, HEIGHT - 215, words["profit"], size=NORMAL, color=colors.muted)
    value = f"{_signed(last)} {currency}"
    sheet.write(LEFT, HEIGHT - 268, value, size=TITLE, bold=True, color=color, max_width=560)
    sheet.write(RIGHT, HEIGHT - 215, words["drawdown"], size=NORMAL, color=colors.muted, ha="right")
    value = f"−{money_words(worst.loss)} ({worst.percent_of_deposit:.1f}%)"
    sheet.write(RIGHT, HEIGHT - 262, value, size=LARGE, bold=True, color=colors.loss, ha="right", max_width=380)

    thin = _thinned(samples)
    times = [sample.at.timestamp() for sample in thin]
    profits = [float(sample.equity - deposit) for sample in thin]
    upper = sheet.panel(LEFT, 330, RIGHT, HEIGHT - 330)
    _curve(upper, times, profits, color)
    upper.axhline(0, color=colors.faint, linewidth=0.9, linestyle=":", zorder=1)
    upper.plot(times[-1:], profits[-1:], marker="o", markersize=4.5, color=color, clip_on=False, zorder=5)
    lower = sheet.panel(LEFT, 110, RIGHT, 290)
    _curve(lower, times, _falls(profits), colors.loss)
    for axes in (upper, lower):
        axes.set_facecolor(colors.panel)
        axes.set_xlim(times[0], times[-1] if times[-1] > times[0] else times[0] + 1)
    pattern = time_words([sample.at for sample in thin])
    for place, x, align in ((0, LEFT, "left"), (len(thin) // 2, (LEFT + RIGHT) / 2, "center"), (-1, RIGHT, "right")):
        words_of_time = thin[place].at.strftime(pattern)
        sheet.write(x, 70, words_of_time, size=SMALL, color=colors.muted, ha=align)
    return sheet


def _curve(axes: Axes, times: Sequence[float], values: Sequence[float], color: str) -> None:
    axes.plot(times, values, color=color, linewidth=1.8, solid_joinstyle="round", zorder=3)
    axes.fill_between(times, values, 0, color=color, alpha=0.14, linewidth=0, zorder=2)
    low, high = min(0.0, *values), max(0.0, *values)
    air = (high - low) * 0.08 or 1.0
    axes.set_ylim(low - air, high + air)


def _falls(values: Sequence[float]) -> list[float]:
    falls, peak = [], values[0]
    for value in values:
        peak = max(peak, value)
        falls.append(value - peak)
    return falls


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


def _signed(amount: Decimal) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "") + money_words(abs(amount))
