"""A replay in one picture: the price with every fill, profit over time, and the fall from its last peak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from matplotlib.axes import Axes

from trading.core.instrument import Side
from trading.core.market import Candle
from trading.core.orders import Fill
from trading.reports.charts.curves import LEFT, RIGHT, curve, falls, times_below
from trading.reports.charts.house import (
    LARGE,
    NORMAL,
    SMALL,
    Palette,
    Sheet,
    as_png,
    money_words,
    palette,
    signed_money,
)
from trading.reports.profit import Drawdown, EquitySample

HEIGHT = 1350
POINTS = 500
"""Stretches of the price; each shows its highest and lowest."""

TRIAL_LABELS: Mapping[str, str] = {
    "price": "Price",
    "bought": "bought",
    "sold": "sold",
    "profit": "Profit",
    "drawdown": "Max drawdown",
    "liquidations": "Liquidations",
    "paper": "paper",
    "subtitle": "",
}


def draw_trial(
    candles: Sequence[Candle],
    fills: Sequence[Fill],
    samples: Sequence[EquitySample],
    *,
    deposit: Decimal,
    currency: str,
    worst: Drawdown,
    liquidations: int,
    labels: Mapping[str, str],
    dark: bool,
    title: str,
    is_paper: bool = False,
    tz: tzinfo = UTC,
) -> Sheet:
    """Profit is equity less ``deposit`` (quote), open profit included; ``worst`` has seen more than ``samples``.

    Raises ValueError without candles.
    """
    if not candles or not samples:
        raise ValueError("nothing was replayed")
    words = {**TRIAL_LABELS, **labels}
    sheet = Sheet(palette(dark), HEIGHT)
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    _figures(sheet, words, worst, samples[-1].equity - deposit, currency, liquidations)
    times = (candles[0].at.timestamp(), max(candles[-1].at, samples[-1].at).timestamp())
    price = sheet.panel(LEFT, 640, RIGHT, 1005)
    profit = sheet.panel(LEFT, 300, RIGHT, 570)
    below = sheet.panel(LEFT, 110, RIGHT, 270)
    for axes in (price, profit, below):
        axes.set_facecolor(sheet.colors.panel)
        axes.set_xlim(*times)
    _price(price, candles, fills, sheet.colors)
    _profit(profit, below, samples, deposit, sheet.colors)
    _captions(sheet, words, candles, [sample.at.astimezone(tz) for sample in (samples[0], samples[-1])])
    sheet.times(words, is_paper=is_paper)
    return sheet


trial_chart = as_png(draw_trial)
"""The same as bytes."""


def _figures(
    sheet: Sheet,
    words: Mapping[str, str],
    worst: Drawdown,
    last: Decimal,
    currency: str,
    liquidations: int,
) -> None:
    """What could be lost before what was earned."""
    colors = sheet.colors
    told = (
        (words["drawdown"], f"−{money_words(worst.loss)} ({worst.percent_of_deposit:.1f}%)", colors.loss),
        (words["liquidations"], str(liquidations), colors.loss if liquidations else colors.ink),
        (words["profit"], f"{signed_money(last)} {currency}", colors.profit if last >= 0 else colors.loss),
    )
    for (name, value, color), x, align, room in zip(
        told, (LEFT, 560.0, RIGHT), ("left", "center", "right"), (380, 260, 340), strict=True
    ):
        sheet.write(x, HEIGHT - 208, name, size=NORMAL, color=colors.muted, ha=align, max_width=room)
        sheet.write(x, HEIGHT - 252, value, size=LARGE, bold=True, color=color, ha=align, max_width=room)


def _price(axes: Axes, candles: Sequence[Candle], fills: Sequence[Fill], colors: Palette) -> None:
    stretch = -(-len(candles) // POINTS)
    parts = [candles[start : start + stretch] for start in range(0, len(candles), stretch)]
    times = [part[0].at.timestamp() for part in parts]
    lows = [float(min(candle.low for candle in part)) for part in parts]
    highs = [float(max(candle.high for candle in part)) for part in parts]
    axes.fill_between(times, lows, highs, color=colors.faint, alpha=0.45, linewidth=0, zorder=2)
    axes.plot(times, [float(part[-1].close) for part in parts], color=colors.muted, linewidth=1.0, zorder=3)
    for side, marker, color in ((Side.BUY, "^", colors.buy), (Side.SELL, "v", colors.sell)):
        own = [fill for fill in fills if fill.side is side]
        axes.scatter(
            [fill.at.timestamp() for fill in own],
            [float(fill.price) for fill in own],
            marker=marker,
            s=16 if len(fills) < 300 else 7,
            color=color,
            linewidths=0,
            alpha=0.9,
            zorder=4,
        )
    air = (max(highs) - min(lows)) * 0.06 or 1.0
    axes.set_ylim(min(lows) - air, max(highs) + air)


def _profit(upper: Axes, lower: Axes, samples: Sequence[EquitySample], deposit: Decimal, colors: Palette) -> None:
    times = [sample.at.timestamp() for sample in samples]
    profits = [float(sample.equity - deposit) for sample in samples]
    color = colors.profit if profits[-1] >= 0 else colors.loss
    curve(upper, times, profits, color, 1.6)
    curve(lower, times, falls(profits), colors.loss, 1.6)
    upper.axhline(0, color=colors.faint, linewidth=0.9, linestyle=":", zorder=1)


def _captions(
    sheet: Sheet,
    words: Mapping[str, str],
    candles: Sequence[Candle],
    ends: Sequence[datetime],
) -> None:
    colors = sheet.colors
    low, high = min(candle.low for candle in candles), max(candle.high for candle in candles)
    sheet.write(LEFT, 1028, words["price"], size=SMALL, color=colors.muted)
    sheet.write(RIGHT, 1028, f"▲ {words['bought']}   ▼ {words['sold']}", size=SMALL, color=colors.muted, ha="right")
    sheet.write(RIGHT - 8, 986, f"{high:f}", size=SMALL, color=colors.muted, ha="right")
    sheet.write(RIGHT - 8, 658, f"{low:f}", size=SMALL, color=colors.muted, ha="right")
    sheet.write(LEFT, 592, words["profit"], size=SMALL, color=colors.muted)
    sheet.write(LEFT, 284, words["drawdown"], size=SMALL, color=colors.muted)
    times_below(sheet, ends[0], ends[0] + (ends[1] - ends[0]) / 2, ends[1])
