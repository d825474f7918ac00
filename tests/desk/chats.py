"""Everything real between a cause and a chat: desk, outbox, notifier; two people read it, and two admins.

One of each reads English and one Russian. The far sides are a venue of the matching core and a Telegram in memory, and
time is virtual.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from tests.desk.place import ADMIN, OTHER, OWNER, Place
from tests.simulation.line import Busy
from tests.tgbot.telegram import Telegram, bot_on, parsed
from tgbot.notifier import Notifier
from trading.clock import Clock
from trading.core.telling import Notice, StoredNotice
from trading.desk.answers import BotCard
from trading.desk.daily import DailyReports
from trading.desk.desk import Desk
from trading.desk.housekeeping import Housekeeping, KeepTerms

TestT = TypeVar("TestT", bound=Callable[..., Awaitable[None]])
Kind = type[Notice]
Fault = Callable[[str, str], Awaitable[None]]

PEOPLE = (OWNER, OTHER)
RUSSIAN_ADMIN = 2
ADMINS = (ADMIN, RUSSIAN_ADMIN)


def causes(*kinds: Kind) -> Callable[[TestT], TestT]:
    """The test produces what these are told of, and reads each in a chat. ``Room.settle`` holds it to that."""

    def note(test: TestT) -> TestT:
        test.causes = getattr(test, "causes", frozenset()) | frozenset(kinds)  # type: ignore[attr-defined]
        return test

    return note


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot, and the facts that it tells."""

    person: int
    text: str
    silent: bool
    kinds: tuple[Kind, ...]


class Ear:
    """The desk in the notifier's hands; notes what each message tells, when Telegram has taken it."""

    def __init__(self, desk: Desk, telegram: Telegram, heard: list[Heard], busy: Busy) -> None:
        self._desk, self._telegram, self._heard, self._busy = desk, telegram, heard, busy
        self._handed_out: dict[int, StoredNotice] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    async def waiting_notices(self, limit: int = 100) -> Sequence[StoredNotice]:
        found = await self._desk.waiting_notices(limit)
        self._handed_out |= {each.id: each for each in found}
        return found

    async def daily_picture(self, *args: Any, **named: Any) -> bytes | None:
        """Drawn in a thread."""
        picture: bytes | None = await self._busy.while_waiting(self._desk.daily_picture(*args, **named))
        return picture

    async def notices_delivered(self, ids: Sequence[int]) -> None:
        told = [self._handed_out[each] for each in ids]
        person = told[0].user_id
        shown = [each for each in self._telegram.shown.values() if each.chat == person][-1]
        self._heard.append(Heard(person, parsed(shown.text), shown.silent, tuple(type(each.notice) for each in told)))
        await self._desk.notices_delivered(ids)


@dataclass
class Chats:
    """What everybody is told, and what the test expected of it."""

    telegram: Telegram = field(default_factory=Telegram)
    heard: list[Heard] = field(default_factory=list)
    expected: Counter[tuple[int, Kind]] = field(default_factory=Counter)
    often: set[Kind] = field(default_factory=set)
    """Of these more may come than are looked for."""

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    @asynccontextmanager
    async def telling(self, desk: Desk, clock: Clock | None = None, busy: Busy | None = None) -> AsyncIterator[None]:
        """The notifier runs."""
        ear: Any = Ear(desk, self.telegram, self.heard, busy or Busy())
        task = asyncio.create_task(Notifier(bot_on(self.telegram), ear, clock=clock).run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def gather_people(self, desk: Desk) -> None:
        """Two who are let in and two admins, each with a language."""
        for person, language in ((ADMIN, "en"), (RUSSIAN_ADMIN, "ru"), (OWNER, "en"), (OTHER, "ru")):
            found = await desk.arrive(person, f"Member {person}", None, language)
            if not found.may_act:
                await desk.decide_access(ADMIN, person, approve=True)
            await desk.set_language(person, language)

    def told(self, person: int, kind: Kind) -> list[str]:
        return [each.text for each in self.heard if each.person == person and kind in each.kinds]

    async def both_hear(self, kind: Kind, english: str, russian: str, within: float = 60) -> None:
        """The two people, each in their language, and each once: ``settle`` counts."""
        await self.hear({OWNER: english, OTHER: russian}, kind, within)

    async def admins_hear(self, kind: Kind, english: str, russian: str, within: float = 60) -> None:
        await self.hear({ADMIN: english, RUSSIAN_ADMIN: russian}, kind, within)

    async def hear(self, words: Mapping[int, str], kind: Kind, within: float = 60, *, often: bool = False) -> None:
        """One more message of this kind for each of these people, with these words in it.

        ``often``: it is no alarm, and may be told more often than it is looked at.
        """
        self.often |= {kind} if often else set()
        for person, said in words.items():
            self.expected[person, kind] += 1
            await self._until_told(person, kind, said, self.expected[person, kind], within)

    async def _until_told(self, person: int, kind: Kind, said: str, count: int, within: float) -> None:
        waited = 0.0
        while len(self.told(person, kind)) < count and waited < within:
            await self.pass_time(0.5)
            waited += 0.5
        told = self.told(person, kind)
        assert len(told) >= count, f"{kind.__name__} did not come to {person}: {self.texts_of(person)}"
        assert any(said in text for text in told[count - 1 :]), (said, told)

    def texts_of(self, person: int) -> list[str]:
        return [each.text for each in self.heard if each.person == person]

    def settle(self, claimed: frozenset[Kind]) -> None:
        """What was claimed was heard, by nobody else, and as often as it was looked for."""
        assert {kind for _, kind in self.expected} == claimed
        heard = Counter((each.person, kind) for each in self.heard for kind in set(each.kinds) & claimed)
        for (person, kind), count in heard.items():
            wanted = self.expected[person, kind]
            assert wanted, f"{person} heard {kind.__name__}: {self.told(person, kind)}"
            assert kind in self.often or count == wanted, f"{kind.__name__}: {self.told(person, kind)}"


@dataclass
class Room(Chats, Place):
    """A place whose people hear. ``meets`` is the fault of the far side, None while there is none."""

    admins: frozenset[int] = frozenset(ADMINS)
    meets: Fault | None = None

    async def fault(self, account: str, point: str) -> None:
        if self.meets is not None:
            await self.meets(account, point)

    async def pass_time(self, seconds: float) -> None:
        """By the clock of the place."""
        await Place.pass_time(self, seconds)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[Desk]:
        """The house stands, its jobs run, and everybody is told."""
        async with self.open() as desk:
            await self.gather_people(desk)
            self._begin_jobs()
            async with self.telling(desk, self.clock, self.clock.busy):
                yield desk

    def _begin_jobs(self) -> None:
        keep = KeepTerms(backups=self.path.parent / "backups")
        self.keeping = Housekeeping(keep, self.storage, self.outbox, self.clock)
        self.keeping.begin(self.timers, self.supervisor)

        async def paper_at(_: int, moment: datetime) -> datetime:
            return moment

        DailyReports(self.storage, self.outbox, paper_at, self.clock).begin(self.timers)

    def exits(self) -> list[Decimal]:
        """The amounts of its owner's take-profits that rest."""
        books = self.gateways[str(OWNER)].books_of_the_venue
        return [order.amount for order in books.open_orders() if order.reduce_only]

    # What people do

    async def both_begin(self, desk: Desk, strategy: str, symbol: str, config: Mapping[str, Any]) -> dict[int, BotCard]:
        """A bot for each of the two, on paper."""
        made = {}
        for person in PEOPLE:
            token = f"{strategy}{person}"
            [made[person]] = await desk.create(
                person, None, strategy, [symbol], config, accept_danger=True, token=token
            )
        return made
