"""What stands above a card while it concerns everybody: maintenance, and for admins the way out of it."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Message

from tgbot.cards.card import Card
from tgbot.cards.system import under_maintenance
from tgbot.screen import answer, show
from tgbot.words import Words
from trading.desk.protocol import DeskProtocol


class Banner:
    """For the cards of one person in one chat. ``can_end``: this is an admin, where admins may do things."""

    def __init__(self, desk: DeskProtocol, words: Words, *, can_end: bool) -> None:
        self._desk, self._words, self._can_end = desk, words, can_end

    async def since(self) -> datetime | None:
        """Since when there is maintenance; None: there is none."""
        return await self._desk.maintenance()

    async def over(self, card: Card) -> Card:
        """The card, with the banner above it while there is maintenance."""
        since = await self.since()
        return card if since is None else under_maintenance(self._words, card, since, can_end=self._can_end)

    async def answer(self, message: Message, card: Card) -> None:
        await answer(message, await self.over(card))

    async def show(self, press: CallbackQuery, card: Card) -> bool:
        """As ``tgbot.screen.show``."""
        return await show(press, await self.over(card))
