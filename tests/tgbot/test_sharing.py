"""Settings shared by a link: what goes with it, who may open it, how it is taken back."""

from __future__ import annotations

import re

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from trading.desk.answers import DeskError

LINK = re.compile(r"https://t\.me/\w+\?start=(?P<payload>s_[A-Za-z0-9_-]{1,62})")


async def made_by_bob(room: ChatRoom, how: str) -> tuple[Visitor, str]:
    room.desk.give_bot(GUEST, config=room.desk.check_settings("grid", {"deposit": "777", "leverage": 6}))
    bob = room.bob
    await bob.say("/bots")
    for label in ("CRV/USDT", "Edit", "Share", how):
        await bob.press(label)
    found = LINK.search(parsed(bob.last.text))
    assert found is not None, bob.text
    return bob, found["payload"]


async def test_what_goes_with_a_link_is_said_before_there_is_one() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, config=room.desk.check_settings("grid", {"deposit": "777"}))
    bob = room.bob
    await bob.say("/bots")
    for label in ("CRV/USDT", "Edit", "Share"):
        await bob.press(label)
    assert "Not shared: Deposit" in bob.text
    assert "777" not in bob.text
    assert room.desk.owned_shares == {}
    await bob.press("Back")
    assert "Edit" not in bob.text
    assert "Deposit: 777 USDT" in parsed(bob.last.text)


@pytest.mark.parametrize(("how", "said"), [("without my name", "did not sign"), ("signed Bob", "From Bob")])
async def test_a_link_opens_a_summary_and_then_a_form_that_asks_for_the_money(how: str, said: str) -> None:
    room = make_room()
    _, payload = await made_by_bob(room, how)
    assert len(payload) <= 64
    ann = room.ann
    await ann.say(f"/start {payload}")
    assert said in ann.text
    assert ("Bob" in ann.text) == (said == "From Bob")
    assert "Leverage: ×6" in parsed(ann.last.text)
    assert "You will be asked: Deposit" in ann.text
    assert "777" not in ann.text
    assert room.desk.drafts == {}
    await ann.press("New bot with these settings")
    await ann.press("Paper")
    assert "CRV" in str(ann.last.buttons)
    assert "BTC" not in str(ann.last.buttons)
    await ann.press("CRV/USDT")
    await ann.press("Done (1)")
    assert "Deposit?" in ann.text
    await ann.say("60")
    assert {"Leverage: ×6", "Deposit: 60 USDT"} <= set(parsed(ann.last.text).splitlines())
    assert room.desk.changes == []


@pytest.mark.parametrize(
    ("code", "said"), [("share_unknown", "opens nothing"), ("share_expired", "has expired. Ask the sender")]
)
async def test_a_link_that_opens_nothing_says_why(code: str, said: str) -> None:
    room = make_room()
    room.desk.failing["shared"] = DeskError(code)
    await room.bob.say("/start s_whatever")
    assert said in room.bob.text


async def test_a_link_that_was_taken_back_after_it_was_opened_begins_nothing() -> None:
    room = make_room()
    bob, payload = await made_by_bob(room, "without my name")
    await room.ann.say(f"/start {payload}")
    await bob.say("/settings")
    for label in ("Links", "Grid CRV/USDT", "Take back"):
        await bob.press(label)
    assert room.desk.owned_shares
    await bob.press("Yes, take it back")
    assert room.desk.owned_shares == {}
    toast = await room.ann.press("New bot with these settings")
    assert toast is not None
    assert "opens nothing" in toast
    assert "draft" not in str(room.desk.drafts)


async def test_a_stranger_with_a_link_sees_the_line_of_strangers_and_nothing_else() -> None:
    room = make_room()
    _, payload = await made_by_bob(room, "signed Bob")
    eve = room.stranger
    await eve.say("/start")
    told = eve.text
    await eve.say(f"/start {payload}")
    assert [message.text for message in eve.messages] == [told, told]
    assert len(room.desk.waiting) == 1


async def test_in_a_group_a_link_opens_nothing() -> None:
    room = make_room()
    _, payload = await made_by_bob(room, "signed Bob")
    ann = room.visitor(ADMIN, chat_id=-500)
    await ann.say(f"/start {payload}")
    assert "private chat only" in ann.text
    assert "×6" not in ann.text


@pytest.mark.parametrize("payload", ["hello", "S_abc", "s", "-_-"])
async def test_a_payload_that_nobody_knows_opens_the_menu(payload: str) -> None:
    room = make_room()
    await room.bob.say(f"/start {payload}")
    assert "Makergram" in room.bob.text


async def test_what_another_wrote_is_shown_as_text() -> None:
    room = make_room(FakeDesk("ru"))
    share = room.desk.give_share(ADMIN, author="<b>Eve</b> & co")
    await room.bob.say(f"/start s_{share.code}")
    assert "Автор: <b>Eve</b> & co" in parsed(room.bob.last.text)


async def test_a_preset_is_shared_as_a_bot_is() -> None:
    room = make_room()
    room.desk.give_preset(GUEST, "Mine", leverage=9, deposit="31337")
    bob = room.bob
    await bob.say("/settings")
    for label in ("Presets", "Mine", "Share", "without my name"):
        await bob.press(label)
    found = LINK.search(parsed(bob.last.text))
    assert found is not None
    await room.ann.say(f"/start {found['payload']}")
    assert "Leverage: ×9" in parsed(room.ann.last.text)
    assert "31337" not in room.ann.text
