"""The picture on a bot's card: its live orders, what was executed, where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import Instrument
from trading.core.market import Candle
from trading.core.orders import Fill, Order
from trading.reports.charts.board import LEFT, Bar, Board, Mark, price_range
from trading.reports.charts.house import Sheet, as_png, money_words, palette, percent_words

CANDLES = 120
FEWEST, CROWD = 30, 4
"""Older candles than these are left out when with them the board is more than so many times as high as its orders."""
SPLIT = 560.0

GRID_LABELS: Mapping[str, str] = {
    "price": "Price",
    "average": "Average",
    "take_profit": "Take profit",
    "stop": "Stop",
    "liquidation": "Liquidation",
    "paper": "paper",
    "subtitle": "",
}


def draw_grid(
    candles: Sequence[Candle],
    orders: Sequence[Order],
    fills: Sequence[Fill],
    instrument: Instrument,
    *,
    labels: Mapping[str, str],
    dark: bool,
    price: Decimal | None = None,
    average: Decimal | None = None,
    take_profit: Decimal | None = None,
    stop: Decimal | None = None,
    liquidation: Decimal | None = None,
    title: str | None = None,
    is_paper: bool = False,
) -> Sheet:
    """A running bot. ``orders`` are live ones; exits (reduce-only) are lines, not bars.

    ``price`` is the newest close when not given; fills outside the candles' time are left out. Raises ValueError when
    there is nothing to show.
    """
    words = {**GRID_LABELS, **labels}
    price = price if price is not None else candles[-1].close if candles else None
    entries = [o for o in orders if not (o.reduce_only or o.role.is_exit) and o.price is not None]
    bars = [
        Bar(order.price, order.side, order.remaining * order.price, money_words(order.remaining * order.price))
        for order in entries
        if order.price is not None
    ]
    sheet = Sheet(palette(dark))
    colors = sheet.colors
    candidates = (
        (words["price"], price, colors.muted, ":", False),
        (words["average"], average, colors.average, "--", False),
        (words["take_profit"], take_profit, colors.profit, "-", True),
        (words["stop"], stop, colors.warning, "-", False),
        (words["liquidation"], liquidation if liquidation and liquidation > 0 else None, colors.loss, "-", True),
    )
    marks = [
        Mark(name, at, color, percent_words(at, price) if solid and price else "", style, solid)
        for name, at, color, style, solid in candidates
        if at is not None
    ]
    prices = [bar.price for bar in bars] + [at for at in (price, average, take_profit, stop) if at is not None]
    if not prices:
        raise ValueError("no price, order or candle to draw")
    shown = _near(candles[-CANDLES:], prices)
    low, high = price_range(prices, shown, [liquidation] if liquidation and liquidation > 0 else [])
    sheet.heading(
        title or f"{instrument.base}/{instrument.quote}", words["subtitle"], words["paper"] if is_paper else None
    )
    board = Board(sheet, instrument, low, high, SPLIT)
    board.candles(shown)
    board.bars(bars)
    _executions(board, shown, fills)
    board.marks(marks, [bar.price for bar in bars])
    if shown:
        sheet.times(words, is_paper=is_paper)
    return sheet


grid_chart = as_png(draw_grid)
"""The same as bytes."""


def _near(candles: Sequence[Candle], prices: Sequence[Decimal]) -> Sequence[Candle]:
    """The newest candles that leave room to tell the prices apart: quotes a tick from each other need a short past."""
    room = (max(prices) - min(prices)) * CROWD
    low = high = prices[0]
    for count, candle in enumerate(reversed(candles)):
        low, high = min(low, candle.low), max(high, candle.high)
        if count >= FEWEST and high - low > room:
            return candles[-count:]
    return candles


def _executions(board: Board, candles: Sequence[Candle], fills: Sequence[Fill]) -> None:
    if len(candles) < 2:
        return
    interval = candles[-1].at - candles[-2].at
    start, end = candles[0].at, candles[-1].at + interval
    for fill in fills:
        if start <= fill.at <= end and board.low <= fill.price <= board.high:
            share = (fill.at - start) / (end - start)
            board.arrow(LEFT + 8 + share * (board.split - LEFT - 16), fill.price, fill.side)
