"""Somebody who presses everything: what was never pressed on the card in front of them, else the nearest such thing.

Several walk at once over one chart, because the bot listens to three presses a second of one person.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from tests.e2e.house import Message, Person
from tests.e2e.kinds_of_buttons import acts_in, acts_of, kinds_of
from tgbot.words import words_for

MOST_TRIES = 8
WAITING = 2
"""Guests whose knocking is told in the beginning."""
PATIENCE = 40
"""Seconds."""
BURST, A_SECOND = 25, 2.8
"""A little under what the bot listens to."""
ANSWERED_BEFORE = (
    *("backup-begun", "balance-reading", "edit-applying", "key-testing", "report-begun", "panic-begun"),
    *("preview-making", "starting", "broadcast-begun", "broadcast-canceling"),
)
"""Toasts of work that is not done yet: a message has to follow."""
FAULTS = (
    "error-unexpected",
    "button-stale",
    "form-lost",
    "form-stale",
    "error-form_gone",
    "too-fast",
)
"""What nobody may be told who presses only what is shown. That somebody else has removed it meanwhile is no fault."""


@dataclass(frozen=True)
class Step:
    """Something said, files brought, or the ``place``-th button of a kind pressed."""

    said: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    kind: str = ""
    place: int = 0


Errand = Sequence[Step]


@dataclass(frozen=True)
class Seen:
    """A text that was shown ``behind`` a kind of button, or something said, and the language that it should be in."""

    language: str
    behind: str
    text: str


@dataclass
class Chart:
    """What is known of the ways, shared by all who walk.

    ``typed`` is what is said where a button of that kind asks for it. ``ranks``: what changes the world waits until
    there is nothing of a lower rank. ``before`` is done before a kind is pressed.
    """

    typed: Mapping[str, Errand]
    ranks: Mapping[str, int]
    before: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    acts: set[str] = field(default_factory=set)
    leads: dict[str, frozenset[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    """Errands that could not be done, because somebody had changed what they were about."""
    crew: int = 0
    waiting: set[int] = field(default_factory=set)

    def begin_again(self, missing: set[str]) -> None:
        """In another world, for what was not pressed in the last; all of it, where nobody knows the way to that."""
        self.crew = 0
        self.waiting.clear()
        wanted = {kind for kind in self.done if missing & set(acts_in(kind))}
        if missing - {act for kind in wanted for act in acts_in(kind)}:
            self.done.clear()
        for kind in wanted:
            self.done[kind] = 0

    def rank(self, kind: str) -> int:
        prefix = kind.partition(" ")[0]
        return next((self.ranks[part] for part in (kind, *_beginnings(kind), prefix) if part in self.ranks), 0)


def _beginnings(kind: str) -> Iterator[str]:
    """``a b=c d=e``: also ``a b=c``."""
    parts = kind.split(" ")
    return (" ".join(parts[:count]) for count in range(len(parts) - 1, 1, -1))


class Walker:
    """``begin`` leads anywhere at any time: commands, and errands of several steps. ``first`` is done before all else;
    ``shuns`` are kinds that are left to others, by their beginnings.
    """

    def __init__(
        self,
        person: Person,
        language: str,
        chart: Chart,
        begin: Mapping[str, Errand],
        *,
        first: Errand = (),
        shuns: Sequence[str] = (),
    ) -> None:
        self.person, self.language, self._chart, self._shuns = person, language, chart, tuple(shuns)
        self._first, self._begin = f"first of {person.user}", {f"first of {person.user}": first, **begin}
        chart.crew += 1
        self.card: Message | None = None
        self.seen: list[Seen] = []
        self._options: frozenset[str] = frozenset()
        self._tries: Counter[str] = Counter()
        self._expected = ""
        self._missed: defaultdict[str, set[str]] = defaultdict(set)
        """What was not behind a kind when it should have been."""
        self._news = asyncio.Event()
        self._budget, self._at = float(BURST), time.monotonic()

    async def walk(self) -> None:
        """Until nothing is left that anybody could press."""
        reading = asyncio.create_task(self._read())
        try:
            await self._until(self._was_asked)
            await self._take(self._first)
            del self._begin[self._first]
            await self._walk()
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def _read(self) -> None:
        while True:
            await self.person.read(wait=True)
            self._news.set()

    async def _until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Whether it came to hold while the bot had time to answer."""
        try:
            async with asyncio.timeout(patience):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _was_asked(self) -> bool:
        """The knocking of the guests was heard: nothing else comes unasked in the beginning."""
        asked = [each for each in self.person.messages.values() if any(k.startswith("acc") for k in kinds_of(each))]
        return len(asked) == WAITING

    async def _walk(self) -> None:
        chart = self._chart
        while True:
            step = self._next()
            if step is not None:
                chart.waiting.discard(self.person.user)
                await self._take(step)
                continue
            chart.waiting.add(self.person.user)
            if len(chart.waiting) == chart.crew:
                return
            await asyncio.sleep(0.2)

    def _next(self) -> str | None:
        """The first step of the shortest way to something new of the lowest rank there is."""
        begin = self._begin
        ranks = sorted({0, *self._chart.ranks.values()})
        for rank in ranks:
            starts = {**{each: len(steps) for each, steps in begin.items()}, **dict.fromkeys(self._options, 0)}
            ways = [(length, kind, kind, "") for kind, length in starts.items()]
            heapify(ways)
            met = set[str]()
            while ways:
                length, kind, first, second = heappop(ways)
                if kind in met or kind.startswith(self._shuns):
                    continue
                met.add(kind)
                if not self._chart.done[kind]:
                    if self._chart.rank(kind) == rank and (self._tries[kind] < MOST_TRIES or not length):
                        self._tries[kind] += bool(length)
                        self._expected = second
                        return first
                elif not self._chart.rank(kind):  # what changes the world is no way to anything
                    for other in self._chart.leads.get(kind, frozenset()) - self._missed[kind]:
                        heappush(ways, (length + 1, other, first, second or other))
        return None

    async def _take(self, kind: str) -> None:
        chart = self._chart
        chart.done[kind] += 1  # before it is done, so that nobody else does it
        if kind in self._begin:
            steps: Errand = self._begin[kind]
        elif kind.startswith("say "):
            steps = chart.typed[kind.removeprefix("say ")]
        else:
            steps = [Step(kind=kind)]
        for step, following in zip(steps, (*steps[1:], Step()), strict=True):
            if not await self._step(step, kind, following.kind):
                break
        last = steps[-1].kind or kind
        said = {f"say {last}"} if last in chart.typed else set()
        self._options = frozenset({*(kinds_of(self.card) if self.card else ()), *said})
        self._missed[kind] -= self._options
        if chart.rank(kind):
            self._missed.clear()
        if self._expected and self._expected not in self._options:
            self._missed[kind].add(self._expected)
        chart.leads[kind] = chart.leads.get(kind, frozenset()) | self._options

    async def _step(self, step: Step, kind: str, following: str) -> bool:
        """Whether there was such a step; ``following`` has to be on the card that answers it."""
        await self._breathe()
        person = self.person
        before, toast, is_pressed = dict(person.messages), "", not (step.said or step.files)
        if step.said:
            await person.send(step.said)
        elif step.files:
            await person.show(*step.files)
        else:
            shown = kinds_of(self.card) if self.card else {}
            if len(shown.get(step.kind, ())) <= step.place or self.card is None:
                self._chart.astray.append(f"{kind}: there is no {step.kind} among {sorted(shown)}")
                return False
            data = shown[step.kind][step.place]
            if step.kind in self._chart.before:
                await self._chart.before[step.kind]()
            query = await person.tap(self.card, data)
            if query is None:
                self._chart.astray.append(f"{kind}: {step.kind} went as it was pressed")
                return False
            if not await self._until(lambda: query in person.answers):
                self._chart.problems.append(f"{kind}: never answered")
                return False
            toast = person.answers[query]
            self._chart.acts |= set(acts_of(data))
            self._chart.done[step.kind] += step.kind != kind
            if data.startswith("lang:"):
                self.language = data.partition(":")[2]
        if not toast or self._is_unfinished(toast):
            if not await self._until(lambda: bool(self._new(before, is_pressed=is_pressed))):
                self._chart.problems.append(f"{kind} ({step.said or step.kind}): nothing was shown")
            if self.card is not None and not self._is_there(self.card):
                await self._until(lambda: any(each.buttons for each in self._new(before, is_pressed=is_pressed)))
        if following:
            await self._until(
                lambda: any(following in kinds_of(each) for each in self._new(before, is_pressed=is_pressed)),
                PATIENCE / 4,  # it has answered, and others may have taken away what should follow
            )
        self._look(self._new(before, is_pressed=is_pressed), toast, kind, following)
        return True

    def _is_there(self, message: Message) -> bool:
        shown = self.person.messages.get(message.id)
        return shown is not None and bool(shown.buttons)

    def _new(self, before: Mapping[int, Message], *, is_pressed: bool) -> list[Message]:
        """What has come or, where a button was pressed, changed. What is said is answered below it, with buttons."""
        shown = [each for _, each in sorted(self.person.messages.items()) if each.from_bot]
        if is_pressed:
            return [each for each in shown if before.get(each.id) is not each]
        return [each for each in shown if each.id not in before and each.buttons]

    def _look(self, new: Sequence[Message], toast: str, kind: str, following: str) -> None:
        """The pressed message where it still has buttons, else the newest that has."""
        with_buttons = [each for each in new if each.buttons and (not following or following in kinds_of(each))]
        same = [each for each in with_buttons if self.card is not None and each.id == self.card.id]
        if with_buttons:
            self.card = (same or with_buttons)[-1]
        elif self.card is not None:
            self.card = self.person.messages.get(self.card.id)
        texts = [toast, *(each.text for each in new)]
        texts += [button["text"] for each in new for row in each.buttons for button in row]
        self.seen += [Seen(self.language, kind, text) for text in texts if text]
        words = words_for(self.language)
        for key in FAULTS:
            told = words.plain(key, reference="§").partition("§")[0]
            self._chart.problems += [f"{kind}: {text}" for text in texts if told in text]

    def _is_unfinished(self, toast: str) -> bool:
        return toast in {words_for(self.language).plain(key) for key in ANSWERED_BEFORE}

    async def _breathe(self) -> None:
        now = time.monotonic()
        self._budget = min(BURST, self._budget + (now - self._at) * A_SECOND) - 1
        self._at = now
        if self._budget < 0:
            await asyncio.sleep(-self._budget / A_SECOND)
