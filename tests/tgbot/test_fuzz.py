"""Thousands of random updates: nothing unhandled, everything answered that should be, nobody's rows changed by another.

``FUZZ_SEEDS`` says how many seeds are tried (each is UPDATES updates), ``FUZZ_FIRST`` from which one on.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiogram.fsm.state import State

from tests.tgbot.fake_desk import ADMIN, GUEST, STRANGER, FakeDesk
from tests.tgbot.random_updates import Chance, Kind, Sent
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.speakers import Speakers, Told
from tgbot.states import Ask
from trading.desk.answers import Activity, DeskError, Person
from trading.strategies import STRATEGIES

FIRST, COUNT = int(os.environ.get("FUZZ_FIRST", "0")), int(os.environ.get("FUZZ_SEEDS", "8"))
UPDATES = 2500
SUSPENDED, REFUSED, QUIET = 40, 41, 50
CODES = ["venue_away", "maintenance", "never_heard_of", "symbol_busy", "not_found"]
METHODS = ["preview", "find_markets", "create", "bots", "edit", "add_key", "preview_picture", "start", "report"]
SECRET_END = "9xYz"


def crowded_desk(language: str) -> FakeDesk:
    """Five people, each with bots and keys; the quiet one never says anything."""
    desk = FakeDesk(language)
    desk.offered = tuple(STRATEGIES)
    for number, status in ((SUSPENDED, "suspended"), (REFUSED, "refused"), (QUIET, "active")):
        desk.people[number] = Person(number, f"P{number} <b>", None, language, False, status)
    for owner in (GUEST, ADMIN, SUSPENDED, QUIET):
        for activity in Activity:
            desk.give_bot(owner, activity=activity)
        desk.give_key(owner)
    return desk


def rows_of_others(desk: FakeDesk, user: int) -> Mapping[str, Any]:
    """Everything that there is of other people, and in their names."""
    return {
        "people": {number: person for number, person in desk.people.items() if number != user},
        "bots": {number: card for number, (owner, card) in desk.owned_bots.items() if owner != user},
        "keys": {number: card for number, (owner, card) in desk.owned_keys.items() if owner != user},
        "drafts": {name: body for name, body in desk.drafts.items() if name.split(":")[3:4] != [str(user)]},
        "changes": [change for change in desk.changes if change[1] != user],
        "allowed": {number: vars(each).copy() for number, each in desk.allowed.items() if number != user},
    }


async def fed(room: ChatRoom, sent: Sent) -> None:
    """Feed it, and check what must be true of any update whatever."""
    desk, telegram = room.desk, room.telegram
    telegram.toasts.clear()
    telegram.calls.clear()
    person = desk.people.get(sent.user)
    before, heard = rows_of_others(desk, sent.user), dict(desk.waiting)
    own_before = rows_of_others(desk, 0)
    await room.dispatcher.feed_update(room.bot, sent.update)
    await room.done()  # what takes long goes on behind the answer
    told = Told(sent, telegram.calls)
    may_act = person is not None and person.may_act
    if person is None or not person.is_admin:
        assert rows_of_others(desk, sent.user) == before, told
    has_entered = not may_act and sent.user in desk.people and desk.people[sent.user].may_act
    if has_entered:
        text = sent.update.message and sent.update.message.text
        assert (text or "").removeprefix("/start ") in desk.used_codes, told
    elif not may_act or sent.kind is Kind.OTHER:
        after = rows_of_others(desk, 0)
        assert {name: after[name] for name in after if name != "people"} == {
            name: own_before[name] for name in own_before if name != "people"
        }, told
        assert not any(call.__class__.__name__.startswith("Edit") for call in telegram.calls), told
    if not may_act and set(desk.people) == set(before["people"]) | {sent.user}:
        assert len(desk.waiting) <= len(heard) + 1, told
    check_answered(room, sent, may_act or has_entered, told)


def check_answered(room: ChatRoom, sent: Sent, may_act: bool, told: Told) -> None:
    calls = [call for call in room.telegram.calls if call.__class__.__name__ != "AnswerCallbackQuery"]
    if sent.kind is Kind.OTHER:
        assert room.telegram.calls == [], told
    if sent.kind is Kind.PRESS:
        assert len(room.telegram.toasts) == 1, told
        assert may_act or calls == [], told
    if sent.kind is Kind.MESSAGE and may_act and sent.is_private and not _is_empty(sent):
        assert any(getattr(call, "chat_id", None) == sent.user for call in calls), told
    if sent.kind is Kind.MESSAGE and not may_act:
        assert len(calls) <= 1 if sent.is_private else calls == [], told
    if not sent.is_private:
        assert not any(SECRET_END in str(getattr(call, "text", "")) for call in calls), told


def _is_empty(sent: Sent) -> bool:
    """Telegram does not send messages without anything in them; they need no answer."""
    message = sent.update.message
    return message is not None and message.text == ""


def refill(desk: FakeDesk) -> None:
    """People were removed and bots deleted; there is more to see when there are some again."""
    desk.since = None
    desk.people[GUEST] = replace(desk.people[ADMIN], id=GUEST, name="Bob", is_admin=False)
    for owner in (GUEST, ADMIN):
        if sum(each == owner for each, _ in desk.owned_bots.values()) < 3:
            desk.give_bot(owner, activity=Activity.PAUSED)
            desk.give_bot(owner, activity=Activity.STOPPED)
        if owner not in {each for each, _ in desk.owned_keys.values()}:
            desk.give_key(owner)


def forgotten(room: ChatRoom, keep: int = 60) -> None:
    """People do not scroll up for ever."""
    for number in list(room.telegram.shown)[:-keep]:
        del room.telegram.shown[number]


async def awaiting(room: ChatRoom, user: int, state: State) -> None:
    """The bot awaits this answer, whatever was before."""
    await room.dispatcher.fsm.get_context(room.bot, chat_id=user, user_id=user).set_state(state)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
async def test_random_updates_do_no_harm_and_are_answered(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    chance = random.Random(seed)
    desk = crowded_desk("ru" if seed % 2 else "en")
    desk.withdrawable = bool(seed % 2)
    room = make_room(desk)
    untouched = {number: card for number, (owner, card) in desk.owned_bots.items() if owner == QUIET}
    updates = Chance(chance, room.telegram, [*desk.owned_bots, *desk.owned_keys, *desk.people])
    speakers = Speakers(chance, [GUEST] * 6 + [ADMIN] * 3 + [STRANGER, SUSPENDED, REFUSED])
    for number in range(UPDATES):
        desk.failing = {chance.choice(METHODS): DeskError(chance.choice(CODES))} if chance.random() < 0.1 else {}
        if speakers.turn():
            refill(desk)
        if chance.random() < 0.02:
            await awaiting(room, speakers.id, chance.choice(list(Ask.__states__)))
        await fed(room, updates.update(speakers.user, speakers.chat, is_earnest=speakers.is_earnest))
        assert not [each for each in caplog.records if "picture" not in each.getMessage()], (number, caplog.text[:3000])
        forgotten(room)
    assert {GUEST, ADMIN} <= {change[1] for change in desk.changes}
    assert QUIET not in {change[1] for change in desk.changes}
    left = {number: card for number, (owner, card) in desk.owned_bots.items() if owner == QUIET}
    assert {number: (card.config, card.mode) for number, card in left.items()}.items() <= {
        number: (card.config, card.mode) for number, card in untouched.items()
    }.items()
