"""Every button of every screen, pressed: it has a handler, it is answered, and nothing behind it breaks.

Breadth first from the commands. Each button is pressed in the world as it was when its card was shown, so that what
one button changes is never in another one's way.
"""

from __future__ import annotations

import copy
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast

import pytest
from aiogram import BaseMiddleware

from tests.tgbot.fake_desk import ADMIN, GUEST, STRANGER, FakeDesk
from tests.tgbot.fake_people import Allowed
from tests.tgbot.fake_profit import part
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import NOW, Shown, Visitor, parsed
from tests.tgbot.test_access import PRESSES, handler_name
from tgbot.commands import COMMANDS
from tgbot.key_forms import KeyForms
from tgbot.states import Ask
from tgbot.words import LANGUAGES, words_for
from trading.desk.answers import Activity
from trading.desk.member_answers import Announcement, Broadcast
from trading.strategies import STRATEGIES

MARKS = re.compile(r"\b[0-9a-f]{6,}\b")
"""Tokens and the marks of forms: new each time a card is shown."""
NUMBERS = re.compile(r"[\d.,]+")
RAW = re.compile(r"\b(?:finding|unit|choice|field|about|cause|figure|column|notice|button|error)-[a-z_]")
TYPED = {
    Ask.pairs: "crv",
    Ask.setting: "50",
    Ask.edit: "25",
    Ask.draft_name: "my bot",
    Ask.preset_name: "my preset",
    Ask.venue: "o",
    Ask.credential: "topsecret",
    Ask.label: "main",
    Ask.max_deposit: "250",
    Ask.max_bots: "3",
    Ask.broadcast: "Dear all",
}
"""What a person types where the bot waits for it."""


ELSEWHERE = {
    "cancel_work": "its button is there while something takes long",
    "insist": "needs a key that may withdraw",
    "insist_again": "needs a key that may withdraw",
    "send_log": "needs a log",
    "show_other_pair": "needs two pairs, which look like one here",
    "turn_people": "needs more people than a page holds",
    "use_share": "needs a link that was opened",
    "unknown_button": "what this test looks for",
}
"""Handlers that the crawl does not come to, and why; their own tests do."""

Button = tuple[str, str]
"""What a button carries and what stands on it, without numbers and marks."""
Screen = tuple[str, str]
"""The first line of a card, without numbers; and of which strategy it is, while a bot is being made."""


@dataclass(frozen=True)
class Step:
    """Something ``said``, or a button of the message shown last that has any: its place and what it carries."""

    said: str = ""
    place: int = 0
    kind: str = ""


@dataclass(frozen=True)
class World:
    """The desk, the chat and the half-made keys at one moment."""

    desk: dict[str, Any]
    shown: dict[int, Shown]
    forms: dict[int, Any]

    @classmethod
    def of(cls, room: ChatRoom) -> World:
        return copy.deepcopy(cls(vars(room.desk), room.telegram.shown, forms_of(room)))

    def put_into(self, room: ChatRoom) -> None:
        """A dispatcher takes longer to build than a step to walk, so what is behind it is replaced."""
        then = copy.deepcopy(self)
        vars(room.desk).update(then.desk)
        room.telegram.shown = then.shown
        forms_of(room).clear()
        forms_of(room).update(then.forms)


def forms_of(room: ChatRoom) -> dict[int, Any]:
    return cast("KeyForms", room.dispatcher["key_forms"])._forms


@dataclass
class Crawl:
    language: str
    reached: set[str] = field(default_factory=set)
    pressed: set[tuple[Screen, Button]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


class _Witness(BaseMiddleware):
    """Notes which handlers were reached."""

    def __init__(self, reached: set[str]) -> None:
        self.reached = reached
        self.last = ""

    async def __call__(self, handler: Callable[..., Awaitable[Any]], event: Any, data: dict[str, Any]) -> Any:
        self.last = handler_name(data["handler"].callback)
        self.reached.add(self.last)
        return await handler(event, data)


def a_desk(language: str) -> FakeDesk:
    """Something of everything to show to an admin."""
    desk = FakeDesk(language)
    desk.offered, desk.equity = tuple(STRATEGIES), Decimal(10_000)
    for activity in Activity:
        desk.give_bot(ADMIN, activity=activity, position=Decimal(5), average=Decimal("0.49"))
    desk.give_key(ADMIN)
    desk.allowed[GUEST] = Allowed(max_deposit=Decimal(50), max_bots=2)
    desk.parts = (part(), part(is_paper=True))
    desk.people[STRANGER] = replace(desk.people[GUEST], id=STRANGER, name="Eve", status="pending")
    ended = Broadcast(1, ADMIN, "Ann", NOW, Announcement((5,), excerpt="Hi"), "done", 6, ADMIN, delivered=2, failed=1)
    desk.casts = {1: ended, 2: replace(ended, id=2, status="running", said=Announcement((5,)), failed=0, waiting=1)}
    desk.people[40] = replace(desk.people[GUEST], id=40, name="Sam", status="suspended")
    return desk


def buttons_of(shown: Shown) -> list[Button]:
    return [(_kind(data), NUMBERS.sub("#", text)) for text, data in shown.buttons.items()]


def _kind(data: str) -> str:
    """Options of forms are places in a list and lead to different things; other numbers are of rows."""
    without = MARKS.sub("*", data)
    return without if data.startswith(("d:", "kf:", "bc:")) else NUMBERS.sub("#", without)


def screen_of(shown: Shown, path: tuple[Step, ...]) -> Screen:
    title = NUMBERS.sub("#", parsed(shown.text).strip().splitlines()[0])
    is_form = any(data.startswith(("d:", "dG:")) for data in shown.buttons.values())
    strategies = [step.kind for step in path if step.kind.startswith("d:s:")]
    return title, strategies[-1] if is_form and strategies else ""


async def take(step: Step, ann: Visitor) -> str | None:
    """Say it or press it; the answer to a press."""
    if step.said:
        await ann.say(step.said)
        return None
    shown = last_with_buttons(ann)
    return await ann.press_data(list(shown.buttons.values())[step.place], on=shown)


def last_with_buttons(ann: Visitor) -> Shown:
    return next(each for each in reversed(ann.messages) if each.buttons)


async def crawled(language: str) -> Crawl:
    crawl, room = Crawl(language), make_room(a_desk(language))
    witness = _Witness(crawl.reached)
    room.dispatcher.callback_query.middleware(witness)
    room.dispatcher.message.middleware(witness)
    ann, beginning = room.visitor(ADMIN, language=language), World.of(room)
    queue: deque[tuple[World, tuple[Step, ...]]] = deque()
    queue.extend((beginning, (Step(said=f"/{command.name}"),)) for command in COMMANDS)
    while queue:
        world, path = queue.popleft()
        world.put_into(room)
        witness.last = ""
        toast = await take(path[-1], ann)
        await room.done()  # what takes long goes on behind the answer
        crawl.problems += problems_of(ann, witness, toast, path, language)
        if room.desk.people[ADMIN].language != language:
            continue  # that is the other crawl
        screen, now = screen_of(last_with_buttons(ann), path), World.of(room)
        for button, step in await ways_on(room, ann):
            if (screen, button) not in crawl.pressed:
                crawl.pressed.add((screen, button))
                queue.append((now, (*path, step)))
    return crawl


async def ways_on(room: ChatRoom, ann: Visitor) -> list[tuple[Button, Step]]:
    """Every button of the card but links, which Telegram opens itself; and what a person would type now."""
    buttons = buttons_of(last_with_buttons(ann))
    ways = [(button, Step(place=place, kind=button[0])) for place, button in enumerate(buttons) if button[0]]
    context = room.dispatcher.fsm.get_context(room.bot, chat_id=ADMIN, user_id=ADMIN)
    state = await context.get_state()
    return ways + [(("", text), Step(said=text)) for asked, text in TYPED.items() if asked.state == state]


def problems_of(
    ann: Visitor, witness: _Witness, toast: str | None, path: tuple[Step, ...], language: str
) -> Iterator[str]:
    told = f"{[step.said or step.kind for step in path]} -> {witness.last}, {toast!r}"
    words = words_for(language)
    if witness.last == "unknown_button" or toast in (words.plain("button-stale"), words.plain("form-moved")):
        yield f"a dead button: {told}"
    for shown in ann.messages:
        if RAW.search(" ".join((parsed(shown.text), *shown.buttons))):
            yield f"unworded: {told}: {shown.text}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_button_that_is_shown_leads_somewhere(language: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    crawl = await crawled(language)
    assert not crawl.problems, "\n".join(crawl.problems[:10])
    assert not caplog.records, caplog.text[:3000]
    assert set(PRESSES) - crawl.reached - set(ELSEWHERE) == set()
