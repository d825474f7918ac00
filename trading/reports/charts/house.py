"""The house style: colours for light and dark, sizes that read on a phone, and figures as PNG bytes.

Only matplotlib's Figure and Agg canvas are used: no pyplot and no change of rcParams, so that charts can be drawn in
several threads at once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from trading.core.instrument import Instrument, decimal_places

P = ParamSpec("P")

WIDTH, HEIGHT, DPI = 1080, 1350, 200
"""Pixels: four to five, what a chat shows in full on an upright phone; text of 10 points is 28 pixels there."""
FONT = "DejaVu Sans"
"""Comes with matplotlib and has Cyrillic."""
SMALL, NORMAL, LARGE, TITLE = 8.5, 9.5, 12.0, 18.0


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that differ in lightness as well, for eyes that do not tell red from green."""

    background: str
    panel: str
    danger_panel: str
    ink: str
    muted: str
    faint: str
    line: str
    up: str
    down: str
    buy: str
    sell: str
    profit: str
    loss: str
    average: str
    warning: str
    on_color: str


LIGHT = Palette(
    background="#ffffff",
    panel="#f6f7f9",
    danger_panel="#f9e9ea",
    ink="#14181f",
    muted="#667080",
    faint="#aab2bf",
    line="#e3e7ec",
    up="#7fbfae",
    down="#d9a3a0",
    buy="#2f6fdb",
    sell="#8a4fd0",
    profit="#0a8f62",
    loss="#d03a35",
    average="#14181f",
    warning="#b86e00",
    on_color="#ffffff",
)
DARK = Palette(
    background="#12161d",
    panel="#181e27",
    danger_panel="#2a2229",
    ink="#eef1f5",
    muted="#97a1b0",
    faint="#5b6675",
    line="#29313d",
    up="#3f8f7c",
    down="#a3605d",
    buy="#5b9bff",
    sell="#b78bf2",
    profit="#2fc48d",
    loss="#ff6b63",
    average="#eef1f5",
    warning="#f2a93b",
    on_color="#0d1117",
)


def palette(dark: bool) -> Palette:
    return DARK if dark else LIGHT


class Sheet:
    """One picture being drawn: a figure with a heading, and text measured in pixels."""

    def __init__(self, colors: Palette, height: int = HEIGHT) -> None:
        self.colors = colors
        self.width, self.height = WIDTH, height
        self.figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=colors.background)
        self.canvas = FigureCanvasAgg(self.figure)
        self.texts: list[Text] = []
        """Every label, so that tests can see that none covers another."""

    def panel(self, left: float, bottom: float, right: float, top: float) -> Axes:
        """Empty axes between these pixels (from the left and the bottom edge)."""
        axes = self.figure.add_axes(
            (left / self.width, bottom / self.height, (right - left) / self.width, (top - bottom) / self.height)
        )
        axes.set_facecolor("none")
        axes.tick_params(length=0, labelleft=False, labelbottom=False)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes

    def write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = NORMAL,
        color: str | None = None,
        bold: bool = False,
        max_width: float | None = None,
        **more: Any,
    ) -> Text:
        """Text at pixels from the left and the bottom; shrunk until it is no wider than ``max_width`` pixels."""
        font = FontProperties(family=[FONT], size=size, weight="bold" if bold else "normal")
        more = {"va": "center", "ha": "left", "zorder": 10, **more}
        text = self.figure.text(
            x / self.width,
            y / self.height,
            words,
            fontproperties=font,
            color=color or self.colors.ink,
            parse_math=False,
            **more,
        )
        self.texts.append(text)
        if max_width is not None:
            self._shrink(text, max_width)
        return text

    def extent(self, text: Text) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a label in pixels."""
        box = text.get_window_extent()
        return box.x0, box.y0, box.x1, box.y1

    def heading(self, title: str, subtitle: str, paper: str | None) -> None:
        """Title at the upper left; ``paper`` is the word for play money, shown as a badge."""
        words = self.write(48, self.height - 72, title, size=TITLE, bold=True, max_width=self.width - 360)
        if paper:
            right = self.extent(words)[2]
            self.badge(right + 34, self.height - 72, paper)
        if subtitle:
            self.write(48, self.height - 138, subtitle, color=self.colors.muted, max_width=self.width - 96)

    def times(self, words: Mapping[str, str], *, is_paper: bool) -> None:
        """Whose clock the times of the picture are by, said once at its foot: ``words`` has times and times_paper."""
        said = words.get("times_paper" if is_paper else "times", "")
        if said:
            self.write(self.width / 2, 28, said, size=7, color=self.colors.muted, ha="center", max_width=900)

    def badge(self, x: float, y: float, words: str) -> None:
        self.write(
            x,
            y,
            words.upper(),
            size=NORMAL,
            bold=True,
            color=self.colors.on_color,
            max_width=250,
            bbox={"boxstyle": "round,pad=0.45,rounding_size=0.5", "facecolor": self.colors.warning, "linewidth": 0},
        )

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self.figure.savefig(
            buffer, format="png", dpi=DPI, facecolor=self.colors.background, metadata={"Software": None}
        )
        return buffer.getvalue()

    def _shrink(self, text: Text, max_width: float) -> None:
        left, _, right, _ = self.extent(text)
        if right - left > max_width:
            text.set_fontsize(float(text.get_fontsize()) * max_width / (right - left))


def as_png(draw: Callable[P, Sheet]) -> Callable[P, bytes]:
    """A drawing as the bytes of a PNG."""

    @wraps(draw)
    def picture(*positional: P.args, **more: P.kwargs) -> bytes:
        return draw(*positional, **more).png()

    return picture


def price_words(instrument: Instrument, price: Decimal) -> str:
    """A price with the decimals of the market's tick."""
    return f"{instrument.nearest_price(price):.{decimal_places(instrument.price_tick)}f}"


def money_words(amount: Decimal) -> str:
    """Money with about three telling digits: 94150, 941, 94.1, 0.94."""
    size = abs(amount)
    places = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= Decimal("0.1") else 4
    return f"{amount:.{places}f}"


def signed_money(amount: Decimal) -> str:
    """The same with its sign, a true minus."""
    return ("+" if amount > 0 else "−" if amount < 0 else "") + money_words(abs(amount))


def percent_words(part: Decimal, whole: Decimal) -> str:
    """How far ``part`` is from ``whole``, signed, with a true minus."""
    change = (part / whole - 1) * 100
    places = 1 if abs(change) < 100 else 0
    return f"{change:+.{places}f}%".replace("-", "−")


def time_words(times: Sequence[datetime]) -> str:
    """How a span of time is best named on an axis: strftime pattern."""
    span = (times[-1] - times[0]).total_seconds() if len(times) > 1 else 0
    return "%H:%M" if span < 36 * 3600 else "%d.%m"
