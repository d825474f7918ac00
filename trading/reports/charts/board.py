"""The price board of preview and grid pictures: candles, orders as bars beside them, names beside lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
from matplotlib.text import Text

from trading.core.instrument import Instrument, Side
from trading.core.market import Candle
from trading.reports.charts.house import Sheet, price_words, time_words
from trading.reports.charts.placement import fitting, spread_apart

LEFT, TAGS, RIGHT, BOTTOM, TOP_MARGIN = 40.0, 736.0, 1056.0, 92.0, 150.0
"""Pixels: where the picture begins, where the column of tags begins, its edges, and the room for the heading."""
TAG_HEIGHT, TAG_GAP, LABEL_HEIGHT = 102.0, 10.0, 44.0
SMALL, NORMAL, LARGE = 11.5, 12.0, 15.0
"""Points: what stands on a board is read at a third of its size, on a phone."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One order: a bar whose length is its share of the largest ``weight``."""

    price: Decimal
    side: Side
    weight: Decimal
    words: str
    note: str = ""
    faded: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the board with its name in a tag. ``solid`` tags are filled with the color."""

    name: str
    price: Decimal
    color: str
    detail: str = ""
    style: str = "-"
    solid: bool = True


class Board:
    """Draws on a sheet in pixels; ``split`` is the pixel where candles end and bars begin."""

    def __init__(self, sheet: Sheet, instrument: Instrument, low: Decimal, high: Decimal, split: float) -> None:
        self.sheet, self.colors, self.instrument = sheet, sheet.colors, instrument
        self.low, self.high, self.split = low, high, split
        self.top = sheet.height - TOP_MARGIN
        self._zone = (0.0, 0.0)
        self.axes = sheet.panel(0, 0, sheet.width, sheet.height)
        self.axes.set_xlim(0, sheet.width)
        self.axes.set_ylim(0, sheet.height)
        self._box(LEFT, BOTTOM, TAGS - LEFT, self.top - BOTTOM, facecolor=self.colors.panel, zorder=0)

    def y(self, price: Decimal) -> float:
        """The pixel of a price; prices beyond the board lie on its edge."""
        share = float((price - self.low) / (self.high - self.low))
        return BOTTOM + min(1.0, max(0.0, share)) * (self.top - BOTTOM)

    def candles(self, candles: Sequence[Candle]) -> None:
        """Bodies and wicks, the newest beside the split, and the times below."""
        if not candles:
            return
        width = (self.split - LEFT - 16) / len(candles)
        bodies, wicks, colors = [], [], []
        for place, candle in enumerate(candles):
            x = LEFT + 8 + (place + 0.5) * width
            bottom, top = sorted((self.y(candle.open), self.y(candle.close)))
            top, half = max(top, bottom + 2), max(1.0, width * 0.34)
            bodies.append([(x - half, bottom), (x + half, bottom), (x + half, top), (x - half, top)])
            wicks.append([(x, self.y(candle.low)), (x, self.y(candle.high))])
            colors.append(self.colors.up if candle.close >= candle.open else self.colors.down)
        self.axes.add_collection(LineCollection(wicks, colors=colors, linewidths=0.7, zorder=2))
        self.axes.add_collection(PolyCollection(bodies, facecolors=colors, linewidths=0, zorder=2))
        pattern = time_words([candle.at for candle in candles])
        for place, align in ((0, "left"), (-1, "right")):
            x = LEFT if place == 0 else self.split
            words = candles[place].at.strftime(pattern)
            self.sheet.write(x, BOTTOM - 34, words, size=SMALL, color=self.colors.muted, ha=align)

    def bars(self, bars: Sequence[Bar]) -> None:
        """Thin lines to the edge, bars as long as their weight, and the words of those that have room."""
        if not bars:
            return
        centres = side_by_side([(self.y(bar.price), bar.side) for bar in bars])
        thickness = _thickness(centres)
        start, room = self.split + 12, TAGS - self.split - 24
        unit = self.instrument.quote
        self.sheet.write(TAGS, BOTTOM - 34, unit, size=SMALL, color=self.colors.muted, ha="right")
        self._levels(bars, centres, start)
        texts = self._bar_texts(bars, centres, start, room)
        largest = max(bar.weight for bar in bars) or Decimal(1)
        shares = [float(bar.weight / largest) for bar in bars]
        longest = room * 0.5
        for place, text in texts.items():
            # The largest bar gives way until every label fits beside its own.
            left, _, right, _ = self.sheet.extent(text)
            longest = min(longest, max(room * 0.1, (room - 14 - (right - left)) / max(shares[place], 0.01)))
        for place, (bar, centre) in enumerate(zip(bars, centres, strict=True)):
            length = max(6.0, shares[place] * longest)
            self._bar(bar, start, centre, length, thickness)
            if place in texts:
                texts[place].set_x((start + length + 12) / self.sheet.width)

    def _bar_texts(self, bars: Sequence[Bar], centres: Sequence[float], start: float, room: float) -> dict[int, Text]:
        """The words of the bars that have room for them, by the bar's place; remarks come before mere numbers."""
        noted = [place for place, bar in enumerate(bars) if bar.note]
        return {
            place: self.sheet.write(
                start,
                centres[place],
                " · ".join(part for part in (bars[place].words, bars[place].note) if part),
                size=SMALL,
                color=self._text_color(bars[place]),
                max_width=room * 0.88,
                bbox={"boxstyle": "square,pad=0.12", "facecolor": self._ground(centres[place]), "linewidth": 0},
            )
            for place in fitting(centres, LABEL_HEIGHT, (), [*noted, len(bars) - 1, 0])
        }

    def marks(self, marks: Sequence[Mark], level_prices: Iterable[Decimal] = ()) -> None:
        """Lines with their names, and the prices of the levels where a tag leaves room for them."""
        wanted = [self.y(mark.price) for mark in marks]
        heights = [TAG_HEIGHT + TAG_GAP] * len(marks)
        centres = spread_apart(wanted, heights, BOTTOM - TAG_GAP, self.top + TAG_GAP)
        for mark, y, centre in zip(marks, wanted, centres, strict=True):
            if self.low <= mark.price <= self.high:
                self.axes.plot([LEFT, TAGS], [y, y], color=mark.color, linewidth=1.3, linestyle=mark.style, zorder=4)
            self.axes.plot([TAGS, TAGS + 20], [y, centre], color=mark.color, linewidth=1.3, zorder=4)
            self._tag(mark, centre)
        prices = sorted(set(level_prices))
        taken = [(centre, TAG_HEIGHT + 6) for centre in centres]
        ys = [self.y(price) for price in prices]
        for place in fitting(ys, LABEL_HEIGHT, taken, [0, len(prices) - 1] if prices else ()):
            words = price_words(self.instrument, prices[place])
            self.sheet.write(
                TAGS + 34, ys[place], words, size=SMALL, color=self.colors.muted, max_width=RIGHT - TAGS - 40
            )

    def forbidden(self, price: Decimal, *, below: bool) -> None:
        """Shade what lies beyond a liquidation; before the bars are drawn."""
        y = self.y(price)
        bottom, top = self._zone = (BOTTOM, y) if below else (y, self.top)
        self._box(LEFT, bottom, TAGS - LEFT, top - bottom, facecolor=self.colors.danger_panel, zorder=0.5)

    def arrow(self, x: float, price: Decimal, side: Side, size: float = 11.0) -> None:
        """An execution: a triangle that points up for buys, down for sells, its tip on the price."""
        y, down = self.y(price), size * 1.7 * -side.sign
        color = self.colors.buy if side is Side.BUY else self.colors.sell
        corners = [(x, y), (x - size, y + down), (x + size, y + down)]
        self.axes.add_patch(
            Polygon(corners, closed=True, facecolor=color, edgecolor=self.colors.panel, linewidth=0.8, zorder=6)
        )

    def _ground(self, y: float) -> str:
        return self.colors.danger_panel if self._zone[0] <= y <= self._zone[1] else self.colors.panel

    def _levels(self, bars: Sequence[Bar], centres: Sequence[float], start: float) -> None:
        lines = [[(start, centre), (TAGS, centre)] for centre in centres]
        colors = [self.colors.faint if bar.faded else self.colors.line for bar in bars]
        self.axes.add_collection(LineCollection(lines, colors=colors, linewidths=0.8, zorder=1))

    def _bar(self, bar: Bar, start: float, centre: float, length: float, thickness: float) -> None:
        color = self._bar_color(bar)
        hollow = bar.faded or bar.refused
        self._box(
            start,
            centre - thickness / 2,
            length,
            thickness,
            facecolor="none" if hollow else color,
            edgecolor=color,
            linewidth=1.0 if hollow else 0.0,
            hatch="//////" if bar.faded else None,
            alpha=0.55 if bar.faded else 1.0,
            zorder=5,
        )

    def _bar_color(self, bar: Bar) -> str:
        if bar.refused:
            return self.colors.warning
        return self.colors.buy if bar.side is Side.BUY else self.colors.sell

    def _text_color(self, bar: Bar) -> str:
        if bar.refused:
            return self.colors.warning
        return self.colors.muted if bar.faded or not bar.note else self.colors.ink

    def _tag(self, mark: Mark, centre: float) -> None:
        x, width = TAGS + 20, RIGHT - TAGS - 20
        ink = self.colors.on_color if mark.solid else mark.color
        self.axes.add_patch(
            FancyBboxPatch(
                (x + 8, centre - TAG_HEIGHT / 2 + 8),
                width - 16,
                TAG_HEIGHT - 16,
                boxstyle="round,pad=8,rounding_size=12",
                facecolor=mark.color if mark.solid else self.colors.background,
                edgecolor=mark.color,
                linewidth=1.0,
                zorder=8,
            )
        )
        inner = width - 30
        self.sheet.write(x + 15, centre + 23, mark.name, size=SMALL, color=ink, max_width=inner)
        words, size = price_words(self.instrument, mark.price), NORMAL
        if mark.detail:
            detail = self.sheet.write(x + width - 15, centre - 21, mark.detail, size=SMALL, color=ink, ha="right")
            inner = self.sheet.extent(detail)[0] - x - 27
        elif len(words) < 8:
            size = LARGE
        self.sheet.write(x + 15, centre - 21, words, size=size, bold=True, color=ink, max_width=inner)

    def _box(self, x: float, y: float, width: float, height: float, **style: object) -> None:
        self.axes.add_patch(Rectangle((x, y), width, height, **{"linewidth": 0, **style}))  # type: ignore[arg-type]  # style is open


def price_range(
    prices: Sequence[Decimal], candles: Sequence[Candle], perhaps: Sequence[Decimal] = ()
) -> tuple[Decimal, Decimal]:
    """What the board shows: all ``prices``, the candles unless they would crush the prices, a little air.

    ``perhaps`` are prices that are shown when they are near (within 60 % of the range beyond it).
    """
    low, high = min(prices), max(prices)
    if candles:
        lowest, highest = min(candle.low for candle in candles), max(candle.high for candle in candles)
        if highest - lowest <= 3 * (high - low) or high - low < high / 20:
            low, high = min(low, lowest), max(high, highest)
    reach = (high - low) * 6 / 10
    for price in perhaps:
        if low - reach <= price <= high + reach:
            low, high = min(low, price), max(high, price)
    air = (high - low) / 18 or high / 100
    return low - air, high + air


def side_by_side(bars: Sequence[tuple[float, Side]]) -> list[float]:
    """Where bars are drawn: a sell that stands on the very pixel of a buy moves above it, and the buy below."""
    sides: dict[float, set[Side]] = {}
    for y, side in bars:
        sides.setdefault(y, set()).add(side)
    aside = LABEL_HEIGHT / 2 + 2
    return [y - side.sign * aside if len(sides[y]) > 1 else y for y, side in bars]


def _thickness(centres: Sequence[float]) -> float:
    ordered = sorted(set(centres))
    gaps = [above - below for below, above in pairwise(ordered)]
    return max(3.0, min(26.0, min(gaps, default=40.0) * 0.6))
