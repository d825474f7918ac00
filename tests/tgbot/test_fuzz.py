"""Thousands of random updates: nothing unhandled, every press answered, nobody's rows changed by another."""

from __future__ import annotations

import logging
import random
from typing import Any

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, STRANGER, FakeDesk
from tests.tgbot.room import make_room
from tests.tgbot.telegram import Visitor
from tgbot.commands import COMMANDS
from tgbot.states import Ask
from trading.desk.answers import Activity, DeskError

WORDS = [
    "",
    "hello",
    "50",
    "-1",
    "0",
    "crv",
    "1e400",
    "<b>",
    "&lt;",
    "off",
    "🎲" * 300,
    "x" * 4096,
    "/",
    "/zzz",
    "\x00",
]
CODES = ["venue_away", "maintenance", "never_heard_of", "symbol_busy", "not_found"]
METHODS = ["preview", "find_markets", "create", "bots", "edit", "add_key", "preview_picture", "start"]


def _buttons(people: list[Visitor]) -> list[tuple[str, Any]]:
    return [(data, shown) for each in people for shown in each.messages[-6:] for data in shown.buttons.values()]


async def _one_update(chance: random.Random, person: Visitor, people: list[Visitor]) -> None:
    buttons = _buttons(people)
    kind = chance.random()
    if kind < 0.6 and buttons:
        # Now and then a button is pressed by someone else, or under another message.
        own = _buttons([person]) or buttons
        data, shown = chance.choice(own if chance.random() < 0.9 else buttons)
        await person.press_data(data, on=chance.choice([shown, person.messages[-1] if person.messages else shown]))
    elif kind < 0.7:
        data, _ = chance.choice(buttons) if buttons else ("go:home", None)
        mutated = "".join(chance.choice([each, each, each, chance.choice("0:abz9-")]) for each in data)[:64]
        await person.press_data(mutated or "x")
    elif kind < 0.85:
        await person.say(f"/{chance.choice(COMMANDS).name}")
    elif kind < 0.97:
        await person.say(chance.choice(WORDS))
    else:
        await person.say(None, dice={"emoji": "🎲", "value": 1})


@pytest.mark.parametrize("seed", range(4))
async def test_random_updates_leave_no_error_unhandled(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    chance = random.Random(seed)
    desk = FakeDesk("ru" if seed % 2 else "en")
    room = make_room(desk)
    for activity in Activity:
        desk.give_bot(GUEST, activity=activity)
    desk.give_key(GUEST)
    desk.withdrawable = bool(seed % 2)
    untouched = desk.give_bot(ADMIN), desk.give_key(ADMIN)
    bob, eve, team = room.bob, room.stranger, room.visitor(GUEST, chat_id=-500)
    people = [bob, eve, team]
    for _ in range(1200):
        desk.failing = {chance.choice(METHODS): DeskError(chance.choice(CODES))} if chance.random() < 0.15 else {}
        if chance.random() < 0.02:
            context = room.dispatcher.fsm.get_context(room.bot, chat_id=GUEST, user_id=GUEST)
            await context.set_state(chance.choice(list(Ask.__states__)))
        await _one_update(chance, chance.choice([bob, bob, bob, bob, eve, team]), people)
    assert not [record for record in caplog.records if "picture" not in record.getMessage()], caplog.text[:3000]
    assert desk.owned_bots[untouched[0].id][1] == untouched[0]
    assert desk.owned_keys[untouched[1].id][1] == untouched[1]
    assert all(change[1] == GUEST for change in desk.changes)
    assert desk.changes
    assert STRANGER not in {owner for owner, _ in desk.owned_bots.values()}
