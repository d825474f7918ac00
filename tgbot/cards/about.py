"""What a notice is about: its bot, and how that bot's market writes numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tgbot import figures
from tgbot.words import Words
from trading.core.instrument import Instrument
from trading.desk.answers import BotCard


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about, as far as it is still known; numbers are formatted by the bot's market."""

    words: Words
    bot_id: int | None = None
    bot: BotCard | None = None

    @property
    def instrument(self) -> Instrument | None:
        return self.bot.instrument if self.bot else None

    def price(self, value: Any) -> str:
        return figures.price(value, self.instrument)

    def amount(self, value: Any) -> str:
        return figures.amount(value, self.instrument)
