"""An obligation in a picture: what was kept, a line of time for each day, and the breaches that lasted longest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from trading.reports.charts.house import LARGE, NORMAL, SMALL, TITLE, Palette, Sheet, as_png, palette
from trading.reports.obligation import Breach, Day, Kept, Report, Uptime

DAYS, BREACHES = 7, 5
"""The newest days and the longest breaches that are shown; more would be too small for a phone."""
LEFT, RIGHT = 48.0, 1032.0
_STRIP_LEFT, _STRIP_RIGHT = 160.0, 800.0
_ROW, _STRIP, _GAP = 84.0, 24.0, 6.0
_BREACH_ROW = 62.0
_GOOD, _FAIR = 0.99, 0.9
"""Shares from which a number is shown as good, and as fair."""
_HAIR = 3.0
"""Pixels: the narrowest mark of a breach, so that a second of it is seen in a day."""
_DAY = timedelta(days=1)
_ZOOMS = tuple(timedelta(minutes=minutes) for minutes in (4, 8, 20, 40, 60, 120, 240, 480, 720))
"""Lengths that the strips of a single short day may show instead of all of it; each is four round steps."""

OBLIGATION_LABELS: Mapping[str, str] = {
    "spread": "Spread",
    "depth": "Depth",
    "kept": "kept",
    "breached": "breached",
    "unknown": "not known",
    "breaches": "Longest breaches",
    "no_breaches": "No breach",
    "and_more": "+ {count} more",
    "open": "still open",
    "second": "s",
    "minute": "min",
    "hour": "h",
    "paper": "paper",
    "subtitle": "",
    "cause_paused": "paused",
    "cause_stopping": "stopping",
    "cause_venue_away": "exchange away",
    "cause_reference_gone": "reference gone",
    "cause_reference_stale": "reference stale",
    "cause_sources_apart": "prices too far apart",
    "cause_refused_orders": "orders refused",
    "cause_our_balance": "balance too small",
    "cause_balance_unknown": "balance unknown",
    "cause_inventory": "inventory skew",
    "cause_deposit": "deposit too small",
    "cause_moving": "orders under way",
    "cause_market": "market moved",
}
"""What the caller may translate. ``cause_`` and a code names a cause; a code without one is shown as it is."""


def draw_obligation(
    report: Report, *, labels: Mapping[str, str], dark: bool, title: str, is_paper: bool = False
) -> Sheet:
    """A report, its newest DAYS days. Times are UTC."""
    words = {**OBLIGATION_LABELS, **labels}
    days, breaches = report.days[-DAYS:], report.longest[:BREACHES]
    below = max(1, len(breaches)) * _BREACH_ROW + 76
    height = int(500 + len(days) * _ROW + below)
    sheet = Sheet(palette(dark), height)
    sheet.heading(title, words["subtitle"], words["paper"] if is_paper else None)
    _headline(sheet, LEFT, height - 205, words["spread"], report.spread, words)
    _headline(sheet, (LEFT + RIGHT) / 2 + 8, height - 205, words["depth"], report.depth, words)
    top, scale = height - 420, scale_of(days)
    _hours(sheet, top + 26, scale)
    for place, day in enumerate(days):
        _day(sheet, day, top - place * _ROW, words, scale)
    _legend(sheet, top - len(days) * _ROW - 22, words)
    zone = days[-1].begins.tzinfo if days else UTC
    _breaches(sheet, breaches, len(report.breaches), top - len(days) * _ROW - 92, words, zone)
    sheet.times(words, is_paper=is_paper)
    return sheet


obligation_chart = as_png(draw_obligation)
"""The same as bytes."""


def _headline(sheet: Sheet, x: float, y: float, name: str, uptime: Uptime, words: Mapping[str, str]) -> None:
    """A card: the share that is proved to be kept, and what the rest was."""
    width, colors = (RIGHT - LEFT) / 2 - 8, sheet.colors
    axes = _canvas(sheet)
    axes.add_patch(
        FancyBboxPatch(
            (x + 14, y - 126),
            width - 28,
            138,
            boxstyle="round,pad=14,rounding_size=20",
            facecolor=colors.panel,
            linewidth=0,
        )
    )
    sheet.write(x + 26, y - 8, name, size=NORMAL, color=colors.muted)
    sheet.write(x + 26, y - 64, share_words(uptime.kept_share), size=TITLE + 3, bold=True, color=_grade(colors, uptime))
    parts = [
        f"{share_words(share)} {words[word]}"
        for share, word in ((uptime.breached_share, "breached"), (uptime.unknown_share, "unknown"))
        if share > 0
    ]
    sheet.write(
        x + 26, y - 116, " · ".join(parts) or words["kept"], size=SMALL, color=colors.muted, max_width=width - 52
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """What the strips show from left to right, by the clock on the wall since midnight."""

    start: timedelta = timedelta(0)
    end: timedelta = _DAY

    def x(self, since_midnight: timedelta) -> float:
        return _STRIP_LEFT + (_STRIP_RIGHT - _STRIP_LEFT) * ((since_midnight - self.start) / (self.end - self.start))


def scale_of(days: Sequence[Day]) -> Scale:
    """Whole days; of a single one no more than it takes, so that a bot of ten minutes has more to show than a hair."""
    if len(days) != 1 or not days[0].spans:
        return Scale()
    first, last = _clock(days[0], days[0].spans[0].start), _clock(days[0], days[0].spans[-1].end)
    for length in _ZOOMS:
        step = length / 4
        start = min(first // step * step, _DAY - length)
        if last <= start + length:
            return Scale(start, start + length)
    return Scale()


def _hours(sheet: Sheet, y: float, scale: Scale) -> None:
    """Five marks of time: hours of whole days, hours and minutes of a part."""
    for place in range(5):
        at = scale.start + (scale.end - scale.start) * place / 4
        minutes = int(at.total_seconds()) // 60
        text = f"{minutes // 60:02d}" if scale == Scale() else f"{minutes // 60:02d}:{minutes % 60:02d}"
        align = ("left", "center", "center", "center", "right")[place]
        sheet.write(scale.x(at), y, text, size=SMALL, color=sheet.colors.faint, ha=align)


def _day(sheet: Sheet, day: Day, top: float, words: Mapping[str, str], scale: Scale) -> None:
    """Two strips, spread over depth, and their shares."""
    colors, middle = sheet.colors, top - 10 - _STRIP - _GAP / 2
    sheet.write(LEFT, middle, day.day.strftime("%d.%m"), size=NORMAL, max_width=110)
    axes = _canvas(sheet)
    for name, uptime, bottom in (
        ("spread", day.spread, middle + _GAP / 2),
        ("depth", day.depth, middle - _GAP / 2 - _STRIP),
    ):
        _strip(axes, colors, day, name, bottom, scale)
        sheet.write(
            RIGHT,
            bottom + _STRIP / 2,
            share_words(uptime.kept_share),
            size=SMALL,
            color=_grade(colors, uptime) if uptime.kept_share < _GOOD else colors.ink,
            ha="right",
        )
        sheet.write(_STRIP_RIGHT + 14, bottom + _STRIP / 2, words[name], size=7, color=colors.muted, max_width=82)


def _strip(axes: Axes, colors: Palette, day: Day, name: str, bottom: float, scale: Scale) -> None:
    """The day from left to right: what is not covered stays bare; a breach is never too narrow to be seen."""
    axes.add_patch(_box(_STRIP_LEFT, bottom, _STRIP_RIGHT - _STRIP_LEFT, _STRIP, colors.panel, 1))
    for span in day.spans:
        kept: Kept = getattr(span, name)
        start, end = scale.x(_clock(day, span.start)), scale.x(_clock(day, span.end))
        least = _HAIR if kept is Kept.BREACHED else 0.0
        axes.add_patch(_mark(start, bottom, max(least, end - start), _STRIP, colors, kept))


def _clock(day: Day, at: datetime) -> timedelta:
    """What the clock on the wall has shown since midnight: an hour that summer time takes away is left bare.

    Python subtracts times of one zone by the wall.
    """
    return at.astimezone(day.begins.tzinfo) - day.begins.replace(hour=0, minute=0)


def _legend(sheet: Sheet, y: float, words: Mapping[str, str]) -> None:
    colors, x, axes = sheet.colors, _STRIP_LEFT, _canvas(sheet)
    for kept, word in ((Kept.KEPT, "kept"), (Kept.BREACHED, "breached"), (Kept.UNKNOWN, "unknown")):
        axes.add_patch(_mark(x, y - 9, 18, 18, colors, kept))
        text = sheet.write(x + 28, y, words[word], size=SMALL, color=colors.muted, max_width=230)
        x = sheet.extent(text)[2] + 34


def _breaches(
    sheet: Sheet, shown: Sequence[Breach], count: int, y: float, words: Mapping[str, str], zone: tzinfo | None
) -> None:
    """The list: when, how long, why, and what was broken."""
    colors = sheet.colors
    if not shown:
        sheet.write(LEFT, y, words["no_breaches"], size=LARGE, bold=True, color=colors.profit)
        return
    sheet.write(LEFT, y, words["breaches"], size=LARGE, bold=True, max_width=640)
    if count > len(shown):
        more = words["and_more"].format(count=count - len(shown))
        sheet.write(RIGHT, y, more, size=SMALL, color=colors.muted, ha="right", max_width=320)
    axes = _canvas(sheet)
    for place, breach in enumerate(shown):
        line = y - 64 - place * _BREACH_ROW
        axes.plot([LEFT, RIGHT], [line + _BREACH_ROW / 2] * 2, color=colors.line, linewidth=0.8)
        sheet.write(LEFT, line, breach.start.astimezone(zone).strftime("%d.%m  %H:%M:%S"), size=SMALL, max_width=250)
        length = length_words(breach.length, words)
        sheet.write(425, line, length, size=SMALL, bold=True, color=colors.loss, ha="right", max_width=150)
        cause = words.get(f"cause_{breach.cause}", breach.cause.replace("_", " "))
        if breach.is_open:
            cause += f" · {words['open']}"
        sheet.write(455, line, cause, size=SMALL, max_width=370)
        broken = " + ".join(words[name] for name in ("spread", "depth") if getattr(breach, name))
        sheet.write(RIGHT, line, broken, size=SMALL, color=colors.muted, ha="right", max_width=190)


def _grade(colors: Palette, uptime: Uptime) -> str:
    return (
        colors.profit if uptime.kept_share >= _GOOD else colors.warning if uptime.kept_share >= _FAIR else colors.loss
    )


def share_words(share: float) -> str:
    """A share in percent, cut and not rounded: 100% is said only of all of it, and 0% only of nothing."""
    if share >= 1:
        return "100%"
    percent = math.floor(share * 10_000 + 1e-6) / 100
    return "<0.01%" if share > 0 and percent < 0.01 else f"{percent:.2f}%" if share > 0 else "0%"


def length_words(length: timedelta, words: Mapping[str, str]) -> str:
    """How long, in two units at most: 8 s, 3 min 20 s, 5 h 12 min."""
    seconds = max(1, round(length.total_seconds()))
    for size, unit, rest_size, rest_unit in ((3600, "hour", 60, "minute"), (60, "minute", 1, "second")):
        if seconds >= size:
            rest = seconds % size // rest_size
            first = f"{seconds // size} {words[unit]}"
            return f"{first} {rest} {words[rest_unit]}" if rest else first
    return f"{seconds} {words['second']}"


def _canvas(sheet: Sheet) -> Axes:
    """Axes over the whole sheet, in its pixels."""
    axes = sheet.panel(0, 0, sheet.width, sheet.height)
    axes.set_xlim(0, sheet.width)
    axes.set_ylim(0, sheet.height)
    return axes


def _mark(x: float, y: float, width: float, height: float, colors: Palette, kept: Kept) -> Rectangle:
    """A piece of a strip; the three kinds differ in lightness and pattern too, not only in color."""
    match kept:
        case Kept.KEPT:
            return _box(x, y, width, height, colors.up, 2)
        case Kept.BREACHED:
            return _box(x, y, width, height, colors.loss, 4)
        case Kept.UNKNOWN:
            box = _box(x, y, width, height, colors.line, 3)
            box.set(hatch="//////", edgecolor=colors.faint)
            return box


def _box(x: float, y: float, width: float, height: float, color: str, order: float) -> Rectangle:
    return Rectangle((x, y), width, height, facecolor=color, linewidth=0, zorder=order)
