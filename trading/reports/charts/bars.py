"""Profit by hours, days, weeks or months: one bar each, up for profit and down for loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from matplotlib.axes import Axes

from trading.core.instrument import total
from trading.reports.calendar import Piece, Unit
from trading.reports.charts.house import LARGE, NORMAL, SMALL, TITLE, Sheet, as_png, palette, signed_money

HEIGHT = 1080
LEFT, RIGHT, BOTTOM, TOP = 48.0, 1032.0, 120.0, HEIGHT - 330.0
_LABEL_WIDTH = 150
"""Pixels that the name of a bar needs below it."""
_FEW = 12
"""Bars up to which each is told in numbers too."""

BARS_LABELS: Mapping[str, str] = {
    "profit": "Profit",
    "best": "Best",
    "worst": "Worst",
    "paper": "paper",
    "subtitle": "",
}

_PATTERNS = {Unit.HOUR: "%H:%M", Unit.DAY: "%d.%m", Unit.WEEK: "%d.%m", Unit.MONTH: "%m.%y"}


def draw_bars(
    pieces: Sequence[Piece],
    unit: Unit,
    *,
    currency: str,
    labels: Mapping[str, str],
    dark: bool,
    title: str,
    is_paper: bool = False,
) -> Sheet:
    """Profit by ``unit``, named by the times at which the pieces begin. Raises ValueError without pieces."""
    if not pieces:
        raise ValueError("no time to draw")
    words = {**BARS_LABELS, **labels}
    sheet = Sheet(palette(dark), HEIGHT)
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    nets = [piece.net for piece in pieces]
    _figures(sheet, total(nets), max(nets), min(nets), currency, words)
    axes = sheet.panel(LEFT, BOTTOM, RIGHT, TOP)
    axes.set_facecolor(sheet.colors.panel)
    _bars(sheet, axes, nets)
    _names(sheet, [piece.begins.strftime(_PATTERNS[unit]) for piece in pieces])
    sheet.times(words, is_paper=is_paper)
    return sheet


bars_chart = as_png(draw_bars)
"""The same as bytes."""


def _figures(
    sheet: Sheet, whole: Decimal, best: Decimal, worst: Decimal, currency: str, words: Mapping[str, str]
) -> None:
    colors, y = sheet.colors, HEIGHT - 215
    sheet.write(LEFT, y, words["profit"], size=NORMAL, color=colors.muted)
    sheet.write(
        LEFT,
        y - 53,
        f"{signed_money(whole)} {currency}",
        size=TITLE,
        bold=True,
        color=_color(sheet, whole),
        max_width=480,
    )
    for x, name, net in ((680.0, "best", best), (RIGHT, "worst", worst)):
        align = "right" if x == RIGHT else "center"
        sheet.write(x, y, words[name], size=NORMAL, color=colors.muted, ha=align, max_width=250)
        color = _color(sheet, net)
        sheet.write(x, y - 47, signed_money(net), size=LARGE, bold=True, color=color, ha=align, max_width=220)


def _bars(sheet: Sheet, axes: Axes, nets: Sequence[Decimal]) -> None:
    """Zero is a line; a bar is never too low to be seen."""
    colors, values = sheet.colors, [float(net) for net in nets]
    low, high = min(0.0, *values), max(0.0, *values)
    air = (high - low) * 0.12 or 1.0
    bottom, top = low - (air if low < 0 else 0.0), high + air
    axes.set_ylim(bottom, top)
    axes.set_xlim(0, len(values))
    hair = (top - bottom) * 0.004
    heights = [max(value, hair) if value > 0 else min(value, -hair) if value < 0 else 0.0 for value in values]
    axes.bar(
        [place + 0.5 for place in range(len(values))],
        heights,
        width=0.78,
        color=[colors.profit if value > 0 else colors.loss for value in values],
        linewidth=0,
        zorder=2,
    )
    axes.axhline(0, color=colors.faint, linewidth=0.9, zorder=3)
    if len(values) > _FEW:
        return
    width, scale = (RIGHT - LEFT) / len(values), (TOP - BOTTOM) / (top - bottom)
    for place, (net, height) in enumerate(zip(nets, heights, strict=True)):
        if net:
            x, y = LEFT + (place + 0.5) * width, BOTTOM + (height - bottom) * scale
            away = 22 if net > 0 else -22
            words = signed_money(net)
            sheet.write(x, y + away, words, size=SMALL, color=colors.muted, ha="center", max_width=width - 6)


def _names(sheet: Sheet, names: Sequence[str]) -> None:
    """Below their bars, as many as have room."""
    width = (RIGHT - LEFT) / len(names)
    every = max(1, round(_LABEL_WIDTH / width))
    for place in range(0, len(names), every):
        x = min(max(LEFT + (place + 0.5) * width, LEFT + 45), RIGHT - 45)
        sheet.write(x, BOTTOM - 38, names[place], size=SMALL, color=sheet.colors.muted, ha="center")


def _color(sheet: Sheet, value: Decimal) -> str:
    return sheet.colors.profit if value > 0 else sheet.colors.loss if value < 0 else sheet.colors.ink
