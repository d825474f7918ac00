import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Candle
from trading.core.orders import Fill, Order, OrderType, Role
from trading.core.planning import Preview, PreviewRow
from trading.reports.charts import equity_chart, grid_chart, preview_chart
from trading.reports.charts.board import LABEL_HEIGHT, side_by_side
from trading.reports.charts.equity import draw_equity
from trading.reports.charts.grid import draw_grid
from trading.reports.charts.house import Sheet, money_words, percent_words, price_words
from trading.reports.charts.placement import fitting, spread_apart
from trading.reports.charts.preview import draw_preview
from trading.reports.profit import EquitySample

START = datetime(2026, 3, 1, tzinfo=UTC)
CRV = Instrument("bitget", "CRV/USDT:USDT", MarketKind.PERPETUAL, "CRV", "USDT", D("0.0001"), D("0.1"), min_cost=D(5))
RUSSIAN = {
    "times": "Время: Калькутта",
    "times_paper": "Бумажное время, Калькутта",
    "price": "Цена",
    "average": "Средняя",
    "take_profit": "Тейк-профит",
    "liquidation": "Ликвидация",
    "unreachable": "недостижимо",
    "paper": "учебный",
    "below_min_cost": "ниже минимума",
    "subtitle": "Лонг · 15 уровней · 10 USDT × 20 · риск 10 USDT",
}


def candles(count: int = 72, price: float = 0.5, seed: int = 1) -> list[Candle]:
    chance, walk = Random(seed), [price * 1.03]
    for _ in range(count * 4):
        walk.append(walk[-1] * (1 + chance.gauss(0, 0.003)))
    found = []
    for place in range(count):
        part = [D(f"{value:.4f}") for value in walk[place * 4 : place * 4 + 5]]
        at = START + timedelta(minutes=15 * place)
        found.append(Candle(at, part[0], max(part), min(part), part[-1], D(1)))
    return found


def preview(
    *, levels: int = 15, leverage: int = 20, side: Side = Side.BUY, coverage: str = "0.4", price: str = "0.5"
) -> Preview:
    start, sign, rows = D(price), side.sign, []
    step = start * D(coverage) / (levels - 1)
    cost = held = D(0)
    liquidation: D | None = None
    for place in range(levels):
        at, amount = start - sign * step * place, D("2.4") * D("1.3") ** place
        reachable = liquidation is None or (at - liquidation) * sign > 0
        cost, held = cost + at * amount, held + amount
        average = cost / held
        if reachable:
            liquidation = average * (1 - D(sign) / leverage) / (1 - sign * D("0.01"))
        rows.append(
            PreviewRow(
                slot=f"c1.level{place}",
                side=side,
                price=at,
                amount=amount,
                cost=at * amount,
                cumulative_cost=cost,
                average=average,
                take_profit=average * (1 + sign * D("0.02")),
                liquidation=liquidation,
                reachable=reachable,
                objection="below_min_cost" if at * amount < 5 else None,
            )
        )
    return Preview(rows, start, D(10), D(10))


def orders() -> list[Order]:
    return [
        Order(
            client_id=f"o{place}",
            bot_id=1,
            slot=f"c1.level{place}",
            role=Role.ENTRY,
            symbol=CRV.symbol,
            side=Side.BUY,
            type=OrderType.LIMIT,
            amount=D(10 * place),
            price=D("0.49") - D("0.0142") * place,
            created_at=START,
            updated_at=START,
        )
        for place in range(1, 8)
    ]


def fills() -> list[Fill]:
    return [
        Fill(str(n), "v", "c", CRV.symbol, Side.BUY if n % 3 else Side.SELL, one.low, D(1), D(0), "USDT", True, one.at)
        for n, one in enumerate(candles(120)[::11])
    ]


def samples(count: int = 2000, step: str = "0.1") -> list[EquitySample]:
    chance, equity, found = Random(4), D(1000), []
    for place in range(count):
        equity += D(f"{chance.gauss(float(step), 2):.4f}")
        found.append(EquitySample(START + timedelta(minutes=15 * place), equity))
    return found


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def assert_readable(sheet: Sheet) -> None:
    """Every label lies within the picture, none covers another, none is too small for a phone."""
    sheet.png()
    boxes = [(text.get_text(), sheet.extent(text)) for text in sheet.texts if text.get_text()]
    for words, (left, bottom, right, top) in boxes:
        assert left >= 0 and bottom >= 0 and right <= sheet.width and top <= sheet.height, words
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (one, a, other, b)
    assert min(float(text.get_fontsize()) for text in sheet.texts) > 6


def test_a_preview_is_a_png_of_phone_size() -> None:
    png = preview_chart(preview(), CRV, candles(), labels=RUSSIAN, dark=False, is_paper=True)
    assert size(png) == (1080, 1350)
    assert 20_000 < len(png) < 400_000


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("labels", [RUSSIAN, {}])
@pytest.mark.parametrize(
    "shown",
    [
        preview(),
        preview(leverage=1),
        preview(levels=2),
        preview(levels=40, leverage=3),
        preview(side=Side.SELL),
        preview(side=Side.SELL, leverage=2, coverage="0.9"),
        preview(coverage="0.004"),
    ],
    ids=["default", "survivable", "two levels", "many levels", "short", "wide short", "narrow"],
)
def test_no_label_of_a_preview_covers_another(shown: Preview, labels: dict[str, str], dark: bool) -> None:
    assert_readable(draw_preview(shown, CRV, candles(), labels=labels, dark=dark, is_paper=True))


def test_a_preview_needs_no_candles() -> None:
    assert_readable(draw_preview(preview(), CRV, [], labels={}, dark=False))


def test_a_preview_with_two_sides_has_no_single_outcome() -> None:
    rows = [*preview(levels=3).rows, *preview(levels=3, side=Side.SELL).rows]
    sheet = draw_preview(Preview(rows, D("0.5"), D(10), D(10)), CRV, candles(), labels={}, dark=True)
    assert_readable(sheet)
    words = {text.get_text() for text in sheet.texts}
    assert "Price" in words
    assert not words & {"Average", "Take profit", "Liquidation"}


def test_what_is_wrong_with_levels_is_said_once() -> None:
    sheet = draw_preview(preview(), CRV, candles(), labels=RUSSIAN, dark=False, is_paper=True)
    words = [text.get_text() for text in sheet.texts]
    assert sum("ниже минимума" in text for text in words) == 1
    assert sum("недостижимо" in text for text in words) == 1
    assert {"Ликвидация", "Тейк-профит", "Средняя", "Цена", "УЧЕБНЫЙ", "CRV/USDT"} <= set(words)


def test_real_money_wears_no_paper_mark() -> None:
    sheet = draw_preview(preview(), CRV, candles(), labels=RUSSIAN, dark=False, is_paper=False)
    assert "УЧЕБНЫЙ" not in [text.get_text() for text in sheet.texts]


def test_a_dollar_sign_is_no_formula() -> None:
    labels = {"subtitle": "$10 and $20 and _{x}^2"}
    sheet = draw_preview(preview(), CRV, candles(), labels=labels, dark=False)
    assert_readable(sheet)
    assert any(text.get_text() == labels["subtitle"] and not text.get_parse_math() for text in sheet.texts)


@pytest.mark.parametrize("average", [D("0.5"), D("0.4999"), None])
def test_no_label_of_a_bots_picture_covers_another(average: D | None) -> None:
    sheet = draw_grid(
        candles(120),
        orders(),
        fills(),
        CRV,
        labels=RUSSIAN,
        dark=True,
        average=average,
        take_profit=average and average * D("1.001"),
        liquidation=D("0.35"),
        is_paper=True,
    )
    assert_readable(sheet)


def test_a_bots_picture_is_a_png_of_phone_size() -> None:
    assert size(grid_chart(candles(120), orders(), fills(), CRV, labels={}, dark=False)) == (1080, 1350)


def test_a_bot_without_orders_or_candles_still_has_a_picture() -> None:
    assert_readable(draw_grid(candles(), [], [], CRV, labels={}, dark=False))
    assert_readable(draw_grid([], orders(), fills(), CRV, labels={}, dark=False, price=D("0.5")))
    with pytest.raises(ValueError, match="no price"):
        draw_grid([], [], [], CRV, labels={}, dark=False)


@pytest.mark.parametrize("count", [1, 2, 50, 3000])
@pytest.mark.parametrize("step", ["0.1", "-0.1"])
def test_no_label_of_an_equity_curve_covers_another(count: int, step: str) -> None:
    sheet = draw_equity(
        samples(count, step), deposit=D(1000), currency="USDT", labels={}, dark=False, title="CRV/USDT", is_paper=True
    )
    assert_readable(sheet)


def test_an_equity_curve_is_a_png() -> None:
    png = equity_chart(samples(), deposit=D(1000), currency="USDT", labels={}, dark=True, title="All bots")
    assert size(png) == (1080, 1080)


def test_the_same_data_gives_the_same_bytes_in_every_thread() -> None:
    def draw(dark: bool) -> bytes:
        return preview_chart(preview(), CRV, candles(), labels=RUSSIAN, dark=dark, is_paper=True)

    alone = [draw(False), draw(True)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(draw, [False, True] * 4))
    assert together == alone * 4
    assert alone[0] != alone[1]


def test_matplotlib_is_loaded_only_by_charts() -> None:
    code = (
        "import sys, trading.reports, trading.reports.profit, trading.reports.csv; print('matplotlib' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


@given(st.lists(st.floats(0, 1000), max_size=12), st.floats(5, 60))
def test_labels_spread_apart_keep_their_order_and_never_overlap(wanted: list[float], height: float) -> None:
    centres = spread_apart(wanted, [height] * len(wanted), 0, 1000)
    ranked = sorted(zip(wanted, centres, strict=True))
    for (_, below), (_, above) in pairwise(ranked):
        assert above - below >= height - 1e-6 or above == pytest.approx(below + height)
    if height * len(wanted) <= 1000:
        assert all(height / 2 - 1e-6 <= centre <= 1000 - height / 2 + 1e-6 for centre in centres)


def test_a_label_with_room_stays_where_it_was() -> None:
    assert spread_apart([100, 300], [50, 50], 0, 1000) == [100, 300]


@given(st.lists(st.floats(0, 500), max_size=20), st.lists(st.tuples(st.floats(0, 500), st.floats(1, 90)), max_size=4))
def test_labels_that_stay_touch_nothing(wanted: Sequence[float], taken: Sequence[tuple[float, float]]) -> None:
    stay = [wanted[place] for place in fitting(wanted, 30, taken)]
    assert all(abs(one - other) >= 30 for one, other in combinations(stay, 2))
    assert all(abs(one - centre) >= (30 + height) / 2 for one in stay for centre, height in taken)


def test_numbers_are_worded_for_people() -> None:
    assert price_words(CRV, D("0.48571428")) == "0.4857"
    assert [money_words(D(text)) for text in ("94150.4", "941.44", "94.149", "0.0123")] == [
        "94150",
        "941.4",
        "94.15",
        "0.0123",
    ]
    assert (percent_words(D(94), D(100)), percent_words(D(102), D(100))) == ("−6.0%", "+2.0%")


def test_a_buy_and_a_sell_at_one_price_stand_beside_each_other() -> None:
    bars = [(500.0, Side.BUY), (500.0, Side.SELL), (300.0, Side.BUY), (300.0, Side.BUY)]
    buy, sell, *alone = side_by_side(bars)
    assert sell - buy >= LABEL_HEIGHT
    assert (buy + sell) / 2 == 500
    assert alone == [300, 300]
