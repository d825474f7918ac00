"""Random updates before a real desk: a real database, bots of several people at work, notices on their way.

What is stored of everybody else is the same after each update as before it, to the last byte. ``FUZZ_SEEDS`` says how
many seeds are tried, ``FUZZ_FIRST`` from which one on, ``FUZZ_UPDATES`` how many updates each is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desk.place import ADMIN, OTHER, OWNER
from tests.tgbot.random_updates import PAYLOADS, Chance, Kind, Sent
from tests.tgbot.speakers import Speakers, Told
from tests.tgbot.test_access import PRESSES
from tests.tgbot.test_fuzz import awaiting, check_answered, forgotten
from tests.tgbot.town import (
    REFUSED,
    STRANGER,
    SUSPENDED,
    Books,
    Rows,
    Town,
    TownPlace,
    a_town,
    belongings,
    disorder,
    refill,
)
from tgbot.states import Ask
from trading.desk.connecting import NOBODY
from trading.desk.house import DeskLimits

pytestmark = [pytest.mark.timeout(600)]

FIRST, COUNT = int(os.environ.get("FUZZ_FIRST", "0")), int(os.environ.get("FUZZ_SEEDS", "1"))
UPDATES = int(os.environ.get("FUZZ_UPDATES", "400"))


async def fed(town: Town, *sents: Sent) -> None:
    """Feed them at once, let everything come to rest that came of it, and check what must be true whatever they are."""
    room, books = town.room, town.books
    room.telegram.toasts.clear()
    room.telegram.calls.clear()
    before, could_act = books.rows(), active_in(books)
    await asyncio.gather(*(room.dispatcher.feed_update(room.bot, sent.update) for sent in sents))
    await room.done()
    await town.place.pass_time(0)
    can_act = active_in(books)
    told = [Told(sent, room.telegram.calls) for sent in sents]
    wrong = list(touched(before, books.rows(), sents, can_act))
    assert not wrong, (wrong, told)
    for entered in can_act - could_act:
        said = {sent.update.message.text for sent in sents if sent.user == entered and sent.update.message}
        assert said & {f"/start {code}" for code in town.codes}, told
    if len(sents) == 1:
        check_answered(room, sents[0], sents[0].user in can_act, told[0])
    pressed = [sent.update.callback_query.id for sent in sents if sent.update.callback_query]
    assert sorted(query for query, *_ in room.telegram.toasts) == sorted(pressed), told


def active_in(books: Books) -> set[int]:
    return {user for (user,) in books.asked("SELECT id FROM users WHERE status = 'active'")}


def touched(before: Rows, after: Rows, sents: Sequence[Sent], can_act: Collection[int]) -> Iterator[str]:
    """What is another's and changed; of who may not act what changed at all but their name."""
    senders = {sent.user for sent in sents if sent.kind is not Kind.OTHER}
    for owner, table in before.keys() | after.keys():
        was, now = before.get((owner, table), ()), after.get((owner, table), ())
        is_own = owner in senders and (owner in can_act or table == "users")
        if was != now and not (is_own or owner == NOBODY or is_told_to_admin(owner, table, was, now, senders)):
            yield f"{table} of {owner}: {set(was) - set(now)} became {set(now) - set(was)}"


def is_told_to_admin(owner: int, table: str, was: Sequence[Any], now: Sequence[Any], senders: Collection[int]) -> bool:
    """Anybody may knock at an admin's door, and use an invite up."""
    if owner != ADMIN or len(now) < len(was):
        return False
    new = [row for row in now if row not in was]
    if table == "invites":
        return len(now) == len(was) and all(row[5] in senders for row in new)
    facts = [json.loads(row[-1]) for row in new] if table == "notices" else []
    kinds = ("access_requested", "invite_used")
    return bool(facts) and all(fact["kind"] in kinds and fact["person_id"] in senders for fact in facts)


def an_attack(town: Town, updates: Chance, attacker: Speakers) -> Sent:
    """Any button there is, made out for the rows of somebody else."""
    victim = updates.random.choice([each for each in (OWNER, OTHER, SUSPENDED, ADMIN) if each != attacker.id])
    data = PRESSES[updates.random.choice(list(PRESSES))](belongings(town.books, victim, updates.random))
    return updates.press_of(attacker.user, attacker.chat, data or "x")


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
async def test_nobody_changes_what_is_anothers_on_a_real_desk(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    chance = random.Random(seed)
    # A trial takes a processor for seconds; it has tests of its own.
    place = TownPlace(tmp_path / "desk.db", DeskLimits(max_bots=100, max_trials=0))
    people = [OWNER] * 4 + [OTHER] * 4 + [STRANGER, SUSPENDED, REFUSED]
    async with a_town(place) as town:
        updates = Chance(chance, town.room.telegram, town.ids, [*PAYLOADS, *town.codes])
        speakers, interrupting = Speakers(chance, people), Speakers(chance, people)
        for number in range(UPDATES):
            if speakers.turn():
                await refill(town)
                await place.pass_time(chance.choice((0.5, 1, 4)))
                assert not list(disorder(town.place, town.books)), number
            if chance.random() < 0.02:
                await awaiting(town.room, speakers.id, chance.choice(list(Ask.__states__)))
            sents = [updates.update(speakers.user, speakers.chat, is_earnest=speakers.is_earnest)]
            if chance.random() < 0.25:
                interrupting.turn()
                sents.append(an_attack(town, updates, interrupting))
            await fed(town, *sents)
            assert not caplog.records, (number, caplog.text[:6000])
            forgotten(town.room)
    await check_restart(place)
    assert not caplog.records, caplog.text[:6000]


async def check_restart(place: TownPlace) -> None:
    """What people have left goes on in the next process."""
    async with place.open():
        await place.pass_time(4)
        with closing(Books(place.path)) as books:
            assert not list(disorder(place, books))
