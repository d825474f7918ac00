"""Carries stored notices to the people they are for: in order, each once where Telegram lets us know, none lost.

Every person has a queue of their own, so that one who blocked the bot, or to whom Telegram asks us to be slower, holds
up nobody else. A notice is marked delivered only when Telegram has accepted its message.

What comes often and asks nothing of anybody is gathered, so that it does not bury what a person is looking at.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)

from tgbot.bundling import Queue, next_bundle
from tgbot.cards.card import Card
from tgbot.cards.notices import About, is_silent, notice_card, notice_lines
from tgbot.cards.summaries import daily_card, daily_labels, digest_card
from tgbot.pacing import Pacer
from tgbot.screen import send
from tgbot.words import Words, words_for
from trading.clock import Clock, SystemClock
from trading.core.notices import AccessRemoved
from trading.core.summaries import DailyReport, Digest
from trading.core.telling import StoredNotice
from trading.desk.answers import BotCard, DeskError, Person
from trading.desk.protocol import DeskProtocol

_AT_ONCE = 100
"""Notices of one person that are seen at once: more than are ever gathered."""
_REMEMBERED = 5000
_END_SECONDS = 2.0
"""At a stop what is being sent gets so long."""

log = logging.getLogger(__name__)


class Notifier:
    """``linger`` is how long a burst is waited for; ``look_again`` how long we rely on being told of new notices (s).

    ``gather``: how long what is silent and listed waits for more of its kind (s, from the first on).
    """

    def __init__(
        self,
        bot: Bot,
        desk: DeskProtocol,
        *,
        clock: Clock | None = None,
        pacer: Pacer | None = None,
        linger: float = 0.4,
        look_again: float = 15.0,
        longest_wait: float = 60.0,
        gather: float = 20.0,
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._clock = clock or SystemClock()
        self._pacer = pacer or Pacer()
        self._linger = linger
        self._look_again = look_again
        self._longest_wait = longest_wait
        self._gather = timedelta(seconds=gather)
        self._queues: dict[int, Queue] = {}
        self._queued: set[int] = set()
        self._done: OrderedDict[int, None] = OrderedDict()
        self._unmarked: list[int] = []
        """Telegram has them, and the desk could not mark it."""

    async def run(self) -> None:
        """Until cancelled."""
        failures = 0
        async with asyncio.TaskGroup() as carriers:
            while True:
                try:
                    await self._mark_late()
                    await self._read(carriers)
                    await self._until_news()
                    failures = 0
                except Exception:
                    # The outbox cannot be read now; what is in it stays there.
                    log.exception("notices could not be read")
                    failures += 1
                    await self._clock.sleep(self._patience(failures))
                await self._clock.sleep(self._linger)

    async def _read(self, carriers: asyncio.TaskGroup) -> None:
        for stored in await self._desk.waiting_notices(_AT_ONCE):
            if stored.id in self._queued or stored.id in self._done:
                continue
            self._queued.add(stored.id)
            queue = self._queues.get(stored.user_id)
            if queue is None:
                queue = self._queues[stored.user_id] = Queue()
                carriers.create_task(self._carry(stored.user_id, queue))
            queue.add(stored, self._clock.now())

    async def _until_news(self) -> None:
        """Wait until the desk says that there may be more; look again after a while all the same."""
        await self._whichever_first(self._desk.wait_for_notices(), self._look_again)

    async def _until_due(self, queue: Queue) -> None:
        """Wait while everything of this person is still being gathered."""
        while next_bundle(queue.notices, self._old_enough(queue)) is None:
            queue.grown.clear()
            waits = self._gather - (self._clock.now() - min(queue.seen.values()))
            await self._whichever_first(queue.grown.wait(), waits.total_seconds())

    async def _whichever_first(self, event: Coroutine[object, object, object], seconds: float) -> None:
        happened = asyncio.ensure_future(event)
        late = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({happened, late}, return_when=asyncio.FIRST_COMPLETED)
            if happened.done():
                happened.result()
        finally:
            for task in (happened, late):
                task.cancel()
            await asyncio.gather(happened, late, return_exceptions=True)

    async def _carry(self, user_id: int, queue: Queue) -> None:
        """One person's notices, one message after the other, until there are no more."""
        try:
            failures = 0
            while queue.notices:
                await self._until_due(queue)
                await self._clock.sleep(self._pacer.chat(user_id, self._clock.now()))
                await self._clock.sleep(self._pacer.total(self._clock.now()))
                # What is due stays so, and what came during the wait goes with it.
                bundle = next_bundle(queue.notices, self._old_enough(queue)) or queue.notices[:1]
                try:
                    done = await self._deliver(user_id, bundle, failures)
                except Exception:
                    # The desk failed us between reading and marking: nothing is marked, so nothing is lost.
                    log.exception("notices %s could not be carried", [each.id for each in bundle])
                    done = False
                    await self._clock.sleep(self._patience(failures + 1))
                failures = 0 if done else failures + 1
                if done:
                    queue.drop(bundle)
                    for each in bundle:
                        self._remember(each.id)
        finally:
            del self._queues[user_id]
            self._queued.difference_update(left.id for left in queue.notices)

    async def _deliver(self, user_id: int, bundle: Sequence[StoredNotice], failures: int) -> bool:
        """Send one message. False: it is still to be sent, after the wait that was kept here."""
        ids = [each.id for each in bundle]
        try:
            card, picture = await self._worded(user_id, bundle)
        except Exception:
            # Whatever is wrong with it, it must not keep the messages behind it from anybody.
            log.exception("notices %s could not be worded", ids)
            await self._give_up(ids, "cannot be worded")
            return True
        try:
            await _to_its_end(self._send_and_mark(user_id, card, bundle, picture))
        except TelegramRetryAfter as slower:
            until = self._clock.now() + timedelta(seconds=slower.retry_after)
            await self._desk.postpone_notice(ids[0], until)
            await self._clock.sleep(slower.retry_after)
            return False
        except (TelegramNetworkError, TelegramServerError) as away:
            wait = self._patience(failures + 1)
            log.warning("Telegram is away, trying again in %.0f s: %s", wait, away)
            await self._clock.sleep(wait)
            return False
        except (TelegramForbiddenError, TelegramBadRequest, TelegramNotFound) as refused:
            await self._give_up(ids, refused.message)
            if isinstance(refused, TelegramForbiddenError):
                await self._desk.note_deaf(user_id)
            return True
        except TelegramAPIError as unclear:
            wait = self._patience(failures + 1)
            log.warning("a notice was not taken, trying again in %.0f s: %s", wait, unclear)
            await self._clock.sleep(wait)
            return False
        return True

    async def _send_and_mark(
        self, user_id: int, card: Card, bundle: Sequence[StoredNotice], picture: bytes | None
    ) -> None:
        await send(self._bot, user_id, card, silent=is_silent(bundle), picture=picture)
        ids = [each.id for each in bundle]
        try:
            await self._desk.notices_delivered(ids)
        except Exception:
            # It is told all the same, and must not be told again each time that the mark fails.
            log.exception("that %s were told could not be marked", ids)
            self._unmarked += ids

    async def _mark_late(self) -> None:
        late = list(self._unmarked)
        try:
            if late:
                await self._desk.notices_delivered(late)
        except Exception:
            # The desk failed us again: they stay on the list, and what is new is told all the same.
            log.exception("that %s were told still cannot be marked", late)
        else:
            del self._unmarked[: len(late)]

    def _old_enough(self, queue: Queue) -> Callable[[StoredNotice], bool]:
        """Whether a notice need not be gathered any longer. By our own clock: paper's time may run faster than it."""
        until = self._clock.now() - self._gather
        return lambda stored: queue.seen[stored.id] <= until

    async def _worded(self, user_id: int, bundle: Sequence[StoredNotice]) -> tuple[Card, bytes | None]:
        """The message, and the picture to which its text belongs."""
        person = await self._desk.person(user_id)
        words = words_for(person.language, person.time_zone) if person else words_for(self._last_language(user_id))
        match bundle[0].notice:
            case Digest() as digest:
                told = await self._desk.told(user_id, digest.important)
                important = [notice_lines(await self._about(words, each), each.notice) for each in told]
                return digest_card(words, digest, important), None
            case DailyReport() as report:
                return daily_card(words, report), await self._picture(words, person, user_id, report)
        return notice_card(await self._about(words, bundle[0]), [each.notice for each in bundle]), None

    def _last_language(self, user_id: int) -> str:
        """Of somebody of whom nothing is known any more: the farewell that waits for them says it."""
        waiting = self._queues[user_id].notices if user_id in self._queues else ()
        return next((each.notice.language for each in waiting if isinstance(each.notice, AccessRemoved)), "en")

    async def _picture(self, words: Words, person: Person | None, user_id: int, report: DailyReport) -> bytes | None:
        dark = person is not None and person.dark_pictures
        try:
            return await self._desk.daily_picture(user_id, report, labels=daily_labels(words, report), dark=dark)
        except Exception:
            # A report without its picture is better than none.
            log.exception("the picture of a daily report cannot be drawn")
            return None

    async def _about(self, words: Words, stored: StoredNotice) -> About:
        bot = await self._bot_of(stored.user_id, stored.bot_id) if stored.bot_id is not None else None
        return About(words, bot.id if bot else None, bot)

    async def _bot_of(self, user_id: int, bot_id: int) -> BotCard | None:
        try:
            return await self._desk.bot(user_id, bot_id)
        except DeskError:
            return None

    async def _give_up(self, ids: Sequence[int], reason: str) -> None:
        log.warning("notices %s are given up: %s", ids, reason)
        for each in ids:
            await self._desk.notice_failed(each, reason)

    def _patience(self, failures: int) -> float:
        return float(min(self._longest_wait, 2 ** min(failures - 1, 10)))

    def _remember(self, notice_id: int) -> None:
        """A picture of the outbox may be older than our own marks in it; what was seen is not carried twice."""
        self._queued.discard(notice_id)
        self._done[notice_id] = None
        while len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)


async def _to_its_end(work: Coroutine[object, object, None]) -> None:
    """A stop does not come between a message and its mark, or the next start would tell it again."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_END_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
