"""The picture of a bot of any strategy: tight quotes, exits on spot, a stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from tests.reports.test_charts import CRV, candles, fills, orders
from trading.core.instrument import MarketKind, Side
from trading.core.orders import Order, Role
from trading.reports.charts.grid import CANDLES, draw_grid
from trading.reports.charts.house import Sheet

SPOT = replace(CRV, symbol="CRV/USDT", kind=MarketKind.SPOT)
PAST = candles(CANDLES)
LAST = PAST[-1].close


def quote(place: int, gap: str, role: Role = Role.QUOTE) -> Order:
    """The ``place``-th quote: asks above, bids below zero."""
    side = Side.SELL if place > 0 else Side.BUY
    price = (LAST * (1 + D(gap) * place)).quantize(D("0.0001"))
    return replace(orders()[0], slot=f"q{place}", side=side, price=price, role=role)


def told(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in sheet.texts]


@pytest.mark.parametrize(("gap", "all_candles"), [("0.0005", False), ("0.05", True)])
def test_quotes_close_to_each_other_are_shown_over_a_shorter_past(gap: str, all_candles: bool) -> None:
    quotes = [quote(place, gap) for place in range(-6, 7) if place]
    sheet = draw_grid(PAST, quotes, fills(), SPOT, labels={}, dark=False, price=LAST)
    assert (PAST[0].at.strftime("%H:%M") in told(sheet)) is all_candles


def test_an_exit_on_spot_is_a_line_and_no_quote() -> None:
    exit_order = quote(9, "0.003", Role.TAKE_PROFIT)
    sheet = draw_grid(
        PAST, [quote(-1, "0.003"), exit_order], [], SPOT, labels={"take_profit": "TP"}, dark=True, price=LAST,
        take_profit=exit_order.price,
    )  # fmt: skip
    assert "TP" in told(sheet)
    bars = [text for text in told(sheet) if text.startswith("4.") or text.startswith("5.")]
    assert len(bars) == 1, "only the quote has a bar with its worth"


def test_a_stop_has_its_line_where_it_is() -> None:
    stop = (LAST * D("0.8")).quantize(D("0.0001"))
    sheet = draw_grid(PAST, orders(), [], CRV, labels={"stop": "Стоп"}, dark=False, price=LAST, stop=stop)
    assert {"Стоп", f"{stop:.4f}"} <= set(told(sheet))
