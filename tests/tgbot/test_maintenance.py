"""While maintenance stops all trading, every card from which one would trade says so, and admins can end it there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, NOW
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor
from tests.tgbot.test_making_a_bot import to_the_preview
from tgbot.callbacks import BotAct, OnBot
from tgbot.cards.card import BANNER_ROOM, TEXT_LIMIT, Card, length
from tgbot.cards.system import under_maintenance
from tgbot.words import LANGUAGES, Html, words_for
from trading.desk.answers import Activity

BANNER = "🛑 Maintenance since 01.01 12:00 UTC. No new entries"
END = "▶️ End maintenance"


def stopped_room() -> ChatRoom:
    room = make_room()
    room.desk.since = NOW
    return room


async def seen(room: ChatRoom, visitor: Visitor, what: str) -> str:
    """The text of the page, opened by its command, or by the button of a bot of this visitor's."""
    if what.startswith("/"):
        await visitor.say(what)
    else:
        stopped = what == "START"
        bot = room.desk.give_bot(visitor.user.id, activity=Activity.STOPPED if stopped else Activity.PAUSED)
        await visitor.say("/help")
        await visitor.press_data(OnBot(act=BotAct[what], bot=bot.id).pack())
    return visitor.text


PAGES = ("/start", "/menu", "/new", "/bots", "/status", "OPEN", "REFRESH", "START")


@pytest.mark.parametrize("what", PAGES)
async def test_it_is_said_at_the_top_to_everybody_and_ended_there_by_admins_only(what: str) -> None:
    room = stopped_room()
    for visitor, may_end in ((room.ann, True), (room.bob, False)):
        text = await seen(room, visitor, what)
        assert text.startswith(BANNER)
        assert "Take-profits and stop-losses are kept." in text
        assert text.count("Maintenance since") == 1
        assert (END in visitor.last.buttons) is may_end
    await room.ann.press("End maintenance")
    await room.ann.press("Yes, go on trading")
    assert room.desk.since is None


@pytest.mark.parametrize("what", PAGES)
async def test_nothing_of_it_is_said_when_it_is_over(what: str) -> None:
    room = make_room()
    assert "Maintenance" not in await seen(room, room.ann, what)
    assert END not in room.ann.last.buttons


async def test_lists_with_bots_in_them_say_it_too() -> None:
    room = stopped_room()
    room.desk.give_bot(GUEST)
    for command in ("/bots", "/status", "/start"):
        await room.bob.say(command)
        assert room.bob.text.startswith(BANNER)


async def test_in_a_group_it_is_said_and_not_ended() -> None:
    room = stopped_room()
    ann = room.visitor(ADMIN, chat_id=-500)
    await ann.say("/status")
    assert ann.text.startswith(BANNER)
    assert END not in ann.last.buttons


async def test_the_moment_is_the_readers() -> None:
    room = stopped_room()
    room.desk.people[GUEST] = replace(room.desk.people[GUEST], time_zone="Asia/Tokyo", language="ru")
    await room.bob.say("/start")
    assert "Техработы с 01.01 21:00" in room.bob.text


async def mended(bob: Visitor) -> Visitor:
    """A deposit that can start."""
    if any("🛠 Deposit" in label for label in bob.last.buttons):
        await bob.press("🛠 Deposit")
    return bob


async def test_a_preview_has_no_start_until_it_is_over() -> None:
    room = stopped_room()
    bob = await mended(await to_the_preview(room))
    assert bob.text.startswith(BANNER)
    assert "Your settings stay here" in bob.text
    assert not [label for label in bob.last.buttons if "Start" in label]
    room.desk.since = None
    await bob.press("Refresh")
    assert "Maintenance" not in bob.text
    assert [label for label in bob.last.buttons if "Start" in label]


async def test_a_preview_from_before_is_refused_and_shown_again_without_start() -> None:
    room = make_room()
    bob = await mended(await to_the_preview(room))
    [start] = [data for label, data in bob.last.buttons.items() if "Start" in label]
    room.desk.since = NOW
    assert "nothing can be started or resumed now" in (await bob.press_data(start) or "")
    assert room.desk.changes == []
    assert bob.text.startswith(BANNER)
    assert not [label for label in bob.last.buttons if "Start" in label]


async def test_a_stopped_bots_start_is_not_offered_meanwhile() -> None:
    room = stopped_room()
    config = room.desk.check_settings("grid", {"deposit": "1000", "leverage": 2})
    bot = room.desk.give_bot(GUEST, activity=Activity.STOPPED, config=config)
    await room.bob.say("/bots")
    await room.bob.press(f"#{bot.id}")
    await room.bob.press("Start")
    assert not [label for label in room.bob.last.buttons if "Start" in label]
    room.desk.since = None
    await room.bob.press("Back")
    await room.bob.press("Start")
    assert [label for label in room.bob.last.buttons if "Start" in label]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_fits_above_the_longest_card(language: str) -> None:
    longest = Card(Html("x" * (TEXT_LIMIT - BANNER_ROOM)))
    for zone in ("UTC", "Asia/Kolkata"):
        assert length(under_maintenance(words_for(language, zone), longest, NOW, can_end=True).text) <= TEXT_LIMIT
