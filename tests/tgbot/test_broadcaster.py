"""Broadcasts carried: everybody once, at Telegram's pace, behind the notices, past trouble, over a restart."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    CopyMessage,
    CopyMessages,
    EditMessageText,
    ForwardMessage,
    ForwardMessages,
    SendMessage,
    TelegramMethod,
)
from aiohttp import ClientConnectorError, ClientOSError

from tests.desk.place import ADMIN, OTHER, OWNER, Place
from tests.tgbot.telegram import Shown, Telegram, bot_on, parsed
from tgbot.broadcaster import Broadcaster
from tgbot.notifier import Notifier
from tgbot.pacing import Pacer
from trading.core.notices import VenueAway
from trading.desk.desk import Desk
from trading.desk.member_answers import Announcement, Broadcast

MESSAGE, PROGRESS = 500, 501
Failing = Callable[[TelegramMethod[Any]], Exception]


@dataclass
class Post:
    """A broadcaster at work over a real desk, on virtual time. ``sent_at`` says who got what when."""

    place: Place
    desk: Desk
    telegram: Telegram
    pacer: Pacer
    failing: dict[int, list[Failing]] = field(default_factory=dict)
    sent_at: list[tuple[int, datetime]] = field(default_factory=list)
    edited_at: list[datetime] = field(default_factory=list)
    noticed_at: list[datetime] = field(default_factory=list)
    said: Announcement = Announcement((MESSAGE,))  # noqa: RUF009  frozen

    def hear(self, method: TelegramMethod[Any]) -> None:
        now = self.place.clock.now()
        match method:
            case CopyMessage() | ForwardMessage() | CopyMessages() | ForwardMessages():
                person = int(method.chat_id)
                if self.failing.get(person):
                    raise self.failing[person].pop(0)(method)
                self.sent_at.append((person, now))
            case EditMessageText():
                self.edited_at.append(now)
            case SendMessage():
                self.noticed_at.append(now)

    async def begin(self) -> Broadcast:
        self.telegram.shown[PROGRESS] = Shown(ADMIN, PROGRESS, "Send it?", None)
        return await self.desk.begin_broadcast(ADMIN, self.said, PROGRESS, token="send")

    async def ended(self, cast: Broadcast, seconds: float = 300) -> Broadcast:
        """Its end, waited for in virtual time."""
        deadline = self.place.clock.now() + timedelta(seconds=seconds)
        while (now := await self.desk.broadcast(ADMIN, cast.id)).status == "running":
            assert self.place.clock.now() < deadline, now
            await self.place.pass_time(0.5)
        # A canceled one is over for the desk before its carrier has shown it.
        await self.place.pass_time(5)
        return await self.desk.broadcast(ADMIN, cast.id)

    @property
    def shown(self) -> str:
        return parsed(self.telegram.shown[PROGRESS].text)

    @property
    def reached(self) -> Counter[int]:
        return Counter(person for person, _ in self.sent_at)


@asynccontextmanager
async def carrying(place: Place, people: int = 0, **settings: Any) -> AsyncIterator[Post]:
    """The two members of the place, and ``people`` more from 100 on."""
    async with place.open() as desk:
        for person in range(100, 100 + people):
            await desk.enter(person, f"Name {person}", None, "en", (await desk.make_invite(ADMIN, None)).code)
        await desk.notices_delivered([each.id for each in await desk.waiting_notices()])
        async with working(place, desk, **settings) as post:
            yield post


@asynccontextmanager
async def working(place: Place, desk: Desk, **settings: Any) -> AsyncIterator[Post]:
    post = Post(place, desk, Telegram(), Pacer())
    post.telegram.failing = post.hear
    broadcaster = Broadcaster(bot_on(post.telegram), desk, post.pacer, clock=place.clock, **settings)
    task = asyncio.create_task(broadcaster.run())
    try:
        yield post
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "place"
    folder.mkdir()
    return Place(folder / "desk.db")


async def test_everybody_gets_it_once_and_the_admin_sees_the_result(place: Place) -> None:
    async with carrying(place, 20) as post:
        cast = await post.ended(await post.begin())
        assert post.reached == Counter([OWNER, OTHER, *range(100, 120)])
        assert (cast.status, cast.delivered, cast.total) == ("done", 22, 22)
        assert post.shown == "📣 Broadcast done\n\n✅ Delivered: 22"
        copied = [call for call in post.telegram.calls if isinstance(call, CopyMessage)]
        assert {(call.from_chat_id, call.message_id) for call in copied} == {(ADMIN, MESSAGE)}


async def test_it_keeps_its_pace_and_the_progress_is_edited_at_most_once_a_second(place: Place) -> None:
    async with carrying(place, 45, rate=15.0, every=1.0) as post:
        await post.ended(await post.begin())
        times = sorted(at for _, at in post.sent_at)
        assert len(times) == 47
        for sooner, later in zip(times, times[20:], strict=False):
            assert later - sooner >= timedelta(seconds=1)
        edits = post.edited_at
        assert len(edits) >= 3
        # The last one is the result; it may follow the progress at once.
        for sooner, later in itertools.pairwise(edits[:-1]):
            assert later - sooner >= timedelta(seconds=0.9)


async def test_notices_do_not_wait_behind_it(place: Place) -> None:
    async with carrying(place, 40) as post:
        carrier = asyncio.create_task(
            Notifier(bot_on(post.telegram), post.desk, clock=place.clock, pacer=post.pacer, linger=0.01).run()
        )
        cast = await post.begin()
        await place.pass_time(1)
        assert len(post.sent_at) < 30
        told_at = place.clock.now()
        for person in range(100, 110):
            await place.supervisor._outbox.tell(person, [VenueAway(venue="Bitget")])
        while len(post.noticed_at) < 10:
            assert place.clock.now() - told_at < timedelta(seconds=2)
            await place.pass_time(0.2)
        assert len(post.sent_at) < 42
        assert (await post.ended(cast)).delivered == 42
        carrier.cancel()
        await asyncio.gather(carrier, return_exceptions=True)


async def test_who_blocked_the_bot_is_marked_and_breaks_nobody_else(place: Place) -> None:
    async with carrying(place, 3) as post:
        post.failing[OWNER] = [lambda m: TelegramForbiddenError(method=m, message="bot was blocked by the user")]
        cast = await post.ended(await post.begin())
        assert (cast.delivered, cast.blocked, cast.failed) == (4, 1, 0)
        assert (await post.desk.member(ADMIN, OWNER)).is_deaf
        assert "Have blocked the bot: 1" in post.shown


async def test_retry_after_is_obeyed_and_nobody_is_left_out(place: Place) -> None:
    async with carrying(place, 10, at_once=1) as post:
        post.failing[OTHER] = [lambda m: TelegramRetryAfter(method=m, message="slow", retry_after=30)]
        began = place.clock.now()
        cast = await post.ended(await post.begin())
        assert cast.delivered == cast.total == 12
        assert max(post.reached.values()) == 1
        later = [at for person, at in post.sent_at if person != OWNER]
        assert min(later) >= began + timedelta(seconds=30)


async def test_what_may_have_arrived_is_uncertain_and_what_never_left_is_sent_later(place: Place) -> None:
    def cut(method: TelegramMethod[Any]) -> Exception:
        error = TelegramNetworkError(method=method, message="reset")
        error.__cause__ = ClientOSError("connection reset")
        return error

    def never_left(method: TelegramMethod[Any]) -> Exception:
        error = TelegramNetworkError(method=method, message="refused")
        error.__cause__ = ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]
        return error

    async with carrying(place, 2) as post:
        post.failing[OWNER] = [cut]
        post.failing[OTHER] = [never_left, never_left]
        post.failing[100] = [lambda m: TelegramServerError(method=m, message="502")]
        cast = await post.ended(await post.begin())
        assert (cast.delivered, cast.uncertain, cast.failed) == (2, 2, 0)
        assert post.reached == Counter([OTHER, 101])
        assert "Uncertain, not sent again: 2" in post.shown


async def test_an_outage_costs_few_people_their_message(place: Place) -> None:
    async with carrying(place, 40, at_once=2) as post:
        away = [lambda m: TelegramServerError(method=m, message="502")]
        until = place.clock.now() + timedelta(seconds=20)

        def hear(method: TelegramMethod[Any]) -> None:
            if isinstance(method, CopyMessage) and place.clock.now() < until:
                raise away[0](method)
            post.hear(method)

        post.telegram.failing = hear
        cast = await post.ended(await post.begin())
        assert cast.uncertain <= 12
        assert cast.delivered == 42 - cast.uncertain


async def test_the_failed_are_told_why_and_can_be_tried_again(place: Place) -> None:
    async with carrying(place, 1) as post:
        post.failing[OWNER] = [lambda m: TelegramBadRequest(method=m, message="Bad Request: chat not found")]
        cast = await post.ended(await post.begin())
        assert "• Bad Request: chat not found (1)" in post.shown
        assert any("Retry the failed (1)" in label for label in post.telegram.shown[PROGRESS].buttons)
        await post.desk.resend_broadcast(ADMIN, cast.id, PROGRESS, token="again")
        again = await post.ended(cast)
        assert (again.delivered, again.failed) == (3, 0)
        assert post.reached == Counter([OWNER, OTHER, 100])


async def test_a_message_that_was_deleted_goes_to_nobody_and_says_so(place: Place) -> None:
    async with carrying(place, 5, at_once=1) as post:
        post.telegram.gone.add(MESSAGE)
        cast = await post.ended(await post.begin())
        assert (cast.delivered, cast.failed) == (0, 7)
        assert "the message above was deleted (7)" in post.shown
        assert len([call for call in post.telegram.calls if isinstance(call, CopyMessage)]) == 1


async def test_a_cancel_stops_it_and_shows_who_was_left_out(place: Place) -> None:
    async with carrying(place, 40, rate=5.0) as post:
        cast = await post.begin()
        await place.pass_time(2)
        await post.desk.cancel_broadcast(ADMIN, cast.id)
        ended = await post.ended(cast)
        assert 0 < ended.delivered < 30
        assert ended.waiting == 42 - ended.delivered
        assert len(post.sent_at) == ended.delivered
        assert "Broadcast canceled" in post.shown
        assert f"Not sent: {ended.waiting}" in post.shown


async def test_a_progress_message_that_was_deleted_is_sent_anew(place: Place) -> None:
    async with carrying(place) as post:
        cast = await post.begin()
        del post.telegram.shown[PROGRESS]
        ended = await post.ended(cast)
        assert ended.progress_id != PROGRESS
        assert "Broadcast done" in parsed(post.telegram.shown[ended.progress_id].text)


ALBUM = Announcement((500, 502, 503), excerpt="🖼×3 news")


@pytest.mark.parametrize("said", [Announcement((MESSAGE,)), ALBUM])
async def test_a_restart_goes_on_where_it_was_and_sends_nothing_twice(place: Place, said: Announcement) -> None:
    async with carrying(place, 30, rate=5.0 * len(said.message_ids)) as post:
        post.said = said
        cast = await post.begin()
        await place.pass_time(3)
    before = post.reached  # what was under way at the stop has arrived as well
    assert 0 < len(before) < 32
    async with place.open() as desk, working(place, desk) as again:
        again.telegram.shown[PROGRESS] = Shown(ADMIN, PROGRESS, "on its way", None)
        ended = await again.ended(cast)
        assert before & again.reached == Counter()
        # A clean stop leaves nothing uncertain behind.
        assert (ended.delivered, ended.uncertain) == (32, 0)
        assert sum((before + again.reached).values()) == 32
        assert "Broadcast done" in again.shown


@pytest.mark.parametrize(
    ("said", "method"),
    [
        (Announcement((MESSAGE,)), CopyMessage),
        (Announcement((MESSAGE,), forwards=True), ForwardMessage),
        (ALBUM, CopyMessages),
        (replace(ALBUM, forwards=True), ForwardMessages),
    ],
)
async def test_what_it_is_decides_how_it_is_brought(
    place: Place, said: Announcement, method: type[TelegramMethod[Any]]
) -> None:
    async with carrying(place, 2) as post:
        post.said = said
        cast = await post.ended(await post.begin())
        assert (cast.delivered, cast.total) == (4, 4)
        brought = [call for call in post.telegram.calls if not isinstance(call, EditMessageText)]
        assert {type(call) for call in brought} == {method}
        assert {call.from_chat_id for call in brought} == {ADMIN}  # type: ignore[attr-defined]
        assert post.reached == Counter([OWNER, OTHER, 100, 101]), "an album counts once"


async def test_every_part_of_an_album_counts_in_its_pace(place: Place) -> None:
    async with carrying(place, 20, rate=15.0) as post:
        post.said = ALBUM
        await post.ended(await post.begin())
        times = sorted(at for _, at in post.sent_at)
        assert len(times) == 22
        assert times[-1] - times[0] >= timedelta(seconds=4), "66 messages at 15 a second"


async def test_nobody_gets_half_an_album_after_a_part_was_deleted(place: Place) -> None:
    async with carrying(place, 10, at_once=1, rate=3.0) as post:
        post.said = ALBUM
        cast = await post.begin()
        while len(post.sent_at) < 3:
            await place.pass_time(0.5)
        post.telegram.gone.add(502)
        ended = await post.ended(cast)
        assert ended.delivered == len(post.sent_at) == 4
        assert dict(ended.reasons) == {"message_gone": 8}


async def test_who_sends_again_sees_the_progress_whoever_began_it(place: Place) -> None:
    place.admins = frozenset({ADMIN, 2})
    async with carrying(place) as post:
        await post.desk.arrive(2, "Second", None, "ru")
        post.failing[OWNER] = [lambda m: TelegramBadRequest(method=m, message="Bad Request: chat not found")]
        cast = await post.ended(await post.begin())
        first = post.shown
        post.telegram.shown[700] = Shown(2, 700, "opened", None)
        await post.desk.resend_broadcast(2, cast.id, 700, token="again")
        again = await post.ended(cast)
        assert (again.failed, again.shown_to, again.progress_id) == (0, 2, 700)
        assert "Рассылка закончена" in parsed(post.telegram.shown[700].text)
        assert post.shown == first
