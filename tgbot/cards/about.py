"""What a notice is about: its bot, and how that bot's market writes numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tgbot import figures
from tgbot.words import Words
from trading.core.instrument import Instrument
from trading.desk.answers import BotCard


@dataclass(frozen=True, slots=True)
class Market:
    """Words, and the rules by which numbers are written; None where the market is not known."""

    words: Words
    instrument: Instrument | None

    def price(self, value: Decimal | None) -> str:
        return figures.price(value, self.instrument)

    def amount(self, value: Decimal | None) -> str:
        return figures.amount(value, self.instrument)


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about, as far as it is still known; numbers are formatted by the bot's market."""

    words: Words
    bot_id: int | None = None
    bot: BotCard | None = None

    @property
    def market(self) -> Market:
        return Market(self.words, self.bot.instrument if self.bot else None)

    def amount(self, value: Decimal) -> str:
        return self.market.amount(value)
