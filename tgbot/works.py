"""What takes long: a task and a message for each, with a bar that moves at most once a second, and Cancel.

A message ends in what came of the work, in "canceled", or in "interrupted" when the process stops. What a killed
process leaves behind says so when its Cancel is pressed.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest

from tgbot.cards.card import Card
from tgbot.cards.home import plain_card
from tgbot.cards.progress import ended_text, working_card
from tgbot.handlers.errors import error_text
from tgbot.screen import edit, send
from tgbot.words import Html, Words
from trading.clock import Clock, SystemClock
from trading.desk.answers import DeskError
from trading.desk.file_answers import Progress

EVERY = 1.0
"""Seconds between two edits of one message."""
PATIENCE = 0.7
"""What is done within so many seconds shows no bar."""
_LAST_SECONDS = 3.0

log = logging.getLogger(__name__)

Act = Callable[[Progress], Awaitable[Card]]
"""Does the work and answers with the card that its message ends in. May raise DeskError; is canceled by Cancel."""


class Canceling(StrEnum):
    """What a press of Cancel comes to: it ends the work, it comes after its end, there is no such work."""

    HEARD = "heard"
    LATE = "late"
    GONE = "gone"


@dataclass
class _Work:
    """``message`` is the number of the message that shows it, None until there is one. ``is_over``: what came of it is
    known and about to be shown."""

    mark: str
    person_id: int
    bot: Bot
    chat_id: int
    message: int | None
    words: Words
    title: Html
    stage: str = ""
    share: float = 0.0
    ending: str = ""
    edited_at: datetime | None = None
    is_shown: bool = True
    is_over: bool = False

    def hear(self, stage: str, share: float) -> None:
        """May come from another thread: two plain values are set, and read by the loop when it next looks."""
        self.stage, self.share = stage, share


class Works:
    """One of a person at a time."""

    def __init__(self, clock: Clock | None = None, *, every: float = EVERY, patience: float = PATIENCE) -> None:
        self._clock = clock or SystemClock()
        self._every, self._patience = every, patience
        self._works: dict[int, tuple[_Work, asyncio.Task[None]]] = {}

    def is_busy(self, person_id: int) -> bool:
        return person_id in self._works

    def begin(
        self, bot: Bot, chat_id: int, message: int | None, person_id: int, words: Words, title: Html, act: Act
    ) -> None:
        """Start it, shown in ``message`` (None: in a new one). Raises DeskError("work_busy")."""
        if self.is_busy(person_id):
            raise DeskError("work_busy")
        work = _Work(secrets.token_hex(6), person_id, bot, chat_id, message, words, title)
        task = asyncio.create_task(self._carry(work, act), name=f"work of {person_id}")
        self._works[person_id] = work, task

    def cancel(self, person_id: int, mark: str) -> Canceling:
        """End the person's work with this very mark."""
        work, task = self._works.get(person_id, (None, None))
        if work is None or task is None or work.mark != mark:
            return Canceling.GONE
        if work.is_over:
            return Canceling.LATE
        self._end(work, task, "canceled")
        return Canceling.HEARD

    async def idle(self) -> None:
        """Wait until nothing is being done."""
        while self._works:
            await asyncio.wait({task for _, task in self._works.values()})

    async def close(self) -> None:
        """Interrupt everything, and say so where Telegram still answers."""
        tasks = []
        for work, task in self._works.values():
            if not work.is_over:
                self._end(work, task, "interrupted")
            tasks.append(task)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @staticmethod
    def _end(work: _Work, task: asyncio.Task[None], ending: str) -> None:
        if not work.ending:
            work.ending = ending
            task.cancel()

    async def _carry(self, work: _Work, act: Act) -> None:
        try:
            card = await self._ended(work, act)
            work.is_over = True
            await self._turn(work)
            await self._finish(work, card)
        except TelegramAPIError as away:
            log.warning("what came of a work could not be shown: %s", away)
        finally:
            del self._works[work.person_id]

    async def _ended(self, work: _Work, act: Act) -> Card:
        words = work.words
        try:
            return await self._shown(work, act)
        except asyncio.CancelledError:
            if not work.ending:
                raise
            return plain_card(words, ended_text(words, work.title, work.ending))
        except DeskError as refused:
            return plain_card(words, error_text(words, refused))
        except Exception:  # the edge of the task: it is told to the person, and logged for us
            log.exception("a work failed at %s", work.stage or "its beginning")
            return plain_card(words, ended_text(words, work.title, "failed"))

    async def _shown(self, work: _Work, act: Act) -> Card:
        """What the act answers, with a bar beside it while it goes on."""
        if work.message is None:
            # Before what it makes, so that the result stands below it. Its number is waited for also when Cancel is
            # pressed before Telegram has told it: else the bar would stay for ever.
            first = asyncio.create_task(self._put(work, working_card(work.words, work.title, work.mark, "", 0.0)))
            try:
                await asyncio.shield(first)
            finally:
                await first
        showing = asyncio.create_task(self._show(work))
        try:
            return await act(work.hear)
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show(self, work: _Work) -> None:
        await self._clock.sleep(self._patience)
        shown: Card | None = None
        while work.is_shown:
            card = working_card(work.words, work.title, work.mark, work.stage, work.share)
            if card != shown:
                await self._put(work, card)
                shown = card
            await self._clock.sleep(self._every)

    async def _put(self, work: _Work, card: Card) -> None:
        """Where the message cannot be edited any more, the bar is given up, and the end comes in a new one."""
        try:
            if work.message is None:
                work.message = (await send(work.bot, work.chat_id, card, silent=True)).message_id
            else:
                work.edited_at = self._clock.now()
                await work.bot.edit_message_text(
                    str(card.text), chat_id=work.chat_id, message_id=work.message, reply_markup=card.markup
                )
        except TelegramBadRequest as refused:
            if "message is not modified" not in refused.message.lower():
                log.info("a bar is given up: %s", refused.message)
                work.is_shown, work.message = False, None
        except TelegramAPIError as away:
            log.info("a bar could not be moved: %s", away)

    async def _turn(self, work: _Work) -> None:
        """The last edit keeps its distance as well."""
        if work.edited_at is not None and work.ending != "interrupted":
            due = work.edited_at + timedelta(seconds=self._every)
            await self._clock.sleep((due - self._clock.now()).total_seconds())

    async def _finish(self, work: _Work, card: Card) -> None:
        if work.message is None:
            await send(work.bot, work.chat_id, card)
        else:
            await edit(work.bot, work.chat_id, work.message, card)
