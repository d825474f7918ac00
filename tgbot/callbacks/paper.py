"""The paper account: its money, and whose prices it follows."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from tgbot.callbacks.numbers import Number
from trading.desk.paper_prices import PaperPrices, PriceKind


class PaperAct(StrEnum):
    BALANCES = "b"
    RESET = "r"
    PRICES = "p"
    SEED = "s"
    FILE = "f"


class OnPaper(CallbackData, prefix="pp"):
    act: PaperAct


class PaperCoin(CallbackData, prefix="pc"):
    currency: str


class ResetPaper(CallbackData, prefix="pR"):
    token: str


class PaperFileFor(CallbackData, prefix="pF"):
    """``market`` counts the markets that a recording can be brought for."""

    market: Number


class AskPaperPrices(CallbackData, prefix="pA"):
    """``seed`` and ``venue`` are empty where the kind knows none."""

    kind: PriceKind
    venue: str = ""
    seed: Annotated[str, Field(pattern=r"^(-?[0-9]{1,18})?$")] = ""

    @property
    def prices(self) -> PaperPrices:
        return PaperPrices(self.kind, seed=int(self.seed) if self.seed else None, venue=self.venue)


class ChoosePaperPrices(CallbackData, prefix="pC"):
    kind: PriceKind
    token: str
    venue: str = ""
    seed: Annotated[str, Field(pattern=r"^(-?[0-9]{1,18})?$")] = ""

    @property
    def prices(self) -> PaperPrices:
        return PaperPrices(self.kind, seed=int(self.seed) if self.seed else None, venue=self.venue)


class StopPaperBots(CallbackData, prefix="pS"):
    token: str
