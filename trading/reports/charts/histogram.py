"""How long something took: a histogram of durations on a logarithmic scale, with the median and the 95th percentile."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median as middle

from matplotlib.axes import Axes

from trading.reports.charts.house import NORMAL, SMALL, TITLE, Sheet, as_png, palette

HEIGHT = 1080
LEFT, RIGHT, BOTTOM = 48.0, 1032.0, 140.0
EDGES = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0),
    *(3600.0, 7200.0, 18_000.0, 36_000.0, 86_400.0, 172_800.0, 432_000.0, 864_000.0),
)
"""Seconds between which the bars stand, from 1 ms to 10 days; the same for every picture, round in people's units."""
_FEWEST_BARS = 5

HISTOGRAM_LABELS: Mapping[str, str] = {
    "median": "Median",
    "p95": "95%",
    "count": "Count",
    "millisecond": "ms",
    "second": "s",
    "minute": "min",
    "hour": "h",
    "paper": "paper",
    "subtitle": "",
}


def draw_histogram(
    seconds: Sequence[float], *, labels: Mapping[str, str], dark: bool, title: str, is_paper: bool = False
) -> Sheet:
    """How often each length of time (seconds, not negative) occurred. Raises ValueError without any."""
    if not seconds:
        raise ValueError("no durations to draw")
    words = {**HISTOGRAM_LABELS, **labels}
    values = sorted(max(0.0, value) for value in seconds)
    sheet = Sheet(palette(dark), HEIGHT)
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    median, late = middle(values), percentile(values, 95)
    colors = sheet.colors
    third = (RIGHT - LEFT) / 3
    for place, (name, text, color) in enumerate(
        (
            (words["median"], duration_words(median, words), colors.buy),
            (words["p95"], duration_words(late, words), colors.warning),
            (words["count"], f"{len(values)}", colors.ink),
        )
    ):
        x = LEFT + place * third
        sheet.write(x, HEIGHT - 215, name, size=NORMAL, color=colors.muted, max_width=third - 20)
        sheet.write(x, HEIGHT - 268, text, size=TITLE - 1, bold=True, color=color, max_width=third - 20)
    edges, counts = bins(values)
    axes = sheet.panel(LEFT, BOTTOM, RIGHT, HEIGHT - 350)
    axes.set_facecolor(colors.panel)
    _bars(sheet, axes, edges, counts)
    for value, color in ((median, colors.buy), (late, colors.warning)):
        axes.axvline(_place(value, edges), color=color, linewidth=1.8, linestyle="--", zorder=4)
    _scale(sheet, edges, words)
    return sheet


histogram_chart = as_png(draw_histogram)
"""The same as bytes."""


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest of the ordered values that at least ``percent`` of them do not exceed: nearest rank.

    The figures beside the picture are reckoned like this, so that both say the same.
    """
    return ordered[max(0, math.ceil(percent * len(ordered) / 100) - 1)]


def bins(ordered: Sequence[float]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """The edges between which the values lie, and how many are in each; an edge belongs to the bin above it."""
    first = max(0, bisect_right(EDGES, ordered[0]) - 1)
    last = min(len(EDGES) - 1, bisect_right(EDGES, ordered[-1]))
    while last - first < _FEWEST_BARS:
        first, last = max(0, first - 1), min(len(EDGES) - 1, last + 1)
    edges = EDGES[first : last + 1]
    counts = [0] * (len(edges) - 1)
    for value in ordered:
        counts[min(len(counts) - 1, max(0, bisect_right(edges, value) - 1))] += 1
    return edges, tuple(counts)


def duration_words(seconds: float, words: Mapping[str, str]) -> str:
    """A length of time with two or three telling digits: 85 ms, 1.4 s, 12 min, 3.5 h."""
    for size, unit in ((3600.0, "hour"), (60.0, "minute"), (1.0, "second"), (0.001, "millisecond")):
        # What would be rounded up to the next unit is said in it: 1 s, not 1000 ms.
        if seconds >= size * 0.9995 or unit == "millisecond":
            value = seconds / size
            places = 0 if value >= 9.95 or unit == "millisecond" else 1
            text = f"{value:.{places}f}"
            return f"{text.removesuffix('.0')} {words[unit]}"
    raise AssertionError("unreachable")


def _bars(sheet: Sheet, axes: Axes, edges: Sequence[float], counts: Sequence[int]) -> None:
    """Bars of equal width, for the scale is logarithmic; the number stands above each."""
    colors, most = sheet.colors, max(counts)
    axes.set_xlim(0, len(counts))
    axes.set_ylim(0, most * 1.16)
    axes.bar([place + 0.5 for place in range(len(counts))], counts, width=0.86, color=colors.up, linewidth=0, zorder=2)
    width, height = (RIGHT - LEFT) / len(counts), HEIGHT - 350 - BOTTOM
    ground = {"boxstyle": "square,pad=0.1", "facecolor": colors.panel, "linewidth": 0}
    for place, count in enumerate(counts):
        if count:
            x, y = LEFT + (place + 0.5) * width, BOTTOM + count / (most * 1.16) * height
            sheet.write(
                x, y + 22, f"{count}", size=SMALL, color=colors.muted, ha="center", max_width=width - 4, bbox=ground
            )


def _scale(sheet: Sheet, edges: Sequence[float], words: Mapping[str, str]) -> None:
    """Names below the edges, as many as have room."""
    width = (RIGHT - LEFT) / (len(edges) - 1)
    every = max(1, math.ceil(110 / width))
    for place in range(0, len(edges), every):
        align = "left" if place == 0 else "right" if place == len(edges) - 1 else "center"
        text = duration_words(edges[place], words)
        sheet.write(LEFT + place * width, BOTTOM - 34, text, size=SMALL, color=sheet.colors.muted, ha=align)


def _place(value: float, edges: Sequence[float]) -> float:
    """Where a value stands among bars of equal width."""
    if value <= edges[0]:
        return 0.0
    for place, (low, high) in enumerate(pairwise(edges)):
        if value <= high:
            return place + math.log(value / low) / math.log(high / low)
    return float(len(edges) - 1)
