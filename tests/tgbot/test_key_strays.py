"""A secret sent past its question does not stay in the chat."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import DeleteMessage, TelegramMethod
from aiogram.types import Document, PhotoSize, Sticker

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.callbacks import BotAct, OnBot

FILE: dict[str, Any] = {"document": Document(file_id="f", file_unique_id="f", file_name="key.pem")}
PICTURE: dict[str, Any] = {"photo": [PhotoSize(file_id="p", file_unique_id="p", width=1, height=1)]}


async def at_the_secret(room: ChatRoom, add: str = "Add a key") -> Visitor:
    bob = room.bob
    await bob.say("/keys")
    for pressed in (add, "Bitget"):
        await bob.press(pressed)
    await bob.say("apikey-ABCD")
    return bob


async def elsewhere(room: ChatRoom) -> None:
    """As on the Open of a notice of a fill."""
    bot = room.desk.give_bot(room.bob.user.id)
    await room.bob.press_data(OnBot(act=BotAct.OPEN, bot=bot.id).pack())


def stubborn(method: TelegramMethod[object]) -> None:
    if isinstance(method, DeleteMessage):
        raise TelegramBadRequest(method=method, message="Bad Request: message can't be deleted")


@pytest.mark.parametrize(
    ("language", "add", "why", "asked"),
    [
        ("en", "Add a key", "You had left this question", "Send the API secret"),
        ("ru", "Добавить ключ", "Вы ушли от этого", "Отправьте секрет API"),
    ],
)
async def test_a_secret_pasted_after_a_press_elsewhere_is_deleted_and_asked_for_again(
    language: str, add: str, why: str, asked: str
) -> None:
    room = make_room(FakeDesk(language))
    bob = await at_the_secret(room, add)
    await elsewhere(room)
    said = await bob.say("very-secret")
    assert said in room.telegram.gone
    assert why in bob.text
    assert asked in parsed(bob.text)
    for secret in ("very-secret", "pass-phrase"):
        await bob.say(secret)
    await bob.press("Bitget")
    assert room.desk.changes[0][4]["secret"] == "very-secret"


@pytest.mark.parametrize("odd", ["/aVerySecret+/=", "/no_such_command"])
async def test_a_slash_makes_no_command_of_a_secret(odd: str) -> None:
    room = make_room()
    bob = await at_the_secret(room)
    await elsewhere(room)
    assert await bob.say(odd) in room.telegram.gone


async def test_commands_and_forms_of_other_themes_are_answered_as_ever() -> None:
    room = make_room()
    bob = await at_the_secret(room)
    said = await bob.say("/menu")
    assert "Makergram" in bob.text
    assert await bob.say("/admin@makergram_bot") not in room.telegram.gone
    assert said not in room.telegram.gone


async def test_nothing_is_deleted_of_who_is_asked_for_no_secret() -> None:
    room = make_room()
    bob = await at_the_secret(room)
    await bob.press("Cancel")
    for said in (await bob.say("hello"), await bob.say(**FILE)):
        assert said not in room.telegram.gone
    await bob.say("/keys")
    await bob.press("Add a key")
    assert await bob.say("hello") not in room.telegram.gone


async def test_in_a_group_people_go_on_talking_while_a_secret_is_asked_for() -> None:
    room = make_room()
    await at_the_secret(room)
    there = room.visitor(room.bob.user.id, chat_id=-500)
    before = len(there.messages)
    assert await there.say("hello") not in room.telegram.gone
    assert len(there.messages) == before


async def test_a_stray_secret_that_cannot_be_deleted_is_pointed_out() -> None:
    room = make_room()
    bob = await at_the_secret(room)
    await elsewhere(room)
    room.telegram.failing = stubborn
    await bob.say("very-secret")
    assert "Delete it yourself now" in bob.text
    assert "API secret" in bob.text


@pytest.mark.parametrize("content", [FILE, PICTURE, {**FILE, "caption": "my key"}])
@pytest.mark.parametrize("left", [False, True])
async def test_a_file_or_a_picture_of_a_secret_is_deleted_and_text_is_asked_for(
    content: dict[str, Any], left: bool
) -> None:
    room = make_room()
    bob = await at_the_secret(room)
    if left:
        await elsewhere(room)
    assert await bob.say(**content) in room.telegram.gone
    assert "Send it as text" in bob.text
    assert "API secret" in bob.text
    await bob.say("very-secret")
    assert "passphrase" in bob.text


async def test_a_file_after_a_restart_is_deleted_too() -> None:
    room = make_room()
    await at_the_secret(room)
    again = room.restarted().bob
    assert await again.say(**FILE) in room.telegram.gone
    assert "This form is gone" in again.text


async def test_a_sticker_holds_no_secret() -> None:
    room = make_room()
    bob = await at_the_secret(room)
    sticker = Sticker(
        file_id="s", file_unique_id="s", type="regular", width=1, height=1, is_animated=False, is_video=False
    )
    assert await bob.say(sticker=sticker) not in room.telegram.gone
