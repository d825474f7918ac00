"""Exchange keys in the chat: nothing of a secret stays anywhere but with the desk."""

from __future__ import annotations

import logging

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import DeleteMessage, TelegramMethod

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor
from trading.desk.answers import DeskError

SECRETS = ("apikey-ABCD", "very-secret", "pass phrase".replace(" ", "-"))


async def to_the_label(room: ChatRoom) -> tuple[Visitor, list[int]]:
    bob = room.bob
    await bob.say("/keys")
    for pressed in ("Add a key", "Bitget"):
        await bob.press(pressed)
    return bob, [await bob.say(secret) for secret in SECRETS]


async def test_the_warning_comes_before_anything_is_asked() -> None:
    bob = make_room().bob
    await bob.say("/keys")
    await bob.press("Add a key")
    assert "not end-to-end encrypted" in bob.text
    assert "may not withdraw" in bob.text
    assert "IP address" in bob.text


async def test_each_credential_is_asked_by_itself_and_deleted_when_read() -> None:
    room = make_room()
    bob, said = await to_the_label(room)
    assert set(said) <= room.telegram.gone
    await bob.press("Just “Bitget”")
    assert "works and is stored encrypted" in bob.text
    wanted = {"apiKey": SECRETS[0], "secret": SECRETS[1], "password": SECRETS[2]}
    assert room.desk.changes == [("add_key", bob.user.id, "bitget", "Bitget", wanted, "perpetual", False)]


async def test_no_secret_is_in_drafts_messages_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    room = make_room()
    drafts: list[str] = []
    bob = room.bob
    await bob.say("/keys")
    for pressed in ("Add a key", "Bitget"):
        await bob.press(pressed)
    for secret in SECRETS:
        await bob.say(secret)
        drafts += room.desk.drafts.values()
    await bob.press("Just")
    everything = "".join((*drafts, *(each.text for each in room.telegram.shown.values()), caplog.text))
    everything += "".join(repr(each) for each in room.telegram.calls)
    assert all(secret not in everything for secret in SECRETS)


async def test_a_secret_that_cannot_be_deleted_is_pointed_out() -> None:
    room = make_room()

    def stubborn(method: TelegramMethod[object]) -> None:
        if isinstance(method, DeleteMessage):
            raise TelegramBadRequest(method=method, message="Bad Request: message can't be deleted")

    room.telegram.failing = stubborn
    bob, _ = await to_the_label(room)
    assert "Delete it yourself now" in bob.text


async def test_a_secret_typed_after_a_restart_is_still_deleted() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/keys")
    await bob.press("Add a key")
    await bob.press("Bitget")
    again = room.restarted().bob
    said = await again.say("apikey-ABCD")
    assert said in room.telegram.gone
    assert "This form is gone" in again.text


async def test_odd_credentials_are_refused_and_asked_again() -> None:
    bob = make_room().bob
    await bob.say("/keys")
    await bob.press("Add a key")
    await bob.press("MEXC")
    for odd in ("two words", "x" * 600, "line\nbreak"):
        await bob.say(odd)
        assert "does not look right" in bob.text
        assert "step 1 of 2" in bob.text
    await bob.say("/slash-begins-a-secret")
    assert "step 2 of 2" in bob.text


async def test_a_key_that_may_withdraw_is_refused_until_insisted_twice() -> None:
    room = make_room()
    room.desk.withdrawable = True
    bob, _ = await to_the_label(room)
    await bob.press("Just")
    assert "may withdraw money" in bob.text
    skipped = next(data for text, data in bob.last.buttons.items() if "Use it anyway" in text)
    await bob.press_data(skipped.replace(":i:", ":I:"))
    assert room.desk.changes == []
    await bob.press("Use it anyway")
    assert "Really?" in bob.text
    assert room.desk.changes == []
    await bob.press("Yes, I take that risk")
    assert room.desk.changes[0][-1] is True
    assert "Take that right away" in bob.text


async def test_what_was_stood_by_for_one_exchange_is_not_for_another() -> None:
    room = make_room()
    room.desk.withdrawable = True
    bob = room.bob
    await bob.say("/keys")
    await bob.press("Add a key")
    bitget = next(data for text, data in bob.last.buttons.items() if "Bitget" in text)
    await bob.press_data(bitget)
    for secret in SECRETS:
        await bob.say(secret)
    await bob.press("Just")
    await bob.press("Use it anyway")
    room.desk.failing["add_key"] = DeskError("venue_away", venue="bitget")
    await bob.press("Yes, I take that risk")
    del room.desk.failing["add_key"]
    await bob.press_data(bitget)
    for secret in SECRETS:
        await bob.say(secret)
    await bob.press("Just")
    assert "may withdraw money" in bob.text
    assert room.desk.changes == []


@pytest.mark.parametrize(
    ("code", "told"),
    [("key_refused", "refuses this key"), ("too_many_keys", "as many keys"), ("key_exists", "already")],
)
async def test_a_refused_key_is_explained_and_forgotten(code: str, told: str) -> None:
    room = make_room()
    room.desk.failing["add_key"] = DeskError(code)
    bob, _ = await to_the_label(room)
    await bob.press("Just")
    assert told in bob.text
    await bob.press("Try again")
    assert "Before you send a key" in bob.text


async def test_a_venue_that_is_away_keeps_the_form_for_another_try() -> None:
    room = make_room()
    room.desk.failing["add_key"] = DeskError("venue_away")
    bob, _ = await to_the_label(room)
    await bob.say("my name")
    assert "does not answer" in bob.text
    room.desk.failing.clear()
    await bob.press("Just")
    assert room.desk.changes[0][0] == "add_key"


async def test_a_label_is_short_and_not_the_secret() -> None:
    room = make_room()
    bob, _ = await to_the_label(room)
    for odd, is_secret in (("x" * 33, False), (SECRETS[1], True), (f"my {SECRETS[1]}!", True)):
        said = await bob.say(odd)
        assert "not the secret itself" in bob.text
        assert (said in room.telegram.gone) is is_secret
    await bob.say("  my   <b> key ")
    assert room.desk.changes[0][3] == "my <b> key"


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_key_is_listed_by_its_tail_tested_and_deleted(language: str) -> None:
    room = make_room(FakeDesk(language))
    key = room.desk.give_key(room.bob.user.id)
    bob = room.bob
    await bob.say("/keys")
    await bob.press("…9xYz")
    await bob.press("🧪")
    assert "512.30 USDT" in bob.text
    await bob.press("🗑")
    question = bob.last.buttons
    await bob.press("🗑")
    assert room.desk.changes == [("delete_key", bob.user.id, key.id)]
    gone = {"en": "That does not exist any more.", "ru": "Этого больше нет."}[language]
    assert await bob.press_data(next(iter(question.values()))) == gone


async def test_bots_that_are_still_stopping_hold_the_deletion_and_it_is_asked_again() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    room.desk.failing["delete_key"] = DeskError("bots_still_stopping", count="1")
    bob = room.bob
    await bob.say("/keys")
    for pressed in ("…9xYz", "Delete"):
        await bob.press(pressed)
    assert "are stopping" in (await bob.press("Yes, delete") or "")
    room.desk.failing.clear()
    await bob.press("Yes, delete")
    assert room.desk.owned_keys == {}


async def test_cancel_forgets_the_form() -> None:
    room = make_room()
    bob, _ = await to_the_label(room)
    save = bob.last.buttons["💾 Just “Bitget”"]
    await bob.press("Cancel")
    assert "This form is gone" in (await bob.press_data(save) or "")
    assert room.desk.changes == []
