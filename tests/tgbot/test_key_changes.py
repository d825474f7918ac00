"""A stored key in the chat: another name, other credentials; and an exchange's abilities, told whole."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.callbacks import KeyAct, OnKey
from tgbot.cards.card import Card
from tgbot.cards.keys import key_card, key_kept_card, key_replaced_card, retry_card
from tgbot.words import LANGUAGES, words_for
from trading.desk.answers import Activity, DeskError, KeyCard

NEW = ("new-key-EFGH", "new-secret-77", "new-phrase-88")
KEY = KeyCard(3, "bitget", "Bitget", "main", "9xYz", "ok", False, 2)
ABILITIES = (
    *("order_stream", "book_stream", "post_only", "immediate_or_cancel", "market_orders", "client_id"),
    *("order_by_client_id", "order_history", "open_orders_at_once", "batch", "candles", "test_network"),
    *("leverage", "margin_mode", "position_mode"),
)


def acts(card: Card) -> Sequence[str]:
    return [each.callback_data or "" for row in card.rows for each in row]


async def at_the_key(room: ChatRoom) -> Visitor:
    bob = room.bob
    await bob.say("/keys")
    await bob.press("…9xYz")
    return bob


async def at_the_first_secret(room: ChatRoom, button: str = "Replace credentials") -> Visitor:
    bob = await at_the_key(room)
    await bob.press(button)
    return bob


# Cards


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_able", [True, False])
def test_all_that_an_unproven_exchange_has_or_lacks_is_shown(language: str, is_able: bool) -> None:
    words = words_for(language)
    key = replace(KEY, is_proven=False, abilities=dict.fromkeys(ABILITIES, is_able), market_kinds=frozenset({"spot"}))
    shown = parsed(key_card(words, key).text)
    assert [name for name in ABILITIES if words.plain(f"ability-{name}") not in shown] == []
    assert "…" not in shown.replace("…9xYz", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_can_be_renamed_and_given_other_credentials_from_its_card(language: str) -> None:
    pressed = acts(key_card(words_for(language), KEY))
    assert OnKey(act=KeyAct.RENAME, key=3).pack() in pressed
    assert OnKey(act=KeyAct.REPLACE, key=3).pack() in pressed


def test_what_follows_from_new_credentials_is_told() -> None:
    words = words_for("en")
    quiet = parsed(key_replaced_card(words, replace(KEY, active_bots=0), 0).text)
    assert "bots go on" not in quiet
    assert "paused" not in quiet
    busy = key_replaced_card(words, KEY, 1)
    assert "2 bots go on with them" in busy.text
    assert "One bot was paused" in busy.text
    assert "Resume" in busy.rows[0][0].text


@pytest.mark.parametrize(
    ("count", "said"), [(1, "На паузе 1 бот: "), (3, "На паузе 3 бота: "), (5, "На паузе 5 ботов: ")]
)
def test_paused_bots_are_counted_in_russian(count: int, said: str) -> None:
    assert said in parsed(key_replaced_card(words_for("ru"), KEY, count).text)


def test_what_was_not_taken_leads_to_another_try_and_back() -> None:
    words = words_for("en")
    assert acts(key_kept_card(words, KEY, words("key-odd")))[:2] == [
        OnKey(act=KeyAct.REPLACE, key=3).pack(),
        OnKey(act=KeyAct.OPEN, key=3).pack(),
    ]
    assert "…9xYz" in key_kept_card(words, KEY, words("key-odd")).text
    assert acts(retry_card(words, "abcdef", words("key-odd"))) == ["kf:s:abcdef:0", "kf:x:abcdef:0"]


# Another name


@pytest.mark.parametrize(("language", "button", "told"), [("en", "Rename", "new name"), ("ru", "Переим", "переимен")])
async def test_a_key_is_renamed_and_shown_by_its_new_name_at_once(language: str, button: str, told: str) -> None:
    room = make_room(FakeDesk(language))
    key = room.desk.give_key(room.bob.user.id)
    bob = await at_the_key(room)
    await bob.press(button)
    await bob.say("  my   <b> key ")
    assert told in bob.text
    assert "my <b> key" in bob.text
    assert room.desk.changes == [("rename_key", bob.user.id, key.id, "my <b> key")]
    await bob.say("/keys")
    assert "my <b> key …9xYz" in " ".join(bob.last.buttons)


async def test_the_exchange_itself_is_a_name_by_a_button() -> None:
    room = make_room()
    key = room.desk.give_key(room.bob.user.id)
    bob = await at_the_key(room)
    await bob.press("Rename")
    await bob.press("Just “Bitget”")
    assert room.desk.changes == [("rename_key", bob.user.id, key.id, "Bitget")]
    assert "new name" in bob.text


async def test_a_name_that_is_too_long_is_asked_for_again() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_key(room)
    await bob.press("Rename")
    said = await bob.say("x" * 33)
    assert "at most 32 characters" in bob.text
    assert said not in room.telegram.gone
    await bob.say("short")
    assert room.desk.changes[0][3] == "short"


async def test_a_secret_typed_as_the_new_name_is_deleted_and_not_taken() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_key(room)
    await bob.press("Rename")
    room.desk.failing["rename_key"] = DeskError("label_secret")
    said = await bob.say("the-old-secret")
    assert said in room.telegram.gone
    assert "not the secret itself" in bob.text
    room.desk.failing.clear()
    await bob.say("main")
    assert room.desk.changes[0][3] == "main"


async def test_giving_up_the_new_name_leads_back_to_the_key() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_key(room)
    await bob.press("Rename")
    await bob.press("Cancel")
    assert "…9xYz" in bob.text
    await bob.say("a name")
    assert room.desk.changes == []


# Other credentials


@pytest.mark.parametrize(
    ("language", "button", "account", "warning", "done"),
    [
        ("en", "Replace credentials", "the same account on Bitget", "not end-to-end encrypted", "are in use"),
        ("ru", "Заменить данные ключа", "того же счёта на Bitget", "сквозным шифрованием", "уже используются"),
    ],
)
async def test_credentials_are_replaced_one_by_one_after_the_warnings(
    language: str, button: str, account: str, warning: str, done: str
) -> None:
    room = make_room(FakeDesk(language))
    key = room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room, button)
    assert account in bob.text
    assert warning in bob.text
    said = [await bob.say(secret) for secret in NEW]
    assert set(said) <= room.telegram.gone
    wanted = dict(zip(("apiKey", "secret", "password"), NEW, strict=True))
    assert room.desk.changes == [("replace_credentials", bob.user.id, key.id, wanted, False)]
    assert done in bob.text
    assert "…EFGH" in bob.text


async def test_no_new_secret_is_in_drafts_messages_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room)
    drafts: list[str] = []
    for secret in NEW:
        await bob.say(secret)
        drafts += room.desk.drafts.values()
    everything = "".join((*drafts, *(each.text for each in room.telegram.shown.values()), caplog.text))
    everything += "".join(repr(each) for each in room.telegram.calls)
    assert all(secret not in everything for secret in NEW)


async def test_bots_that_wait_since_the_old_ones_were_refused_are_pointed_out() -> None:
    room = make_room()
    bob = room.bob
    key = room.desk.give_key(bob.user.id)
    for facts in (
        {"key_id": key.id, "cause": "credentials", "activity": Activity.PAUSED},
        {"key_id": key.id, "cause": "credentials", "activity": Activity.STOPPED},
        {"key_id": key.id, "cause": "user", "activity": Activity.PAUSED},
        {"cause": "credentials", "activity": Activity.PAUSED},
    ):
        room.desk.give_bot(bob.user.id, **facts)
    await at_the_first_secret(room)
    for secret in NEW:
        await bob.say(secret)
    assert "One bot was paused" in bob.text
    await bob.press("Resume")
    assert "▶️ Resume all" in " ".join(bob.last.buttons)


@pytest.mark.parametrize(("code", "told"), [("key_refused", "refuses this key"), ("key_exists", "already")])
async def test_refused_credentials_leave_the_old_ones_and_say_so(code: str, told: str) -> None:
    room = make_room()
    key = room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room)
    room.desk.failing["replace_credentials"] = DeskError(code)
    for secret in NEW:
        await bob.say(secret)
    assert told in bob.text
    assert "…9xYz stay in place" in bob.text
    assert room.desk.owned_keys[key.id][1] == key
    await bob.press("Try again")
    assert "the same account" in bob.text


async def test_a_venue_that_is_away_keeps_the_new_credentials_for_another_try() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room)
    room.desk.failing["replace_credentials"] = DeskError("venue_away")
    for secret in NEW:
        await bob.say(secret)
    assert "does not answer" in bob.text
    room.desk.failing.clear()
    await bob.press("Try again")
    assert room.desk.changes[0][0] == "replace_credentials"
    assert "are in use" in bob.text


async def test_new_credentials_that_may_withdraw_are_refused_until_insisted_twice() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    room.desk.withdrawable = True
    bob = await at_the_first_secret(room)
    for secret in NEW:
        await bob.say(secret)
    assert "may withdraw money" in bob.text
    await bob.press("Use it anyway")
    assert room.desk.changes == []
    await bob.press("Yes, I take that risk")
    assert room.desk.changes[0][-1] is True


async def test_giving_up_new_credentials_forgets_them_and_leads_back_to_the_key() -> None:
    room = make_room()
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room)
    await bob.say(NEW[0])
    await bob.press("Cancel")
    assert "…9xYz" in bob.text
    assert room.dispatcher["key_forms"].find(bob.user.id) is None


async def test_a_key_deleted_meanwhile_is_not_there_any_more() -> None:
    room = make_room()
    key = room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room)
    for secret in NEW[:-1]:
        await bob.say(secret)
    del room.desk.owned_keys[key.id]
    await bob.say(NEW[-1])
    assert "does not exist any more" in bob.text
    assert "stay in place" not in bob.text


@pytest.mark.parametrize(("language", "said"), [("en", "does not list own trades"), ("ru", "списка своих сделок")])
async def test_an_exchange_on_which_no_bot_can_trade_any_more_says_why(language: str, said: str) -> None:
    room = make_room(FakeDesk(language))
    room.desk.give_key(room.bob.user.id)
    bob = await at_the_first_secret(room, "🔁")
    room.desk.failing["replace_credentials"] = DeskError("venue_unfit", reason="no_own_trades")
    for secret in NEW:
        await bob.say(secret)
    assert said in bob.text
