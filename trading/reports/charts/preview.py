"""The picture a person sees before Start: the orders over a recent chart, and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import Instrument, Side
from trading.core.market import Candle
from trading.core.planning import Preview, PreviewRow
from trading.reports.charts.board import Bar, Board, Mark, price_range
from trading.reports.charts.house import Sheet, as_png, money_words, palette, percent_words

CANDLES = 48
"""The newest that are shown; more would be hairs on a phone."""
SPLIT = 330.0

PREVIEW_LABELS: Mapping[str, str] = {
    "price": "Price",
    "average": "Average",
    "take_profit": "Take profit",
    "liquidation": "Liquidation",
    "unreachable": "unreachable",
    "paper": "paper",
    "subtitle": "",
    "below_min_cost": "below minimum",
    "below_min_amount": "below minimum",
    "above_max_amount": "above maximum",
}
"""What the caller may translate, with the English that stands in. Codes of core.risk name refused orders."""


def draw_preview(
    preview: Preview,
    instrument: Instrument,
    candles: Sequence[Candle],
    *,
    labels: Mapping[str, str],
    dark: bool,
    title: str | None = None,
    is_paper: bool = False,
) -> Sheet:
    """Bars are as long as their orders' cost; ``title`` is the symbol when not given."""
    words = {**PREVIEW_LABELS, **labels}
    sheet = Sheet(palette(dark))
    sheet.heading(
        title or f"{instrument.base}/{instrument.quote}", words["subtitle"], words["paper"] if is_paper else None
    )
    shown = candles[-CANDLES:]
    outcome = _outcome(preview.rows)
    prices = [preview.price, *(row.price for row in preview.rows)]
    prices += [outcome.take_profit, outcome.average] if outcome and outcome.take_profit is not None else []
    liquidation = outcome.liquidation if outcome else None
    if liquidation is not None and liquidation <= 0:
        liquidation = None
    low, high = price_range(prices, shown, [liquidation] if liquidation is not None else [])
    board = Board(sheet, instrument, low, high, SPLIT if shown else 120.0)
    board.candles(shown)
    if outcome is not None and liquidation is not None and low < liquidation < high:
        board.forbidden(liquidation, below=outcome.side is Side.BUY)
    board.bars(_bars(preview.rows, words))
    marks = [Mark(words["price"], preview.price, sheet.colors.muted, style=":", solid=False)]
    if outcome is not None:
        marks += _outcome_marks(outcome, preview.price, liquidation, sheet, words, low, high)
    board.marks(marks, [row.price for row in preview.rows])
    if shown:
        sheet.times(words, is_paper=is_paper)
    return sheet


preview_chart = as_png(draw_preview)
"""The same as bytes."""


def _outcome(rows: Sequence[PreviewRow]) -> PreviewRow | None:
    """The row whose outcome is shown: the last that can be reached; None for plans with two sides."""
    if not rows or len({row.side for row in rows}) > 1:
        return None
    return next((row for row in reversed(rows) if row.reachable), rows[0])


def _outcome_marks(
    outcome: PreviewRow,
    price: Decimal,
    liquidation: Decimal | None,
    sheet: Sheet,
    words: Mapping[str, str],
    low: Decimal,
    high: Decimal,
) -> list[Mark]:
    colors, marks = sheet.colors, []
    if outcome.take_profit is not None:
        marks.append(Mark(words["average"], outcome.average, colors.average, style="--", solid=False))
        detail = percent_words(outcome.take_profit, outcome.average)
        marks.append(Mark(words["take_profit"], outcome.take_profit, colors.profit, detail))
    if liquidation is not None:
        far = "" if low < liquidation < high else " ↓" if liquidation <= low else " ↑"
        marks.append(Mark(words["liquidation"] + far, liquidation, colors.loss, percent_words(liquidation, price)))
    return marks


def _bars(rows: Sequence[PreviewRow], words: Mapping[str, str]) -> list[Bar]:
    """One bar a row; what is wrong with it is said once, at the first row it is wrong with."""
    said: set[str] = set()
    bars = []
    for row in rows:
        troubles = [code for code in (row.objection, None if row.reachable else "unreachable") if code]
        note = " · ".join(words.get(code, code.replace("_", " ")) for code in troubles if code not in said)
        said.update(troubles)
        bars.append(
            Bar(
                price=row.price,
                side=row.side,
                weight=row.cost,
                words=money_words(row.cost),
                note=note,
                faded=not row.reachable,
                refused=row.objection is not None,
            )
        )
    return bars
