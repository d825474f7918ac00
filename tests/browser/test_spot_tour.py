"""Spot bots in a real browser, on the real process: within ten presses from New bot to orders that rest; then an edit.

What the first preview refuses is mended by its own button.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.tours import LONG_PATIENCE, Screen, a_tour, on_every_screen
from tests.e2e.house import at_home

LIQUIDITY = {
    "en": ["New bot", "Liquidity", "Paper$", "^BTC.USDT", "Done", "^1250 USDT$", "KuCoin", "Preview", "Start on"],
    "ru": ["Новый бот", "Ликвидность", "Бумага$", "^ETH.USDT", "Готово", "^1250 USDT$", "KuCoin", "Предпросмотр",
           "Старт"],
}  # fmt: skip
PINGPONG = {
    "en": ["New bot", "Ping-pong", "Paper$", "^ETH.BTC", "Done", "^300 USD$", "^0.00", "Preview", "Dollar market",
           "Start on"],
    "ru": ["Новый бот", "Пинг-понг", "Бумага$", "^ETH.BTC", "Готово", "^300 USD$", "^0.00", "Предпросмотр",
           "Долларовая пара", "Старт"],
}  # fmt: skip
PEG = {
    "en": ["New bot", "Peg", "Paper$", "^CRV.USDT", "^0", "^0", "^100 USDT$", "Preview", "Start on"],
    "ru": ["Новый бот", "Пег", "Бумага$", "^CRV.USDT", "^0", "^0", "^100 USDT$", "Предпросмотр", "Старт"],
}


EDITS = {
    "liquidity": ("field-max_order", "300"),
    "pingpong": ("field-max_legs", "80"),
    "peg": ("field-quote_order_limit", "150"),
}
"""What is changed while the bot runs, and to what."""


@pytest.mark.timeout(300)
@on_every_screen
async def test_spot_bots_run_on_paper_within_ten_presses_each(browser: Browser, tmp_path: Path, screen: Screen) -> None:
    async with (
        at_home(tmp_path, PAPER_SPEED="10") as (house, _),
        a_tour(browser, house, screen, "spot") as tour,
    ):
        bots = (("liquidity", LIQUIDITY), ("pingpong", PINGPONG), ("peg", PEG))
        for number, (name, presses) in enumerate(bots, start=1):
            before = tour.presses
            await tour.say("/start")
            await tour.press(*presses[screen.language])
            assert tour.presses - before <= 10
            await tour.see(f"#{number} ")
            if name == "pingpong":
                await tour.see("🔹", LONG_PATIENCE)
            await tour.say("/bots")
            await tour.press(f"#{number} ")
            setting, value = EDITS[name]
            await tour.press_key("button-edit", setting)
            await tour.say(value)
            await tour.press_key("button-apply")
            await tour.see(value)
            await tour.keep("edited")
        await tour.say("/status")
        await tour.see("📊")
