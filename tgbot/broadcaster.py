"""Carries broadcasts: to everybody once, behind the notices, and over a restart without doing it twice.

Who is next is noted as being sent to before the message leaves, and what became of it after. So what was under way when
the process died, or when the network broke, may have arrived: it is uncertain, and never sent again.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiohttp import ClientConnectorError

from tgbot.callbacks import new_token
from tgbot.cards.broadcasts import broadcast_card
from tgbot.pacing import Bucket, Pacer
from tgbot.posting import is_gone, post
from tgbot.screen import edit
from tgbot.words import words_for
from trading.clock import Clock, SystemClock
from trading.desk.member_answers import Broadcast
from trading.desk.protocol import DeskProtocol

_TRIES = 5
_LAST_SECONDS = 3.0
_LONGEST_WAIT = 60.0
_LONGEST_REASON = 120

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """``wait``: seconds in which nothing is sent to anybody; ``is_trouble``: the next one waits longer."""

    state: str
    reason: str = ""
    wait: float = 0.0
    is_trouble: bool = False


class Broadcaster:
    """``rate`` is how many a second it takes of what ``pacer`` allows all together: the rest is left to notices.

    ``at_once``: how many may be under way. ``every``: seconds between two edits of the progress.
    """

    def __init__(
        self,
        bot: Bot,
        desk: DeskProtocol,
        pacer: Pacer,
        *,
        clock: Clock | None = None,
        rate: float = 15.0,
        at_once: int = 8,
        every: float = 2.0,
    ) -> None:
        self._bot, self._desk, self._pacer = bot, desk, pacer
        self._clock = clock or SystemClock()
        self._own = Bucket(rate, 1.0, 1.0, self._clock.now())
        self._at_once, self._every = at_once, every
        self._not_before: datetime | None = None
        self._troubles = 0
        self._under_way: set[asyncio.Task[bool]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await self._run()
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """A clean stop leaves nothing uncertain behind, where Telegram answers."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=_LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        failures, is_recovered = 0, False
        while True:
            try:
                if not is_recovered:
                    await self._desk.recover_broadcasts()
                    is_recovered = True
                for going in await self._desk.running_broadcasts():
                    await self._carry(going)
                failures = 0
                await self._desk.wait_for_broadcasts()
            except Exception:  # the desk failed us; what is stored says where to go on
                log.exception("broadcasts could not be carried")
                failures += 1
                await self._clock.sleep(_patience(failures))

    async def _carry(self, going: Broadcast) -> None:
        """Send it to everybody who waits, then show what became of it, and only then call it done."""
        showing = asyncio.create_task(self._show_progress(going))
        senders = [asyncio.create_task(self._send_on(going)) for _ in range(self._at_once)]
        try:
            await asyncio.gather(*senders)
        finally:
            for task in (*senders, showing):
                task.cancel()
            await asyncio.gather(*senders, showing, return_exceptions=True)
        await self._show_result(going)
        await self._desk.finish_broadcast(going.id)

    async def _send_on(self, going: Broadcast) -> None:
        is_more = True
        while is_more:
            await self._turn(len(going.said.message_ids))
            sending = asyncio.create_task(self._send_next(going))
            self._under_way.add(sending)
            sending.add_done_callback(self._under_way.discard)
            is_more = await asyncio.shield(sending)

    async def _send_next(self, going: Broadcast) -> bool:
        """From the note that it is being sent to the note of what became of it; False: nobody is next."""
        person = await self._desk.next_recipient(going.id)
        if person is None:
            return False
        await self._chat_turn(going, person)
        await self._deliver(going, person)
        return True

    async def _chat_turn(self, going: Broadcast, person: int) -> None:
        """A chat with notices of its own on the way gets this one after them."""
        try:
            await self._clock.sleep(self._pacer.chat(person, self._clock.now(), len(going.said.message_ids)))
        except asyncio.CancelledError:
            await self._desk.note_delivery(going.id, person, "waiting")
            raise

    async def _deliver(self, going: Broadcast, person: int) -> None:
        outcome = await self._send(going, person)
        await self._desk.note_delivery(going.id, person, outcome.state, outcome.reason)
        self._heed(outcome)
        if outcome.reason == "message_gone":
            await self._desk.finish_broadcast(going.id, failed="message_gone")

    async def _turn(self, messages: int) -> None:
        """Wait until so many more messages may leave."""
        await self._clock.sleep(self._own.take(self._clock.now(), messages))
        while self._not_before is not None and (left := self._not_before - self._clock.now()) > timedelta(0):
            await self._clock.sleep(left.total_seconds())
        await self._clock.sleep(self._pacer.total(self._clock.now(), messages))

    async def _send(self, going: Broadcast, person: int) -> _Outcome:
        try:
            arrived = await post(self._bot, person, going.admin_id, going.said)
        except TelegramAPIError as error:
            log.info("broadcast %s: %s", going.id, error)
            return _outcome_of(error)
        # A part of the album was deleted meanwhile: nobody else gets half of it.
        return _Outcome("delivered", "" if len(arrived) == len(going.said.message_ids) else "message_gone")

    def _heed(self, outcome: _Outcome) -> None:
        """After trouble everybody waits, longer each time, so that an outage costs few people their message."""
        self._troubles = self._troubles + 1 if outcome.is_trouble else 0
        wait = _patience(self._troubles) if outcome.is_trouble else outcome.wait
        if wait:
            until = self._clock.now() + timedelta(seconds=wait)
            self._not_before = max(until, self._not_before or until)

    # What the admin sees

    async def _show_progress(self, going: Broadcast) -> None:
        while True:
            try:
                await self._show(going)
            except Exception:  # the picture of the work must not stop the work
                log.exception("the progress of broadcast %s could not be shown", going.id)
            await self._clock.sleep(self._every)

    async def _show_result(self, going: Broadcast) -> None:
        """The last edit is the one that counts: it is tried again, for a while."""
        for failures in range(1, _TRIES + 1):
            try:
                await self._show(going, is_over=True)
            except TelegramRetryAfter as slower:
                await self._clock.sleep(slower.retry_after)
            except TelegramAPIError as away:
                log.warning("the result of broadcast %s could not be shown: %s", going.id, away)
                await self._clock.sleep(_patience(failures))
            else:
                return

    async def _show(self, going: Broadcast, *, is_over: bool = False) -> None:
        await self._clock.sleep(self._pacer.chat(going.shown_to, self._clock.now()))
        cast = await self._desk.broadcast(going.shown_to, going.id)
        if is_over and cast.status == "running":
            cast = _ended(cast)
        admin = await self._desk.person(going.shown_to)
        card = broadcast_card(words_for(admin.language if admin else "en"), cast, new_token(going.shown_to))
        number = await edit(self._bot, going.shown_to, cast.progress_id, card)
        if number != cast.progress_id:
            await self._desk.note_progress(going.id, number)


def _outcome_of(error: TelegramAPIError) -> _Outcome:
    """What an error proves: refused, not sent, or nothing."""
    match error:
        case TelegramRetryAfter():
            outcome = _Outcome("waiting", wait=error.retry_after)
        case TelegramForbiddenError():
            outcome = _Outcome("blocked")
        case TelegramBadRequest() | TelegramNotFound():
            outcome = _Outcome("failed", "message_gone" if is_gone(error) else error.message[:_LONGEST_REASON])
        case TelegramNetworkError(__cause__=ClientConnectorError()):
            # There was no connection by which it could have left.
            outcome = _Outcome("waiting", is_trouble=True)
        case TelegramNetworkError():
            outcome = _Outcome("uncertain", "network", is_trouble=True)
        case _:
            outcome = _Outcome("uncertain", "server", is_trouble=True)
    return outcome


def _ended(cast: Broadcast) -> Broadcast:
    return replace(cast, status="done")


def _patience(failures: int) -> float:
    return float(min(_LONGEST_WAIT, 2 ** min(failures - 1, 10)))
