"""A replay in one picture."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D
from itertools import combinations
from typing import Any

import pytest

from tests.replay.test_replay import BUSY, DOOMED, run, synthetic
from trading.reports.charts.house import money_words
from trading.reports.charts.trial import draw_trial, trial_chart

RUSSIAN = {
    "times": "Время: Калькутта",
    "times_paper": "Бумажное время, Калькутта",
    "price": "Цена",
    "bought": "куплено",
    "sold": "продано",
    "profit": "Прибыль с открытой",
    "drawdown": "Макс. просадка",
    "liquidations": "Ликвидации",
    "paper": "бумага",
    "subtitle": "30 дней",
}


def drawn(settings: dict[str, Any], labels: dict[str, str], *, dark: bool) -> tuple[list[str], bool]:
    candles = synthetic(1200)
    result = run(candles, settings, sample_every=timedelta(minutes=5))
    sheet = draw_trial(
        candles,
        result.fills,
        result.samples,
        deposit=result.balance,
        currency="USDT",
        worst=result.drawdown,
        liquidations=len(result.liquidations),
        labels=labels,
        dark=dark,
        title="1000000MOG/USDT",
        is_paper=True,
    )
    assert sheet.png().startswith(b"\x89PNG")
    boxes = [sheet.extent(text) for text in sheet.texts]
    apart = all(
        first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
        for first, second in combinations(boxes, 2)
    )
    inside = all(box[0] >= 0 and box[1] >= 0 and box[2] <= sheet.width and box[3] <= sheet.height for box in boxes)
    assert f"−{money_words(result.drawdown.loss)}" in " ".join(text.get_text() for text in sheet.texts)
    return [text.get_text() for text in sheet.texts], apart and inside


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("labels", [{}, RUSSIAN], ids=["en", "ru"])
@pytest.mark.parametrize("settings", [BUSY, DOOMED], ids=["busy", "doomed"])
def test_nothing_covers_anything_and_all_is_inside(
    settings: dict[str, Any], labels: dict[str, str], dark: bool
) -> None:
    texts, is_clean = drawn(settings, labels, dark=dark)
    assert is_clean
    assert labels.get("liquidations", "Liquidations") in texts


def test_nothing_replayed_is_no_picture() -> None:
    result = run([], BUSY)
    with pytest.raises(ValueError, match="nothing"):
        trial_chart(
            [],
            (),
            result.samples,
            deposit=D(1),
            currency="USDT",
            worst=result.drawdown,
            liquidations=0,
            labels={},
            dark=False,
            title="x",
        )
